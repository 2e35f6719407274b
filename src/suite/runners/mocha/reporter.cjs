'use strict';
const { tidy, put } = require('./tidy.cjs');

/** Reporter for mocha 3 and later, given by path. A failing hook is reported under its own title ('"before each" hook for "x"'). */
const namesOf = (test) => {
  if (typeof test.titlePath === 'function') return test.titlePath();
  const names = [];
  for (let at = test; at && at.title; at = at.parent) names.unshift(at.title);
  return names;
};
const fileOf = (test) => {
  for (let at = test; at; at = at.parent) if (at.file) return at.file;
};
const testsBelow = (suite) => (suite.tests || []).concat(...(suite.suites || []).map(testsBelow));
/** Tests of the suite that a failing hook belongs to: what has not run yet never will. Run in parallel, mocha does not tell which there are. */
const belowOf = (hook) => (hook.type === 'hook' && hook.parent ? testsBelow(hook.parent).map(namesOf) : undefined);

function Reporter(runner) {
  put({ type: 'begin' });
  const record = (test, status, error) =>
    put({
      type: 'test',
      file: fileOf(test),
      names: namesOf(test),
      ms: test.duration,
      status,
      errors: error === undefined ? [] : [tidy(error)],
      kind: error && /^Timeout of \d+ms exceeded/.test(error.message) ? 'timeout' : undefined,
      below: status === 'failed' ? belowOf(test) : undefined,
    });
  runner.on('test', (test) => {
    put({ type: 'start', file: fileOf(test), names: namesOf(test) });
  });
  runner.on('pass', (test) => {
    record(test, 'passed');
  });
  runner.on('pending', (test) => record(test, 'skipped'));
  runner.on('fail', (test, error) => record(test, 'failed', error === undefined ? null : error));
  runner.on('end', () => put({ type: 'end' }));
}
module.exports = Reporter;
