/**
 * JavaScript that runs inside the user's runner, in any Node version from 12 on, as CommonJS or as a module; `__OUT__` and `__ARGV__`
 * are filled in by `writePlugin`. Each result is one line; a runner that dies leaves the lines written so far.
 */
export const tidy = String.raw`
const out = __OUT__;
// Tests that read process.argv see the arguments of the user's own command, not ours.
if (__ARGV__) process.argv.splice(2, process.argv.length, ...__ARGV__);
const cap = (text, most) => (text.length > most ? text.slice(0, most) + ' [cut]' : text);
const show = (value) => {
  if (typeof value === 'string') return cap(value, 20000);
  try { return cap(util.inspect(value, { depth: 6, maxArrayLength: 100, breakLength: 100, sorted: true }), 20000); } catch { return '[unprintable]'; }
};
const tidy = (error) => {
  if (error === null || typeof error !== 'object') return { message: show(error === undefined ? 'undefined was thrown' : error) };
  const one = { message: cap(String(error.message === undefined ? '' : error.message), 20000) };
  if (error.name) one.name = String(error.name);
  if (error.code) one.code = String(error.code);
  let stack = typeof error.stack === 'string' ? error.stack : '';
  if (error.cause instanceof Error && typeof error.cause.stack === 'string') stack += '\n' + error.cause.stack;
  if (stack) one.stack = cap(stack, 20000);
  const result = error.matcherResult && typeof error.matcherResult === 'object' ? error.matcherResult : error;
  if (result.expected !== undefined || result.actual !== undefined || error.showDiff || error.generatedMessage) {
    if ('expected' in result) one.expected = show(result.expected);
    if ('actual' in result) one.actual = show(result.actual);
  }
  return one;
};
const put = (record) => { try { fs.appendFileSync(out, JSON.stringify(record) + '\n'); } catch {} };
`;
