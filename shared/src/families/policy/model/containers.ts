import { memoize } from '../../../base/text/memoize';
import type { YamlNode } from '../../../syntax/yaml/types';
import type { YamlValue } from '../../../syntax/yaml/operations';
import { mapOf, sequenceOf, scalarOf } from '../../../syntax/yaml/values';
import { celNodes } from '../../../syntax/cel/walk';
import { expressionsOf, parsed } from './expressions';
import { rulesOf } from './rules';
import { mapAt, mapsAt } from './spots';
import type { ExpressionView, PolicyView } from './types';

/** Fields that init or ephemeral containers do not have, or that mean nothing there. */
const others = new Set([
  'name',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
  'resources',
  'ports',
  'restartPolicy',
  'resizePolicy',
]);

/** Whether a field of a container is one that every kind of container has. */
export function isOfEveryKind(field: string): boolean {
  return !others.has(field.replace(/[^A-Za-z]/g, ''));
}

/** Whether a policy says something of init or ephemeral containers anywhere. */
export const mentionsOthers = memoize(({ document, at }: PolicyView): boolean =>
  /initContainers|ephemeralContainers|images\.containers/.test(document.text.slice(at.map.range.start, at.map.range.end)),
);

/** Words of the way to the containers of a pod, which differ between the policies of a set. */
const wayThere = new Set('object spec template metadata containers initContainers ephemeralContainers'.split(' '));

/** Patterns nest as deep as the objects that they are compared with. */
const deepest = 40;

function collect(node: YamlNode | null | undefined, found: Set<string>, depth: number): void {
  if (depth > deepest) return;
  for (const { name, value } of mapOf(node)?.entries ?? []) {
    found.add(name.replace(/[^\w.-]/g, ''));
    collect(value, found, depth + 1);
  }
  for (const item of sequenceOf(node)?.items ?? []) collect(item, found, depth + 1);
  const scalar = scalarOf(node);
  if (scalar) found.add(`=${String(scalar.value)}`);
}

/** What a policy asks of containers: the names of fields and the values in its checks, whichever list of containers they look at; `''`: nothing is seen. */
export const askedOf = memoize((policy: PolicyView): string => {
  const found = new Set<string>();
  for (const node of expressionsOf(policy).flatMap(each => celNodesOf(each)))
    if (node.is === 'literal') found.add(`=${String(node.value)}`);
    else if (node.is === 'select' && !(node.of.is === 'name' && node.of.name === 'variables')) found.add(node.name);
  for (const { at } of rulesOf(policy)) {
    const validate = mapAt(at, 'validate');
    collect(validate?.map.get('pattern'), found, 0);
    for (const key of ['anyPattern', 'foreach']) for (const each of mapsAt(validate, key)) collect(each.map, found, 0);
  }
  return [...found]
    .filter(word => !wayThere.has(word))
    .sort()
    .join(' ');
});

function celNodesOf(expression: ExpressionView): ReturnType<typeof celNodes> {
  const { tree } = parsed(expression);
  // what is said to the user asks nothing
  return tree && expression.spot.path.at(-1) === 'expression' ? celNodes(tree) : [];
}

/** A node as a value to be written; `null` where something in it stands elsewhere, or is more than anybody would copy. */
export function valueOf(node: YamlNode | null, depth = 0): YamlValue | undefined {
  if (node === null) return null;
  if (node.anchor !== undefined || node.shared || node.tag !== undefined || depth > 20) return undefined;
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'sequence') {
    const items = node.items.map(item => valueOf(item, depth + 1));
    return items.includes(undefined) ? undefined : (items as YamlValue[]);
  }
  if (node.kind !== 'map' || node.merged) return undefined;
  const entries = node.entries.map(({ name, value }) => [name, valueOf(value, depth + 1)] as const);
  return entries.some(([, value]) => value === undefined) ? undefined : (Object.fromEntries(entries) as YamlValue);
}
