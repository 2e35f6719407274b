import { existsSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { removeTree } from '../../repo/leases.ts';
import type { Installs } from './install.ts';
import { hasInstalled, linkInstalled } from './links.ts';

/** `problem`: they cannot be had. `wants`: they would have to be installed first. */
type Given = { readonly from: string } | { readonly problem: string } | { readonly wants: string };

/** The packages of one bug, one source after the other until its tests are green with the real fix. */
export type Supply = {
  /** Puts the next packages into the bug. Undefined: there are no more. */
  readonly next: () => Promise<Given | undefined>;
  /** The last ones are right: the bugs nearby try them first. */
  readonly worked: () => void;
  /** Where the last ones came from. */
  readonly from: () => string | undefined;
};

/** Which bug, and what may be done for it. `first`: what was right for it before. `install`: its own packages may be installed now. */
export type Wanted = {
  readonly path: string;
  readonly date: string;
  readonly first?: string | undefined;
  readonly install: boolean;
};

/** Where nothing has to be installed. */
const none = 'nothing';

/**
 * Where packages come from: those that its manifests ask for, where they are there; else those that were right for the last bug, the user's
 * own, and an install. A repository that installs nothing is tried once, as it is.
 */
export function makeSupplies(root: string, installs: Installs | undefined) {
  let last: string | undefined;
  return ({ path, date, first, install }: Wanted): Supply => {
    const tried = new Set<string>();
    let made: string[] = [];
    let from: string | undefined;
    let key: string | undefined;
    let asked = false;
    const put = async (source: string): Promise<Given | undefined> => {
      tried.add(source);
      for (const at of made) await removeTree(join(path, at));
      made = linkInstalled(source, path);
      if (made.length === 0) return undefined;
      from = source;
      // What is in use is not the oldest that makes room.
      if (source !== root) utimesSync(source, new Date(), new Date());
      return { from };
    };
    const atHand = async (sources: readonly (string | undefined)[]): Promise<Given | undefined> => {
      for (const source of sources) {
        if (source === undefined || tried.has(source) || !existsSync(source) || !hasInstalled(source)) continue;
        const given = await put(source);
        if (given) return given;
      }
      return undefined;
    };
    const own = async (): Promise<Given | undefined> => {
      if (tried.has(none)) return undefined;
      if (!installs || key === undefined) {
        tried.add(none);
        return tried.size === 1 ? { from: none } : undefined;
      }
      if (!install && !installs.known(key)) return { wants: key };
      tried.add(none);
      const installed = installs.known(key) ?? (await installs.install(path, date, key));
      if (installed.problem !== undefined) return { problem: installed.problem };
      last ??= installed.folder;
      if (tried.has(installed.folder)) return undefined;
      return (await put(installed.folder)) ?? { problem: 'its packages were installed to no effect' };
    };
    return {
      from: () => from,
      worked: () => {
        last = from;
      },
      next: async () => {
        if (!asked) {
          asked = true;
          key = await installs?.keyOf(path, date);
          // Packages that somebody else waits for are likely to do here as well.
          if (!install && last === undefined && !hasInstalled(root)) await installs?.settled();
        }
        const known = key === undefined ? undefined : installs?.known(key);
        const ownFirst = key !== undefined && installs !== undefined && (install || (known && known.problem === undefined));
        return (await atHand(ownFirst ? [first] : [first, last, root])) ?? own();
      },
    };
  };
}
