import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import type { Suite } from '../schema/run.ts';
import { isCode, type Measured, textsIn, type Way } from './reached.ts';

const block = /^(.*\/[^/]+\.go):(\d+)\.\d+,(\d+)\.\d+ \d+ (\d+)$/;

export type Block = { readonly file: string; readonly from: number; readonly to: number; readonly ran: boolean };

/** Makes every `go test` write the profile of `packages`, by GOFLAGS, which takes no blanks. `file` is an import path with a name. */
export function profileGo(
  { suite, folder, env }: Omit<Measured, 'root' | 'target'>,
  packages: string,
): { readonly suite: Suite; readonly blocks: () => Block[] } | undefined {
  if (/\s/.test(folder + packages)) return undefined;
  const own = suite.env.GOFLAGS ?? env.GOFLAGS;
  const flags = `-coverprofile=${join(folder, 'go.out')} -coverpkg=${packages}`;
  const blocks = () =>
    textsIn(folder, 'go.out')
      .flatMap((left) => left.split('\n'))
      .flatMap((line) => {
        const [, file, from, to, count] = block.exec(line) ?? [];
        return file === undefined ? [] : [{ file, from: Number(from), to: Number(to), ran: count !== '0' }];
      });
  return { suite: { ...suite, env: { ...suite.env, GOFLAGS: own ? `${own} ${flags}` : flags } }, blocks };
}

/** The target's package alone, whichever package tests it. */
export function meterGo(request: Measured): Way | undefined {
  const { suite, target } = request;
  const inside = suite.cwd === '' ? target : target.startsWith(`${suite.cwd}/`) ? target.slice(suite.cwd.length + 1) : undefined;
  const profile = inside === undefined ? undefined : profileGo(request, `./${posix.dirname(inside)}`);
  if (!profile) return undefined;
  const name = `/${posix.basename(target)}`;
  const read: Way['read'] = (text) => {
    const rows = text.split('\n');
    const known = new Set<number>();
    const ran = new Set<number>();
    for (const one of profile.blocks()) {
      if (!one.file.endsWith(name)) continue;
      for (let at = one.from; at <= one.to; at++) {
        if (!isCode(rows[at - 1] ?? '')) continue;
        known.add(at);
        if (one.ran) ran.add(at);
      }
    }
    return known.size === 0 ? undefined : { ran, known };
  };
  return { suite: profile.suite, read };
}

/** The module that a folder belongs to. */
export function findModule(root: string, cwd: string): { readonly name: string; readonly folder: string } | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const path = join(root, folder, 'go.mod');
    if (existsSync(path)) {
      const name = /^module\s+"?([^\s"]+)/m.exec(readFileSync(path, 'utf8'))?.[1];
      return name === undefined ? undefined : { name, folder };
    }
    if (folder === '' || folder === '.') return undefined;
  }
}
