import { builtInKinds } from '../../../knowledge/kubernetes-apis';
import { suggest } from '../../../base/text/suggest';
import { isLiteral, textsAt, type MapSpot, type TextSpot } from './spots';

const kinds = builtInKinds();
const kindNames = new Map(kinds.flatMap(({ kind, resource }) => [[kind.toLowerCase(), kind] as const, [resource, kind] as const]));
const resourceNames = new Map(
  kinds.flatMap(({ kind, resource }) => [[kind.toLowerCase(), resource] as const, [resource, resource] as const]),
);
const groupsOf = new Map<string, readonly string[]>();
for (const { group, resource } of kinds) groupsOf.set(resource, [...(groupsOf.get(resource) ?? []), group]);

/** The resource of a kind of Kubernetes: `deployments` of `Deployment`; `null`: it is of others. */
export function resourceOf(kind: string): string | null {
  return resourceNames.get(kind.toLowerCase()) ?? null;
}

/** A word that stands for no kind or resource as it is written, and the one that is meant. */
export interface MeantName {
  readonly spot: TextSpot;
  readonly meant: string;
}

/** A kind of Kubernetes that is written in other letters, or as its resource: `deployment`, `Pods`. `null`: it is right, or of others. */
export function meantKind(spot: TextSpot): MeantName | null {
  const meant = isLiteral(spot) ? kindNames.get(spot.text.toLowerCase()) : undefined;
  return meant === undefined || meant === spot.text ? null : { spot, meant };
}

/** The kind of Kubernetes that a kind is misspelled from: one letter more, less or other. */
export function nearKind(spot: TextSpot): MeantName | null {
  if (!/^[A-Za-z]{6,63}$/.test(spot.text) || !isLiteral(spot) || kindNames.has(spot.text.toLowerCase())) return null;
  const near = suggest(spot.text, names);
  return near === null || Math.abs(near.length - spot.text.length) > 1 ? null : { spot, meant: near };
}

const names = [...new Set(kinds.map(({ kind }) => kind))];

/** What to write where a kind is sought in a group that does not have it: `v1/Pod` for `apps/v1/Pod`. */
export function wrongGroup(spot: TextSpot): string | null {
  const [group, version, kind, ...rest] = spot.text.split('/');
  if (group === undefined || version === undefined || kind === undefined || rest.length > 0 || !isLiteral(spot)) return null;
  const own = kinds.filter(each => each.kind === kind).map(each => each.group);
  // another group may have a kind of the same name
  const isOwnGroup = groups.has(group) || group === 'core';
  if (own.length === 0 || !isOwnGroup || own.includes(group) || /[*?]/.test(spot.text)) return null;
  return own[0] === '' ? `v1/${kind}` : `${own[0]}/*/${kind}`;
}

const groups = new Set(kinds.map(({ group }) => group));

/** A resource of Kubernetes among the `resources` of a rule, and what is wrong with it: its name, the group that it is sought in. */
export interface NamedResource {
  /** What the resource is called. */
  readonly resource: string;
  readonly name: MeantName | null;
  /** The group that is written, and the one that serves it. */
  readonly group: MeantName | null;
}

/** The resources of Kubernetes that a rule names, up to the first that no group of the rule serves. */
export function namedResources(each: MapSpot): readonly NamedResource[] {
  const groups = textsAt(each, 'apiGroups');
  const resources = textsAt(each, 'resources');
  const found: NamedResource[] = [];
  for (const spot of resources.filter(isLiteral)) {
    const resource = resourceNames.get(spot.text.toLowerCase());
    if (resource === undefined) continue;
    const own = groupsOf.get(resource)!;
    const [group] = groups;
    // metrics and others serve resources of the same names: what is not Kubernetes' own group may be right
    const isRight =
      groups.length !== 1 || !group || !isLiteral(group) || own.includes(group.text) || group.text === '*' || group.text.includes('.');
    const isMixed = resources.length > 1 && !resources.every(({ text }) => groupsOf.get(text.split('/', 1)[0]!)?.includes(own[0]!));
    const wrongGroup = isRight || isMixed ? null : { spot: group, meant: own[0]! };
    found.push({ resource, name: resource === spot.text ? null : { spot, meant: resource }, group: wrongGroup });
    // said once for all of them
    if (wrongGroup) break;
  }
  return found;
}
