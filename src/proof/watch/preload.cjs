'use strict';
/**
 * Loaded into every Node process and worker of a run before any other code, as CommonJS. Remembers the functions of the assertion library,
 * of the runner and of what all code shares, and writes a line for each that is another one later: whatever way it was replaced. What files
 * of the repository ask of their surroundings is written too (asks.cjs). `begin` and `end` lines tell whether a process ended as processes do.
 */
(() => {
  const { appendFileSync } = require('node:fs');
  const { join } = require('node:path');
  const { ownKeys, getOwnPropertyDescriptor, getPrototypeOf, defineProperty } = Reflect;
  const { stringify } = JSON;
  const asText = Function.prototype.call.bind(Function.prototype.toString);
  const out = join(__dirname, 'seen', `${process.pid}-${require('node:worker_threads').threadId}.jsonl`);
  const put = (record) => {
    try {
      appendFileSync(out, `${stringify(record)}\n`, { mode: 0o600 });
    } catch {}
  };
  const known = [];
  const said = new Set();
  const say = (name) => {
    if (!said.has(name)) {
      said.add(name);
      put({ changed: name });
    }
  };
  const isObject = (value) => value !== null && (typeof value === 'object' || typeof value === 'function');
  const learn = (name, object) => {
    if (!isObject(object)) return;
    for (const key of ownKeys(object)) {
      const one = getOwnPropertyDescriptor(object, key);
      if (one && typeof one.value === 'function') known.push({ name: `${name}.${String(key)}`, object, key, value: one.value });
    }
  };
  // What is replaced for a moment alone is seen at once: each of these is a property that tells of what is put there.
  const guard = (name, object) => {
    for (const key of ownKeys(object)) {
      const one = getOwnPropertyDescriptor(object, key);
      if (!one || !one.configurable || !one.writable || typeof one.value !== 'function') continue;
      let { value } = one;
      const get = () => value;
      const set = (other) => {
        if (other !== value) say(`${name}.${String(key)}`);
        value = other;
      };
      defineProperty(object, key, { configurable: true, enumerable: one.enumerable, get, set });
      known.push({ name: `${name}.${String(key)}`, object, key, value: get });
    }
  };
  const assert = require('node:assert');
  learn('AssertionError', assert.AssertionError.prototype);
  for (const name of [
    'Object',
    'Array',
    'String',
    'Number',
    'Boolean',
    'Function',
    'RegExp',
    'Date',
    'Promise',
    'Map',
    'Set',
    'Error',
    'Symbol',
    'BigInt',
    'Proxy',
    'WeakMap',
    'WeakSet',
    'WeakRef',
    'ArrayBuffer',
    'DataView',
    'Uint8Array',
    'Buffer',
    'URL',
    'URLSearchParams',
    'AbortController',
    'EventTarget',
    'TextDecoder',
    'TextEncoder',
  ]) {
    known.push({ name, object: globalThis, key: name, value: globalThis[name] });
    learn(name, globalThis[name]);
    learn(`${name}.prototype`, globalThis[name].prototype);
  }
  for (const name of ['Math', 'JSON', 'Reflect', 'process', 'console']) learn(name, globalThis[name]);
  for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'eval'])
    known.push({ name, object: globalThis, key: name, value: globalThis[name] });
  const Module = require('node:module');
  learn('Module', Module);
  learn('Module.prototype', Module.prototype);
  learn('EventEmitter.prototype', require('node:events').prototype);
  learn('Module._extensions', Module._extensions);
  learn('TypedArray.prototype', getPrototypeOf(Uint8Array.prototype));
  learn('process.stdout', process.stdout);
  learn('process.stdout', getPrototypeOf(process.stdout));
  for (const name of [
    'util',
    'fs',
    'fs/promises',
    'path',
    'child_process',
    'os',
    'http',
    'https',
    'net',
    'timers',
    'timers/promises',
    'vm',
    'stream',
    'crypto',
  ])
    learn(name, require(`node:${name}`));
  guard('assert', assert);
  if (assert.strict !== assert) guard('assert.strict', assert.strict);
  // Matchers are made in this realm or not at all; their texts are compared with those of a run without the patch.
  const sign = (name, object) => {
    for (const key of isObject(object) ? ownKeys(object) : []) {
      const one = getOwnPropertyDescriptor(object, key);
      const value = one && (typeof one.value === 'function' ? one.value : one.get);
      if (typeof value !== 'function') continue;
      const text = asText(value);
      say(`${name}.${String(key)} ${text.length}:${text.slice(0, 80)}${text.slice(-40)}`);
    }
  };
  let matchers;
  const look = () => {
    for (const { name, object, key, value } of known) {
      const one = getOwnPropertyDescriptor(object, key);
      if (!one || (one.value !== value && one.get !== value)) say(name);
    }
    const should = getOwnPropertyDescriptor(Object.prototype, 'should');
    if (should) sign('should', { get: should.get });
    const expect = globalThis[Symbol.for('expect-global')];
    if (typeof expect !== 'function') return;
    say(`expect ${typeof expect}`);
    try {
      matchers = matchers || getPrototypeOf(expect(1));
    } catch {}
    sign('expect', expect);
    sign('matcher', matchers);
    sign('matcher of chai', matchers && getPrototypeOf(matchers));
    for (const all of Object.values(globalThis[Symbol.for('$$jest-matchers-object')] || {}))
      if (isObject(all)) sign('matcher of jest', all.matchers);
  };
  // chai of the package, where its manifest names it: the same module that tests load, compared at the end.
  let chai;
  const findChai = () => {
    const { existsSync, readFileSync } = require('node:fs');
    const { dirname } = require('node:path');
    for (let at = process.cwd(); ; at = dirname(at)) {
      const manifest = join(at, 'package.json');
      if (existsSync(manifest) && /"chai"\s*:/.test(readFileSync(manifest, 'utf8'))) return Module.createRequire(manifest).resolve('chai');
      if (at === dirname(at)) return undefined;
    }
  };
  try {
    const path = findChai();
    if (path)
      import(require('node:url').pathToFileURL(path).href).then(
        (found) => {
          chai = found;
        },
        () => {},
      );
  } catch {}
  const lookAtChai = () => {
    if (!chai) return;
    const { Assertion, assert: plain, util } = chai.Assertion ? chai : chai.default || {};
    sign('chai.Assertion', Assertion && Assertion.prototype);
    sign('chai.assert', plain);
    sign('chai.util', util);
  };
  require('./asks.cjs')(put, known);
  // Functions that the repository's own modules offer in the end, and whether they stand in their files: what another module has put there does not.
  const { readFileSync } = require('node:fs');
  const lookAtOwn = () => {
    const { relative, sep } = require('node:path');
    for (const { filename, exports } of Object.values(Module._cache || {})) {
      const at = typeof filename === 'string' ? relative(process.cwd(), filename) : '..';
      if (at.startsWith('..') || at.includes(`node_modules${sep}`) || !isObject(exports)) continue;
      const text = readFileSync(filename, 'utf8');
      for (const [prefix, object] of [
        ['', exports],
        ['prototype.', exports.prototype],
      ])
        for (const key of isObject(object) ? ownKeys(object) : []) {
          const one = getOwnPropertyDescriptor(object, key);
          if (!one || typeof one.value !== 'function') continue;
          const code = asText(one.value);
          put({
            own: at.split(sep).join('/'),
            name: `${prefix}${String(key)}`,
            sign: text.includes(code) ? `own${hashOf(code)}` : 'foreign',
          });
        }
    }
  };
  const hashOf = (text) => {
    let hash = text.length;
    for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
    return hash;
  };
  put({ begin: true });
  let over = false;
  const end = () => {
    look();
    lookAtChai();
    if (!over) {
      over = true;
      try {
        lookAtOwn();
      } catch {}
      put({ end: true });
    }
  };
  process.on('exit', end);
  setInterval(look, 40).unref();
  const real = process.reallyExit;
  process.reallyExit = function reallyExit(code) {
    end();
    return real.call(process, code);
  };
  for (const one of known) if (one.object === process && one.key === 'reallyExit') one.value = process.reallyExit;
})();
