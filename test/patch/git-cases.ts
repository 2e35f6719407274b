import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { runProcess } from '../../src/process/run.ts';

/** A file on one side of a change. Null = it does not exist. */
type Side = { readonly text: string; readonly runs: boolean } | null;
type Change = { readonly path: string; readonly before: Side; readonly after: Side; readonly top: readonly string[] };

const words = [
  ...['a', 'b', 'c', '}', '', '  x = 1;', '    y(2)', '\tz', 'return a', '# note', '- item', '+ plus', 'tail  ', 'schön "q" \u2019', '\\'],
  ...['--- a/x.ts', '+++ b/x.ts', '@@ -1 +1 @@', '-- ', '```', '<<<<<<< SEARCH', '=======', '>>>>>>> REPLACE', 'diff --git a/x b/x'],
  ...['*** End Patch', '&lt;b&gt; &amp;', '</think>', '<file path="x.ts">', '{"path": "x.ts"}'],
];
const row = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...words) }, { weight: 1, arbitrary: fc.string({ maxLength: 6 }) });
const line = row.filter((text) => !/[\r\n]/.test(text));
const ends = fc.constantFrom('\n', '\n', '\n', '\r\n', 'mixed');
const folders = ['', 'src/', 'a b/', 'ä/', 'app/(x)/[id]/'];
const names = ['x.ts', 'My File.js', 'größe.py', 'q"uote.md', "it's.txt", 'b', 'a.tar.gz', '-dash.c', '100%.css', 'c#.cs', '日本.txt'];
const path = fc.tuple(fc.constantFrom(...folders), fc.constantFrom(...names)).map((parts) => parts.join(''));

/** Lines as one text; where line ends are mixed, each line keeps its own. */
function write(lines: readonly string[], eol: string, open: boolean): string {
  const end = (text: string) => (eol === 'mixed' ? (text.length % 2 === 0 ? '\r\n' : '\n') : eol);
  const all = lines.map((text) => text + end(text)).join('');
  return open ? all.replace(/\r?\n$/, '') : all;
}

const side = fc.record({
  lines: fc.array(line, { maxLength: 14 }),
  eol: ends,
  open: fc.boolean(),
  openAfter: fc.boolean(),
  runs: fc.boolean(),
  runsAfter: fc.boolean(),
  cuts: fc.array(fc.record({ from: fc.nat(14), size: fc.nat(3), put: fc.array(line, { maxLength: 3 }) }), { maxLength: 3 }),
  kind: fc.constantFrom('change', 'change', 'change', 'change', 'new', 'gone', 'mode'),
  top: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: fc.array(line, { minLength: 1, maxLength: 3 }) }),
  path,
});

export const changes: fc.Arbitrary<Change> = side.map((it): Change => {
  const fresh = it.cuts.reduce((lines, { from, size, put }) => [...lines.slice(0, from), ...put, ...lines.slice(from + size)], it.lines);
  const before = { text: write(it.lines, it.eol, it.open), runs: it.runs };
  const after = { text: write(fresh, it.eol, it.openAfter), runs: it.kind === 'mode' ? it.runsAfter : it.runs };
  const top = it.eol === '\n' ? it.top : [];
  if (it.kind === 'new') return { path: it.path, before: null, after, top: [] };
  return { path: it.path, before, after: it.kind === 'gone' ? null : after, top: it.kind === 'gone' ? [] : top };
});

/** A file that gets another name, with text that no other file has. */
export const renames: fc.Arbitrary<readonly [Change, Change]> = fc
  .record({ id: fc.uuid(), from: path, to: path, cut: fc.nat(30), put: line, open: fc.boolean() })
  .filter(({ from, to }) => from !== to)
  .map(({ id, from, to, cut, put, open }) => {
    const lines = Array.from({ length: 24 }, (_, at) => `${id} ${at}`);
    const fresh = cut < lines.length ? [...lines.slice(0, cut), put, ...lines.slice(cut + 1)] : lines;
    const [before, after] = [lines, fresh].map((all) => ({ text: write(all, '\n', open), runs: false }));
    return [
      { path: from, before: before ?? null, after: null, top: [] },
      { path: to, before: null, after: after ?? null, top: [] },
    ];
  });

export type GitCase = {
  readonly diff: string;
  /** The files of the case as they are, and as git makes them. Undefined: git does not apply the diff. */
  readonly before: Readonly<Record<string, string>>;
  readonly after: Readonly<Record<string, string>> | undefined;
};

const env = { PATH: process.env.PATH ?? '', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };

/** Lets git write the diffs of many cases at once, and apply them to files that may have got other lines at their top. */
export async function gitCases(folder: string, all: readonly (readonly Change[])[], options: readonly string[]): Promise<GitCase[]> {
  const lay = (root: string, at: number, name: string, file: Side, top: readonly string[] = []) => {
    const target = join(folder, root, String(at), name);
    if (file === null) return;
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, top.map((text) => `${text}\n`).join('') + file.text);
    chmodSync(target, file.runs ? 0o755 : 0o644);
  };
  mkdirSync(folder, { recursive: true });
  for (const [at, files] of all.entries())
    for (const it of files) {
      lay('a', at, it.path, it.before);
      lay('b', at, it.path, it.after);
      lay('tree', at, it.path, it.before, it.top);
    }
  const argv = ['git', 'diff', '--no-index', '--no-prefix', '--no-color', '--no-renames', ...options, 'a', 'b'];
  // Names of renamed files have no prefix.
  const patch = (await runProcess({ argv, cwd: folder, env })).stdout.toString().replace(/^(rename (?:from|to) "?)[ab]\//gm, '$1');
  const texts = all.map(() => '');
  for (const section of patch.split(/^(?=diff --git "?[ab]\/\d+\/)/m)) {
    const at = Number(/^diff --git "?[ab]\/(\d+)\//.exec(section)?.[1]);
    texts[at] = (texts[at] ?? '') + section;
  }
  cpSync(join(folder, 'tree'), join(folder, 'git'), { recursive: true });
  writeFileSync(join(folder, 'patch'), patch);
  const loose = options.includes('-U0') ? ['--unidiff-zero'] : [];
  const apply = ['git', 'apply', '--reject', '--whitespace=nowarn', ...loose, '../patch'];
  await runProcess({ argv: apply, cwd: join(folder, 'git'), env });
  return texts.map((diff, at) => {
    const after = readTree(join(folder, 'git', String(at)), at);
    const rejected = Object.keys(after).some((name) => name.endsWith('.rej'));
    return { diff, before: readTree(join(folder, 'tree', String(at)), at), after: rejected ? undefined : after };
  });
}

function readTree(root: string, at: number): Record<string, string> {
  try {
    const files = readdirSync(root, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
    return Object.fromEntries(
      files.map((entry) => {
        const target = join(entry.parentPath, entry.name);
        return [`${at}${target.slice(root.length)}`, readFileSync(target, 'utf8')];
      }),
    );
  } catch {
    return {};
  }
}
