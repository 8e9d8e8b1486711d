import { isCommit, repositoryOf, type ActionReference } from '../syntax/action/reference';
import { compareVersions, isExact, parseVersion, type Version } from '../syntax/action/version';
import data from './data/actions.json';

/** An action as the tables look it up; `ref` may be replaced by the version that a comment names. */
export type NamedAction = Pick<ActionReference, 'owner' | 'repo' | 'ref'>;

interface RawIncident {
  readonly action: string;
  readonly versions: string;
  readonly ids: string;
  readonly day: string;
  readonly fixed: string | null;
  readonly commits?: string;
  readonly fixedCommit?: string;
}

/** What is known against an action at a ref. */
export interface ActionDanger {
  /**
   * `malicious`: the commit itself is the attack. `affected`: the version was attacked, or has the vulnerability. `repaired`: the ref was moved to an attack
   * for a time, and is what it was again: what happened can happen once more.
   */
  readonly kind: 'malicious' | 'affected' | 'repaired';
  /** The advisory's id; empty: none was given one. */
  readonly advisory: string;
  /** The day (ISO) of an attack; `null`: a vulnerability. */
  readonly day: string | null;
  /** The first good version, without `v`; `null`: not known. */
  readonly fixed: string | null;
  /** The commit of `fixed`, where it is known. */
  readonly fixedCommit: string | null;
}

const words = (text: string | undefined): readonly string[] => (text === undefined || text === '' ? [] : text.split(' '));
/** Rows by their first word, in lower case: every use of an action is looked up. */
const byName = (rows: readonly string[]): ReadonlyMap<string, readonly string[]> =>
  new Map(rows.map(row => row.split(' ')).map(row => [row[0]!.toLowerCase(), row]));
const successors = byName(data.successors);
const outdated = byName(data.outdated);

/**
 * What is known against an action: an attack on its repository, or a vulnerability of its own.
 * @param named the version that a comment behind a commit names: it tells of vulnerabilities, never of attacks, which moved tags and left honest commits alone
 */
export function actionDanger(action: NamedAction, named?: string): ActionDanger | null {
  const name = repositoryOf(action);
  const incidents = (data.incidents as readonly RawIncident[]).filter(incident => incident.action === name);
  for (const incident of incidents) {
    const kind = attackOn(incident, action.ref);
    if (kind)
      return {
        kind,
        advisory: words(incident.ids).at(-1) ?? '',
        day: incident.day,
        fixed: incident.fixed,
        fixedCommit: incident.fixedCommit ?? null,
      };
  }
  const version = parseVersion(isCommit(action.ref) ? (named ?? '') : action.ref);
  if (!version) return null;
  for (const row of data.advisories) {
    const [repository, first, fixed, advisory] = row.split(' ') as [string, string, string, string];
    if (repository === name && isBetween(version, parseVersion(first)!, parseVersion(fixed)!))
      return { kind: 'affected', advisory, day: null, fixed, fixedCommit: null };
  }
  return null;
}

function attackOn({ versions, commits }: RawIncident, ref: string): ActionDanger['kind'] | null {
  if (isCommit(ref)) return words(commits).includes(ref.toLowerCase()) ? 'malicious' : null;
  const version = parseVersion(ref);
  if (!version) return null;
  if (versions === '*') return 'repaired';
  const [first, last] = versions.split(' ').map(text => parseVersion(text)!) as [Version, Version];
  if (compareVersions(version, first) < 0 || compareVersions(version, last) > 0) return null;
  return isExact(version) ? 'affected' : 'repaired';
}

/** Whether every release that a version stands for is at least `first` and below `fixed`: `v4` is not, where 4.1.3 is the fix. */
function isBetween(version: Version, first: Version, fixed: Version): boolean {
  if (compareVersions(version, first) < 0 || compareVersions(version, fixed) >= 0) return false;
  return isExact(version) || !version.numbers.every((number, i) => number === fixed.numbers[i]);
}

/** An action whose repository nobody maintains. */
export interface ArchivedAction {
  /** The day (ISO) of the list. */
  readonly asOf: string;
  /** What took its place, without a ref; `null`: not known. */
  readonly successor: string | null;
}

const archived = new Set(data.archived.split(' '));

/** Whether the repository of an action was archived, or the action itself tells its users to move on. */
export function archivedAction(action: Pick<ActionReference, 'owner' | 'repo'>): ArchivedAction | null {
  const name = repositoryOf(action);
  const successor = successors.get(name)?.[1] ?? null;
  return archived.has(name) || successor !== null ? { asOf: data.archivedAsOf, successor } : null;
}

/** An action of a release that GitHub has left behind. */
export interface OutdatedAction {
  /** `refused`: what it talks to is gone, and the step fails. `runtime`: it was made for Node.js 12 or 16, which runners no longer have. */
  readonly kind: 'refused' | 'runtime';
  /** The lowest major version that is made for a Node.js that runners keep, as far as there is one: `4`. */
  readonly next: number;
  /** Whether the same inputs may do something else in `next`. */
  readonly changed: boolean;
  /** Inputs that `next` no longer has, in lower case. */
  readonly removed: readonly string[];
}

/** Services that GitHub switched off: artifacts v3 on 2025-01-30, the old cache service on 2025-04-15 (with the releases before 3.4 and 4.2). */
const artifactActions = new Set(['actions/upload-artifact', 'actions/download-artifact']);

/** Whether GitHub has left an action of this version behind. Only versions are judged, never branches nor commits. */
export function outdatedAction(action: NamedAction): OutdatedAction | null {
  const version = parseVersion(action.ref);
  const name = repositoryOf(action);
  if (!version || version.suffix !== '') return null;
  const [major = 0, minor = 0] = version.numbers;
  const isOldCache =
    name === 'actions/cache' && version.numbers.length > 1 && (major < 3 || (major === 3 && minor < 4) || (major === 4 && minor < 2));
  const [, span = '', next = '', differs = '0', removed] = outdated.get(name) ?? [];
  const [first = 0, last = -1] = span.split('-').map(Number);
  if (!isOldCache && (span === '' || major < first || major > last)) return null;
  const isGone = isOldCache || artifactActions.has(name) || (name === 'actions/cache' && major < 3);
  return {
    kind: isGone ? 'refused' : 'runtime',
    next: Number(next),
    changed: major <= Number(differs),
    removed: removed?.split(',') ?? [],
  };
}

/** The newest release of an action that the tables know with its commit; `null`: none. */
export function newestKnown(action: Pick<ActionReference, 'owner' | 'repo'>): { readonly version: string; readonly commit: string } | null {
  const name = repositoryOf(action);
  const [newest] = data.commits
    .map(text => text.split(' ') as [string, string, string])
    .filter(([repository]) => repository === name)
    .sort(([, a], [, b]) => compareVersions(parseVersion(b)!, parseVersion(a)!));
  return newest ? { version: newest[1], commit: newest[2] } : null;
}
