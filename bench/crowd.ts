import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crowd } from '../test/slow/crowd.ts';
import { layExample } from '../test/slow/example.ts';

/**
 * Crowds before one server, side by side with another build: node bench/run.mjs crowd [--other FOLDER]
 * refused: 6,000 requests without a token. served: 500 clients that connect, pack a context and go without a word.
 * visitors: 1,000 clients that connect and leave. Prints resident memory after each, and how many were turned away.
 */
export async function main(args: readonly string[]): Promise<void> {
  const other = args[args.indexOf('--other') + 1];
  const builds = [join(import.meta.dirname, '..', '..'), ...(args.includes('--other') && other ? [other] : [])];
  console.log('build | MB at rest | after 6,000 refused | after 500 served | after 1,000 visitors | turned away');
  for (const build of builds) {
    const folder = await mkdtemp(join(tmpdir(), 'glm-crowd-'));
    const root = join(folder, 'checkout');
    const gateway = await layExample(root);
    try {
      const { megabytes, turnedAway } = await crowd(build, folder, root, { refused: 6_000, served: 500, visitors: 1_000 });
      console.log([build, ...megabytes, turnedAway].join(' | '));
    } finally {
      await gateway.close();
      await rm(folder, { recursive: true, force: true });
    }
  }
}
