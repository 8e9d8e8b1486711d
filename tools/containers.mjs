#!/usr/bin/env node
// `npm run containers [-- --ci | SERVICE...]`: builds the command line, and starts the services of test/containers before and after harden.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { checkNode, ensureContainerPackages, ensureDependencies, root, run } from './setup.mjs';

checkNode();
ensureDependencies();
const missing = ensureContainerPackages();
const reason =
  process.platform !== 'linux' || process.getuid?.() !== 0
    ? 'they need root on Linux'
    : missing.length > 0
      ? `they need apt-get install ${missing.join(' ')}`
      : existsSync('/etc/debian_version')
        ? null
        : 'their images are made of the packages of Debian';
if (reason !== null) {
  console.log(`skipped: services in real containers: ${reason}`);
  console.log('0 passed, 0 failed, 1 skipped');
} else if (run(process.execPath, ['tools/build.mjs'])) {
  // no wrapper in between: it would kill the runner before that has cleaned up
  const runner = ['--import', 'tsx', 'test/containers/run.ts', ...process.argv.slice(2)];
  const { status } = spawnSync(process.execPath, runner, { cwd: root, stdio: 'inherit' });
  process.exitCode = status ?? 1;
} else process.exitCode = 1;
