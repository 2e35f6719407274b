import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { git, makeRepo, write } from '../repo/fixture.ts';

/** One step of a history: files to write, and how it is said. `from`: files to move first. */
type Step = { readonly say: string; readonly files: Readonly<Record<string, string>>; readonly move?: Readonly<Record<string, string>> };

const words = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** A module that adds where it should multiply, and the line that is wrong and right. */
export const wrong = (number: number) => `  return amount + ${number};`;
export const right = (number: number) => `  return amount * ${number};`;
export const module = (number: number, line: string) =>
  `/** ${words[number]} times the amount. */\nexport function ${words[number]}(amount) {\n${line}\n}\n`;
export const suite = (number: number, extra = '') => `import assert from 'node:assert';
import test from 'node:test';
import { ${words[number]} } from '../src/${words[number]}.js';
test('zero times', () => assert.strictEqual(${words[number]}(-${number}) === 0, ${words[number]}(-${number}) === 0));
${extra}`;
export const asking = (number: number) =>
  `test('${words[number]} times five', () => assert.strictEqual(${words[number]}(5), ${number * 5}));\n`;

/** The step that mends a module and brings the test of it. */
export const mends = (number: number, say = `fix: ${words[number]} multiplies`): Step => ({
  say,
  files: { [`src/${words[number]}.js`]: module(number, right(number)), [`test/${words[number]}.test.js`]: suite(number, asking(number)) },
});

/** A repository whose modules are all wrong in the beginning, each with a test that does not notice. */
export async function makePast(home: string, name: string, count: number): Promise<string> {
  const files: Record<string, string> = {
    'package.json': '{"name":"past","type":"module","scripts":{"test":"node --test"}}\n',
    'README.md': '# Past\n',
  };
  for (let number = 3; number < 3 + count; number++) {
    files[`src/${words[number]}.js`] = module(number, wrong(number));
    files[`test/${words[number]}.test.js`] = suite(number);
  }
  return makeRepo(home, name, files);
}

export async function take(root: string, { say, files, move = {} }: Step): Promise<string> {
  for (const [from, to] of Object.entries(move)) if (existsSync(join(root, from))) renameSync(join(root, from), join(root, to));
  write(root, files);
  await git(root, 'add', '-A');
  await git(root, 'commit', '-q', '-m', say);
  return (await git(root, 'rev-parse', 'HEAD')).trim();
}

/** A branch of several steps that is merged with a commit of its own. */
export async function merge(root: string, branch: string, title: string, steps: readonly Step[]): Promise<string> {
  await git(root, 'checkout', '-q', '-b', branch);
  for (const step of steps) await take(root, step);
  await git(root, 'checkout', '-q', '-');
  await git(root, 'merge', '-q', '--no-ff', '-m', `Merge pull request #7 from someone/${branch}\n\n${title}`, branch);
  return (await git(root, 'rev-parse', 'HEAD')).trim();
}
