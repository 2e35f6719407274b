#!/usr/bin/env node
import { version } from './version.ts';

const [verb, ...words] = process.argv.slice(2);
// The server is the one start that has to be fast: it loads nothing of the CLI.
if (verb === 'serve' && words.length === 0) {
  const { serve } = await import('./mcp/serve.ts');
  await serve(undefined);
} else {
  const { main } = await import('./cli/main.ts');
  const serve = async (baseUrl: string | undefined) => (await import('./mcp/serve.ts')).serve(baseUrl);
  process.exitCode = await main(verb, words, { version, serve });
}
