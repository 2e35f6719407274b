'use strict';
const { tidy, put } = require('./tidy.cjs');

/** Reporter for jest: one record per test as each file ends, one `whole` record per file that could not be loaded. */
const statuses = { passed: 'passed', failed: 'failed' };
const namesOf = (one) => (one.ancestorTitles || []).concat(one.title);
function errorsOf(test) {
  const details = (test.failureDetails || []).map((detail) => (detail && detail.error ? detail.error : detail));
  return (test.failureMessages || []).map((text, index) => {
    const detail = details[index];
    const one = { message: text, stack: text };
    if (detail && typeof detail === 'object') {
      const tidied = tidy(detail);
      if (tidied.message) one.message = tidied.message;
      one.name = tidied.name;
      one.expected = tidied.expected;
      one.actual = tidied.actual;
      if (detail.matcherResult) one.name = 'AssertionError';
    }
    return one;
  });
}
class Reporter {
  onRunStart() {
    put({ type: 'begin' });
  }
  onTestFileStart(test) {
    put({ type: 'start', file: test.path, names: [] });
  }
  onTestStart(test) {
    put({ type: 'start', file: test.path, names: [] });
  }
  onTestResult(test, result) {
    const file = result.testFilePath || test.path;
    const config = (test.context && test.context.config) || {};
    const project = (config.displayName && config.displayName.name) || config.id || config.name;
    const printed = (result.console || [])
      .map((line) => line.message)
      .join('\n')
      .slice(-8000);
    if (result.testExecError || (result.failureMessage && !result.testResults.length)) {
      const error = result.testExecError || {};
      // Where tests ran, it is an `afterAll` that failed, and the text holds their failures too.
      const below = result.testResults.length ? result.testResults.map(namesOf) : undefined;
      const text =
        (below && (error.stack || error.message)) ||
        result.failureMessage ||
        error.stack ||
        error.message ||
        'the file could not be loaded';
      put({
        type: 'test',
        file,
        project,
        names: [],
        whole: true,
        status: 'failed',
        errors: [{ message: error.message || text, stack: [error.stack, text].filter(Boolean).join('\n') }],
        output: printed,
        below,
      });
    }
    for (const one of result.testResults) {
      put({
        type: 'test',
        file,
        project,
        names: namesOf(one),
        line: one.location ? one.location.line : undefined,
        ms: one.duration === null ? undefined : one.duration,
        status: statuses[one.status] || 'skipped',
        errors: one.status === 'failed' ? errorsOf(one) : [],
        output: one.status === 'failed' ? printed : undefined,
      });
    }
    put({ type: 'over', file, names: [] });
  }
  onRunComplete(_contexts, results) {
    const error = results && results.runExecError;
    if (error) put({ type: 'error', errors: [{ message: error.message || String(error), stack: error.stack }] });
    put({ type: 'end' });
  }
}
module.exports = Reporter;
