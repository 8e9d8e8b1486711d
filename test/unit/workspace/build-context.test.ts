import { describe, expect, test } from 'vitest';
import { isOtherContext } from '../../../shared/src/workspace/build-context';

describe('the context of a Dockerfile', () => {
  /** An index of files, all of which are known. */
  const index = (files: readonly string[], named: readonly string[] = []): Parameters<typeof isOtherContext>[3] => ({
    contextsOf: () => named,
    isAbsent: path => !files.some(file => file === path || file.startsWith(`${path}/`)),
  });
  const dockerfile = 'deploy/aio/Dockerfile';

  test('is not the folder that lacks what stands beside the Dockerfile', () => {
    expect(isOtherContext(dockerfile, '', ['dist/app.conf', 'start.sh'], index(['deploy/aio/start.sh']))).toBe(true);
    expect(isOtherContext(dockerfile, '', ['src', 'start.sh'], index(['deploy/aio/start.sh', 'start.sh', 'src/main.ts']))).toBe(false);
    // what is made before the build is nowhere
    expect(isOtherContext(dockerfile, '', ['dist/app.conf'], index([]))).toBe(false);
  });

  test('is the folder that builds name, whatever is missing there', () => {
    expect(isOtherContext(dockerfile, '', ['start.sh'], index(['deploy/aio/start.sh'], ['']))).toBe(false);
    expect(isOtherContext(dockerfile, '', [], index([], ['deploy/aio']))).toBe(true);
  });
});
