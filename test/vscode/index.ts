import * as fs from 'node:fs';
import * as path from 'node:path';

/** Runs in the extension host: the suites that BULKHEAD_SUITES names, their counts into the file that BULKHEAD_COUNTS names. */
export async function run(): Promise<void> {
  const { default: Mocha } = await import('mocha');
  const mocha = new Mocha({ ui: 'bdd', color: false, timeout: 120_000, failZero: true });
  const only = process.env['BULKHEAD_GREP'];
  if (only !== undefined) mocha.grep(only);
  for (const name of (process.env['BULKHEAD_SUITES'] ?? '').split(',')) mocha.addFile(path.join(__dirname, `suites/${name}.test.js`));
  const failed: string[] = [];
  const counts = await new Promise<Mocha.Stats | undefined>(resolve => {
    const runner = mocha.run(() => resolve(runner.stats));
    runner.on('fail', (test, error: Error) => failed.push(`${test.fullTitle()}: ${error.message}`));
  });
  const { passes = 0, failures = 1, pending = 0 } = counts ?? {};
  const file = process.env['BULKHEAD_COUNTS'];
  if (file !== undefined) fs.writeFileSync(file, JSON.stringify({ passed: passes, failed: failures, skipped: pending, failures: failed }));
  if (failures > 0) throw new Error(`${failures} failed`);
}
