'use strict';
/**
 * Loaded into every Node process of a command that we do not understand (`NODE_OPTIONS=--require`). A process that is a runner we know
 * gets our reporter among its arguments; every other process is left as it is. `hook.json` maps a program to its arguments.
 */
const main = (process.argv[1] || '').replace(/\\/g, '/');
const found = /\/node_modules\/(?:\.bin\/)?_?(jest|vitest|mocha|jasmine)(?:-cli)?(?:$|\/(?:bin\/)?[^/]*$)/.exec(main);
if (found && require('worker_threads').isMainThread && !process.send) {
  const own = require('./hook.json')[found[1]];
  const end = process.argv.indexOf('--');
  process.argv.splice(end < 0 ? process.argv.length : end, 0, ...own);
}
