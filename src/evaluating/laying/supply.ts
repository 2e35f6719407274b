import { existsSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { removeTree } from '../../repo/leases.ts';
import type { Install } from './install.ts';
import { hasInstalled, linkInstalled } from './links.ts';

type Given = { readonly from: string } | { readonly problem: string };

/** The packages of one bug, one source after the other until its tests are green with the real fix. */
export type Supply = {
  /** Puts the next packages into the bug. Undefined: there are no more. `problem`: they cannot be had. */
  readonly next: () => Promise<Given | undefined>;
  /** The last ones are right: the bugs nearby try them first. */
  readonly worked: () => void;
  /** Where the last ones came from. */
  readonly from: () => string | undefined;
};

/** Where nothing has to be installed. */
const none = 'nothing';

/**
 * Where packages come from: those that were right for the last bug, the user's own, and an install of what the bug's manifests ask for. A
 * repository that installs nothing is tried once, as it is. `first`: what was right for this bug before.
 */
export function makeSupplies(root: string, install: Install | undefined) {
  let last: string | undefined;
  return (path: string, date: string, first?: string): Supply => {
    const tried = new Set<string>();
    let made: string[] = [];
    let from: string | undefined;
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
    const asked = async (): Promise<Given | undefined> => {
      if (tried.has(none)) return undefined;
      tried.add(none);
      const installed = await install?.(path, date);
      if (installed === undefined) return tried.size === 1 ? { from: none } : undefined;
      if (tried.has(installed.folder)) return undefined;
      if (installed.problem !== undefined) return { problem: installed.problem };
      return (await put(installed.folder)) ?? { problem: 'its packages were installed to no effect' };
    };
    return {
      from: () => from,
      worked: () => {
        last = from;
      },
      next: async () => {
        for (const source of [first, last, root]) {
          if (source === undefined || tried.has(source) || !existsSync(source) || !hasInstalled(source)) continue;
          const given = await put(source);
          if (given) return given;
        }
        return asked();
      },
    };
  };
}
