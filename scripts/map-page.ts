import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';

const head = `# Where everything is

Made by \`npm run generate\`: every file of \`src/\` with what its main comment says, what it exports, and the tests that import it. Search it for a word
(\`grep -i "word" src/README.md\`); [AGENTS.md](../AGENTS.md) tells the rooms and the ways in.
`;

const mostSentence = 220;

/** src/README.md, made of the sources and the tests themselves. */
export async function mapPage(root: string): Promise<string> {
  const sources = await readAll(root, 'src', /\.(?:ts|cjs|mjs|py)$/);
  const users = await testsBySource(root);
  const lines: string[] = [];
  let folder = '';
  for (const [path, text] of sources) {
    if (dirname(path) !== folder) lines.push('', `## ${dirname(path)}`);
    folder = dirname(path);
    lines.push(lineOf(path, text, users.get(path) ?? []));
  }
  return `${head}${lines.join('\n')}\n`;
}

function lineOf(path: string, text: string, tests: readonly string[]): string {
  const said = sentenceOf(text);
  const names = [...text.matchAll(/^export (?:async )?(?:function|const|class|type) (\w+)/gm)].map(([, name]) => name);
  return [
    `- \`${path.slice(dirname(path).length + 1)}\`${said && `: ${said}`}`,
    ...(names.length > 0 ? [names.join(', ')] : []),
    ...(tests.length > 0 ? [`tests ${shortList(tests.map((test) => `\`${test}\``))}`] : []),
  ].join(' · ');
}

const mostTests = 6;

function shortList(tests: readonly string[]): string {
  const more = tests.length - mostTests;
  return `${tests.slice(0, mostTests).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The first sentence of what stands above the first function that is exported, else of the first comment. */
function sentenceOf(text: string): string {
  const [, main] = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n(?:export (?:async )?function|export const \w+ = (?:async )?\()/.exec(text) ?? [];
  const [, first, line, python] = /\/\*\*([\s\S]*?)\*\/|^\s*\/\/ (.*)$|"""([\s\S]*?)"""/m.exec(text) ?? [];
  const block = main ?? first;
  const words = (block ?? line ?? python ?? '')
    .replace(/^\s*\*/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
  const sentence = /^.*?[.:](?= [A-Z`]|$)/.exec(words)?.[0] ?? words;
  return sentence.length > mostSentence ? `${sentence.slice(0, mostSentence)} …` : sentence;
}

async function testsBySource(root: string): Promise<Map<string, string[]>> {
  const users = new Map<string, string[]>();
  for (const [path, text] of await readAll(root, 'test', /\.test\.ts$/)) {
    const imports = [...text.matchAll(/(?:from |import\()'(\.[^']+)'/g)].map(([, one = '']) => normalize(join(dirname(path), one)));
    for (const one of new Set(imports)) users.set(one, [...(users.get(one) ?? []), path.slice('test/'.length)]);
  }
  return users;
}

async function readAll(root: string, folder: string, wanted: RegExp): Promise<[path: string, text: string][]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && wanted.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((path) => !/node_modules|\/fixtures\/|\/zoo\//.test(path))
    .sort((a, b) => (dirname(a) === dirname(b) ? compare(a, b) : compare(dirname(a), dirname(b))));
  return Promise.all(paths.map(async (path): Promise<[string, string]> => [path, await readFile(join(root, path), 'utf8')]));
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
