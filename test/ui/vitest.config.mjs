import { defineConfig } from 'vitest/config';

/** The one suite that drives a whole workbench: slow, so that `npm run unit` leaves it out. Needs dist/bulkhead.vsix. */
export default defineConfig({
  test: { root: import.meta.dirname, include: ['*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000, fileParallelism: false },
});
