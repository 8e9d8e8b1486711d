import { expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/generated/index';
import { hostileInputs } from '../../fuzz/hostile/index';
import { plainContext } from '../../../tools/lint-context';

test('harden looks for the fixes that do not hold, up to a bound in text', () => {
  const { path, text } = hostileInputs.find(({ name }) => name === 'shape: ours: rules of one annotation')!;
  const { log } = createEngine(rules).open({ path, text }).harden(plainContext('strict'));
  expect(log.join('\n')).toContain('too many fixes of this file would have to be tried one by one');
}, 120_000);
