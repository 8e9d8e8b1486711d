import * as vscode from 'vscode';

/**
 * Runs the suites in the web extension host. Kept CommonJS: Mocha's browser build assigns to the free `module`, so that the exports of this
 * file must be set after it has run.
 */

interface BrowserMocha {
  setup(options: { ui: 'bdd'; reporter: 'spec'; color: boolean; timeout: number }): void;
  run(done: (failures: number) => void): {
    stats?: { passes: number; failures: number; pending: number };
    on(event: 'fail', listener: (test: { fullTitle(): string }, error: Error) => void): void;
  };
}

// eslint-disable-next-line @typescript-eslint/no-require-imports
require('mocha/mocha.js');

function run(): Promise<void> {
  const mocha = (globalThis as unknown as { mocha: BrowserMocha }).mocha;
  mocha.setup({ ui: 'bdd', reporter: 'spec', color: false, timeout: 120_000 });
  /* eslint-disable @typescript-eslint/no-require-imports */
  require('./suites/first-use.test');
  require('./suites/smoke.test');
  require('./suites/diagnostics.test');
  require('./suites/fixes.test');
  require('./suites/harden.test');
  require('./suites/configuration.test');
  require('./suites/commands.test');
  require('./suites/check-workspace.test');
  require('./suites/convert.test');
  require('./suites/posture.test');
  require('./suites/policies.test');
  /* eslint-enable @typescript-eslint/no-require-imports */
  return new Promise((resolve, reject) => {
    const named: string[] = [];
    const runner = mocha.run(failures => {
      const { passes = 0, pending = 0 } = runner.stats ?? {};
      // The runner's console is the only way out of this host.
      console.log(
        `counts of ${vscode.version}: ${JSON.stringify({ passed: passes, failed: failures, skipped: pending, failures: named })}`,
      );
      if (failures > 0) reject(new Error(`${failures} failed`));
      else resolve();
    });
    runner.on('fail', (test, error) => named.push(`${test.fullTitle()}: ${error.message}`));
  });
}

module.exports = { run };
