/**
 * A reporter of vitest that fails a run whose name pattern (`-t`) fits no test: vitest skips everything then, and ends green.
 * @returns {import('vitest/node').Reporter}
 */
export function nothingRun() {
  let pattern;
  return {
    onInit: vitest => {
      pattern = vitest.config.testNamePattern;
    },
    onTestRunEnd: modules => {
      if (!pattern) return;
      for (const { children } of modules)
        for (const test of children.allTests()) if (['passed', 'failed'].includes(test.result().state)) return;
      console.error(`\nNothing was run: no test's name fits ${String(pattern)}`);
      process.exitCode = 1;
    },
  };
}
