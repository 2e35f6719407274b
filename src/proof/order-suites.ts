import { z } from 'zod';
import type { Suite } from '../schema/run.ts';

const names = z.record(z.string(), z.unknown()).catch({});
const Package = z.object({ name: z.string().catch(''), dependencies: names, devDependencies: names, peerDependencies: names });

/**
 * Suites in the order in which a change can hurt: those of the packages that hold it, those of packages that depend on them, the rest.
 * `read` gives manifests by their path from the root.
 */
export function orderSuites(suites: readonly Suite[], changed: readonly string[], read: (path: string) => string | undefined): Suite[] {
  if (suites.length < 2) return [...suites];
  const folders = [...new Set(suites.map(({ cwd }) => cwd))];
  const owner = (path: string) => folders.filter((cwd) => cwd === '' || path.startsWith(`${cwd}/`)).sort((a, b) => b.length - a.length)[0];
  const depths = new Map<string, number>();
  for (const path of changed) {
    const folder = owner(path);
    if (folder !== undefined) depths.set(folder, 0);
  }
  const manifests = new Map(folders.map((cwd) => [cwd, manifestOf(cwd, read)]));
  for (let depth = 1, grew = true; grew; depth++) {
    grew = false;
    const hurt = [...depths.keys()].map((cwd) => manifests.get(cwd)?.name).filter(Boolean);
    for (const cwd of folders) {
      if (depths.has(cwd) || !manifests.get(cwd)?.uses.some((name) => hurt.includes(name))) continue;
      depths.set(cwd, depth);
      grew = true;
    }
  }
  const depthOf = ({ cwd }: Suite) => depths.get(cwd) ?? Number.MAX_SAFE_INTEGER;
  return [...suites].sort((a, b) => depthOf(a) - depthOf(b));
}

type Manifest = { readonly name: string; readonly uses: readonly string[] };

function manifestOf(cwd: string, read: (path: string) => string | undefined): Manifest {
  const at = (name: string) => read(cwd ? `${cwd}/${name}` : name);
  const found = Package.safeParse(parse(at('package.json'))).data;
  if (found) {
    const { name, dependencies, devDependencies, peerDependencies } = found;
    return { name, uses: Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies }) };
  }
  const text = at('go.mod') ?? at('pyproject.toml') ?? at('Cargo.toml') ?? '';
  const name = /^(?:module\s+|name\s*=\s*["'])([^\s"']+)/m.exec(text)?.[1] ?? '';
  return { name, uses: [...text.matchAll(/[\w@./-]{2,}/g)].map(([word]) => word).filter((word) => word !== name) };
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
