import { defineConfig } from 'vitest/config';
import { nothingRun } from './test/support/nothing-run.mjs';

/** Everything that runs in plain Node. Suites that need an editor have runners of their own: test/vscode/run.ts and test/ui/vitest.config.ts. */
export default defineConfig({
  test: {
    include: ['test/{unit,rules,lsp,cli,corpus,fuzz,syntaxes,package,registry}/**/*.test.ts'],
    reporters: ['default', nothingRun()],
    globalSetup: 'test/support/global-setup.ts',
    // for what never ends: a busy machine takes its time
    testTimeout: 120_000,
    hookTimeout: 240_000,
    // Two cores are the usual CI machine; more workers only lengthen the latencies that the server tests measure.
    maxWorkers: 2,
  },
});
