import { createRequire } from 'node:module';

/** Reporter for vitest: `onTestCaseResult`, `onTestRunEnd` from 3.0 on, `onFinished` before that. */
const { tidy, put } = createRequire(import.meta.url)('./tidy.cjs');
const statusOf = (state) =>
  state === 'passed' || state === 'pass' ? 'passed' : state === 'failed' || state === 'fail' ? 'failed' : 'skipped';
const namesOf = (task) => {
  const names = [];
  for (let at = task; at && at.type !== 'module' && at !== at.file; at = at.parent || at.suite) if (at.name) names.unshift(at.name);
  return names;
};
const errorsOf = (errors) =>
  (errors || []).map((error) => {
    const one = tidy(error);
    const frames = error.stacks || error.parsedStacks;
    if (Array.isArray(frames) && frames.length)
      one.stack = [one.message, ...frames.map((f) => `    at ${f.method || '<anonymous>'} (${f.file}:${f.line}:${f.column})`)].join('\n');
    return one;
  });
const isTest = (task) => task.type === 'test' || task.type === 'custom' || task.type === 'benchmark';
const testsBelow = (task) => (task.tasks || []).flatMap((child) => (isTest(child) ? [child] : testsBelow(child)));

/** Suites and modules have errors of their own where one of their hooks failed. */
export default class Reporter {
  onInit() {
    put({ type: 'begin' });
  }
  onTestCaseReady(test) {
    put({ type: 'start', file: test.module.moduleId, names: namesOf(test) });
  }
  onTestCaseResult(test) {
    this.modern = true;
    const result = test.result();
    const more = test.diagnostic && test.diagnostic();
    put({
      type: 'test',
      project: test.project && test.project.name,
      file: test.module.moduleId,
      names: namesOf(test),
      line: test.location && test.location.line,
      ms: more && more.duration,
      status: statusOf(result.state),
      errors: result.state === 'failed' ? errorsOf(result.errors) : [],
      flaky: more && more.flaky ? ((result.errors || [])[0] || {}).message || '' : undefined,
    });
  }
  onTestSuiteResult(suite) {
    this.group(suite);
  }
  onTestModuleEnd(module) {
    this.group(module);
  }
  group(entity) {
    const errors = typeof entity.errors === 'function' ? entity.errors() : [];
    if (!errors.length) return;
    const whole = entity.type === 'module';
    const below = Array.from(entity.children.allTests(), namesOf);
    put({
      type: 'test',
      project: entity.project && entity.project.name,
      file: whole ? entity.moduleId : entity.module.moduleId,
      names: whole ? [] : namesOf(entity),
      whole,
      status: 'failed',
      errors: errorsOf(errors),
      below: whole && !below.length ? undefined : below,
    });
  }
  onTestRunEnd(_modules, unhandled, reason) {
    this.ended = true;
    for (const error of unhandled || []) put({ type: 'error', file: error.VITEST_TEST_PATH, errors: errorsOf([error]) });
    put({ type: 'end', reason });
  }
  onFinished(files, unhandled) {
    if (this.ended || this.modern) return;
    const walk = (task, file) => {
      const result = task.result || {};
      const failed = result.state === 'fail' && (result.errors || (result.error ? [result.error] : []));
      if (isTest(task)) {
        put({
          type: 'test',
          project: file.projectName,
          file: file.filepath,
          names: namesOf(task),
          line: task.location && task.location.line,
          ms: result.duration,
          status: task.mode === 'skip' || task.mode === 'todo' ? 'skipped' : statusOf(result.state),
          errors: failed ? errorsOf(failed) : [],
        });
      } else if (failed && failed.length) {
        const below = testsBelow(task).map(namesOf);
        put({
          type: 'test',
          project: file.projectName,
          file: file.filepath,
          names: task === file ? [] : namesOf(task),
          whole: task === file,
          status: 'failed',
          errors: errorsOf(failed),
          below: task === file && !below.length ? undefined : below,
        });
      }
      for (const child of task.tasks || []) walk(child, file);
    };
    for (const file of files || []) walk(file, file);
    for (const error of unhandled || []) put({ type: 'error', file: error.VITEST_TEST_PATH, errors: errorsOf([error]) });
    put({ type: 'end' });
  }
}
