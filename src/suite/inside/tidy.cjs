'use strict';
/**
 * What our reporters share. They run inside the user's runner, in any Node from 12 on. `given.json` lies beside: `out` is the file that takes
 * one result a line (a runner that dies leaves the lines written so far), `argv` the arguments of the user's own command.
 */
const fs = require('fs');
const util = require('util');
const { out, argv } = require('./given.json');

// Tests that read process.argv see the arguments of the user's own command, not ours.
if (argv) process.argv.splice(2, process.argv.length, ...argv);

const most = 20000;
const cap = (text) => (text.length > most ? `${text.slice(0, most)} [cut]` : text);

const show = (value) => {
  if (typeof value === 'string') return cap(value);
  try {
    return cap(util.inspect(value, { depth: 6, maxArrayLength: 100, breakLength: 100, sorted: true }));
  } catch {
    return '[unprintable]';
  }
};

/** An error in the form of a record: texts alone, capped. */
const tidy = (error) => {
  if (error === null || typeof error !== 'object') return { message: show(error === undefined ? 'undefined was thrown' : error) };
  const one = { message: cap(String(error.message === undefined ? '' : error.message)) };
  if (error.name) one.name = String(error.name);
  if (error.code) one.code = String(error.code);
  let stack = typeof error.stack === 'string' ? error.stack : '';
  if (error.cause instanceof Error && typeof error.cause.stack === 'string') stack += `\n${error.cause.stack}`;
  if (stack) one.stack = cap(stack);
  const result = error.matcherResult && typeof error.matcherResult === 'object' ? error.matcherResult : error;
  if (result.expected !== undefined || result.actual !== undefined || error.showDiff || error.generatedMessage) {
    if ('expected' in result) one.expected = show(result.expected);
    if ('actual' in result) one.actual = show(result.actual);
  }
  return one;
};

const put = (record) => {
  try {
    fs.appendFileSync(out, `${JSON.stringify(record)}\n`);
  } catch {
    // A full disk must not fail the user's tests.
  }
};

module.exports = { cap, show, tidy, put };
