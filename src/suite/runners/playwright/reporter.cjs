'use strict';
const { tidy, put } = require('./tidy.cjs');

/** Reporter for Playwright Test: one record per test once its last attempt is over, a `whole` one per file that could not be loaded. */
const placeOf = (test) => {
  const [, project, , ...names] = test.titlePath();
  return { file: test.location.file, names, line: test.location.line, project };
};
const errorsOf = (result) =>
  (result.errors && result.errors.length ? result.errors : [result.error || { message: 'failed without a message' }]).map(tidy);
const failed = (test, result) =>
  result.status === 'passed' ? [{ message: `Expected to fail, but passed: ${test.title}` }] : errorsOf(result);

/** Of a file that could not be loaded: its place, else the first outside node_modules that the stack names. */
const fileOf = (error) => {
  if (error.location) return error.location.file;
  const named = `${error.stack || error.message || ''}`.matchAll(/(?:^- |\()((?:\/|[A-Za-z]:)[^()\n]*?)(?::\d+:\d+\)|$)/gm);
  for (const [, file] of named) if (!/[\\/]node_modules[\\/]/.test(file)) return file;
};

class Reporter {
  onBegin(_config, suite) {
    this.suite = suite;
    put({ type: 'begin' });
  }
  // Playwright prints its own lines beside.
  printsToStdio() {
    return false;
  }
  onTestBegin(test) {
    this.began = true;
    put({ type: 'start', ...placeOf(test) });
  }
  onTestEnd(test, result) {
    const outcome = test.outcome();
    if (outcome === 'unexpected' && result.status !== 'interrupted' && result.retry < test.retries) return;
    const first = test.results.find((one) => one.status !== test.expectedStatus);
    put({
      type: 'test',
      ...placeOf(test),
      ms: result.duration,
      status: outcome === 'skipped' ? 'skipped' : outcome === 'unexpected' ? 'failed' : 'passed',
      errors: outcome === 'unexpected' ? failed(test, result) : [],
      kind: outcome === 'unexpected' && result.status === 'timedOut' ? 'timeout' : undefined,
      flaky: outcome === 'flaky' && first ? errorsOf(first)[0].message : undefined,
      output: result.stdout && outcome === 'unexpected' ? result.stdout.concat(result.stderr).join('').slice(-8000) : undefined,
    });
  }
  onError(error) {
    // No failure but the reason why there is no test, which Playwright prints.
    if (/^(?:Error: )?No tests found/.test(error.message || '')) return;
    const file = fileOf(error);
    put(
      file && !this.began
        ? { type: 'test', file, names: [], whole: true, status: 'failed', errors: [tidy(error)] }
        : { type: 'error', errors: [tidy(error)] },
    );
  }
  onEnd() {
    const unrun = this.suite ? this.suite.allTests().filter((test) => test.results.length === 0) : [];
    for (const test of unrun) put({ type: 'test', ...placeOf(test), status: 'skipped' });
    put({ type: 'end' });
  }
}
module.exports = Reporter;
