import fc from 'fast-check';
import { parse as parseToml } from 'smol-toml';
import { expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { type ConfigCase, planEntry, planRemoval } from '../../src/setup/config-step.ts';
import { unedited } from '../../src/setup/edit/edits.ts';
import { removeToml, setToml } from '../../src/setup/edit/toml.ts';
import { setYaml } from '../../src/setup/edit/yaml.ts';
import { clientNamed } from '../../src/setup/find-clients.ts';

const launch = { command: 'npx', args: ['-y', 'glm-skill@9.9.9', 'serve'] };
const style = fc.record({ eol: fc.constantFrom('\n', '\r\n'), bom: fc.boolean(), end: fc.constantFrom('', '\n', '\n\n') });
type Style = typeof style extends fc.Arbitrary<infer One> ? One : never;

const write = (pieces: readonly string[], { eol, bom, end }: Style) =>
  (bom ? '\uFEFF' : '') + (pieces.join('\n') + end).replaceAll('\n', eol);

/** Setup and remove on one text: the actions, what stood in between and what came back. */
function roundTrip(id: string, text: string) {
  const at: ConfigCase = { client: clientNamed(id), path: '/f', name: 'f', current: text, record: undefined, force: false };
  const put = planEntry(at, launch);
  const back = planRemoval({ ...at, current: put.after, record: put.record });
  return { action: put.action, why: put.why, between: put.after ?? '', back: back.after };
}

const tomlPiece = fc.constantFrom(
  '# a comment',
  'model = "glm"',
  'notes = """\nlines\n[mcp_servers.fake]\n"""',
  '[mcp_servers.other]\ncommand = "x"\nargs = [\n  "a", # one\n]',
  '[projects."/a b"]\ntrust_level = "trusted"',
  '[[rules]]\nwhen = 1979-05-27T07:32:00Z',
  '',
  '[tui]\n\tnotify = true',
  'broken = ',
  '[mcp_servers.glm]\ncommand = "theirs"',
  'mcp_servers = {}',
  'doc = """\n# >>> glm-skill: like a mark\n# <<< glm-skill\n"""',
  "half = '''\n# >>> glm-skill: only begun\n'''",
  '# >>> glm-skill: by hand',
  '# <<< glm-skill',
  '[[mcp_servers]]\nname = "list"',
  'mcp_servers.dotted.command = "x"',
);

/** What the file means with our entry in it: everything that it meant before, and the entry. */
function withGlm(text: string): unknown {
  const { mcp_servers, ...rest } = parseToml(text.replace(/^\uFEFF/, ''));
  return { ...rest, mcp_servers: { ...Object(mcp_servers), glm: clientNamed('codex').config.entry(launch) } };
}

test('any TOML comes back byte for byte, or is refused untouched', () => {
  const seen = { refuse: 0, update: 0 };
  fc.assert(
    fc.property(fc.uniqueArray(tomlPiece, { maxLength: 5 }), style, (pieces, how) => {
      const text = write(pieces, how);
      const { action, between, back } = roundTrip('codex', text);
      expect(back).toBe(text);
      if (action === 'refuse') expect(between).toBe(text);
      else expect(parseToml(between.replace(/^\uFEFF/, ''))).toEqual(withGlm(text));
      if (action === 'refuse' || action === 'update') seen[action]++;
    }),
    { numRuns: 300 },
  );
  expect(Math.min(seen.refuse, seen.update)).toBeGreaterThan(20);
});

test('broken TOML is refused with line and column', () => {
  expect(roundTrip('codex', 'a = 1\nb = \n').why).toMatch(/^f is broken at line 2, column \d+/);
});

test('a block of ours is replaced where it stands, and taken out without touching its neighbours', () => {
  const once = setToml(unedited('a = 1\n'), ['mcp_servers', 'glm'], { command: 'old' }, 'f').text;
  const moved = `${once}[tui]\nx = 1\n`;
  const twice = setToml(unedited(moved), ['mcp_servers', 'glm'], { command: 'new' }, 'f').text;
  expect(twice).toBe(moved.replace('old', 'new'));
  expect(removeToml(unedited(twice), ['mcp_servers', 'glm'], 'f').text).toBe('a = 1\n[tui]\nx = 1\n');
});

const yamlPiece = fc.constantFrom(
  '# a comment',
  'GOOSE_MODEL: x',
  'extensions:\n  dev:\n    enabled: true # on\n    args: [a, b]',
  'extensions:\n    # deep\n    dev: {enabled: true}\n\n    more:\n        - 1',
  'extensions: {}',
  'extensions: &shared\n  dev: {}\nelse: *shared',
  'extensions:',
  'text: |\n  extensions:\n    glm: no',
  'a: [1',
  'last: "x"',
);

test('any YAML comes back byte for byte, or is refused untouched', () => {
  const seen = { refuse: 0, update: 0 };
  fc.assert(
    fc.property(fc.uniqueArray(yamlPiece, { maxLength: 4 }), style, (pieces, how) => {
      const text = write(pieces, how);
      const { action, between, back } = roundTrip('goose', text);
      expect(back).toBe(text);
      if (action === 'refuse') expect(between).toBe(text);
      else expect(parseYaml(between).extensions.glm.cmd).toBe('npx');
      if (action === 'refuse' || action === 'update') seen[action]++;
    }),
    { numRuns: 100 },
  );
  expect(Math.min(seen.refuse, seen.update)).toBeGreaterThan(10);
});

test('YAML goes first into the map that is there, with its indentation', () => {
  const text = 'extensions:\n    dev: {}\n';
  expect(setYaml(unedited(text), ['extensions', 'glm'], { cmd: 'x' }, 'f').text).toBe('extensions:\n    glm:\n      cmd: x\n    dev: {}\n');
});
