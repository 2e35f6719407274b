import { expect, test } from 'vitest';
import { keepHidden } from '../../src/patch/place/hidden.ts';

const secret = '<hidden:1>';
const tokens = (line: string) => line.match(/<hidden:\d+>/g) ?? [];
const before = `host = "db"\nkey = "${secret}"  # from the vault\nport = 5432\n`;

test.each([
  ['stars', `host = "db"\nkey = "***"  # from the vault\nport = 5433\n`],
  ['another case', `host = "db"\nkey = "<HIDDEN:1>"  # from the vault\nport = 5433\n`],
  ['a letter lost', `host = "db"\nkey = "<hiden:1>"  # from the vault\nport = 5433\n`],
  ['an example', `host = "db"\nkey = "your-key-here"  # from the vault\nport = 5433\n`],
  ['nothing', `host = "db"\nkey = ""  # from the vault\nport = 5433\n`],
])('%s in the place of a hidden value is the value again', (_what, after) => {
  expect(keepHidden(before, after, tokens)).toEqual({ text: before.replace('5432', '5433') });
});

test('a line that is gone takes its value along only where it is known to', () => {
  const came = keepHidden(before, 'host = "db"\nport = 5433\n', tokens);
  expect(came).toMatchObject({ lost: secret });
});

test('a value whose line got another name is put back where the line shows where it was', () => {
  const renamed = before.replace('key =', 'apiKey =').replace(secret, 'xxxx');
  const came = keepHidden(before, renamed, tokens);
  expect('lost' in came || came.text.includes(secret)).toBe(true);
});

test('text that keeps its values is given back as it is', () => {
  const after = before.replace('5432', '5433');
  expect(keepHidden(before, after, tokens)).toEqual({ text: after });
  expect(keepHidden('a\r\nb\r\n', 'a\r\nc\r\n', tokens)).toEqual({ text: 'a\r\nc\r\n' });
});

test('two values in one line stand each in its own place again', () => {
  const old = 'url = "https://<hidden:1>:<hidden:2>@db/x"\n';
  expect(keepHidden(old, 'url = "https://user:pass@db/y"\n', tokens)).toMatchObject({ lost: expect.stringContaining('hidden') });
  expect(keepHidden(old, 'url = "https://<hidden:1>:***@db/x"  # new\n', tokens)).toEqual({
    text: 'url = "https://<hidden:1>:<hidden:2>@db/x"  # new\n',
  });
});
