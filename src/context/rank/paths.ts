import { basename, dirname } from 'node:path/posix';
import { splitWords } from '../index/tokenize.ts';

const testWord = /^(?:tests?|specs?|unit|integration|e2e|it|case|cases|src|lib|source|main|index|init|js|ts|py|packages?)$/;

const mostKept = 50_000;

/** The same names and folders are asked for again and again: for every test, and for every file of a folder. */
function remember(words: (name: string) => string[]): (name: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (name) => {
    const found = known.get(name) ?? words(name);
    if (known.size > mostKept) known.clear();
    known.set(name, found);
    return found;
  };
}

const ofName = remember((name) => splitWords(name.replace(/\.[^.]*$/, '').replaceAll(/[.-]/g, ' ')).filter((word) => !testWord.test(word)));
const ofFolder = remember((folder) =>
  folder
    .split('/')
    .flatMap((part) => splitWords(part.replaceAll(/[.-]/g, ' ')))
    .filter((word) => !testWord.test(word)),
);
const stemWords = (path: string) => ofName(basename(path));
const folderWords = (path: string) => ofFolder(dirname(path));

/** Whether a path shares a word with one of the tests': a quick look, for repositories with very many files. */
export function sharesWords(tests: readonly string[]): (path: string) => boolean {
  const words = [...new Set(tests.flatMap((test) => [...stemWords(test), ...folderWords(test)]))];
  return (path) => {
    const plain = path.toLowerCase();
    return words.some((word) => plain.includes(word));
  };
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
