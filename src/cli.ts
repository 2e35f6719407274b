#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { folders, readEnvironment, takeSecrets } from './config.ts';
import { asProblem, GlmError } from './errors.ts';
import { version } from './version.ts';

/**
 * A pack is made in a second or two, and to optimize what runs would take a third of that: only the hottest loops are optimized, and plainly.
 * By the engine's version (of Node 20, 22 and 24), because an unknown flag is complained about on stderr.
 */
const brief: Readonly<Record<string, readonly string[]>> = {
  '11': ['--interrupt-budget=600000', '--max-inlined-bytecode-size=0'],
  '12': ['--max-inlined-bytecode-size=0'],
  '13': ['--max-inlined-bytecode-size=0', '--invocation-count-for-turbofan=20000'],
};

takeSecrets();
// Parts of us are loaded when they are needed; where that fails it is for want of files or memory, which is no bug.
process.once('uncaughtException', (error) => {
  const problem = asProblem(error);
  const known = problem instanceof GlmError;
  process.stderr.write(known ? `${problem.code}: ${problem.message}\n${problem.hint ?? ''}\n` : `${error.stack ?? error}\n`);
  process.exit(known ? 2 : 70);
});
const [verb, ...words] = process.argv.slice(2);

/** Keeps what the engine compiled, where Node can (22 and up). Code that was compiled under other flags would be thrown away each time. */
function keepCompiled(flags: string): void {
  const enable = 'enableCompileCache' in module ? module.enableCompileCache : undefined;
  if (typeof enable === 'function') enable(join(folders(readEnvironment()).cache, 'compiled', flags));
}

// The server is the one start that has to be fast: it loads nothing of the CLI. It may wait for days, so it starts in little memory.
if (verb === 'serve' && words.length === 0) {
  setFlagsFromString('--optimize-for-size');
  keepCompiled('small');
  const { serve } = await import('./mcp/serve.ts');
  await serve(undefined);
} else if (verb === 'keep-replies') {
  // Of no use to people: a worker starts it.
  const { keepReplies } = await import('./fleet/reply-keeper.ts');
  await keepReplies(process.stdin, process.stdout);
  process.exit(0);
} else {
  const flags = (verb === 'context' && brief[process.versions.v8.split('.')[0] ?? '']) || [];
  for (const flag of flags) setFlagsFromString(flag);
  keepCompiled(flags.length > 0 ? 'brief' : 'plain');
  const started = Date.now();
  // Its name and the names in it hold digests of all that is loaded from here.
  const code = verb === 'context' ? readFileSync(fileURLToPath(import.meta.url), 'utf8') : '';
  const asked = { words, code, env: readEnvironment() };
  const again = verb === 'context' ? await import('./cli/again.ts') : undefined;
  const before = await again?.answerAgain(asked);
  if (before !== undefined) {
    process.stdout.on('error', () => {});
    await new Promise<void>((resolve) => process.stdout.write(before, () => resolve()));
    process.exit(0);
  }
  const { main } = await import('./cli/main.ts');
  const exitCode = await main(verb, words, {
    version,
    keep: again && ((on) => again.keepAnswer(asked, { ...on, started })),
    serve: async (baseUrl, input, signal) => {
      if (input.http) await (await import('./mcp/http.ts')).openHttp(baseUrl, input, signal);
      else await (await import('./mcp/serve.ts')).serve(baseUrl);
    },
  });
  // Everything is written by now; what an open pipe of ours still waits for is of no interest.
  process.exit(exitCode);
}
