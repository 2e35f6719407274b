'use strict';
const { cap, put } = require('./tidy.cjs');

/** Reporter for jasmine 3.6 and later (`--reporter=`), also the names of the running tests. */
const names = [];
/** Names of the specs that have ended, and those among them that a failing `beforeAll` kept from running. */
let specs = [];
const unrun = new Set();
const errorsOf = (list) =>
  (list || []).map((one) => {
    const error = {
      name: one.matcherName ? 'AssertionError' : 'Error',
      message: cap(String(one.message || '')),
      stack: one.stack ? cap(String(one.stack)) : undefined,
    };
    const match = /^Expected (.*?) to (?:be|equal) (.*)\.$/s.exec(error.message);
    if (match && one.matcherName) {
      error.actual = match[1];
      error.expected = match[2];
    }
    return error;
  });
const fileOf = (result) => result.filename;
class Reporter {
  jasmineStarted() {
    put({ type: 'begin' });
  }
  suiteStarted(result) {
    names.push(result.description);
  }
  suiteDone(result) {
    const path = names.slice();
    const isBelow = (spec) => path.every((name, at) => spec[at] === name);
    names.pop();
    if (result.failedExpectations && result.failedExpectations.length)
      put({
        type: 'test',
        file: fileOf(result),
        names: path.concat(specs.some((spec) => unrun.has(spec) && isBelow(spec)) ? 'beforeAll' : 'afterAll'),
        status: 'failed',
        errors: errorsOf(result.failedExpectations),
        below: specs.filter(isBelow),
      });
    if (!names.length) specs = [];
  }
  specStarted(result) {
    put({ type: 'start', file: fileOf(result), names: names.concat(result.description) });
  }
  specDone(result) {
    const path = names.concat(result.description);
    const errors = errorsOf(result.failedExpectations);
    specs.push(path);
    const lost = errors.length > 0 && errors.every((error) => /^Not run because a beforeAll function failed/.test(error.message));
    if (lost) unrun.add(path);
    const status = result.status === 'passed' ? 'passed' : result.status === 'failed' && !lost ? 'failed' : 'skipped';
    const kind = errors.some((error) => /Timeout - Async function did not complete/.test(error.message)) ? 'timeout' : undefined;
    put({
      type: 'test',
      file: fileOf(result),
      names: path,
      status,
      ms: result.duration === null ? undefined : result.duration,
      errors: lost ? [] : errors,
      kind,
    });
  }
  jasmineDone(result) {
    for (const one of (result && result.failedExpectations) || []) {
      const load = one.globalErrorType === 'load';
      put(
        load
          ? { type: 'test', file: one.filename, names: [], whole: true, status: 'failed', errors: errorsOf([one]) }
          : { type: 'error', errors: errorsOf([one]) },
      );
    }
    if (result && result.overallStatus === 'incomplete' && result.incompleteCode !== 'noSpecsFound')
      put({ type: 'stopped', why: result.incompleteReason });
    put({ type: 'end' });
  }
}
module.exports = Reporter;
module.exports.default = Reporter;
