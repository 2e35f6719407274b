'use strict';
const { cap, put } = require('./tidy.cjs');

/** Reporter for jasmine 3.6 and later (`--reporter=`), also the names of the running tests. */
const names = [];
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
    names.pop();
    if (result.failedExpectations && result.failedExpectations.length)
      put({
        type: 'test',
        file: fileOf(result),
        names: path.concat('afterAll'),
        status: 'failed',
        errors: errorsOf(result.failedExpectations),
      });
  }
  specStarted(result) {
    put({ type: 'start', file: fileOf(result), names: names.concat(result.description) });
  }
  specDone(result) {
    const status = result.status === 'passed' ? 'passed' : result.status === 'failed' ? 'failed' : 'skipped';
    const errors = errorsOf(result.failedExpectations);
    const kind = errors.some((error) => /Timeout - Async function did not complete/.test(error.message)) ? 'timeout' : undefined;
    put({
      type: 'test',
      file: fileOf(result),
      names: names.concat(result.description),
      status,
      ms: result.duration === null ? undefined : result.duration,
      errors,
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
    put({ type: 'end' });
  }
}
module.exports = Reporter;
module.exports.default = Reporter;
