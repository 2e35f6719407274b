import { realpathSync } from 'node:fs';
import { type Traced, type Tracer, textsIn } from './reached.ts';
import { addSitecustomize } from './sitecustomize.ts';

export function tracePython({ suite, root, folder }: Traced): Tracer {
  const read: Tracer['read'] = () => {
    const left = textsIn(folder, '.lines');
    // Half of what ran would say of the rest that it did not.
    if (left.some((text) => /^lost$/m.test(text))) return undefined;
    const ran = new Map<string, Set<number>>();
    for (const [, line, path = ''] of left.flatMap((text) => [...text.matchAll(/^(\d+)\t(.+)$/gm)])) {
      const lines = ran.get(path) ?? new Set();
      ran.set(path, lines);
      if (line !== '0') lines.add(Number(line));
    }
    return ran;
  };
  return { suite: addSitecustomize(suite, { folder, place: realpathSync(root), measure: 'functions' }), read };
}
