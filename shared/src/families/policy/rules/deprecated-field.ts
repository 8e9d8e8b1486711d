import { defineRule } from '../../../rule/define-rule';
import type { Range } from '../../../text/range';
import { moveKey, removeNode, setValue, type YamlOperation } from '../../../yaml/operations';
import { rulesOf } from '../model/rules';
import { has, isLiteral, keyRange, mapAt, mapsAt, textAt, type MapSpot } from '../model/spots';
import type { PolicyView } from '../model/types';

/** Fields of `spec` that are going away, or have no effect any more. */
const specFields = [
  'validationFailureAction',
  'validationFailureActionOverrides',
  'failurePolicy',
  'webhookTimeoutSeconds',
  'generateExisting',
  'generateExistingOnPolicyUpdate',
  'mutateExistingOnPolicyUpdate',
  'schemaValidation',
];

/** Those of an item of `verifyImages`. */
const imageFields = ['image', 'key', 'roots', 'subject', 'issuer', 'annotations', 'additionalExtensions'];

interface Old {
  readonly name: string;
  readonly range: Range;
}

/** The fields of a policy that are going away, in order of place. */
function oldFields(policy: PolicyView): readonly Old[] {
  const of = (spot: MapSpot | null, keys: readonly string[]): Old[] =>
    keys.flatMap(name => {
      const range = keyRange(spot, name);
      return range ? [{ name, range }] : [];
    });
  const inRules = rulesOf(policy).flatMap(({ at }) => [
    ...mapsAt(at, 'verifyImages').flatMap(each => of(each, imageFields)),
    ...of(mapAt(at, 'match'), ['resources']).map(({ range }) => ({ name: 'match.resources', range })),
    ...of(mapAt(at, 'exclude'), ['resources']).map(({ range }) => ({ name: 'exclude.resources', range })),
  ]);
  return [...of(policy.spec, specFields), ...inRules].sort((a, b) => a.range.start - b.range.start);
}

/** Moves what has a new place; what has none, or where more than one reading is possible, stays. */
function move(policy: PolicyView): readonly YamlOperation[] {
  const { spec } = policy;
  if (!spec) return [];
  const found: YamlOperation[] = [];
  const action = textAt(spec, 'validationFailureAction');
  if (action && isLiteral(action) && /^(?:audit|enforce)$/i.test(action.text) && !has(spec, 'validationFailureActionOverrides')) {
    const word = /^enforce$/i.test(action.text) ? 'Enforce' : 'Audit';
    const parts = rulesOf(policy).flatMap(({ at }) => {
      const validate = mapAt(at, 'validate');
      return [
        ...(validate ? [{ part: validate, after: null }] : []),
        ...mapsAt(at, 'verifyImages').map(part => ({ part, after: 'imageReferences' })),
      ];
    });
    for (const { part, after } of parts)
      if (!has(part, 'failureAction')) found.push(setValue([...part.path, 'failureAction'], word, after));
    found.push(removeNode(action.path));
  }
  const to = [...spec.path, 'webhookConfiguration'];
  const configuration = mapAt(spec, 'webhookConfiguration');
  for (const [from, key] of [
    ['failurePolicy', 'failurePolicy'],
    ['webhookTimeoutSeconds', 'timeoutSeconds'],
  ] as const)
    if (has(spec, from) && !has(configuration, key)) found.push(moveKey([...spec.path, from], [...to, key]));
  if (has(spec, 'schemaValidation')) found.push(removeNode([...spec.path, 'schemaValidation']));
  return found;
}

export const rule = defineRule({
  id: 'policy/deprecated-field',
  title: 'Field that is going away',
  severity: 'info',
  category: 'correctness',
  profile: 'recommended',
  references: {
    cwe: ['CWE-477'],
    links: ['https://kyverno.io/docs/policy-types/cluster-policy/policy-settings/'],
  },
  messages: { old: { text: '{object} has fields that Kyverno is giving up: {fields}' } },
  fixes: { move: { title: 'Write it where Kyverno reads it from 1.13 on', class: 'review' } },
  assumptions: { version: 'Kyverno is 1.13 or newer' },
  on: {
    policy(policy, report) {
      const fields = policy.is === 'ClusterPolicy' ? oldFields(policy) : [];
      const [first] = fields;
      if (!first) return;
      const operations = move(policy);
      const fix = operations.length > 0 && report.fix('move', () => operations, { assumes: [{ id: 'version' }] });
      report(first.range, 'old', { fields: [...new Set(fields.map(({ name }) => name))].join(', ') }, fix);
    },
  },
});
