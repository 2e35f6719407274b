import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/seed.ts'],
    exclude: ['test/zoo/**', 'test/fixtures/**', 'test/slow/**'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: 'forks',
    // Most tests wait for processes of their own: one worker would leave half of a small machine idle.
    maxWorkers: 2,
  },
});
