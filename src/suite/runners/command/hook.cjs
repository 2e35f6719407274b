'use strict';
/**
 * Loaded into every Node process of a command that we do not understand (`NODE_OPTIONS=--require`). A process that is a runner we know
 * gets our reporter among its arguments, and a script that starts one through its API gets it there; every other process is left as it is.
 * `hook.json` holds the arguments of each program and the paths of the reporters.
 */
const Module = require('node:module');
const { args, paths } = require('./hook.json');
const main = (process.argv[1] || '').replace(/\\/g, '/');
const found = /\/node_modules\/(?:\.bin\/)?_?(jest|vitest|mocha|jasmine)(?:-cli)?(?:$|\/(?:bin\/)?[^/]*$)/.exec(main);
if (found && require('node:worker_threads').isMainThread && !process.send) {
  const end = process.argv.indexOf('--');
  process.argv.splice(end < 0 ? process.argv.length : end, 0, ...args[found[1]]);
}

/** Lets a method of a class do something first, once for each class. */
const done = new WeakSet();
function before(owner, name, act) {
  const own = owner && owner.prototype && owner.prototype[name];
  if (typeof own !== 'function' || done.has(owner)) return;
  done.add(owner);
  owner.prototype[name] = function (...given) {
    act(this);
    return own.apply(this, given);
  };
}
const apis = {
  mocha: (Mocha) => {
    before(Mocha, 'run', (mocha) => mocha.reporter(require(paths.mocha)));
    return Mocha;
  },
  jasmine: (Jasmine) => {
    before(Jasmine, 'execute', (jasmine) => {
      jasmine.clearReporters();
      jasmine.addReporter(new (require(paths.jasmine))());
    });
    return Jasmine;
  },
  '@jest/core': (core) => {
    const { runCLI } = core;
    if (typeof runCLI !== 'function') return core;
    // Its members cannot be set: what is handed out is a copy.
    const copy = Object.create(Object.getPrototypeOf(core), Object.getOwnPropertyDescriptors(core));
    const wrapped = (argv, projects) => runCLI({ ...argv, reporters: [paths.jest], ci: true, watch: false, watchAll: false }, projects);
    return new Proxy(copy, { get: (target, name) => (name === 'runCLI' ? wrapped : target[name]) });
  },
};
const load = Module._load;
Module._load = function (request, ...rest) {
  const loaded = load.call(this, request, ...rest);
  const name = /^(?:mocha|jasmine|@jest\/core)$/.test(request)
    ? request
    : (/\/node_modules\/(mocha|jasmine|@jest\/core)\/(?:index|lib\/jasmine|lib\/mocha|build\/index)\.c?js$/.exec(String(request)) || [])[1];
  try {
    return name === undefined ? loaded : apis[name](loaded);
  } catch {
    return loaded;
  }
};
