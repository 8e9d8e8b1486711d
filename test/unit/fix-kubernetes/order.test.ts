import { expect, test } from 'vitest';
import { inNaturalOrder } from '../../../shared/src/fix/kubernetes/order';
import type { YamlOperation } from '../../../shared/src/fix/types';
import { parseQuantity } from '../../../shared/src/model/kubernetes/quantity';

const set = (...path: (string | number)[]): YamlOperation => ({ type: 'yaml.set', path, value: true });
const paths = (operations: readonly YamlOperation[]): string[] => operations.map(o => ('path' in o ? o.path.join('/') : o.type));

test('keys come in natural order, parents first, the rest as it was', () => {
  const operations = [
    set('containers', 0, 'securityContext', 'capabilities'),
    set('containers', 0, 'zeta'),
    set('containers', 0, 'securityContext', 'allowPrivilegeEscalation'),
    set('containers', 0, 'alpha'),
    set('securityContext', 'seccompProfile'),
    set('securityContext', 'runAsUser'),
    set('securityContext'),
    { type: 'yaml.remove', path: ['a'] } as const,
  ];
  expect(paths(inNaturalOrder(operations))).toEqual([
    'securityContext',
    'securityContext/runAsUser',
    'securityContext/seccompProfile',
    'containers/0/securityContext/allowPrivilegeEscalation',
    'containers/0/securityContext/capabilities',
    'containers/0/zeta',
    'containers/0/alpha',
    'a',
  ]);
});

test.each([
  ['256Mi', 256 * 2 ** 20],
  ['0.5', 0.5],
  ['250m', 0.25],
  ['1e3', 1000],
  ['2E', 2e18],
  ['1.5Gi', 1.5 * 2 ** 30],
  ['', null],
  ['10MB', null],
  ['${SIZE}', null],
])('quantity %s', (text, value) => expect(parseQuantity(text)).toBe(value));
