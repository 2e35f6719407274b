import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { exitCodeOf } from '../src/cli/verbs.ts';
import { errorCodes } from '../src/errors.ts';
import { statuses } from '../src/schema/report.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const pages = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md') && name !== 'README.md');

const [ofStatuses = '', ofCodes = ''] = read('docs/report.md').split('## Problems');
const named = (text: string) => [...text.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]).sort();

test('docs/report.md explains every status and every code, and no other', () => {
  expect(named(ofStatuses)).toEqual([...statuses].sort());
  expect(named(ofCodes)).toEqual([...errorCodes].sort());
});

test('docs/report.md gives the exit code that each status has', () => {
  const rows = [...ofStatuses.matchAll(/^\| `(\w+)` \| [^|]+ \| (\d)(?: or \d)? \|/gm)].map(([, status, code]) => [status, Number(code)]);
  expect(rows).toHaveLength(statuses.length);
  expect(rows).toEqual(rows.map(([status]) => [status, exitCodeOf(statuses.find((one) => one === status) ?? 'red')]));
});

test.each(pages)('docs/%s stands in the index', (name) => {
  expect(read('docs/README.md')).toContain(`(${name})`);
});

test.each(['README.md', 'AGENTS.md', 'CONTRIBUTING.md', ...pages.map((name) => `docs/${name}`)])('links of %s lead somewhere', (page) => {
  const targets = [...read(page).matchAll(/\]\((?!\w+:)([^)#\s]+)/g)].map((match) => match[1] ?? '');
  expect(targets.filter((target) => !existsSync(join(root, dirname(page), target)))).toEqual([]);
});

test.each(['AGENTS.md', 'CONTRIBUTING.md', 'docs/ARCHITECTURE.md'])('files that %s names are there', (page) => {
  // A short name stands in a folder that the page has named, or beside a file that it has.
  const folders = new Set(['', 'src', 'test']);
  const missing: string[] = [];
  for (const [, path = ''] of read(page).matchAll(/`([\w.-]+(?:\/[\w.-]*)*)`/g)) {
    const place = [...folders].map((folder) => join(folder, path)).find((one) => existsSync(join(root, one)));
    if (place !== undefined) folders.add(path.endsWith('/') ? place : dirname(place));
    else if (/\.(?:ts|cjs|mjs|py|md|html|yml)$/.test(path)) missing.push(path);
  }
  expect(missing).toEqual([]);
});
