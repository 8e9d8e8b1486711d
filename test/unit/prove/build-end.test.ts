import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { createCancellation } from '../../../shared/src/base/ports/cancellation';
import { endBuild } from '../../../server/src/prove/build-end';
import { runProcess } from '../../../server/src/host/node/process/run-process';

test.skipIf(process.platform !== 'linux')('a build that is cancelled ends what it runs, and tidies up itself', async () => {
  const cancellation = createCancellation();
  // a helper that has to end by itself, a step that starts something itself, and what a client does once a step has failed
  const script = "sleep 0.5 || exit 4; setsid --wait sh -c 'sleep 600 & wait' || echo removed; exit 3";
  const ended = runProcess({
    path: '/bin/sh',
    args: ['-c', script],
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'] },
    timeoutMs: 30_000,
    maxBytes: 1 << 20,
    cancellation,
    running: { started: () => undefined, ended: () => undefined },
    endKindly: endBuild,
  });
  cancellation.cancel();
  expect(await ended).toMatchObject({ how: 'cancelled', code: 3, signal: null });
});
