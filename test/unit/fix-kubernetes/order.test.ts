import type { YamlOperation } from '../../../shared/src/syntax/yaml/operations';
import { expect, test } from 'vitest';
import { inNaturalOrder, naturalPlace } from '../../../shared/src/families/kubernetes/fix/order';
import { parseDocument } from '../../../shared/src/syntax/yaml/parse';
import { parseQuantity } from '../../../shared/src/families/kubernetes/model/quantity';

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

test('moved keys come in natural order among those that are set', () => {
  const move = (...to: (string | number)[]): YamlOperation => ({ type: 'yaml.move', from: ['x'], to });
  const operations = [set('c', 'runAsUser'), move('c', 'capabilities'), move('c', 'privileged')];
  expect(inNaturalOrder(operations)).toEqual([operations[2], operations[0], operations[1]]);
});

test.each<[string, string, string | null | undefined]>([
  ['{name: a, image: b, env: []}', 'imagePullPolicy', 'image'],
  ['{name: a, env: []}', 'imagePullPolicy', undefined],
  ['{volumes: [], containers: []}', 'securityContext', 'volumes'],
  ['{containers: []}', 'securityContext', null],
  ['{selector: {}, template: {}}', 'replicas', null],
  ['{runAsUser: 1}', 'capabilities', undefined],
  ['{containers: []}', 'colour', undefined],
])('in %s the place of %s is behind %s', (text, name, place) => {
  const { root } = parseDocument(text);
  expect(root?.kind === 'map' ? naturalPlace(root, name) : undefined).toBe(place);
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
