import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { git } from '../mine.ts';

/** A file that a commit changed, with git's own diff of it. */
export type Change = {
  readonly repo: string;
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly diff: string;
};

const mostBytes = 120_000;

/** Changed text files of a repository's history, spread over all of it. */
export async function mineChanges(folder: string, repo: string, most: number): Promise<Change[]> {
  const log = await git(folder, [
    'log',
    '--no-merges',
    '--no-renames',
    '--diff-filter=M',
    '--max-count=4000',
    '--full-index',
    '--format=',
    '-p',
    'HEAD',
  ]);
  const sections = log.split(/^(?=diff --git )/m).filter((text) => /^@@ /m.test(text) && text.length < mostBytes);
  const step = Math.max(1, Math.floor(sections.length / (most * 1.2)));
  const picked = sections.filter((_, at) => at % step === 0);
  const named = picked.flatMap((diff) => {
    const [, before, after] = /^index ([0-9a-f]{40})\.\.([0-9a-f]{40})/m.exec(diff) ?? [];
    const path = /^\+\+\+ b\/(.*?)\t?$/m.exec(diff)?.[1];
    return before && after && path && !/^(?:old|new) mode/m.test(diff) ? [{ diff, before, after, path }] : [];
  });
  const texts = await readBlobs(
    folder,
    named.flatMap(({ before, after }) => [before, after]),
  );
  return named
    .flatMap(({ path, diff, before, after }) => {
      const [old, fresh] = [texts.get(before), texts.get(after)];
      const fits = old !== undefined && fresh !== undefined && old.length < mostBytes && !/[\0\ufffd]/.test(old + fresh);
      return fits ? [{ repo, path, before: old, after: fresh, diff }] : [];
    })
    .slice(0, most);
}

async function readBlobs(folder: string, ids: readonly string[]): Promise<Map<string, string>> {
  const child = spawn('git', ['--git-dir', folder, 'cat-file', '--batch'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.end(`${ids.join('\n')}\n`);
  await once(child, 'close');
  const all = Buffer.concat(chunks);
  const found = new Map<string, string>();
  for (let at = 0; at < all.length; ) {
    const end = all.indexOf(10, at);
    const [id = '', , size] = all.subarray(at, end).toString().split(' ');
    const bytes = Number(size ?? Number.NaN);
    if (Number.isNaN(bytes)) {
      at = end + 1;
      continue;
    }
    found.set(id, all.subarray(end + 1, end + 1 + bytes).toString('utf8'));
    at = end + 2 + bytes;
  }
  return found;
}

export type Block = { readonly search: readonly string[]; readonly replace: readonly string[] };

/** The change as search/replace blocks with as little context as makes each of them unique. Undefined: two of them would meet. */
export function blocksOf({ before, diff }: Pick<Change, 'before' | 'diff'>): Block[] | undefined {
  const file = before.replace(/\n$/, '').split('\n');
  const hunks = diff.split(/^(?=@@ )/m).slice(1);
  const blocks: (Block & { readonly from: number; readonly to: number })[] = [];
  for (const hunk of hunks) {
    const [head = '', ...rows] = hunk.replace(/\n$/, '').split('\n');
    if (rows.some((row) => row.startsWith('\\'))) return undefined;
    const from = Number(/^@@ -(\d+)/.exec(head)?.[1]) - 1;
    const [old, fresh] = ['+', '-'].map((sign) => rows.filter((row) => !row.startsWith(sign)).map((row) => row.slice(1)));
    if (!old || !fresh) return undefined;
    let [above, below] = [0, 0];
    const search = () => file.slice(from - above, from + old.length + below);
    while (occurrences(file, search()) !== 1) {
      if (from - above > 0) above++;
      if (from + old.length + below < file.length) below++;
      if (above > 200 || (from - above <= 0 && from + old.length + below >= file.length && occurrences(file, search()) !== 1))
        return undefined;
    }
    const to = from + old.length + below;
    if ((blocks.at(-1)?.to ?? 0) > from - above) return undefined;
    const replace = [...file.slice(from - above, from), ...fresh, ...file.slice(from + old.length, to)];
    blocks.push({ search: search(), replace, from: from - above, to });
  }
  return blocks;
}

export function occurrences(file: readonly string[], sought: readonly string[]): number {
  const [first] = sought;
  let count = 0;
  for (let at = file.indexOf(first ?? ''); at !== -1; at = file.indexOf(first ?? '', at + 1))
    if (sought.every((line, offset) => file[at + offset] === line)) count++;
  return count;
}
