import { defineConfig } from 'vitest/config';

/** `npm run test:zoo`: real runners on real little repositories. One of a file at a time, because hangs are measured in seconds. */
export default defineConfig({
  test: { root: import.meta.dirname, include: ['*.test.ts'], testTimeout: 240_000, hookTimeout: 120_000, pool: 'forks', maxWorkers: 2 },
});
