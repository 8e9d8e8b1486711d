import { textKey } from '../base/text/text-key';
import { normalizeHostPath } from '../knowledge/host-paths';
import { maskValue, maskWords } from '../knowledge/secrets/mask';
import type { KnownTrial, TrialAbout, TrialChange } from '../knowledge/trials';
import type { Service, TrialSource } from './service';

// What a trial is about is worked out here alone, of what is proved and of what is checked: the two cannot come to differ.

/** What a trial of a service is about. No secret goes into a key, so that one that is made anew changes nothing, and none can be guessed from the key. */
export function aboutOf(service: Service, { user, options }: TrialSource): TrialAbout {
  const { environment, image, isBuilt, known, mounts, platform, replacesCommand, replacesEntryPoint, words, workdir } = service;
  const [name = '', digest = null] = image?.text?.split('@', 2) ?? [];
  const variables = environment.map(({ name: variable, value }) => [variable, value === null ? null : maskValue(variable, value)]);
  const { stage } = known;
  return {
    platform,
    image: isBuilt || name === '' ? null : name,
    digest: isBuilt ? null : digest,
    build: stage === null ? null : keyOf([stage.content, stage.arguments]),
    command: keyOf([replacesEntryPoint, replacesCommand, maskWords(words), workdir]),
    environment: keyOf(variables.sort(([a], [b]) => (a! < b! ? -1 : 1))),
    options: keyOf(options()),
    mounts: mounts.map(({ kind, path, readOnly }) => mountText(kind === 'anonymous' ? 'volume' : kind, path, readOnly)).sort(),
    user,
  };
}

const keyOf = (parts: unknown): string => textKey(JSON.stringify(parts));

const mountText = (kind: string, path: string, readOnly: boolean): string => `${kind} ${normalizeHostPath(path)}${readOnly ? ':ro' : ''}`;

/** Parts that are what they were, or not. */
const fixed = ['platform', 'image', 'build', 'command', 'environment', 'options'] as const;

/**
 * What has changed since a trial, so that it does not count; `null`: nothing has.
 * @param digest of what is run now, where it is written or was looked up; `null`: it is not known, so that a tag may have moved
 */
export function changeSince({ about: then, facts }: KnownTrial, now: TrialAbout, digest: string | null): TrialChange | null {
  const changed = fixed.find(part => then[part] !== now[part]);
  if (changed !== undefined) return changed === 'platform' ? 'options' : changed;
  // who committed it may have run anything: it is believed of the very digest, or of a build
  if (then.build === null && (digest === null ? facts.origin === 'claimed' : digest !== facts.digest)) return 'digest';
  const there = new Set(now.mounts);
  const before = new Set(then.mounts);
  const added = new Set(facts.folders.map(({ path }) => normalizeHostPath(path)));
  const isOwn = (mount: string): boolean => before.has(mount) || added.has(mount.slice(mount.indexOf(' ') + 1));
  if (!then.mounts.every(mount => there.has(mount)) || !now.mounts.every(isOwn)) return 'mounts';
  return isSameUser(then.user, now.user, facts.user) ? null : 'user';
}

/** Whether what is written is what was written then, or what follows from the trial. */
function isSameUser(then: string | null, now: string | null, ran: KnownTrial['facts']['user']): boolean {
  return now === then || (ran !== null && (now === `${ran.uid}` || now === `${ran.uid}:${ran.gid}`));
}
