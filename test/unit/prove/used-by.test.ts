import { expect, it } from 'vitest';
import { createCancellation } from '../../../shared/src/base/ports/cancellation';
import type { EngineTool } from '../../../server/src/prove/engine';
import { usedBy } from '../../../server/src/prove/server-trials';

const session = { tool: { name: 'podman' } as EngineTool };

it.each([
  [true, 0],
  [false, 1],
])('a person who says that it works, or not (%s), ends the use of a start with %s', async (answer, code) => {
  const shells: string[] = [];
  const use = (shell: string): Promise<boolean> => Promise.resolve((shells.push(shell), answer));
  expect(await usedBy(session, { use, cancellation: createCancellation() })('bulkhead-00-s1-c0')).toBe(code);
  expect(shells).toEqual(['podman exec -it bulkhead-00-s1-c0 sh']);
});

it('a trial that is cancelled waits for nobody', async () => {
  const cancellation = createCancellation();
  const used = usedBy(session, { use: () => new Promise(() => undefined), cancellation })('bulkhead-00-s1-c0');
  cancellation.cancel();
  expect(await used).toBe(1);
});
