import { join, posix } from 'node:path';
import { isCode, type Measured, textsIn, type Way } from './reached.ts';

const block = /^.*\/([^/]+\.go):(\d+)\.\d+,(\d+)\.\d+ \d+ (\d+)$/;

/** `-coverprofile` of the target's package, whichever package tests it; given in GOFLAGS, which every `go test` reads. */
export function meterGo({ suite, target, folder, env }: Measured): Way | undefined {
  const inside = suite.cwd === '' ? target : target.startsWith(`${suite.cwd}/`) ? target.slice(suite.cwd.length + 1) : undefined;
  if (inside === undefined || /\s/.test(folder + inside)) return undefined;
  const profile = join(folder, 'go.out');
  const name = posix.basename(target);
  const read: Way['read'] = (text) => {
    const rows = text.split('\n');
    const known = new Set<number>();
    const ran = new Set<number>();
    for (const line of textsIn(folder, 'go.out').flatMap((left) => left.split('\n'))) {
      const [, file, from, to, count] = block.exec(line) ?? [];
      if (file !== name) continue;
      for (let at = Number(from); at <= Number(to); at++) {
        if (!isCode(rows[at - 1] ?? '')) continue;
        known.add(at);
        if (count !== '0') ran.add(at);
      }
    }
    return known.size === 0 ? undefined : { ran, known };
  };
  const flags = `-coverprofile=${profile} -coverpkg=./${posix.dirname(inside)}`;
  return { suite, env: { GOFLAGS: env.GOFLAGS ? `${env.GOFLAGS} ${flags}` : flags }, read };
}
