import { folderOf, joinPath } from './paths';
import type { FactPlace } from './fact-place';

/** A profile of seccomp. */
export interface SeccompFact extends FactPlace {
  readonly type: 'seccomp';
  /** Whether it lets every system call through. */
  readonly allowsAll: boolean;
}

/** Longer ones are not read: the default of Docker has some 15,000 characters. */
const longest = 200_000;

/** Actions that let a call through: `SCMP_ACT_LOG` writes it down besides (seccomp(2), the runtime specification of OCI, "seccomp"). */
const passing: ReadonlySet<unknown> = new Set(['SCMP_ACT_ALLOW', 'SCMP_ACT_LOG']);

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** What a file says as a profile of seccomp in JSON; none where it is no such profile. */
export function seccompFacts(text: string, path: string): readonly SeccompFact[] {
  if (!path.endsWith('.json') || text.length > longest || !text.includes('"defaultAction"')) return [];
  try {
    const profile: unknown = JSON.parse(text);
    if (!isRecord(profile) || typeof profile['defaultAction'] !== 'string') return [];
    const rules: readonly unknown[] = Array.isArray(profile['syscalls']) ? profile['syscalls'] : [];
    const allowsAll = passing.has(profile['defaultAction']) && rules.every(rule => isRecord(rule) && passing.has(rule['action']));
    return [{ type: 'seccomp', path, range: { start: 0, end: 0 }, allowsAll }];
  } catch {
    return [];
  }
}

/**
 * Where a profile may be that a file names, the likeliest first: an engine looks beside a Compose file, or where its command runs; a kubelet in a folder of its
 * node, which a repository may keep beside the manifest. None: it is outside of the folder, or its name is not known.
 */
export function profilePlaces(path: string, profile: string): readonly string[] {
  if (!/^[\w.][\w./+-]{0,200}$/.test(profile) || /^(?:unconfined|builtin)$/.test(profile)) return [];
  const places = [folderOf(path), ''].map(folder => joinPath(folder, profile));
  return places.includes(null) ? [] : [...new Set(places as readonly string[])];
}

/** The places of all profiles that a text names, whatever it is: for hosts that read before they are asked. */
export function profilesNamedIn(text: string, path: string): readonly string[] {
  if (!text.includes('seccomp')) return [];
  const names = [...text.matchAll(/(?:\bseccomp[=:]|\blocalhostProfile["']?:)[ \t"']{0,9}([\w./+-]{1,200})/g)].map(([, name = '']) => name);
  return [...new Set(names.slice(0, 100).flatMap(name => profilePlaces(path, name)))];
}
