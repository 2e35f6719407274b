import { posix } from 'node:path';
import { findModule, profileGo } from './go.ts';
import type { Traced, Tracer } from './reached.ts';

/** `-coverprofile` of every package of the module. */
export function traceGo(request: Traced): Tracer | undefined {
  const { root, suite } = request;
  const profile = profileGo(request, './...');
  const module = profile && findModule(root, suite.cwd);
  if (!module) return undefined;
  const read: Tracer['read'] = () => {
    const ran = new Map<string, Set<number>>();
    for (const { file, from, ran: did } of profile.blocks()) {
      if (!did || !file.startsWith(`${module.name}/`)) continue;
      const path = posix.join(module.folder, file.slice(module.name.length + 1));
      ran.set(path, (ran.get(path) ?? new Set()).add(from));
    }
    return ran;
  };
  return { suite: profile.suite, read };
}
