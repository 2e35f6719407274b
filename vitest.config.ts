import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// One seed on a desk, so that a red test stays red; another in every CI run. `FUZZ_SEED=7 npm test` tries that one again.
process.env.FUZZ_SEED ??= process.env.CI ? `${Date.now() % 1_000_000_000}` : '20260101';
console.log(`FUZZ_SEED=${process.env.FUZZ_SEED}`);

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/seed.ts'],
    exclude: ['test/zoo/**', 'test/fixtures/**', 'test/slow/**'],
    // Far beyond what a test takes: on a machine with a load of 40 each of them still ends.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    // Else a style sheet that is imported as text is empty, and a page is tried without its colours.
    css: true,
    pool: 'forks',
    // Most tests wait for processes of their own: as many workers as cores would leave a small machine half idle.
    maxWorkers: availableParallelism() + 1,
    // A worker loads the modules once, not once per file: a quarter of the time. Modules hold no state that a test may lean on.
    isolate: false,
  },
});
