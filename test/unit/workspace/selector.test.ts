import { describe, expect, it } from 'vitest';
import { fc } from '../../support/property';
import { readCalicoSelector } from '../../../shared/src/workspace/calico-selector';
import {
  keyRequirement,
  matches,
  printSelector,
  readLabelMap,
  readLabels,
  readLabelSelector,
  type LabelSelector,
  type Labels,
  type Match,
  type Operator,
} from '../../../shared/src/workspace/selector';
import { createTable, candidates, labelKeys, labelled, selectorKeys } from '../../../shared/src/workspace/tables';
import { parseDocument } from '../../../shared/src/syntax/yaml/parse';

const labels = (values: Record<string, string | null>, open = false): Labels => ({ values, open });
const select = (yaml: string): LabelSelector => {
  const document = parseDocument(yaml);
  return readLabelSelector(document, document.root)!;
};

describe('a label selector', () => {
  it.each<[string, Record<string, string>, Match]>([
    ['{}', {}, 'yes'],
    ['{}', { app: 'web' }, 'yes'],
    ['matchLabels: {app: web}', { app: 'web', tier: 'a' }, 'yes'],
    ['matchLabels: {app: web}', { app: 'api' }, 'no'],
    ['matchLabels: {app: web}', {}, 'no'],
    ['matchLabels: {app: web, tier: a}', { app: 'web' }, 'no'],
    ['matchLabels: {version: 1.20}', { version: '1.20' }, 'yes'],
    ['matchExpressions: [{key: app, operator: In, values: [web, api]}]', { app: 'api' }, 'yes'],
    ['matchExpressions: [{key: app, operator: In, values: [web, api]}]', { app: 'db' }, 'no'],
    ['matchExpressions: [{key: app, operator: In, values: [web, api]}]', {}, 'no'],
    ['matchExpressions: [{key: app, operator: NotIn, values: [web]}]', { app: 'web' }, 'no'],
    ['matchExpressions: [{key: app, operator: NotIn, values: [web]}]', { app: 'api' }, 'yes'],
    ['matchExpressions: [{key: app, operator: NotIn, values: [web]}]', {}, 'yes'],
    ['matchExpressions: [{key: app, operator: Exists}]', { app: 'x' }, 'yes'],
    ['matchExpressions: [{key: app, operator: Exists}]', { other: 'x' }, 'no'],
    ['matchExpressions: [{key: app, operator: DoesNotExist}]', { app: 'x' }, 'no'],
    ['matchExpressions: [{key: app, operator: DoesNotExist}]', {}, 'yes'],
    ['{matchLabels: {app: web}, matchExpressions: [{key: tier, operator: Exists}]}', { app: 'web' }, 'no'],
    ['{matchLabels: {app: web}, matchExpressions: [{key: tier, operator: Exists}]}', { app: 'web', tier: '' }, 'yes'],
    ['matchExpressions: [{key: app, operator: in, values: [web]}]', { app: 'web' }, 'maybe'],
    ['matchLabels: {statefulset.kubernetes.io/pod-name: web-0}', { app: 'web' }, 'maybe'],
    ['{matchLabels: {job-name: a, app: web}}', { app: 'api' }, 'no'],
    ['matchExpressions: nonsense', { app: 'web' }, 'yes'],
    ['matchLabels: {app: "{{ .Values.app }}"}', { app: 'web' }, 'maybe'],
    ['matchLabels: {app: "{{ .Values.app }}", tier: a}', { app: 'web', tier: 'b' }, 'no'],
  ])('%s of %j: %s', (yaml, values, expected) => expect(matches(select(yaml), labels(values))).toBe(expected));

  it.each<[string, Labels, Match]>([
    ['matchLabels: {app: web}', labels({}, true), 'maybe'],
    ['matchLabels: {app: web}', labels({ app: 'api' }, true), 'no'],
    ['matchLabels: {app: web}', labels({ app: null }), 'maybe'],
    ['matchExpressions: [{key: app, operator: Exists}]', labels({ app: null }), 'yes'],
    ['matchExpressions: [{key: app, operator: DoesNotExist}]', labels({}, true), 'maybe'],
    ['matchLabels: {statefulset.kubernetes.io/pod-name: web-0}', { ...labels({}), of: { kind: 'StatefulSet', name: 'web' } }, 'maybe'],
    ['matchLabels: {statefulset.kubernetes.io/pod-name: a-web-b-0}', { ...labels({}), of: { kind: 'StatefulSet', name: 'web' } }, 'maybe'],
    ['matchLabels: {statefulset.kubernetes.io/pod-name: web-0}', { ...labels({}), of: { kind: 'StatefulSet', name: null } }, 'maybe'],
    ['matchLabels: {statefulset.kubernetes.io/pod-name: web-0}', { ...labels({}), of: { kind: 'StatefulSet', name: 'db' } }, 'no'],
    ['matchLabels: {statefulset.kubernetes.io/pod-name: web-0}', { ...labels({}), of: { kind: 'Deployment', name: 'web' } }, 'no'],
    ['matchLabels: {job-name: web-0}', { ...labels({}), of: { kind: 'Job', name: 'web' } }, 'maybe'],
  ])('%s of labels that are not all known', (yaml, of, expected) => expect(matches(select(yaml), of)).toBe(expected));

  it('is none where there is no map', () => {
    const document = parseDocument('x');
    expect(readLabelSelector(document, document.root)).toBeNull();
    expect(readLabelSelector(document, null)).toBeNull();
  });

  it('reads the plain map of a Service', () => {
    const document = parseDocument('{app: web, on: yes}');
    expect(printSelector(readLabelMap(document, document.root))).toBe('app=web,on=yes');
    expect(readLabels(document, document.root)).toEqual(labels({ app: 'web', on: 'yes' }));
  });

  it('prints as on a command line', () => {
    const selector = select(
      '{matchLabels: {a: b}, matchExpressions: [{key: c, operator: NotIn, values: [d, e]}, {key: f, operator: DoesNotExist}]}',
    );
    expect(printSelector(selector)).toBe('a=b,c notin (d,e),!f');
    expect(keyRequirement(selector)).toEqual({ key: 'a', operator: 'In', values: ['b'] });
  });
});

describe('a selector of Calico', () => {
  it.each([
    ['all()', '', false],
    ["app == 'web'", 'app=web', false],
    ['app == "web" && has(tier)', 'app=web,tier', false],
    ["!has(tier) && color != 'red'", '!tier,color notin (red)', false],
    ["role in { 'a', 'b' }", 'role in (a,b)', false],
    ["role not in {'a'}", 'role notin (a)', false],
    ["app == 'web' || app == 'api'", '', true],
    ["app starts with 'w'", '', true],
  ])('%s', (text, printed, partial) => {
    const selector = readCalicoSelector(text);
    expect([printSelector(selector), selector.partial]).toEqual([printed, partial]);
  });
});

const word = fc.constantFrom('a', 'b', 'c');
const anyLabels = fc.record({
  values: fc.dictionary(word, fc.option(word, { freq: 5 })),
  open: fc.boolean(),
});
const anySelector: fc.Arbitrary<LabelSelector> = fc.record({
  requirements: fc.array(
    fc.record({
      key: word,
      operator: fc.constantFrom<Operator>('In', 'NotIn', 'Exists', 'DoesNotExist'),
      values: fc.array(word, { minLength: 1, maxLength: 3 }),
    }),
    { maxLength: 3 },
  ),
  partial: fc.boolean(),
});

it('look-ups by label find all that matches', () => {
  fc.assert(
    fc.property(fc.array(anySelector, { maxLength: 6 }), fc.array(anyLabels, { maxLength: 6 }), (selectors, pods) => {
      const place = { path: 'a.yaml', range: { start: 0, end: 0 } };
      const selecting = selectors.map(selector => ({ ...place, selector }));
      const labelling = pods.map(own => ({ ...place, labels: own }));
      const bySelector = createTable<(typeof selecting)[number]>();
      const byLabel = createTable<(typeof labelling)[number]>();
      for (const fact of selecting) for (const key of selectorKeys(fact.selector)) bySelector.add(key, fact);
      for (const fact of labelling) for (const key of labelKeys(fact.labels)) byLabel.add(key, fact);
      for (const pod of labelling) {
        const found = new Set(candidates(bySelector, () => selecting, pod.labels));
        for (const fact of selecting) if (matches(fact.selector, pod.labels) !== 'no') expect(found.has(fact)).toBe(true);
      }
      for (const { selector } of selecting) {
        const found = new Set(labelled(byLabel, selector));
        for (const fact of labelling) if (matches(selector, fact.labels) !== 'no') expect(found.has(fact)).toBe(true);
      }
    }),
  );
});
