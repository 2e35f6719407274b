import { createRequire } from 'node:module';

/** Reporter for node:test (20 to 26: newer ones name a whole file, and what it prints, by its relative path). A failing parent whose only fault is a failing child is left out; a file that fails as a whole is a load error. */
const { tidy, put } = createRequire(import.meta.url)('./tidy.cjs');
const names = [];
const printed = new Map();
const open = new Map();
const begun = new Map();
const keyOf = (data) => [data.file, data.nesting, data.line, data.column, data.name].join('\n');
const isFile = (data) =>
  data.nesting === 0 && (data.name === data.file || (data.file && data.file.endsWith(data.name) && data.line === 1 && data.column === 1));
function fault(error) {
  const cause = error && error.cause;
  const one = tidy(cause !== null && typeof cause === 'object' ? cause : error);
  if (typeof cause === 'string') {
    one.message = cause;
    delete one.stack;
  }
  // What extends Object.prototype, as chai's `should()` does, loses the kind of a failure on its way to this process.
  one.failure = (error && error.failureType) || (/^\d+ subtests? failed$/.test(cause) ? 'subtestsFailed' : undefined);
  return one;
}
function note(event) {
  const data = event.data;
  if (event.type === 'test:start') {
    names.length = data.nesting;
    names[data.nesting] = data.name;
    return;
  }
  // Starts are told in the order of the report, so late for a test that hangs; dequeues are told at once.
  if (event.type === 'test:dequeue') {
    const above = open.get(data.file) || [];
    const path = isFile(data) ? [] : above.slice(0, data.nesting).concat(data.name);
    open.set(data.file, path);
    begun.set(keyOf(data), path);
    put({ type: 'start', file: data.file, names: path });
    return;
  }
  if (event.type === 'test:stderr' || event.type === 'test:stdout') {
    const file = data.entryFile || data.file;
    printed.set(file, ((printed.get(file) || '') + data.message).slice(-8000));
    return;
  }
  if (event.type !== 'test:pass' && event.type !== 'test:fail') return;
  const path = names.slice(0, data.nesting).concat(data.name);
  const details = data.details || {};
  const record = { type: 'test', file: data.file, names: path, line: data.line, ms: details.duration_ms };
  const whole = isFile(data);
  put({ type: 'over', file: data.file, names: begun.get(keyOf(data)) || path });
  record.status = event.type === 'test:pass' ? 'passed' : 'failed';
  if (data.skip !== undefined && data.skip !== false) record.status = 'skipped';
  else if (data.todo !== undefined && data.todo !== false) record.status = 'skipped';
  if (whole) record.whole = true;
  if (record.status === 'failed') {
    const one = fault(details.error || {});
    if (one.failure === 'testTimeoutFailure') record.kind = 'timeout';
    if (whole) record.output = printed.get(data.file) || printed.get(data.name);
    record.errors = [one];
  }
  settle(record, data.nesting, details.type === 'suite');
}
/** Results below a suite whose own has not come yet. */
let waiting = [];
/** A suite comes after its tests: if it fails for a hook, those that were cancelled for it have not run. */
function settle(record, nesting, isSuite) {
  const below = waiting.filter((one) => one.nesting > nesting);
  waiting = waiting.filter((one) => one.nesting <= nesting);
  const failure = record.errors && record.errors[0].failure;
  const hooked = isSuite && failure === 'hookFailed';
  const cancelled = failure === 'cancelledByParent' && nesting > 0;
  if (isSuite && cancelled && below.length > 0) {
    // What it is cancelled for is told above.
    waiting.push(...below.map((one) => ({ ...one, nesting })));
    return;
  }
  if (hooked) record.below = below.map((one) => one.record.names);
  for (const one of below) {
    const lost = hooked && one.record.errors && one.record.errors[0].failure === 'cancelledByParent';
    if (!one.told) put(lost ? { ...one.record, status: 'skipped', errors: [] } : one.record);
    one.told = true;
  }
  const quiet = failure === 'subtestsFailed' || (isSuite && record.status !== 'failed');
  if (!quiet && !cancelled) put(record);
  if (nesting === 0) return;
  // Suites further out want to know of it.
  waiting.push(...below.filter(() => isSuite).map((one) => ({ ...one, nesting })));
  if (!isSuite && failure !== 'subtestsFailed') waiting.push({ record, nesting, told: !cancelled });
}
// biome-ignore lint/correctness/useYield: it prints nothing, its lines go to the report.
export default async function* report(source) {
  put({ type: 'begin' });
  for await (const event of source) note(event);
  for (const { record, told } of waiting) if (!told) put(record);
  put({ type: 'end' });
}
