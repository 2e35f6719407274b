import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { searchWithin } from '../../src/safety/redact/deadline.ts';
import { makeRedactor } from '../../src/safety/redact/redact.ts';
import { growth, many } from '../growth.ts';
import { visible } from './corpus.ts';
import { alphabets, decoys, mappings, passwordNames, secretNames, writers } from './foreign.ts';
import { fill, seeded } from './random.ts';

const make = (mostCpuMs?: number) => makeRedactor({ key: new Uint8Array(32).fill(3), exact: [], mostCpuMs });
const chars = (alphabet: string, minLength: number, maxLength: number) =>
  fc.array(fc.constantFrom(...alphabet), { minLength, maxLength }).map((all) => all.join(''));
const unmarked = (text: string) => text.replace(/[«»]/g, '');

/** The marked parts of which a reader still sees more than a little. What was redacted comes back, on the same lines. */
function leaks(marked: string, path: string): string[] {
  const plain = unmarked(marked);
  const redactor = make();
  const hidden = redactor.redact(plain, path).text;
  expect(hidden.split('\n')).toHaveLength(plain.split('\n').length);
  expect(redactor.restore(hidden, path)).toEqual({ text: plain, unknown: [] });
  return [...marked.matchAll(/«([^»]*)»/g)].flatMap(([, part = '']) =>
    visible(part, hidden) > Math.max(5, part.length / 10) ? [`${part} in ${hidden}`] : [],
  );
}

describe('a value is found by its place, whatever it is made of', () => {
  it.each(writers)('keys of Django: $kind', ({ path, write }) => {
    fc.assert(
      fc.property(fc.constantFrom(...secretNames, ...passwordNames), chars(alphabets.django, 50, 50), (name, value) => {
        expect(leaks(write(name, value), path)).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    ['secret', secretNames, 24, 48],
    ['password', passwordNames, 14, 28],
  ] as const)('all that can be printed under names that say %s: at least 98 %', (_grade, names, least, most) => {
    const missed: string[] = [];
    let count = 0;
    for (const { kind, path, write } of writers) {
      for (const [name, value] of fc.sample(fc.tuple(fc.constantFrom(...names), chars(alphabets.printable, least, most)), 12)) {
        count++;
        missed.push(...leaks(write(name, value), path).map((leak) => `${kind}: ${leak}`));
      }
    }
    expect(missed.length / count, missed.join('\n')).toBeLessThanOrEqual(0.02);
  });
});

test.each(mappings)('members of a mapping are secrets by its name: $kind', ({ path, write }) => {
  for (const seed of [1, 2, 3, 4, 5]) {
    expect(leaks(write(fill(seeded(seed), '{w16}'), fill(seeded(seed + 9), '{p20}')), path)).toEqual([]);
  }
});

test('what stands beside secrets and is none stays', () => {
  const wrong = decoys.flatMap(({ path, lines }) =>
    lines.flatMap((line) => {
      const hidden = make().redact(line, path).text;
      return hidden === line ? [] : [`${path}: ${line} → ${hidden}`];
    }),
  );
  expect(wrong.length / decoys.flatMap(({ lines }) => lines).length, wrong.join('\n')).toBeLessThanOrEqual(0.04);
});

describe('blocks', () => {
  const body = [64, 64, 40].map((length, at) => fill(seeded(at + 1), `{b${length}}`));
  const pem = (label: string) => [`-----BEGIN ${label}-----`, ...body, `-----END ${label}-----`];

  it.each(['PRIVATE KEY', 'RSA PRIVATE KEY', 'ENCRYPTED PRIVATE KEY', 'OPENSSH PRIVATE KEY', 'PGP PRIVATE KEY BLOCK'])(
    '%s is one placeholder with its first and last line, and the lines behind it stay where they are',
    (label) => {
      const text = `a: 1\nkey: |\n  ${pem(label).join('\n  ')}\nb: 2\n`;
      const redactor = make();
      const hidden = redactor.redact(text, 'deploy/a.yaml').text;
      expect(hidden).toMatch(/^a: 1\nkey: \|\n {2}__SECRET_PRIVATE_KEY_\w{10}__\n\n\n\n\nb: 2\n$/);
      expect(redactor.restore(hidden, 'deploy/a.yaml')).toEqual({ text, unknown: [] });
      expect(redactor.restore(hidden.replace('\n\n\n', '\n'), 'deploy/a.yaml').unknown).toHaveLength(1);
    },
  );

  it('that stand in a string, or in one string a line, leave the file what it is', () => {
    const inJson = make().redact(JSON.stringify({ key: pem('PRIVATE KEY').join('\n'), b: 1 }), 'a.json').text;
    expect(JSON.parse(inJson)).toEqual({ key: expect.stringMatching(/^__SECRET_PRIVATE_KEY_\w{10}__$/), b: 1 });
    const listed = make().redact(JSON.stringify({ key: pem('PRIVATE KEY') }, null, 1), 'a.json').text;
    for (const line of JSON.parse(listed).key) expect(line).toMatch(/^__SECRET_PRIVATE_KEY_\w{10}__$/);
  });

  it('that are only spoken of stay', () => {
    const text = 'const start = "-----BEGIN RSA PRIVATE KEY-----";\nconst end = "-----END RSA PRIVATE KEY-----";\n';
    expect(make().redact(text, 'a.ts').text).toBe(text);
  });

  it('sealed by Ansible Vault and Travis are hidden whole', () => {
    const vault = `db: !vault |\n  «$ANSIBLE_VAULT;1.2;AES256;prod\n  ${fill(seeded(3), '{h80}\n  {h80}\n  {h34}')}»\nport: 1\n`;
    expect(leaks(vault, 'group_vars/all.yml')).toEqual([]);
    expect(leaks(`env:\n  global:\n    - secure: "«${fill(seeded(4), '{b171}=')}»"\n`, '.travis.yml')).toEqual([]);
  });
});

test('a text that takes too long to search is withheld as a whole', () => {
  expect(make(0).redact('password: "x"', 'a.yaml')).toEqual({ text: '', count: 0, withheld: 'took too long to search for secrets' });
});

test('an expression that would not end in a lifetime is ended, and so is a search that waits for its turn', () => {
  const endless = () => /^(a+)+$/.test(`${'a'.repeat(60)}b`);
  expect(searchWithin(100_000, 100, endless)).toBeUndefined();
  expect(searchWithin(100_000, 10_000, () => 'found')).toBe('found');
  expect(() => searchWithin(100_000, 10_000, () => JSON.parse('{'))).toThrow(SyntaxError);
});

test('a text of nothing but direction marks is searched to its end', () => {
  expect(make(60_000).redact('a\u202e'.repeat(300_000), 'a.txt').withheld).toBeUndefined();
});

test.each([
  ['bun.lock', '    "@inquirer/password": ["@inquirer/password@5.1.1", "", {}],'],
  ['pnpm-lock.yaml', "      token: 'token-types@4.2.1-beta.3'"],
  ['echo.go', '\tHeaderXCSRFToken = "X-CSRF-Token" // the name of a header'],
  ['options.ts', 'url.password = this.#internals.password;'],
  ['patterns.txt', "apiKey: '[a-f0-9]+'"],
  ['patterns.yml', 'token: "^[A-Za-z0-9_-]{36}$"'],
  ['README.md', 'export SESSION_SECRET="99ae8af41..."'],
  ['client.ts', "access_token: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9...',"],
  ['upgrade.test.js', "client.write('Sec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==')"],
])('%s: names of packages and headers, classes of characters and what is cut are no secrets: %s', (path, line) => {
  expect(make().redact(line, path).text).toBe(line);
});

describe('hostile inputs are searched in a time that grows with their length, not with its square', () => {
  it.each([
    ['a.tf', 'token = <<EOT\n'],
    ['a.py', 'token="ab"\n"ab"\n'],
    ['a.yaml', 'secrets:\n'],
    ['a.json', 'secrets = {"a": "b",'],
    ['a.yaml', '$ANSIBLE_VAULT;1.1;AES256\n'],
    ['a.env', 'SECRET_KEY=${'],
    ['a.toml', '[secrets]\n'],
    ['a.yaml', `key:\n${' '.repeat(78)}`],
    ['a.yaml', `key${' '.repeat(39)}\n${' '.repeat(78)}`],
  ])('%s %s', (path, text) => {
    const search = (chars: number) => make(Number.POSITIVE_INFINITY).redact(many(text, chars), path);
    expect(growth(search, 1 << 14)).toBeLessThan(32);
  });
});
