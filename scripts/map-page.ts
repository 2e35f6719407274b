import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';

const head = `# Where everything is

Made by \`npm run generate\`: every file of \`src/\` and \`action/\` with what its main comment says, what it exports, and the tests that import it, or else those that
import what uses it. Search it for a word (\`grep -i "word" src/README.md\`); [AGENTS.md](../AGENTS.md) tells the rooms and the ways in. A message that you have seen is found in the code
itself: \`grep -rn "its words" src test\`.
`;

const mostSentence = 220;
const mostTests = 4;
/** So many steps from a file to what imports it, and on to a test. */
const mostSteps = 4;

type File = readonly [path: string, text: string];

/** src/README.md, made of the sources and the tests themselves. */
export async function mapPage(root: string): Promise<string> {
  const sources = await readAll(root, 'src', /\.(?:ts|cjs|mjs|py)$/);
  const tests = await readAll(root, 'test', /\.test\.ts$/);
  const importers = new Map<string, string[]>();
  for (const [path, text] of [...sources, ...tests])
    for (const one of importsOf(path, text)) importers.set(one, [...(importers.get(one) ?? []), path]);
  const lines: string[] = [];
  let folder = '';
  for (const [path, text] of [...sources, ...(await readAll(root, 'action', /\.(?:sh|mjs)$/))]) {
    if (dirname(path) !== folder) lines.push('', `## ${dirname(path)}`);
    folder = dirname(path);
    lines.push(lineOf(path, text, nearestTests(path, importers)));
  }
  return `${head}${lines.join('\n')}\n`;
}

function lineOf(path: string, text: string, tests: readonly string[]): string {
  const said = sentenceOf(text);
  const names = [...text.matchAll(/^export (?:async )?(?:function|const|class|type) (\w+)/gm)].map(([, name]) => name);
  const more = tests.length - mostTests;
  return [
    `- \`${path.replace(/^src\//, '')}\`${said && `: ${said}`}`,
    ...(names.length > 0 ? [names.join(', ')] : []),
    ...(tests.length > 0 ? [`tests ${tests.slice(0, mostTests).join(', ')}${more > 0 ? ` and ${more} more` : ''}`] : []),
  ].join(' · ');
}

/** The first sentence of what stands above the first function that is exported, else of the first comment. */
function sentenceOf(text: string): string {
  const [, main] = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n(?:export (?:async )?function|export const \w+ = (?:async )?\()/.exec(text) ?? [];
  const [, first, line, python] = /\/\*\*([\s\S]*?)\*\/|^\s*(?:\/\/|#) (.*)$|"""([\s\S]*?)"""/m.exec(text) ?? [];
  const block = main ?? first;
  const words = (block ?? line ?? python ?? '')
    .replace(/^\s*\*/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
  const sentence = /^.*?[.:](?= [A-Z`]|$)/.exec(words)?.[0] ?? words;
  return sentence.length > mostSentence ? `${sentence.slice(0, mostSentence)} …` : sentence;
}

/** The tests that are the fewest imports away. */
function nearestTests(path: string, importers: ReadonlyMap<string, readonly string[]>): string[] {
  const seen = new Set<string>();
  let edge = [path];
  for (let step = 0; step < mostSteps && edge.length > 0; step++) {
    const next = [...new Set(edge.flatMap((one) => importers.get(one) ?? []))].filter((one) => !seen.has(one));
    const tests = next.filter((one) => one.startsWith('test/')).sort(compare);
    if (tests.length > 0) return tests.map((one) => one.slice('test/'.length));
    for (const one of next) seen.add(one);
    edge = next;
  }
  return [];
}

const importsOf = (path: string, text: string) =>
  new Set([...text.matchAll(/(?:from |import\()'(\.[^'?]+)/g)].map(([, one = '']) => normalize(join(dirname(path), one))));

async function readAll(root: string, folder: string, wanted: RegExp): Promise<File[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && wanted.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((path) => !/node_modules|\/fixtures\/|\/zoo\//.test(path))
    .sort((a, b) => compare(dirname(a), dirname(b)) || compare(a, b));
  return Promise.all(paths.map(async (path): Promise<File> => [path, await readFile(join(root, path), 'utf8')]));
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
