import { basename, dirname } from 'node:path/posix';
import { splitWords } from './words.ts';

const testWord = /^(?:tests?|specs?|unit|integration|e2e|it|case|cases|src|lib|source|main|index|init|js|ts|py|packages?)$/;

function stemWords(path: string): string[] {
  const name = basename(path).replace(/\.[^.]*$/, '');
  return splitWords(name.replaceAll(/[.-]/g, ' ')).filter((word) => !testWord.test(word));
}

function folderWords(path: string): string[] {
  return dirname(path)
    .split('/')
    .flatMap((folder) => splitWords(folder.replaceAll(/[.-]/g, ' ')))
    .filter((word) => !testWord.test(word));
}

/** How alike the paths of a test and a source are, 0 to 1: same stem first, then shared words of name and folders, then nearness. */
export function pathLikeness(test: string, source: string): number {
  const testStem = stemWords(test);
  const sourceStem = stemWords(source);
  const testFolders = folderWords(test);
  const sourceFolders = folderWords(source);
  const index = sourceStem.length === 0;
  const own = index ? sourceFolders.slice(-2) : sourceStem;
  const stem = overlap(testStem, own);
  const folders = overlap([...testFolders, ...testStem], [...sourceFolders, ...sourceStem]);
  const near = sharedFolders(test, source);
  return 0.55 * stem + 0.25 * folders + 0.2 * near;
}

function overlap(one: readonly string[], other: readonly string[]): number {
  const left = new Set(one);
  const right = new Set(other);
  if (left.size === 0 || right.size === 0) return 0;
  let shared = 0;
  for (const word of left) if (right.has(word) || right.has(`${word}s`) || (word.endsWith('s') && right.has(word.slice(0, -1)))) shared++;
  return (2 * shared) / (left.size + right.size);
}

function sharedFolders(one: string, other: string): number {
  const left = dirname(one).split('/');
  const right = dirname(other).split('/');
  let shared = 0;
  while (shared < Math.min(left.length, right.length) && left[shared] === right[shared]) shared++;
  return shared / Math.max(left.length, right.length);
}
