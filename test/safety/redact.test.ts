import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeRedactor } from '../../src/safety/redact/redact.ts';
import { growth, many } from '../growth.ts';
import { decoyFiles, plant, type Tier, visible } from './corpus.ts';
import { fill, seeded } from './random.ts';

const key = new Uint8Array(32).fill(7);
const make = (...exact: string[]) => makeRedactor({ key, exact });
const token = fill(seeded(5), 'ghp_{w36}');
const least: Record<Tier, number> = { shape: 0.98, structure: 0.97, name: 0.95, generic: 0.95 };

describe('a planted corpus', () => {
  const files = plant(20261121, 4);

  for (const tier of ['shape', 'structure', 'name', 'generic'] as const) {
    it(`hides at least ${least[tier] * 100} % of the secrets known by ${tier}`, () => {
      const missed: string[] = [];
      let count = 0;
      for (const file of files.filter((one) => one.tier === tier)) {
        const hidden = make().redact(file.text, file.path).text;
        for (const [start, end] of file.secrets) {
          const secret = file.text.slice(start, end);
          count++;
          if (visible(secret, hidden) > Math.max(5, secret.length / 10)) missed.push(`${file.kind} in ${file.path}`);
        }
      }
      expect(count).toBeGreaterThan(80);
      expect(1 - missed.length / count, missed.join('\n')).toBeGreaterThanOrEqual(least[tier]);
    });
  }

  it('gives every file back, with the same lines, and JSON that parses', () => {
    for (const { text, path } of files) {
      const redactor = make();
      const hidden = redactor.redact(text, path).text;
      expect(redactor.restore(hidden, path)).toEqual({ text, unknown: [] });
      expect(hidden.split('\n')).toHaveLength(text.split('\n').length);
      if (/\.(?:json|ipynb)$/.test(path)) expect(() => JSON.parse(hidden), hidden).not.toThrow();
    }
  });

  for (const [like, most] of [
    ['code', 0.05],
    ['opaque', 0.03],
  ] as const) {
    it(`leaves ${like}-like decoys alone`, () => {
      const wrong: string[] = [];
      let count = 0;
      for (const decoy of decoyFiles(3).filter((one) => one.like === like)) {
        const hidden = make().redact(decoy.lines.join('\n'), decoy.path).text.split('\n');
        decoy.lines.forEach((line, at) => {
          count++;
          if (hidden[at] !== line) wrong.push(`${decoy.path}: ${line} → ${hidden[at]}`);
        });
      }
      expect(wrong.length / count, wrong.join('\n')).toBeLessThanOrEqual(most);
    });
  }
});

describe('placeholders', () => {
  it('are the same for the same secret in every file and differ between workspaces', () => {
    const line = `const t = '${token}';`;
    const first = make().redact(line, 'a.ts').text;
    expect(make().redact(`x: "${token}"`, 'b.yaml').text).toContain(/__SECRET_\w+?__/.exec(first)?.[0] ?? 'none');
    expect(makeRedactor({ key: new Uint8Array(32), exact: [] }).redact(line).text).not.toBe(first);
  });

  it('are refused when unknown, mangled, or never in the file', () => {
    const redactor = make();
    const hidden = redactor.redact(`t = "${token}"`, 'a.py').text;
    redactor.redact('nothing here', 'b.py');
    expect(redactor.restore(hidden, 'a.py').unknown).toEqual([]);
    expect(redactor.restore(hidden, 'b.py').unknown).toHaveLength(1);
    expect(redactor.restore(hidden, 'c.py').unknown).toHaveLength(1);
    expect(redactor.restore(hidden.replace(/[a-z]__/, '_'), 'a.py').unknown).toHaveLength(1);
    expect(redactor.restore('__SECRET_GITHUB_abcdefghij__').unknown).toEqual(['__SECRET_GITHUB_abcdefghij__']);
  });

  it('survive a second redaction, also by another redactor of the workspace', () => {
    const once = make().redact(`password: "${token}"`).text;
    expect(make().redact(once)).toEqual({ text: once, count: 0 });
  });

  it('come back as they were when the source itself holds text of that form', () => {
    const text = `see __SECRET_AWS_abcdefghij__ and ${token} and React.__SECRET_INTERNALS_DO_NOT_USE_OR_YOU_WILL_BE_FIRED`;
    const redactor = make();
    const hidden = redactor.redact(text, 'a.md').text;
    expect(hidden).toContain('__SECRET_INTERNALS_DO_NOT_USE_OR_YOU_WILL_BE_FIRED');
    expect(redactor.restore(hidden, 'a.md')).toEqual({ text, unknown: [] });
  });
});

describe('known values', () => {
  const secret = 'p-9f "quoted" & more/ü';

  it('are found as they are, URL-encoded, JSON-escaped, in hex and inside base64', () => {
    const bytes = Buffer.from(secret);
    const forms = [
      secret,
      encodeURIComponent(secret),
      JSON.stringify({ a: secret }),
      bytes.toString('hex'),
      ...['', 'u:', 'ab', 'abc'].map((before) => Buffer.from(`${before}${secret} and more`).toString('base64')),
      bytes.toString('base64url'),
    ];
    for (const form of forms) {
      const { text, count } = make(secret).redact(`before ${form} after`);
      expect(count, form).toBe(1);
      expect(text, form).not.toContain('quoted');
      expect(text.length, form).toBeLessThan(80);
    }
  });

  it('are what a file hid as well, in all that has no path', () => {
    const value = String.raw`zq8(%%k2,;v!x#j7@w$n\'_p4)`;
    const redactor = make();
    const said = `Error: denied for zq8(%%k2,;v!x#j7@w$n'_p4) by the river`;
    expect(redactor.redact(said).text).toBe(said);
    const hidden = redactor.redact(`SECRET_KEY = '${value}'\nhost = 'by the river'`, 'settings.py').text;
    const placeholder = /__SECRET_\w+__/.exec(hidden)?.[0] ?? '';
    expect(redactor.redact(`Error: denied for ${value}`).text).toBe(`Error: denied for ${placeholder}`);
    expect(redactor.redact(said).text).toMatch(/^Error: denied for __SECRET_\w+__ by the river$/);
    expect(redactor.redact(Buffer.from(`a:${value}`).toString('base64')).count).toBe(1);
    expect(redactor.redact(said, 'other.txt').text).toBe(said);
  });

  it('of a few letters must stand alone', () => {
    const text = make('annika').redact('hannikas annika /home/annika/x annikas').text;
    expect(text).toMatch(/^hannikas __SECRET_\w+__ \/home\/__SECRET_\w+__\/x annikas$/);
  });
});

describe('hostile inputs are searched in a time that grows with their length, not with its square', () => {
  const bytes = Buffer.from(Array.from({ length: (1 << 18) * 0.75 }, (_, at) => (at * 7919 + ((at * at) >> 3)) & 255));

  it.each([
    ['one letter', 'a'],
    ['base64', bytes.toString('base64')],
    ['names without end', 'token='],
    ['open strings', 'token="'],
    ['key blocks', '-----BEGIN PRIVATE KEY-----\nAAAA\n'],
    ['half a prefix', 'msh'],
    ['heads of tokens', 'eyJ-'],
    ['addresses', 'a://b:c'],
    ['placeholders', '__SECRET_'],
    ['backslashes', '\\'],
    ['direction marks', '\u202e'],
    ['shell lines', 'gh secret set '],
    ['secrets of Kubernetes', 'data:\n  a: bcde\n', 'kind: Secret\n'],
  ])('%s', (_name, unit, head = '') => {
    const redactor = make('known-value-1');
    expect(growth((chars) => redactor.redact(head + many(unit, chars), 'a.txt'), 1 << 14)).toBeLessThan(32);
  });
});

describe('properties', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom(
      token,
      '\n',
      '\r\n',
      '"',
      "'",
      '\\',
      'password=',
      'token: "',
      '-----BEGIN PRIVATE KEY-----',
      '://a:b@',
      '__SECRET_',
      'Bearer ',
      '{',
      '}',
    ),
    fc.constantFrom('"secret":"', fill(seeded(9), '{w20}'), '\\n', 'kind: Secret\ndata:\n', '  a: ', '</key>\n<string>', '=', ' ', '?? '),
  );
  const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));

  it('restore undoes redact and no line is lost', () => {
    fc.assert(
      fc.property(text, fc.constantFrom('a.ts', 'a.yaml', 'a.env', 'a.txt', undefined), (source, path) => {
        const redactor = make('known-value-1');
        const hidden = redactor.redact(source, path).text;
        expect(redactor.restore(hidden, path)).toEqual({ text: source, unknown: [] });
        expect(hidden.match(/\r\n|[\n\r]/g)).toEqual(source.match(/\r\n|[\n\r]/g));
      }),
      // A placeholder that is followed at once by more of a word.
      { numRuns: 400, examples: [['-----BEGIN PRIVATE KEY-----m0iYSQq5iNRKr6rTNwH3ghp_QVnMfKSC4oWTOaCs3rUSpbXmqhD9pf0tz9qx', 'a.ts']] },
    );
  });

  it('JSON stays JSON', () => {
    const names = fc.constantFrom('password', 'token', 'a', 'apiKey', 'note', 'auth', 'data', 'kind');
    const strings = fc.oneof(fc.string({ maxLength: 40 }), fc.constantFrom(token, 'Secret', fill(seeded(1), '{p20}"\\{w9}')));
    const json = fc.letrec((tie) => ({
      node: fc.oneof(
        strings,
        fc.double(),
        fc.integer(),
        fc.dictionary(names, tie('node'), { maxKeys: 4 }),
        fc.array(tie('node'), { maxLength: 3 }),
      ),
    })).node;
    fc.assert(
      fc.property(json, fc.constantFrom(0, 2), fc.constantFrom('a.json', undefined), (value, indent, path) => {
        const source = JSON.stringify(value, null, indent);
        const hidden = make().redact(source, path).text;
        expect(() => JSON.parse(hidden), `${source}\n${hidden}`).not.toThrow();
      }),
      { numRuns: 400 },
    );
  });
});
