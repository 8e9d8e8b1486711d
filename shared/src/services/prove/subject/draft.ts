import { capabilityNames, findCapability, normalizeCapability } from '../../../knowledge/capabilities';
import { parseImageReference } from '../../../syntax/image/reference';
import { short } from '../../../base/limits/short';
import type { Range } from '../../../base/text/range';
import type { Cannot, CannotReason, TrialBuild, TrialContainer, TrialMount } from '../contract';
import type { Substitutes, TrialText } from './substitutes';

/** What a container is put together in. Whatever is not known to be harmless is refused, and the draft comes to nothing then. */
export interface Draft {
  readonly name: string;
  readonly substitutes: Substitutes;
  /** Where refusals are reported that have no place of their own. */
  readonly place: Range | null;
  readonly refusals: Cannot[];
  readonly leftOut: Set<string>;
  readonly aliases: Set<string>;
  readonly environment: Map<string, TrialText>;
  readonly mounts: TrialMount[];
  readonly groups: string[];
  readonly ports: Set<number>;
  readonly added: string[];
  readonly dropped: string[];
  image: string | TrialBuild | null;
  entrypoint: readonly string[] | null;
  command: readonly string[] | null;
  workdir: string | null;
  user: string | null;
  readOnly: boolean;
  noNewPrivileges: boolean;
  init: boolean | null;
  stopSignal: string | null;
  stopGrace: number | null;
  health: readonly string[] | null;
}

/** No trial is made of a container with more than this of anything. */
const most = { items: 500, text: 60_000, words: 200_000, aliases: 50, whole: 800_000 };

/** A draft of a container. */
export function createDraft(name: string, substitutes: Substitutes, place: Range | null): Draft {
  return {
    name,
    substitutes,
    place,
    refusals: [],
    leftOut: new Set(),
    aliases: new Set(),
    environment: new Map(),
    mounts: [],
    groups: [],
    ports: new Set(),
    added: [],
    dropped: [],
    image: null,
    entrypoint: null,
    command: null,
    workdir: null,
    user: null,
    readOnly: false,
    noNewPrivileges: false,
    init: null,
    stopSignal: null,
    stopGrace: null,
    health: null,
  };
}

/** Says that a trial cannot be made, and why. */
export function refuse(draft: Draft, reason: CannotReason, what: string, range: Range | null = draft.place): void {
  if (draft.refusals.length < most.items) draft.refusals.push(cannot(reason, what, range));
}

/** A reason why something cannot be proved. */
export function cannot(reason: CannotReason, what: string, range: Range | null): Cannot {
  return { reason, what: short(what), range: range && [range.start, range.end] };
}

/** A text that an engine can be given: no byte of zero, and not longer than an argument may be. */
function isGiveable(text: string): boolean {
  return !text.includes('\0') && text.length <= most.text;
}

/** A name that a container, a host or a volume may have. */
const plainName = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;

/** Whether a text may be the name of a host in a file of hosts. */
export function isHostName(text: string): boolean {
  return plainName.test(text) && text !== 'localhost';
}

/** Sets the image, unless its name is none that an engine can have. */
export function setImage(draft: Draft, text: string, range?: Range | null): void {
  if (parseImageReference(text).invalid === null) draft.image = text;
  else refuse(draft, 'unclear', text === '' ? 'image' : text, range);
}

/** Sets a variable. */
export function setVariable(draft: Draft, name: string, value: TrialText, range?: Range | null): void {
  if (!/^[A-Za-z_][A-Za-z0-9_.-]{0,255}$/.test(name) || !isGiveable(value.text))
    return refuse(draft, 'unclear', `environment ${name}`, range);
  if (draft.environment.size >= most.items) return refuse(draft, 'unclear', 'environment', range);
  draft.substitutes.learn(name, value.text);
  draft.environment.set(name, value);
}

/** The words of a command; `null` where an engine cannot be given them, which is refused. */
export function takeWords(draft: Draft, what: string, words: readonly string[], range?: Range | null): readonly string[] | null {
  const length = words.reduce((sum, word) => sum + word.length, 0);
  if (words.length <= most.items && length <= most.words && words.every(isGiveable)) return words;
  refuse(draft, 'unclear', what, range);
  return null;
}

/** Sets the user: a number or a name, with a group or without. */
export function setUser(draft: Draft, text: string, range?: Range | null): void {
  if (/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,62})?$/.test(text)) draft.user = text;
  else refuse(draft, 'unclear', `user ${text}`, range);
}

/** Adds a group that its processes are in. */
export function addGroup(draft: Draft, text: string, range?: Range | null): void {
  if (/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}$/.test(text) && draft.groups.length < 50) draft.groups.push(text);
  else refuse(draft, 'unclear', `group ${text}`, range);
}

/** Sets the working folder. */
export function setWorkdir(draft: Draft, text: string, range?: Range | null): void {
  if (text.startsWith('/') && isGiveable(text) && !/[\n\r]/.test(text)) draft.workdir = text;
  else refuse(draft, 'unclear', `working directory ${text}`, range);
}

/** Sets the signal that it is stopped with. */
export function setStopSignal(draft: Draft, text: string, range?: Range | null): void {
  if (/^(?:SIG)?[A-Z]{2,8}(?:[+-]\d{1,2})?$|^\d{1,2}$/i.test(text)) draft.stopSignal = text;
  else refuse(draft, 'unclear', `stop signal ${text}`, range);
}

/** Adds another name that others reach it by. */
export function addAlias(draft: Draft, text: string): void {
  if (isHostName(text) && text !== draft.name && draft.aliases.size < most.aliases) draft.aliases.add(text);
}

/** Adds a capability to those that it has, or drops one; what is beyond the default set is refused. */
export function takeCapability(draft: Draft, kind: 'added' | 'dropped', text: string, range?: Range | null): void {
  const name = normalizeCapability(text);
  const isKnown = kind === 'dropped' ? name === 'ALL' || findCapability(name) !== null : isDefaultCapability(name);
  if (!isKnown) return refuse(draft, findCapability(name) || name === 'ALL' ? 'needs-host' : 'unclear', text, range);
  draft[kind].push(name);
}

/** Whether engines grant a capability by default. */
function isDefaultCapability(name: string): boolean {
  return findCapability(name)?.dockerDefault === true;
}

/** Folders that are the engine's and the kernel's, and that no container needs a mount below. */
const kernelFolders = /^\/(?:proc|sys|dev)(?:\/|$)/;
/** Files and folders that the engine itself mounts. */
const engineFiles = /^\/(?:etc\/(?:hosts|hostname|resolv\.conf|mtab)|run\/secrets|run\/\.containerenv|\.dockerenv)(?:\/|$)/;

/** Adds a mount of a fresh folder. Its path is written in options whose parts commas and colons part. */
export function addMount(draft: Draft, mount: TrialMount, range?: Range | null): void {
  // every container has memory there
  if (mount.path === '/dev/shm') return void draft.leftOut.add('/dev/shm');
  const path = mount.path.length > 1 ? mount.path.replace(/(?<=[^/])\/$/, '') : mount.path;
  const isClean = isMountPath(path);
  const isTwice = draft.mounts.some(other => other.path === path);
  if (!isClean || isTwice || draft.mounts.length >= 100) return refuse(draft, 'unclear', `mount ${mount.path}`, range);
  draft.mounts.push({ ...mount, path });
}

/** Whether a folder may be mounted at a path. */
export function isMountPath(path: string): boolean {
  if (!path.startsWith('/') || path === '/' || path.length > 1000 || /[,:"\\\p{Cc}]/u.test(path)) return false;
  const steps = path.slice(1).split('/');
  return steps.every(step => step !== '' && step !== '.' && step !== '..') && !kernelFolders.test(path) && !engineFiles.test(path);
}

/** Takes an option of `security_opt`. Only what shuts off more than the default is taken over. */
export function takeSecurityOption(draft: Draft, text: string, range?: Range | null): void {
  const at = text.search(/[=:]/);
  const key = at < 0 ? text : text.slice(0, at);
  const value = at < 0 ? '' : text.slice(at + 1);
  if (key === 'no-new-privileges') {
    if (value === '' || value === 'true') draft.noNewPrivileges = true;
    else if (value !== 'false') refuse(draft, 'unclear', text, range);
  } else if ((key === 'seccomp' && value === 'builtin') || (key === 'apparmor' && value === 'docker-default')) return;
  else if (/^(?:seccomp|apparmor|label|systempaths|unmask|mask|proc-opts|credentialspec|writable-cgroups)$/.test(key))
    refuse(draft, 'needs-host', text, range);
  else refuse(draft, 'unclear', text, range);
}

/** Takes the mode of a namespace: of its own, of the host, or of another container. */
export function takeNamespace(draft: Draft, what: string, mode: string, range?: Range | null): void {
  if (mode === '' || mode === 'private' || mode === 'shareable') return;
  const isOther = /^(?:container|service):/.test(mode);
  refuse(draft, isOther ? 'needs-peer' : 'needs-host', `${what} ${mode}`, range);
}

/** The container, once everything of all containers of the trial was read; `null` where it cannot be started. */
export function finish(draft: Draft): TrialContainer | null {
  const { image, substitutes, mounts, groups, workdir, user, readOnly, noNewPrivileges, init, stopSignal, stopGrace } = draft;
  if (image === null && draft.refusals.length === 0) refuse(draft, 'unclear', 'image');
  // without one, what an engine would start is not the same for all
  if (draft.entrypoint?.length === 0 && !draft.command?.length) refuse(draft, 'unclear', 'entrypoint');
  if (lengthOf(draft) > most.whole) refuse(draft, 'unclear', 'environment');
  if (image === null || draft.refusals.length > 0) return null;
  const inCommand = (words: readonly string[] | null): readonly string[] | null => words && substitutes.words(words);
  return {
    name: draft.name,
    ...(draft.aliases.size > 0 && { aliases: [...draft.aliases] }),
    image,
    entrypoint: inCommand(draft.entrypoint),
    command: inCommand(draft.command),
    environment: [...draft.environment].map(([name, given]) => {
      const { text, isStandIn } = substitutes.value(name, given.text);
      return { name, value: text, isStandIn: isStandIn || given.isStandIn };
    }),
    workdir,
    user,
    groups,
    readOnly,
    capabilities: capabilitiesOf(draft),
    noNewPrivileges,
    mounts,
    init,
    stopSignal,
    stopGrace,
    health: inCommand(draft.health),
    ports: [...draft.ports].sort((a, b) => a - b),
  };
}

/** What its command line would hold: a system takes two megabytes. */
function lengthOf({ environment, entrypoint, command }: Draft): number {
  let length = 0;
  for (const [name, { text }] of environment) length += name.length + text.length;
  for (const word of [...(entrypoint ?? []), ...(command ?? [])]) length += word.length;
  return length;
}

/** What engines grant by default. */
export const defaultCapabilities: readonly string[] = capabilityNames.filter(isDefaultCapability).sort();

function capabilitiesOf({ added, dropped }: Draft): readonly string[] | null {
  if (added.length === 0 && dropped.length === 0) return null;
  const kept = new Set(dropped.includes('ALL') ? [] : defaultCapabilities.filter(name => !dropped.includes(name)));
  for (const name of added) kept.add(name);
  return [...kept].sort();
}
