import { expect, test } from 'vitest';
import { createTrialWatch, Overdue } from '../../../server/src/cli/attempt';

const watch = createTrialWatch();
const none = (): never => expect.fail('nothing is refused in a trial');

test('a trial gives what the work gives, and what it throws', () => {
  const file = { path: 'a.yaml', text: 'a: 1\n' };
  expect(watch.run(file, () => watch.run(file, () => 1, none) + 1, none)).toBe(2);
  expect(() => watch.run(file, () => expect.fail('of the work'), none)).toThrow('of the work');
});

test('work on a text of megabytes, which a trial is too short for, is not begun in one', () => {
  const begun = (): never => expect.fail('begun');
  expect(() => watch.run({ path: 'a.yaml', text: '# \n'.repeat(400_000) }, begun, none)).toThrow(Overdue);
});
