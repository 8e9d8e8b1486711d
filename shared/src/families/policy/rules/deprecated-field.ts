import { defineRule, noFix } from '../../../rule/define-rule';
import type { Range } from '../../../base/text/range';
import type { MaybeNode } from '../../../syntax/yaml/lookup';
import type { Path } from '../../../syntax/yaml/types';
import { mapOf, sequenceOf } from '../../../syntax/yaml/values';
import { moveKey, removeNode, setValue, type YamlOperation } from '../../../syntax/yaml/operations';
import { rulesOf } from '../model/rules';
import { has, isLiteral, keyRange, mapAt, mapsAt, textAt, type MapSpot, type TextSpot } from '../model/spots';
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

/** Operators of conditions that others have taken the place of, `AnyIn` and `AllNotIn` among them. */
const operators = new Set(['In', 'NotIn']);

/** Where conditions stand; selectors of labels have operators of the same names. */
const conditions = new Set(['preconditions', 'conditions', 'deny']);

function oldOperators(rule: MapSpot): readonly TextSpot[] {
  const found: TextSpot[] = [];
  const visit = (node: MaybeNode, path: Path, inside: boolean, depth: number): void => {
    if (depth > deepest) return;
    const map = mapOf(node);
    const operator = map && inside ? textAt({ map, path }, 'operator') : null;
    if (operator && operators.has(operator.text)) found.push(operator);
    for (const { name, value } of map?.entries ?? []) visit(value, [...path, name], inside || conditions.has(name), depth + 1);
    sequenceOf(node)?.items.forEach((item, index) => visit(item, [...path, index], inside, depth + 1));
  };
  for (const key of ['preconditions', 'validate', 'mutate', 'verifyImages'])
    visit(rule.map.get(key), [...rule.path, key], key === 'preconditions', 0);
  return found;
}

/** Patterns nest deeper than conditions ever do. */
const deepest = 12;

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
    ...oldOperators(at).map(({ range, text }) => ({ name: `operator ${text}`, range })),
  ]);
  return [...of(policy.spec, specFields), ...inRules].sort((a, b) => a.range.start - b.range.start);
}

/** The parts of rules that have an action of their own, and the key that it stands behind. */
function partsOf(policy: PolicyView): readonly { readonly part: MapSpot; readonly after: string | null }[] {
  return rulesOf(policy).flatMap(({ at }) => {
    const validate = mapAt(at, 'validate');
    return [
      ...(validate ? [{ part: validate, after: null }] : []),
      ...mapsAt(at, 'verifyImages').map(part => ({ part, after: 'imageReferences' })),
    ];
  });
}

/** The action of the whole, and where it is another, which go into the parts of rules. */
function moveAction(policy: PolicyView, spec: MapSpot): readonly YamlOperation[] {
  const action = textAt(spec, 'validationFailureAction');
  const overrides = 'validationFailureActionOverrides';
  const parts = partsOf(policy);
  const [only] = parts;
  const movesOverrides = parts.length === 1 && !has(only!.part, 'failureActionOverrides');
  const isKnown = !action || (isLiteral(action) && /^(?:audit|enforce)$/i.test(action.text));
  // exceptions for namespaces are written once: in several parts they would have to be repeated
  if (!isKnown || (has(spec, overrides) && !movesOverrides)) return [];
  const word = action && /^enforce$/i.test(action.text) ? 'Enforce' : 'Audit';
  const own = action ? parts.filter(({ part }) => !has(part, 'failureAction')) : [];
  return [
    ...own.map(({ part, after }) => setValue([...part.path, 'failureAction'], word, after)),
    ...(action ? [removeNode(action.path)] : []),
    ...(has(spec, overrides)
      ? [moveKey([...spec.path, overrides], [...only!.part.path, 'failureActionOverrides'], action ? 'failureAction' : only!.after)]
      : []),
  ];
}

/** Fields of `spec` with a new place in the only rule that has the part which they are about. */
const ofRules = [
  ['mutateExistingOnPolicyUpdate', 'mutate', 'mutateExistingOnPolicyUpdate'],
  ['generateExisting', 'generate', 'generateExisting'],
  ['generateExistingOnPolicyUpdate', 'generate', 'generateExisting'],
] as const;

const ofWebhook = [
  ['failurePolicy', 'failurePolicy'],
  ['webhookTimeoutSeconds', 'timeoutSeconds'],
] as const;

/** Moves what has a new place; what has none, or where more than one reading is possible, stays. */
function move(policy: PolicyView): readonly YamlOperation[] {
  const { spec } = policy;
  if (!spec) return [];
  const found: YamlOperation[] = [...moveAction(policy, spec)];
  const to = [...spec.path, 'webhookConfiguration'];
  const configuration = mapAt(spec, 'webhookConfiguration');
  for (const [from, key] of ofWebhook)
    if (has(spec, from) && !has(configuration, key)) found.push(moveKey([...spec.path, from], [...to, key]));
  for (const [from, part, key] of ofRules) {
    const parts = rulesOf(policy).flatMap(({ at }) => mapAt(at, part) ?? []);
    if (has(spec, from) && parts.length === 1 && !has(parts[0]!, key))
      found.push(moveKey([...spec.path, from], [...parts[0]!.path, key], null));
  }
  if (has(spec, 'schemaValidation')) found.push(removeNode([...spec.path, 'schemaValidation']));
  return found;
}

/** Whether the images of the workspace say that its Kyverno reads the new fields; unknown where none is here, as where a chart brings it. */
function isNew(images: readonly string[]): boolean {
  const versions = images.flatMap(image => /\bkyverno\/kyverno:v?1\.(\d{1,3})\b/.exec(image)?.[1] ?? []);
  return versions.length > 0 && versions.every(minor => Number(minor) >= 13);
}

export const rule = defineRule({
  id: 'policy/deprecated-field',
  title: 'Deprecated policy field',
  severity: 'info',
  category: 'correctness',
  profile: 'recommended',
  references: {
    cwe: ['CWE-477'],
    links: ['https://kyverno.io/docs/policy-types/cluster-policy/policy-settings/'],
  },
  messages: { old: { text: '{object} has fields that Kyverno is phasing out: {fields}' } },
  fixes: { move: { title: 'Move the field to where Kyverno 1.13 and later expect it', class: 'attended' } },
  assumptions: { version: 'The cluster runs Kyverno 1.13 or later' },
  on: {
    policy(policy, report, { workspace, path }) {
      const fields = policy.is === 'ClusterPolicy' ? oldFields(policy) : [];
      const [first] = fields;
      if (!first) return;
      const operations = move(policy);
      // a patch of the old field finds nothing to replace in the new place
      const isPatched = specFields.some(name => has(policy.spec, name) && workspace.fillsIn(path, policy, `spec.${name}`, true));
      const fix = isPatched
        ? noFix('convention')
        : operations.length > 0 &&
          report.fix('move', () => operations, { assumes: [{ id: 'version' }], class: isNew(workspace.images()) ? 'review' : 'attended' });
      report(first.range, 'old', { fields: [...new Set(fields.map(({ name }) => name))].join(', ') }, fix);
    },
  },
});
