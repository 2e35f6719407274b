import { join, posix } from 'node:path';
import { z } from 'zod';
import type { Runner } from '../suite/runner.ts';
import { type Measured, parseJson, textsIn, type Way } from './reached.ts';

const Position = z.object({ line: z.number() });
const File = z.object({
  path: z.string(),
  statementMap: z.record(z.string(), z.object({ start: Position })),
  s: z.record(z.string(), z.number()),
});
const Files = z.record(z.string(), File);

/** The runner's own coverage as JSON: jest brings it, vitest where a provider is installed. It goes through source maps. */
export function meterIstanbul({ suite, root, target, folder }: Measured, cover: NonNullable<Runner['cover']>): Way | undefined {
  const flags = cover({ folder: join(root, suite.cwd), include: `**/${posix.basename(target)}`, into: folder });
  if (!flags) return undefined;
  const read: Way['read'] = () => {
    const known = new Set<number>();
    const ran = new Set<number>();
    for (const left of textsIn(folder, '.json')) {
      const parsed = Files.safeParse(parseJson(left));
      for (const { path, statementMap, s } of parsed.success ? Object.values(parsed.data) : []) {
        if (!path.replaceAll('\\', '/').endsWith(`/${target}`)) continue;
        for (const [id, { start }] of Object.entries(statementMap)) {
          known.add(start.line);
          if ((s[id] ?? 0) > 0) ran.add(start.line);
        }
      }
    }
    return known.size === 0 ? undefined : { ran, known };
  };
  return { suite: { ...suite, argv: [...suite.argv, ...flags], measured: true }, read };
}
