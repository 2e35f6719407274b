import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** What takes minutes: the packed package, kills at every stage, many servers, hostile repositories. Run by `npm run test:slow`. */
export default defineConfig({
  test: {
    include: ['test/slow/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Else a style sheet that is imported as text is empty, and a page is tried without its colours.
    css: true,
    pool: 'forks',
    // They wait for processes of their own most of the time.
    maxWorkers: availableParallelism() + 1,
  },
});
