#!/usr/bin/env node
import { version } from './version.ts';

const [verb, ...words] = process.argv.slice(2);
// The server is the one start that has to be fast: it loads nothing of the CLI. It may wait for days, so it starts in little memory.
if (verb === 'serve' && words.length === 0) {
  const { setFlagsFromString } = await import('node:v8');
  setFlagsFromString('--optimize-for-size');
  const { serve } = await import('./mcp/serve.ts');
  await serve(undefined);
} else {
  const { main } = await import('./cli/main.ts');
  const exitCode = await main(verb, words, {
    version,
    serve: async (baseUrl, input, signal) => {
      if (input.http) await (await import('./mcp/http.ts')).openHttp(baseUrl, input, signal);
      else await (await import('./mcp/serve.ts')).serve(baseUrl);
    },
  });
  // Everything is written by now; what an open pipe of ours still waits for is of no interest.
  process.exit(exitCode);
}
