/**
 * Loaded into every Node process of a command that we do not understand (`NODE_OPTIONS=--require`). A process that is a runner we know
 * gets our reporter among its arguments; every other process is left as it is. `__REPORTERS__` maps a program to its arguments.
 */
export const hook = `'use strict';
const reporters = __REPORTERS__;
const main = (process.argv[1] || '').replace(/\\\\/g, '/');
const found = /\\/node_modules\\/(?:\\.bin\\/)?_?(jest|vitest|mocha|jasmine)(?:-cli)?(?:$|\\/(?:bin\\/)?[^/]*$)/.exec(main);
const workers = require('worker_threads');
if (found && workers.isMainThread && !process.send) {
  const own = reporters[found[1]];
  const end = process.argv.indexOf('--');
  process.argv.splice(end < 0 ? process.argv.length : end, 0, ...own);
}
`;
