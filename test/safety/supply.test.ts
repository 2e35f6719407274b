import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, '.github', 'workflows');
const workflows = readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));

test.each(workflows)('$name pins every action, asks for little, and holds no text of others in a command', ({ text }) => {
  const actions = [...text.matchAll(/uses:\s*(\S+)/g)].map((match) => match[1] ?? '');
  expect(actions.length).toBeGreaterThan(0);
  for (const action of actions) expect(action).toMatch(/@[0-9a-f]{40}$/);
  expect(parse(text)).toMatchObject({ permissions: { contents: 'read' } });
  expect(text).not.toMatch(/pull_request_target|secrets\./);
  for (const line of text.split('\n').filter((one) => /\brun:/.test(one))) expect(line).not.toContain('${{');
});

test('a release carries its provenance, and what it was built from is verified', () => {
  const release = workflows.find(({ name }) => name === 'release.yml')?.text ?? '';
  expect(release).toContain('npm publish --provenance');
  expect(release).toContain('id-token: write');
  for (const { text } of workflows) expect(text).toContain('npm audit signatures');
});

test('the lockfile names no other registry and a hash for every package that is built from, and nothing runs on installation', () => {
  const lock: { packages: Record<string, { resolved?: string; integrity?: string; link?: boolean; optional?: boolean }> } = JSON.parse(
    readFileSync(join(root, 'package-lock.json'), 'utf8'),
  );
  // Programs of other platforms are taken by the version that their package asks for.
  const strange = Object.entries(lock.packages).filter(
    ([path, { resolved = 'https://registry.npmjs.org/', integrity, link, optional }]) =>
      path !== '' && !link && !(resolved.startsWith('https://registry.npmjs.org/') && (optional || integrity?.startsWith('sha512-'))),
  );
  expect(strange).toEqual([]);
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const name of ['preinstall', 'install', 'postinstall', 'prepare']) expect(scripts[name]).toBeUndefined();
});
