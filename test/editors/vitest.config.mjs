import { defineConfig } from 'vitest/config';

/** Recipes of docs/editors.md in the editors that they are for; tools/test.mjs says which of them are there. */
export default defineConfig({
  test: { root: import.meta.dirname, include: ['*.test.ts'], testTimeout: 120_000, hookTimeout: 240_000, fileParallelism: false },
});
