import { expect, test } from 'vitest';
import { createWorkerWatch } from '../../../client/src/worker-watch';

test('a file that the server stays with for ten seconds is refused, once', () => {
  const named: string[] = [];
  const watch = createWorkerWatch(({ name }) => named.push(name));
  const ticks = (count: number): void => {
    for (let i = 0; i < count; i++) watch.tick();
  };
  ticks(20);
  watch.working({ key: 'a', name: 'a.yaml' });
  ticks(10);
  watch.working({ key: 'b', name: 'b.yaml' });
  ticks(10);
  watch.working(null);
  ticks(20);
  expect(named).toEqual([]);
  watch.working({ key: 'c', name: 'c.yaml' });
  ticks(30);
  expect(named).toEqual(['c.yaml']);
  expect(watch.refusals).toEqual([{ key: 'c', reason: 'timeout', limit: 10_000 }]);
});
