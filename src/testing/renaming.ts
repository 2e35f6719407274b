import { posix } from 'node:path';
import type { FileChange } from '../schema/patch.ts';

type Declares = { readonly ends: RegExp; readonly name: RegExp; readonly again: (name: string, turn: number) => string };

/** How a line declares a test, in languages where a second one of the same name hides the first or counts as the same. */
const declares: readonly Declares[] = [
  {
    ends: /\.[cm]?[jt]sx?$/,
    name: /^(\s*(?:test|it|describe|suite|specify)(?:\.\w+)*\(\s*)(['"`])((?:(?!\2)[^\\]|\\.)+)\2/,
    again: (name, turn) => `${name} (${turn})`,
  },
  { ends: /\.py$/, name: /^(\s*(?:async\s+)?(?:def|class)\s+)()((?:test|Test)\w*)/, again: (name, turn) => `${name}_${turn}` },
];
/** What may have one owner in a package of Go. */
const goNames = /^(?:func|type|var|const)\s+(\w+)/gm;

type Files = { readonly paths: readonly string[]; readonly read: (path: string) => string | undefined };

/** The same changes, in which tests with names that are there already have names of their own. */
export function renameTaken(changes: readonly FileChange[], files: Files): FileChange[] {
  return changes.map((change) => {
    if (change.after === null) return change;
    const after = change.path.endsWith('.go') ? renameInPackage(change, change.after, files) : renameInFile(change, change.after);
    return after === change.after ? change : { ...change, after };
  });
}

/** Names count within one block: the same name below another heading is another test. */
function renameInFile({ path, before }: FileChange, after: string): string {
  const how = declares.find(({ ends }) => ends.test(path));
  if (!how) return after;
  const old = new Map<string, number>();
  for (const row of before?.split('\n') ?? []) old.set(row, (old.get(row) ?? 0) + 1);
  const rows = after.split('\n');
  const isOld = rows.map((row) => {
    const left = old.get(row) ?? 0;
    old.set(row, left - 1);
    return left > 0;
  });
  const scopes = scopesOf(rows, how.name);
  const keyAt = (at: number, name: string) => `${scopes[at]}\n${name}`;
  const taken = new Set(rows.flatMap((row, at) => (isOld[at] ? nameIn(row, how).map((name) => keyAt(at, name)) : [])));
  return rows
    .map((row, at) => {
      const [name] = isOld[at] || /^\s*(?:describe|suite|class)\b/.test(row) ? [] : nameIn(row, how);
      if (name === undefined) return row;
      const free = freeName(name, how.again, (one) => taken.has(keyAt(at, one)));
      taken.add(keyAt(at, free));
      return row.replace(how.name, (_, lead: string, quote: string) => `${lead}${quote}${free}${quote}`);
    })
    .join('\n');
}

const nameIn = (row: string, { name }: Declares): string[] => {
  const found = name.exec(row)?.[3];
  return found === undefined ? [] : [found];
};

/** For each line, the names of the blocks around it, by how far they are indented. */
function scopesOf(rows: readonly string[], name: RegExp): string[] {
  const open: { readonly indent: number; readonly what: string }[] = [];
  return rows.map((row) => {
    if (row.trim() === '') return '';
    const indent = /^\s*/.exec(row)?.[0].length ?? 0;
    while ((open.at(-1)?.indent ?? -1) >= indent) open.pop();
    const scope = open.map(({ what }) => what).join('\n');
    if (/^\s*(?:describe|suite|class)\b/.test(row)) open.push({ indent, what: name.exec(row)?.[3] ?? row.trim() });
    return scope;
  });
}

/** In Go, all files of a folder with the same package clause share their names. */
function renameInPackage({ path, before }: FileChange, after: string, { paths, read }: Files): string {
  const clause = packageOf(after);
  const others = paths
    .filter((one) => one !== path && one.endsWith('.go') && posix.dirname(one) === posix.dirname(path))
    .map((one) => read(one) ?? '')
    .filter((text) => packageOf(text) === clause);
  const taken = new Set([before ?? '', ...others].flatMap((text) => [...text.matchAll(goNames)].map(([, name]) => name)));
  const own = new Set([...(before ?? '').matchAll(goNames)].map(([, name]) => name));
  return [...after.matchAll(goNames)].reduce((text, [, name = '']) => {
    if (name === 'init' || name === '_' || !taken.has(name) || own.has(name)) return text;
    const free = freeName(
      name,
      (one, turn) => `${one}${turn}`,
      (one) => taken.has(one),
    );
    return text.replace(new RegExp(`(?<![\\w.])${name}(?!\\w)`, 'g'), free);
  }, after);
}

const packageOf = (text: string) => /^package (\w+)/m.exec(text)?.[1];

function freeName(name: string, again: Declares['again'], isTaken: (name: string) => boolean): string {
  for (let turn = 1; ; turn++) {
    const one = turn === 1 ? name : again(name, turn);
    if (!isTaken(one)) return one;
  }
}

/** The path of a new file beside one that is there already: a.test.js, then a-2.test.js, or test_a.py and test_a_2.py. */
export function freePath(path: string, isTaken: (path: string) => boolean): string {
  const [, stem = path, end = ''] = /^(.*?)((?:[._-](?:test|spec|tests))?\.\w+)$/.exec(path) ?? [];
  const sign = path.endsWith('.py') || path.endsWith('.go') || end.startsWith('_') ? '_' : '-';
  for (let turn = 2; ; turn++) {
    const one = `${stem}${sign}${turn}${end}`;
    if (!isTaken(one)) return one;
  }
}
