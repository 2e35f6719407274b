import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { placeEdits } from '../../src/patch/place/place-edits.ts';
import { readEdits } from '../../src/patch/read/edits.ts';
import { piecesOf } from '../../src/proof/grade/needed.ts';
import { makeMutants } from '../../src/proof/mutants/mutants.ts';
import type { FileChange } from '../../src/schema/patch.ts';
import type { Failure } from '../../src/schema/run.ts';
import { makeRepo } from '../../test/repo/fixture.ts';
import { readInstances, wanted } from '../instances.ts';

/** A repository with a red test, the patch that mends it, and patches that do not. `patches` starts with the right one. */
export type Ground = {
  readonly id: string;
  readonly root: string;
  /** What of all that is red the right patch is to mend. */
  readonly wanted: (failures: readonly Failure[]) => readonly Failure[];
  readonly patches: Readonly<Record<string, readonly FileChange[]>>;
};

export const right = 'is right';
/** What a model's bad patches do. */
export const kinds = [
  'changes nothing that is tested',
  'cannot be loaded',
  'is half of it',
  'breaks something else',
  'goes another way',
] as const;

/** Laid-out bugs (bench/README.md): the gold patch, and bad ones made of it. */
export function laidOut(list: string, checkouts: string, gold: string): Ground[] {
  return readInstances(list).flatMap((instance) => {
    const { id } = instance;
    const root = join(checkouts, id);
    const diff = join(gold, `${id}.diff`);
    if (!existsSync(root) || !existsSync(diff)) return [];
    const read = (path: string) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : undefined);
    const { changes } = placeEdits(readEdits(readFileSync(diff, 'utf8')).edits, read);
    return changes.length === 0
      ? []
      : [{ id, root, wanted: (failures: readonly Failure[]) => wanted(instance, failures), patches: patchesOf(changes) }];
  });
}

function patchesOf(changes: readonly FileChange[]): Ground['patches'] {
  const [main] = [...changes].filter(({ before, after }) => before !== null && after !== null).sort((a, b) => size(b) - size(a));
  if (!main) return { [right]: changes };
  const { path, before } = main;
  const text = before ?? '';
  const mark = /\.py$/.test(path) ? '#' : '//';
  const instead = (after: string, all = changes) => all.map((one) => (one.path === path ? { ...one, after } : one));
  const half = piecesOf(changes)[0]?.rest;
  const [elsewhere] = makeMutants(path, main.after ?? '', { most: 3 }).slice(1);
  const [beside] = makeMutants(path, text, { most: 5 }).slice(3);
  const made: readonly (readonly FileChange[] | undefined)[] = [
    [{ path, before, after: `${text}${mark} checked\n` }],
    [{ path, before, after: `${text}\n) = (\n` }],
    half,
    elsewhere && instead(elsewhere.text),
    beside && [{ path, before, after: beside.text }],
  ];
  return Object.fromEntries([[right, changes] as const, ...kinds.flatMap((kind, at) => (made[at] ? [[kind, made[at]] as const] : []))]);
}

const size = ({ before }: FileChange) => before?.length ?? 0;

const source = `export function total(items) {
  let sum = 0;
  for (let i = 1; i < items.length; i++) sum += items[i];
  return sum;
}
export function count(items) {
  return items.length;
}
export function first(items) {
  return items[0];
}
`;
const testOf = (body: string) =>
  `import test from 'node:test';\nimport assert from 'node:assert';\nimport * as shop from '../src/price.js';\n${body}\n`;
const slow = (number: number) =>
  testOf(`test('slow ${number}', async () => {
  await new Promise((done) => setTimeout(done, 400));
  assert.strictEqual(shop.count([${number}]), 1);
});`);
const files: Readonly<Record<string, string>> = {
  'package.json': '{"name":"shop","type":"module","scripts":{"test":"node --test"}}\n',
  'src/price.js': source,
  'test/price.test.js': testOf(
    "test('adds all', () => assert.strictEqual(shop.total([1, 2, 3]), 6));\ntest('counts', () => assert.strictEqual(shop.count([1, 2]), 2));",
  ),
  'test/first.test.js': testOf("test('gives the first', () => assert.strictEqual(shop.first([7, 8]), 7));"),
  ...Object.fromEntries(Array.from({ length: 10 }, (_, number) => [`test/slow${number}.test.js`, slow(number)])),
};

/** Where there are no checkouts: a little repository whose suite takes some seconds, most of it waiting. */
export async function little(root: string): Promise<Ground> {
  await makeRepo(dirname(root), basename(root), files);
  const mended = source.replace('let i = 1', 'let i = 0');
  const one = (after: string): FileChange[] => [{ path: 'src/price.js', before: source, after }];
  return {
    id: 'little',
    root,
    wanted: (failures) => failures,
    patches: {
      [right]: one(mended),
      'changes nothing that is tested': one(source.replace('return items[0];', 'return items.at(0);')),
      'cannot be loaded': one(source.replace('let i = 1', 'let i = = 0')),
      'breaks something else': one(mended.replace('return items[0];', 'return items[1];')),
      'breaks a test of the same file': one(mended.replace('return items.length;', 'return items.length + 1;')),
      'goes another way': one(source.replace('let i = 1', 'let i = 2')),
    },
  };
}
