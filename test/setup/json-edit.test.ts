import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import { describe, expect, test } from 'vitest';
import { clients } from '../../src/setup/clients.ts';
import { type ConfigCase, planEntry, planRemoval } from '../../src/setup/config-step.ts';
import { undo, unedited } from '../../src/setup/edit/edits.ts';
import { removeJson, setJson } from '../../src/setup/edit/json.ts';
import { settings, writeJson, writing } from './documents.ts';

const launch = { command: 'npx', args: ['-y', 'glm-skill@9.9.9', 'serve'] };
const jsonClients = clients.filter(({ config }) => config.format === 'json');
const plain = (text: string): unknown => parse(text.replace(/^\uFEFF/, ''), [], { allowTrailingComma: true });

const generated = fc
  .constantFrom(...jsonClients)
  .chain((client) => fc.record({ client: fc.constant(client), data: settings(client.config.path), how: writing }));

function caseOf(client: (typeof jsonClients)[number], current: string, record?: ConfigCase['record']): ConfigCase {
  return { client, path: '/w/f.json', name: 'f.json', current, record, force: false };
}

describe('any JSON that clients read', () => {
  test('takes the entry, keeps everything else, and comes back byte for byte', () => {
    fc.assert(
      fc.property(generated, ({ client, data, how }) => {
        const text = writeJson(data, how);
        const change = planEntry(caseOf(client, text), launch);
        expect(change.action, change.why).toBe('update');
        const after = change.after ?? '';
        const [top = '', key = ''] = client.config.path;
        const held = data[top];
        const expected: Record<string, unknown> = {
          ...data,
          [top]: { ...(typeof held === 'object' ? held : {}), [key]: client.config.entry(launch) },
        };
        if (client.config.append) expected.inputs = [client.config.append.value];
        expect(plain(after)).toEqual(expected);
        const again = planEntry(caseOf(client, after, change.record), launch);
        expect(again.action).toBe('keep');
        const back = planRemoval(caseOf(client, after, again.record));
        expect(back.after).toBe(text);
        // Somebody else changed the file since: their change stays, our entry goes.
        const touched = setJson(unedited(after), [top, 'zzz'], { command: 'x' }, 'f.json').text;
        const left = planRemoval(caseOf(client, touched, change.record)).after ?? '';
        expect(plain(left)).toEqual({ ...data, [top]: { ...(typeof held === 'object' ? held : {}), zzz: { command: 'x' } } });
      }),
      { numRuns: 600 },
    );
  });

  test('without a record, the entry of another version is known by its form and updated or taken out', () => {
    fc.assert(
      fc.property(generated, ({ client, data, how }) => {
        const text = writeJson(data, how);
        const old = planEntry(caseOf(client, text), { command: 'npx', args: ['-y', 'glm-skill@0.0.1', 'serve'] }).after ?? '';
        const updated = planEntry(caseOf(client, old), launch);
        expect(updated.action).toBe('update');
        expect(updated.after).toContain('glm-skill@9.9.9');
        const left = planRemoval(caseOf(client, updated.after ?? '', updated.record)).after ?? '';
        const [top = ''] = client.config.path;
        const expected: Record<string, unknown> = { ...data, [top]: data[top] ?? {} };
        if (client.config.append) expected.inputs = [];
        expect(plain(left)).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  test('that is broken is refused with a position and left alone', () => {
    const broken = fc.tuple(generated, fc.nat(), fc.constantFrom('{', '}', '"', ',', ':', '[', '\\', 'x', ''));
    let refused = 0;
    fc.assert(
      fc.property(broken, ([{ client, data, how }, at, junk]) => {
        const text = writeJson(data, how);
        const cut = at % (text.length + 1);
        const bad = junk === '' ? text.slice(0, cut) : text.slice(0, cut) + junk + text.slice(cut);
        const change = planEntry(caseOf(client, bad), launch);
        if (change.action === 'refuse') {
          refused++;
          expect(change.after).toBe(bad);
          expect(change.why).toMatch(/line \d+, column \d+|is empty|setup did not write|is nested/);
        } else if (change.after !== undefined && bad.trim() !== '') {
          expect(undo(change.after, change.record?.edits ?? [])).toBe(bad);
        }
      }),
      { numRuns: 400 },
    );
    expect(refused).toBeGreaterThan(200);
  });
});

describe('what a person would have written', () => {
  const add = (text: string) => setJson(unedited(text), ['mcpServers', 'glm'], { command: 'npx' }, 'f').text;
  test.each([
    ['an empty object', '{}', '{\n  "mcpServers": {\n    "glm": {\n      "command": "npx"\n    }\n  }\n}'],
    ['an empty parent', '{\n  "mcpServers": {}\n}\n', '{\n  "mcpServers": {\n    "glm": {\n      "command": "npx"\n    }\n  }\n}\n'],
    ['one line', '{"mcpServers":{"a":{}}}', '{"mcpServers":{"a":{},"glm":{"command":"npx"}}}'],
    [
      'tabs',
      '{\n\t"mcpServers": {\n\t\t"a": {}\n\t}\n}',
      '{\n\t"mcpServers": {\n\t\t"a": {},\n\t\t"glm": {\n\t\t\t"command": "npx"\n\t\t}\n\t}\n}',
    ],
    [
      'a comment behind the last',
      '{\n  "a": 1 // one\n}',
      '{\n  "a": 1, // one\n  "mcpServers": {\n    "glm": {\n      "command": "npx"\n    }\n  }\n}',
    ],
    ['a trailing comma', '{\n  "a": 1,\n}', '{\n  "a": 1,\n  "mcpServers": {\n    "glm": {\n      "command": "npx"\n    }\n  },\n}'],
    ['CRLF', '{\r\n  "a": 1\r\n}', '{\r\n  "a": 1,\r\n  "mcpServers": {\r\n    "glm": {\r\n      "command": "npx"\r\n    }\r\n  }\r\n}'],
  ])('%s', (_what, before, after) => expect(add(before)).toBe(after));

  test('removing keeps the comments and the lines of the others', () => {
    const text = '{\n  // first\n  "a": 1,\n  "glm": 2, // ours\n  // last\n  "b": 3\n}\n';
    expect(removeJson(unedited(text), ['glm'], 'f').text).toBe('{\n  // first\n  "a": 1, // ours\n  // last\n  "b": 3\n}\n');
    expect(removeJson(unedited('{"a":1,"glm":2}'), ['glm'], 'f').text).toBe('{"a":1}');
    expect(removeJson(unedited('{"glm":2}'), ['glm'], 'f').text).toBe('{}');
  });

  test.each([
    ['{"mcpServers":[]}', 'has no object at "mcpServers", line 1, column 15'],
    ['{"mcpServers":{},"mcpServers":{}}', 'has "mcpServers" twice, again at line 1, column 18'],
    ['{\n  "a": 1\n  "b": 2\n}', 'is broken at line 3, column 3: CommaExpected'],
    ['[]', 'holds no object at line 1, column 1'],
    ['{} {}', 'is broken at line 1, column 4'],
  ])('%s is refused', (text, why) => expect(() => add(text)).toThrow(why));
});
