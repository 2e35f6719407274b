import { join, relative, sep } from 'node:path';
import { z } from 'zod';
import { runProcess } from '../process/run.ts';
import { suiteEnvironment } from '../safety/sandbox/child-env.ts';
import type { Machine } from '../schema/deps.ts';
import type { Suite } from '../schema/run.ts';

/** Folders on the path of an interpreter, and packages that an editable install maps to a folder, as setuptools writes it. */
const probe = `import sys, json
maps = [getattr(m, "MAPPING", {}) for n, m in list(sys.modules.items()) if n.startswith("__editable__")]
print(json.dumps([[p for p in sys.path if p], [[k, str(v)] for m in maps for k, v in m.items()]]))`;
const Found = z.tuple([z.array(z.string()), z.array(z.tuple([z.string(), z.string()]))]);

type Request = { readonly root: string; readonly suite: Suite; readonly worktree: string };

/**
 * Folders of the worktree that have to be on PYTHONPATH because the user's interpreter finds the same folders of the user's tree: an
 * editable install and a .pth file name them by their full paths, and tests would prove the wrong tree.
 */
export async function editablePaths({ root, suite, worktree }: Request, deps: Pick<Machine, 'env' | 'signal'>): Promise<string[]> {
  const [python = ''] = suite.argv;
  if (!/(?:^|[/\\])python[\d.]*$/.test(python)) return [];
  const cwd = join(root, suite.cwd);
  const env = suiteEnvironment(deps.env, { mode: 'own', names: [] });
  const result = await runProcess({ argv: [python, '-c', probe], cwd, env, timeoutMs: 20_000, signal: deps.signal });
  const line = result.stdout.toString().trim().split('\n').at(-1) ?? '';
  const found = Found.safeParse(result.exitCode === 0 ? parse(line) : undefined).data;
  if (!found) return [];
  const [paths, packages] = found;
  const mapped = packages.flatMap(([name, place]) => parentOf(name, place));
  const inside = [...new Set([...paths, ...mapped])].map((path) => relative(root, path));
  return inside
    .filter(
      (path) =>
        path !== '..' && !path.startsWith(`..${sep}`) && !/(?:^|[/\\])(?:site-packages|dist-packages|node_modules)(?:[/\\]|$)/.test(path),
    )
    .filter((path) => !/(?:^|[/\\])lib[/\\]python[\d.]+(?:[/\\]|$)|\.zip$/.test(path))
    .map((path) => join(worktree, path));
}

/** The folder in which a package lies under its own name; a package that is stored under another one cannot be put on a path. */
function parentOf(name: string, place: string): string[] {
  const parts = place.replace(/\.py$/, '').split(/[/\\]/);
  const own = name.split('.');
  return own.every((part, at) => parts[parts.length - own.length + at] === part) ? [parts.slice(0, -own.length).join('/')] : [];
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
