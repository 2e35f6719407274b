'use strict';
/**
 * What files of the repository ask of their surroundings, seen while they ask, so that no spelling hides it: the environment, the arguments,
 * the folder, the machine, other programs, and files. One line for each question of each file; whether it matters is judged outside.
 */
module.exports = (put, known) => {
  const { relative, sep, resolve } = require('node:path');
  const { fileURLToPath } = require('node:url');
  const { getOwnPropertyDescriptor, defineProperty, ownKeys, apply } = Reflect;
  const root = process.cwd();
  const most = 4000;
  const { Error: Plain } = globalThis;
  let asked = 0;
  const said = new Set();
  const inside = (path) => {
    const at = relative(root, path);
    return at === '' || at.startsWith('..') || at.includes(`node_modules${sep}`) ? undefined : at.split(sep).join('/');
  };
  /** The file whose code called what calls this, where it is one of the repository. Calls that Node makes by itself are nobody's. */
  const caller = () => {
    if (++asked > most) return undefined;
    const { stackTraceLimit, prepareStackTrace } = Plain;
    Plain.stackTraceLimit = 8;
    Plain.prepareStackTrace = undefined;
    const { stack } = new Plain();
    Plain.stackTraceLimit = stackTraceLimit;
    Plain.prepareStackTrace = prepareStackTrace;
    for (const line of String(stack).split('\n').slice(1)) {
      if (line.includes(__filename) || line.includes('<anonymous>')) continue;
      const [, place] = /\(?((?:file:\/\/)?\/[^()]+?)(?:\?[^:]*)?:\d+:\d+\)?$/.exec(line) || [];
      return place && inside(place.startsWith('file:') ? fileURLToPath(place) : place);
    }
    return undefined;
  };
  const ask = (kind, what) => {
    const key = `${kind} ${what}`;
    if (said.size > most) return;
    const by = caller();
    if (by === undefined || said.has(`${key} ${by}`)) return;
    said.add(`${key} ${by}`);
    put({ asks: kind, what: String(what), by });
  };
  const wrap = (object, name, told) => {
    const one = getOwnPropertyDescriptor(object, name);
    if (!one || typeof one.value !== 'function' || !one.configurable) return;
    const { value } = one;
    const wrapped = {
      [name](...given) {
        told(given);
        return new.target ? Reflect.construct(value, given, new.target) : apply(value, this, given);
      },
    }[name];
    for (const key of ownKeys(value))
      if (key !== 'prototype')
        try {
          defineProperty(wrapped, key, getOwnPropertyDescriptor(value, key));
        } catch {}
    defineProperty(object, name, { ...one, value: wrapped });
    for (const entry of known) if (entry.object === object && entry.key === name) entry.value = wrapped;
  };
  const fs = require('node:fs');
  const pathOf = (given) => {
    try {
      return given instanceof URL
        ? fileURLToPath(given)
        : typeof given === 'string' || Buffer.isBuffer(given)
          ? resolve(String(given))
          : undefined;
    } catch {
      return undefined;
    }
  };
  const opened = ([given]) => {
    const path = pathOf(given);
    if (path === undefined) return;
    const at = inside(path);
    if (/^\/proc\//.test(path)) ask('place', '/proc');
    else if (/[\\/]\.git(?:[\\/]|$)/.test(path)) ask('place', '.git');
    else if (at !== undefined && !at.startsWith('..')) ask('file', at);
  };
  const looked = ([given]) => {
    const path = pathOf(given);
    if (path !== undefined && /[\\/]\.git(?:[\\/]|$)/.test(path)) ask('place', '.git');
  };
  for (const name of ['readFileSync', 'openSync', 'readFile', 'open', 'createReadStream']) wrap(fs, name, opened);
  for (const name of ['readFile', 'open']) wrap(fs.promises, name, opened);
  for (const name of ['existsSync', 'statSync', 'lstatSync', 'accessSync', 'readdirSync']) wrap(fs, name, looked);
  const children = require('node:child_process');
  for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'])
    wrap(children, name, () => ask('program', name));
  const os = require('node:os');
  for (const name of ['hostname', 'userInfo', 'uptime', 'loadavg', 'networkInterfaces']) wrap(os, name, () => ask('machine', name));
  for (const name of ['cwd', 'uptime']) wrap(process, name, () => ask('process', name));
  for (const name of ['argv', 'execArgv', 'argv0', 'title', 'ppid']) {
    const one = getOwnPropertyDescriptor(process, name);
    if (!one || !one.configurable) continue;
    let { value } = one;
    const get = () => {
      ask('process', name);
      return one.get ? apply(one.get, process, []) : value;
    };
    const set = (other) => {
      if (one.set) apply(one.set, process, [other]);
      else value = other;
    };
    defineProperty(process, name, { configurable: true, enumerable: one.enumerable, get, set });
  }
  let env = process.env;
  const seen = new Proxy(env, {
    get(target, name, receiver) {
      if (typeof name === 'string') ask('variable', name);
      return Reflect.get(target, name, target === receiver ? receiver : target);
    },
    set: (target, name, value) => Reflect.set(target, name, value),
    has(target, name) {
      if (typeof name === 'string') ask('variable', name);
      return name in target;
    },
    ownKeys(target) {
      ask('variable', '*');
      return ownKeys(target);
    },
  });
  const place = getOwnPropertyDescriptor(process, 'env');
  if (place && place.configurable) {
    if (place.writable) defineProperty(process, 'env', { ...place, value: seen });
    env = seen;
  }
  require('node:module').syncBuiltinESMExports();
};
