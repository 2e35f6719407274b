import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { validate } from 'skills-ref';
import { describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { sharedFlags } from '../src/cli/flags.ts';
import { errorCodes } from '../src/errors.ts';
import { variants } from '../src/glm/money/variants.ts';
import { ContextInput, FindInput, FixInput, SetupInput } from '../src/schema/input.ts';
import { replyOutcomes } from '../src/schema/model.ts';
import { Report, statuses, verdicts } from '../src/schema/report.ts';
import { UserSettings, WorkspaceSettings } from '../src/schema/settings.ts';
import { clients } from '../src/setup/clients.ts';
import { generatedPages } from '../src/setup/pages.ts';
import { splitSkill } from '../src/setup/skill-file.ts';

const require = createRequire(import.meta.url);
const skills = readdirSync('skills');
const allowed = ['name', 'description', 'license', 'compatibility', 'metadata', 'allowed-tools'];

/** The strict column of the validators: what the official one refuses, and what all of them let slip by mistake. */
function problems(text: string, folder: string): string[] {
  const found: string[] = [];
  const say = (wrong: boolean, what: string) => wrong && found.push(what);
  const parts = splitSkill(text);
  if (!parts) return ['no front matter at the first byte'];
  const document = parseDocument(parts.frontMatter, { uniqueKeys: true });
  if (document.errors.length > 0) return document.errors.map((error) => error.message);
  const values: unknown = document.toJS();
  if (typeof values !== 'object' || values === null) return ['front matter is no map'];
  const fields = new Map<string, unknown>(Object.entries(values));
  for (const key of fields.keys()) say(!allowed.includes(key), `unknown field ${key}`);
  const name = fields.get('name');
  say(typeof name !== 'string' || !/^[\p{Ll}\p{N}]+(-[\p{Ll}\p{N}]+)*$/u.test(name) || name.length > 64, 'bad name');
  say(name !== folder, 'name is not the folder');
  say(/anthropic|claude/.test(String(name)), 'reserved word in name');
  const description = fields.get('description');
  say(typeof description !== 'string' || description.length === 0 || description.length > 1024, 'bad description');
  say(/[<>]/.test(String(description)), 'markup in description');
  say(String(fields.get('compatibility') ?? 'x').length > 500, 'compatibility too long');
  const metadata = fields.get('metadata') ?? {};
  say(
    Object.values(metadata).some((value) => typeof value !== 'string'),
    'metadata is not a flat map of strings',
  );
  say(/[[\]{}]|^\s*[\w-]+:\s*[&*!|>]|---/m.test(parts.frontMatter.replace(/"[^"\n]*"/g, '')), 'not plain block YAML');
  return found;
}

describe.each(skills)('skill %s', (skill) => {
  const path = join('skills', skill, 'SKILL.md');
  const text = readFileSync(path, 'utf8');

  test('passes the strict check and skills-ref', async () => {
    expect(problems(text, skill)).toEqual([]);
    expect(await validate(join('skills', skill))).toEqual([]);
  });

  test('stays within the size limits', async () => {
    const { encode } = await import('gpt-tokenizer');
    expect(text.split('\n').length).toBeLessThan(300);
    expect(encode(text).length).toBeLessThan(5000);
  });

  test('names only files that exist, and every reference', () => {
    const named = new Set([...text.matchAll(/`(references\/[\w-]+\.md)`/g)].flatMap((match) => match[1] ?? []));
    const references = skill === 'glm-skill' ? readdirSync(join('skills', skill, 'references')).map((file) => `references/${file}`) : [];
    expect([...named].sort()).toEqual(references.sort());
  });

  test('holds no key, no absolute path of a machine and no tool prefix', () => {
    expect(text).not.toMatch(/mcp__|sk-[A-Za-z0-9]{8}|runapi_[A-Za-z0-9]{8}/);
  });
});

test('the pages made from others are up to date, and the one at the root has no front matter', () => {
  for (const { path, content } of generatedPages(readFileSync('skills/glm-skill/SKILL.md', 'utf8'), variants)) {
    expect(readFileSync(path, 'utf8')).toBe(content);
  }
  expect(splitSkill(readFileSync('SKILL.md', 'utf8'))).toBeUndefined();
});

test('the description puts the triggers first', () => {
  const description = /^description: (.*)$/m.exec(readFileSync('skills/glm-skill/SKILL.md', 'utf8'))?.[1] ?? '';
  for (const trigger of ['test fails', 'CI is red', 'root cause', 'GLM', 'Z.ai', 'RunAPI']) {
    expect(description.indexOf(trigger), trigger).toBeGreaterThanOrEqual(0);
    expect(description.indexOf(trigger), trigger).toBeLessThan(300);
  }
});

describe('the strict check refuses', () => {
  const good = 'name: a-b\ndescription: Use it when needed.';
  const cases: [string, string][] = [
    ['no front matter', '# a'],
    ['a byte order mark', `\uFEFF---\n${good}\n---\n`],
    ['another folder', `---\n${good.replace('a-b', 'a-c')}\n---\n`],
    ['a further field', `---\n${good}\nversion: "1"\n---\n`],
    ['a flow list', `---\n${good}\nallowed-tools: [a]\n---\n`],
    ['a flow map', `---\n${good}\nmetadata: {a: "b"}\n---\n`],
    ['a doubled key', `---\n${good}\nname: a-b\n---\n`],
    ['an unquoted colon', '---\nname: a-b\ndescription: a: b\n---\n'],
    ['a number in metadata', `---\n${good}\nmetadata:\n  version: 1.0\n---\n`],
    ['a nested map in metadata', `---\n${good}\nmetadata:\n  a:\n    b: "c"\n---\n`],
    ['an anchor', `---\nname: &n a-b\ndescription: x\n---\n`],
    ['a doubled hyphen', '---\nname: a--b\ndescription: x\n---\n'],
    ['an empty description', '---\nname: a-b\ndescription: ""\n---\n'],
    ['dashes in the description', '---\nname: a-b\ndescription: "x"\nlicense: a --- b\n---\n'],
  ];
  test.each(cases)('%s', (_what, text) => {
    expect(problems(text, 'a-b')).not.toEqual([]);
  });
  test('and takes a good one', () => {
    expect(problems(`---\n${good}\n---\n`, 'a-b')).toEqual([]);
    expect(problems(`---\r\n${good.replace('\n', '\r\n')}\r\n---\r\nbody`, 'a-b')).toEqual([]);
  });
});

test('installers find the skills under skills/ and nothing else', () => {
  const home = mkdtempSync(join(tmpdir(), 'glm-skills-'));
  try {
    const printed = execFileSync(
      process.execPath,
      [join(dirname(require.resolve('skills/package.json')), 'bin/cli.mjs'), 'add', '.', '--list'],
      {
        encoding: 'utf8',
        env: { PATH: process.env.PATH, HOME: home, DISABLE_TELEMETRY: '1', NO_COLOR: '1' },
      },
    );
    const names = printed.split('\n').flatMap((line) => /^│ {4}([a-z0-9-]+)$/.exec(stripVTControlCharacters(line).trimEnd())?.[1] ?? []);
    expect(names.sort()).toEqual(skills);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

describe('the pages say what the code says', () => {
  const page = (name: string) => readFileSync(join('skills/glm-skill', name), 'utf8');
  const cells = (text: string) =>
    new Set(
      [...text.matchAll(/^\| (`[^|]*`) \|/gm)].flatMap(([, cell]) => [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, word]) => word)),
    );

  test('every status has a line, and no other', () => {
    const table = page('SKILL.md').split('## Read a report')[1]?.split('## ')[0] ?? '';
    expect([...cells(table)].sort()).toEqual([...statuses].sort());
  });
  test('every error code and every outcome of a reply has a line', () => {
    const [, codes = '', outcomes = ''] = page('references/errors.md').split(/^## /m);
    expect([...cells(codes)].sort()).toEqual([...errorCodes].sort());
    expect([...cells(outcomes)].sort()).toEqual([...replyOutcomes].sort());
  });
  test('every flag is one, and every argument of fix is named', () => {
    const named = new Set([...page('references/configuration.md').matchAll(/`--([a-z-]+)/g)].map(([, name]) => name));
    const known = [FindInput, FixInput, ContextInput].flatMap((input) => Object.keys(input.shape)).map((key) => key.replaceAll('_', '-'));
    const shared = sharedFlags({ reaches: true }).map(({ name }) => name);
    for (const name of named) expect([...known, ...shared, 'lang'], name).toContain(name);
    for (const key of Object.keys(FixInput.shape)) if (key !== 'root') expect(named, key).toContain(key.replaceAll('_', '-'));
  });
  test('every setting of the files is named', () => {
    const text = page('references/configuration.md');
    for (const key of Object.keys(UserSettings.shape)) if (key !== '$schema') expect(text, key).toContain(`\`${key}\``);
    const [, ours = ''] = /in the repository may set (.*?), nothing else/.exec(text) ?? [];
    const named = [...ours.matchAll(/`(\w+)`/g)].map(([, key]) => key).sort();
    expect(named).toEqual(
      Object.keys(WorkspaceSettings.shape)
        .filter((key) => key !== '$schema')
        .sort(),
    );
  });
  test('every field of a report is explained', () => {
    const text = page('references/report.md');
    for (const key of Object.keys(Report.shape)) expect(text, key).toMatch(new RegExp(`\\b${key}\\b`));
    for (const verdict of verdicts) expect(page('SKILL.md')).toContain(`\`${verdict}\``);
  });
  test('every client and every flag of setup is named', () => {
    const text = page('references/setup.md');
    const [, list = ''] = /for any of: ([a-z, ]+)\./.exec(text) ?? [];
    expect(list.split(', ').sort()).toEqual(clients.map(({ id }) => id).sort());
    for (const key of Object.keys(SetupInput.shape)) if (key !== 'root') expect(text, key).toContain(`--${key.replaceAll('_', '-')}`);
  });
  test('every example report is one', () => {
    const blocks = [...page('references/report.md').matchAll(/^```json\n([\s\S]*?)^```/gm)].map(([, block]) => block ?? '');
    expect(blocks.length).toBe(2);
    for (const block of blocks) Report.parse(JSON.parse(block));
  });
});
