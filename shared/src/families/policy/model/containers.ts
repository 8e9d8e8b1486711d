import { memoize } from '../../../base/text/memoize';
import type { YamlNode } from '../../../syntax/yaml/types';
import type { YamlValue } from '../../../syntax/yaml/operations';
import type { PolicyView } from './types';

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
