import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, resolve } from 'node:path';
import { GlmError, messageOf } from '../errors.ts';
import { checkRepo } from '../repo/clones/mirror.ts';
import { openPlace } from '../repo/root.ts';
import { fingerprint } from '../repo/tree-state.ts';
import { Row, type RowResult } from '../schema/batch.ts';
import type { Machine } from '../schema/deps.ts';

const mostRows = 20_000;
const mostAtOnce = 8;

/** A row that can be worked on. `key` names what it says and the state of its files, so that equal rows are one piece of work. */
export type Placed = { readonly line: number; readonly name: string; readonly key: string; readonly row: Row };

/** The rows of a list, and one sentence for each that is none. */
export type List = { readonly rows: readonly Placed[]; readonly bad: readonly RowResult[] };

/** Reads a list of one JSON object a line. Empty lines and lines that begin with # are passed over. Throws `bad_input` for an empty list. */
export async function readList(path: string, deps: Machine): Promise<List> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new GlmError('bad_input', `The list ${path} cannot be read.`, {
      hint: 'One JSON object a line, such as {"root": "../shop"}.',
      cause,
    });
  });
  const lines = text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((line, index) => ({ line: index + 1, text: line.trim() }))
    .filter((one) => one.text !== '' && !one.text.startsWith('#'));
  if (lines.length === 0)
    throw new GlmError('bad_input', `The list ${path} holds no row.`, { hint: 'One JSON object a line, such as {"root": "../shop"}.' });
  if (lines.length > mostRows)
    throw new GlmError('bad_input', `The list ${path} has ${lines.length} rows, more than ${mostRows}.`, { hint: 'Split it.' });
  return place(
    lines.map((one) => ({ line: one.line, read: () => parseRow(one.text, dirname(resolve(path))) })),
    deps,
  );
}

/** Red CI logs of one repository, each a row: files, or folders of files. */
export async function readLogs(paths: readonly string[], root: string, deps: Machine): Promise<List> {
  const files: string[] = [];
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (!found) throw new GlmError('bad_input', `There is no log ${path}.`, { hint: 'Name files of CI logs, or folders that hold them.' });
    if (!found.isDirectory()) files.push(resolve(path));
    else
      for (const name of (await readdir(path, { recursive: true })).sort()) {
        const file = resolve(path, name);
        if (!/(?:^|[/\\])\./.test(name) && (await stat(file)).isFile()) files.push(file);
      }
  }
  if (files.length === 0)
    throw new GlmError('bad_input', 'There is no log in what was named.', { hint: 'Name files of CI logs, or folders that hold them.' });
  return place(
    files.map((log, index) => ({ line: index + 1, read: () => ({ root: resolve(root), log }) })),
    deps,
  );
}

function parseRow(text: string, folder: string): Row {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new GlmError('bad_input', `It is not JSON: ${messageOf(error)}`);
  }
  const { data, error } = Row.safeParse(json);
  if (!data) {
    const [issue] = error.issues;
    if (issue?.code === 'unrecognized_keys')
      throw new GlmError('bad_input', `It says ${issue.keys.map((key) => `"${key}"`).join(', ')}, which is no field of a row.`);
    throw new GlmError('bad_input', `Its ${issue?.path.map(String).join('.') || 'form'} is wrong: ${issue?.message ?? 'not a row'}.`);
  }
  if ((data.root === undefined) === (data.repo === undefined)) throw new GlmError('bad_input', 'It must name either root or repo.');
  if (data.ref !== undefined && data.repo === undefined) throw new GlmError('bad_input', 'A ref needs a repo: a root is taken as it is.');
  if (data.log !== undefined && data.report !== undefined) throw new GlmError('bad_input', 'It names both a log and a report.');
  const full = (path: string | undefined) => (path === undefined ? undefined : resolve(folder, path));
  const local = data.repo !== undefined && !isAbsolute(data.repo) && /^\.{0,2}\//.test(data.repo);
  return {
    ...data,
    ...(data.root !== undefined && { root: full(data.root) }),
    ...(data.repo !== undefined && { repo: checkRepo(local ? resolve(folder, data.repo) : data.repo) }),
    ...(data.log !== undefined && { log: full(data.log) }),
    ...(data.report !== undefined && { report: data.root === undefined ? full(data.report) : data.report }),
  };
}

type Line = { readonly line: number; readonly read: () => Row };

async function place(lines: readonly Line[], deps: Machine): Promise<List> {
  const rows: Placed[] = [];
  const bad: RowResult[] = [];
  let next = 0;
  const hand = async () => {
    for (let one = lines[next++]; one; one = lines[next++]) {
      try {
        const row = one.read();
        rows.push({ line: one.line, name: nameOf(row), key: await keyOf(row, deps), row });
      } catch (error) {
        if (!(error instanceof GlmError)) throw error;
        bad.push({ line: one.line, name: '', status: 'bad_row', summary: error.message, causes: [], warnings: [] });
      }
    }
  };
  await Promise.all(Array.from({ length: mostAtOnce }, hand));
  const byLine = (a: { line: number }, b: { line: number }) => a.line - b.line;
  return { rows: rows.sort(byLine), bad: bad.sort(byLine) };
}

/** What the row says, what stands in its log, and the state of its folder. */
async function keyOf(row: Row, deps: Machine): Promise<string> {
  const parts: unknown[] = [row];
  for (const path of [row.log, row.repo === undefined ? undefined : row.report]) {
    if (path === undefined) continue;
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile()) throw new GlmError('bad_input', `There is no file ${path}.`);
    parts.push(found.size, found.mtimeMs);
  }
  if (row.root !== undefined) {
    const place = await openPlace({ root: row.root }, deps);
    parts.push(place.root, (await fingerprint(place.git))?.name);
  }
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 20);
}

/** Short, for a table. */
function nameOf({ root, repo, ref, test, log, report }: Row): string {
  const place = basename((repo ?? root ?? '').replace(/\/+$/, '').replace(/\.git$/, '')) || (repo ?? root ?? '');
  const given = log ?? report;
  const what = [ref && `@${ref}`, given && ` ${basename(given)}`, test && ` ${[test].flat().join(', ')}`];
  return `${place}${what.filter(Boolean).join('')}`.slice(0, 120);
}
