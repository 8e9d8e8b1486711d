import { spawn, spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { isInClosedNetwork } from '../../../server/src/prove/closed-network';

it('is none of the host, and none that is gone', () => {
  expect(isInClosedNetwork(process.pid)).toBe(false);
  expect(isInClosedNetwork(0)).toBe(false);
  expect(isInClosedNetwork(spawnSync(process.execPath, ['-e', '']).pid)).toBe(false);
});

const canUnshare = process.platform === 'linux' && spawnSync('unshare', ['--net', 'true']).status === 0;

it.skipIf(!canUnshare)('is one that a process has for itself', async () => {
  const child = spawn('unshare', ['--net', 'cat'], { stdio: ['pipe', 'pipe', 'ignore'] });
  try {
    // what comes back says that it has begun
    child.stdin.write('begun\n');
    await new Promise(resolve => child.stdout.once('data', resolve));
    expect(isInClosedNetwork(child.pid!)).toBe(true);
  } finally {
    child.kill();
  }
});
