import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { showProgress } from '../../src/cli/progress.ts';
import { describe } from '../../src/jobs/describe.ts';

const clear = '\r\x1b[K';

function stream(isTTY: boolean, columns = 40) {
  const written: string[] = [];
  return { isTTY, columns, written, write: (text: string) => written.push(text) };
}

test('on a terminal: one line that is written over and fits, with its seconds, and gone at the end', async () => {
  const out = stream(true);
  const progress = showProgress(out, describe);
  progress.tell({ type: 'stage', stage: 'ask', message: 'Asking glm-4.7 about something that is rather long' });
  progress.tell({ type: 'tokens', received: 512, reasoning: true });
  for (const text of out.written) expect([text.startsWith(clear), text.length <= clear.length + 39]).toEqual([true, true]);
  expect(out.written.at(-1)).toContain('thinking, 512 tokens so far');
  await expect.poll(() => out.written.at(-1), { timeout: 20_000 }).toMatch(/512 tokens so far \(\d+ s\)$/);
  progress.tell({ type: 'warning', message: 'a link was left out' });
  expect(out.written.at(-1)).toBe('\r\x1b[Ka link was left out\n');
  progress.end();
  expect(out.written.at(-1)).toBe('\r\x1b[K');
  const { length } = out.written;
  await sleep(1_200);
  expect(out.written).toHaveLength(length);
});

test('elsewhere: plain lines, one per stage and warning, others every few seconds', () => {
  const out = stream(false);
  const progress = showProgress(out, describe);
  for (const stage of ['observe', 'flake']) progress.tell({ type: 'stage', stage, message: 'at work' });
  for (let done = 0; done < 100; done++) progress.tell({ type: 'progress', message: `adds ${done}` });
  progress.tell({ type: 'warning', message: 'careful' });
  progress.end();
  expect(out.written).toEqual(['observe: at work\n', 'flake: at work\n', 'careful\n']);
});

test.each([true, false])('a name of a test steers no terminal (%s)', (isTTY) => {
  const out = stream(isTTY, 200);
  const progress = showProgress(out, describe);
  progress.tell({ type: 'stage', stage: 'observe', message: 'a\x1b[2Jb\x1b]0;title\x07c\u202Ed\r\ne\x9b31mf' });
  expect(out.written.join('')).toBe(isTTY ? `${clear}observe: abcd ef` : 'observe: abcd ef\n');
  progress.end();
});

test('a bar where it is known how many tests there are, within 60 columns, and none where it is not', () => {
  const out = stream(true, 60);
  const progress = showProgress(out, describe);
  progress.tell({ type: 'progress', message: '312 of 3000 tests', done: 312, total: 3000 });
  progress.tell({ type: 'progress', message: '12 tests so far' });
  progress.end();
  expect(out.written.slice(0, 2)).toEqual([`${clear}[##..................] 312 of 3000 tests`, `${clear}12 tests so far`]);
});

test('a terminal that cannot write over a line gets plain ones', () => {
  const out = stream(true);
  const progress = showProgress(out, describe, false);
  progress.tell({ type: 'stage', stage: 'observe', message: 'at work' });
  progress.end();
  expect(out.written).toEqual(['observe: at work\n']);
});
