import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { z } from 'zod';
import type { Suite } from '../../schema/run.ts';
import asks from './asks.cjs?raw';
import preload from './preload.cjs?raw';
import sitecustomize from './sitecustomize.py?raw';

/** What a file of the repository asked of its surroundings while it ran; `by` is relative to the folder of the suite. */
export type Asked = { readonly kind: string; readonly what: string; readonly by: string };

/**
 * What a run showed of the assertion library and the runner. `own`: functions of the repository's Python modules as they were in the end, by
 * file and name. `lost`: a process did not end as processes do.
 */
export type Seen = {
  readonly functions: ReadonlySet<string>;
  readonly asked: readonly Asked[];
  readonly own: ReadonlyMap<string, string>;
  readonly lost: boolean;
};

export type Watch = { readonly suite: Suite; readonly clear: () => void; readonly read: () => Seen };

/**
 * The suite with its Node and Python processes watched from outside: by a preload that is loaded before any code under test. `folder` is
 * outside of the worktree; `options` are the user's own NODE_OPTIONS.
 */
export function makeWatch(suite: Suite, folder: string, options: string | undefined): Watch {
  const seen = join(folder, 'seen');
  const clear = () => {
    rmSync(seen, { recursive: true, force: true });
    mkdirSync(seen, { recursive: true, mode: 0o700 });
  };
  clear();
  const path = join(folder, 'start.cjs');
  writeFileSync(path, preload);
  writeFileSync(join(folder, 'asks.cjs'), asks);
  writeFileSync(join(folder, 'sitecustomize.py'), sitecustomize);
  const node = /\s/.test(path) ? [] : [`--require=${path}`];
  const env = {
    ...suite.env,
    NODE_OPTIONS: [...node, suite.env.NODE_OPTIONS ?? options].filter(Boolean).join(' '),
    PYTHONPATH: [folder, suite.env.PYTHONPATH].filter(Boolean).join(delimiter),
  };
  return { suite: { ...suite, env }, clear, read: () => readSeen(seen) };
}

const Line = z.object({ asks: z.string(), what: z.string(), by: z.string() });
const Own = z.object({ own: z.string(), name: z.string(), sign: z.string() });

function readSeen(folder: string): Seen {
  const functions = new Set<string>();
  const own = new Map<string, string>();
  const asked: Asked[] = [];
  let lost = false;
  for (const name of readdirSync(folder)) {
    let open = 0;
    for (const line of readFileSync(join(folder, name), 'utf8').split('\n')) {
      const [mark, one = '', two = '', three = ''] = line.split('\t');
      if (line === '{"begin":true}' || line === 'begin') open++;
      else if (line === '{"end":true}' || line === 'end') open--;
      else if (mark === 'asks') asked.push({ kind: one, what: two, by: three });
      else if (line.startsWith('{"asks"')) {
        const { asks: kind, what, by } = Line.catch({ asks: '', what: '', by: '' }).parse(parse(line));
        if (kind) asked.push({ kind, what, by });
      } else if (line.startsWith('{"own"')) {
        const { own: path, name: key, sign } = Own.catch({ own: '', name: '', sign: '' }).parse(parse(line));
        // Processes that end one after the other may leave the same module in different states.
        const known = own.get(`${path} ${key}`) ?? '';
        if (path && !known.includes(sign)) own.set(`${path} ${key}`, [...known.split(' '), sign].filter(Boolean).sort().join(' '));
      } else if (mark === 'own') own.set(`${one} ${two.split(' = ')[0]}`, two);
      else if (line) functions.add(line);
    }
    if (open > 0) lost = true;
  }
  return { functions, asked, own, lost };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** What is another function with the patch than without it: names for people. */
export function replaced(before: Seen, after: Seen): string[] {
  const fresh = [...after.functions].filter((line) => !before.functions.has(line));
  return [...new Set(fresh.map(nameOf))];
}

function nameOf(line: string): string {
  return (/^\{"changed":"([^" ]+)/.exec(line)?.[1] ?? line.split(' = ')[0] ?? line).slice(0, 80);
}
