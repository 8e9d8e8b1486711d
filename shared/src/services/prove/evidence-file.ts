import { findCapability } from '../../knowledge/capabilities';
import type { KnownTrial, ProvedFolder, TrialAbout, TrialFacts, TrialLevel, TrialRight } from '../../knowledge/trials';
import { isDate } from '../../engine/config/values';
import { resolvePath } from '../../base/text/path';
import { parseObject } from '../facts/manifests';
import { isObject, listOf, Malformed, memberOf, textOf, textsOf, type JsonObject } from '../facts/members';

// The text in which trials are kept: those of one file of the project, by what they are of. The same for what a run here has found, which lies in a folder of the
// user's own, and for what is committed, which anybody may have written: nothing in it is taken that a trial cannot have found.

/** Where trials are committed, relative to the folder that they are for. */
const evidenceFolder = '.bulkhead/evidence';

/** The files in which they are. */
export const evidenceGlob = `**/${evidenceFolder}/*.json`;

/** A longer file is not read. */
const longest = 256 << 10;
/** More trials of one file, and more folders of one trial, are not taken. */
const mostTrials = 200;
const mostFolders = 64;

/** A trial of something that a file calls by a name. */
export interface NamedTrial extends KnownTrial {
  readonly name: string;
}

/** The file in which trials of a file (a path relative to the folder that they are for, with `/`) are committed: one name for one path. */
export function evidencePath(path: string): string {
  const name = path.replace(/[^\w./-]/g, character => `%${character.codePointAt(0)!.toString(16)}`).replaceAll('/', '+');
  return `${evidenceFolder}/${name}.json`;
}

const levels: readonly TrialLevel[] = ['started', 'answered', 'exercised'];
const rights: readonly TrialRight[] = ['user', 'files', 'capabilities', 'escalation', 'pids'];
const platforms: readonly TrialAbout['platform'][] = ['engine', 'image', 'pod'];

/**
 * The trials of a text. What no trial can have found is left out: a capability that engines do not give by default, a folder that is not in an image. Never throws.
 * @param origin who wrote it, which the text has no say in
 * @param warn hears what is wrong with it, a sentence each
 */
export function readEvidence(text: string, origin: TrialFacts['origin'], warn: (problem: string) => void): readonly NamedTrial[] {
  const attempt = <T>(read: () => T, about: string): T | null => {
    try {
      return read();
    } catch (error) {
      warn(about + (error instanceof Malformed ? error.message : 'it cannot be read'));
      return null;
    }
  };
  const items = attempt(() => {
    if (text.length > longest) throw new Malformed('it is too long');
    const root = parseObject(text, 'text');
    if (memberOf(root, 'schemaVersion') !== 1) throw new Malformed('its "schemaVersion" is not 1');
    const all = listOf(root, 'trials');
    if (all.length > mostTrials) throw new Malformed(`it has more than ${mostTrials} trials`);
    return all;
  }, '');
  return (items ?? []).flatMap((item, at) => attempt(() => readTrial(item, origin), `trial ${at + 1} does not count: `) ?? []);
}

function readTrial(item: unknown, origin: TrialFacts['origin']): NamedTrial {
  if (!isObject(item)) throw new Malformed('it is not an object');
  const part = (name: string): JsonObject => {
    const value = memberOf(item, name);
    if (!isObject(value)) throw new Malformed(`"${name}" is not an object`);
    return value;
  };
  return { name: shortText(item, 'name', 400), about: readAbout(part('about')), facts: readFacts(part('found'), part('run'), origin) };
}

function readAbout(about: JsonObject): TrialAbout {
  const key = (name: string): string => matching(about, name, /^[0-9a-z]{1,12}-[0-9a-z]{1,8}$/);
  return {
    platform: oneOf(about, 'platform', platforms),
    image: orNull(about, 'image', () => shortText(about, 'image', 400)),
    digest: orNull(about, 'digest', () => matching(about, 'digest', digestForm)),
    build: orNull(about, 'build', () => key('build')),
    command: key('command'),
    environment: key('environment'),
    options: key('options'),
    mounts: (textsOf(about, 'mounts') ?? []).map(mount => mount.slice(0, 500)),
    user: orNull(about, 'user', () => shortText(about, 'user', 200)),
  };
}

const digestForm = /^sha256:[0-9a-f]{64}$/;

function readFacts(found: JsonObject, run: JsonObject, origin: TrialFacts['origin']): TrialFacts {
  const date = shortText(run, 'date', 10);
  if (!isDate(date)) throw new Malformed('"date" is not a date');
  return {
    origin,
    level: oneOf(found, 'level', levels),
    date,
    how: shortText(run, 'how', 200),
    digest: matching(found, 'digest', digestForm),
    starts: numberOf(run, 'starts', 1, 100),
    user: readUser(memberOf(found, 'user')),
    readOnly: flag(found, 'readOnly'),
    folders: readFolders(found),
    capabilities: readCapabilities(found),
    noNewPrivileges: flag(found, 'noNewPrivileges'),
    init: flag(found, 'init'),
    needs: rights.filter(right => (textsOf(found, 'needs') ?? []).includes(right)),
    isBounded: flag(found, 'isBounded'),
  };
}

/** No proof is of root: of a user of the group of root, neither. */
function readUser(value: unknown): TrialFacts['user'] {
  if (value === null) return null;
  if (!isObject(value)) throw new Malformed('"user" is not an object');
  return { uid: numberOf(value, 'uid', 1, 2 ** 31 - 1), gid: numberOf(value, 'gid', 1, 2 ** 31 - 1) };
}

/** Folders as fixes write them into options, with no character that would end one; none of the kernel. */
const folderForm = /^(?:\/[\w@.+-]{1,100}){1,16}$/;
const ofKernel = /^\/(?:proc|sys|dev)(?:\/|$)/;

function readFolders(found: JsonObject): readonly ProvedFolder[] {
  const folders = listOf(found, 'folders');
  if (folders.length > mostFolders) throw new Malformed(`"folders" has more than ${mostFolders} items`);
  return folders.map(item => {
    if (!isObject(item)) throw new Malformed('a folder is not an object');
    const path = matching(item, 'path', folderForm);
    if (ofKernel.test(path) || resolvePath(path) !== path) throw new Malformed('"path" is not a folder of an image');
    return folderOf({ path, kind: oneOf(item, 'kind', ['memory', 'volume'] as const), isProgram: flag(item, 'isProgram') });
  });
}

const folderOf = ({ path, kind, isProgram }: ProvedFolder): ProvedFolder => ({ path, kind, ...(isProgram === true && { isProgram }) });

function readCapabilities(found: JsonObject): readonly string[] | null {
  const names = textsOf(found, 'capabilities');
  for (const name of names ?? [])
    if (findCapability(name)?.dockerDefault !== true) throw new Malformed('"capabilities" has one that no trial gives');
  return names && [...new Set(names)].sort();
}

function orNull<T>(object: JsonObject, name: string, read: () => T): T | null {
  return memberOf(object, name) === null ? null : read();
}

function shortText(object: JsonObject, name: string, most: number): string {
  const value = textOf(object, name);
  if (value === '' || value.length > most) throw new Malformed(`"${name}" is empty or too long`);
  return value;
}

function matching(object: JsonObject, name: string, form: RegExp): string {
  const value = textOf(object, name);
  if (!form.test(value)) throw new Malformed(`"${name}" has another form`);
  return value;
}

function oneOf<T extends string>(object: JsonObject, name: string, values: readonly T[]): T {
  const value = values.find(each => each === memberOf(object, name));
  if (value === undefined) throw new Malformed(`"${name}" is none of ${values.join(', ')}`);
  return value;
}

function numberOf(object: JsonObject, name: string, least: number, most: number): number {
  const value = memberOf(object, name);
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
    throw new Malformed(`"${name}" is not a whole number from ${least} to ${most}`);
  return value;
}

function flag(object: JsonObject, name: string): boolean {
  const value = memberOf(object, name);
  if (value !== null && typeof value !== 'boolean') throw new Malformed(`"${name}" is neither true nor false`);
  return value === true;
}

/** What a trial found, as it is written: nothing in it comes from the day or the machine of the run. */
function foundIn({ facts }: KnownTrial): unknown {
  const { level, digest, user, readOnly, folders, capabilities, noNewPrivileges, init, needs, isBounded } = facts;
  return {
    level,
    digest,
    user: user && { uid: user.uid, gid: user.gid },
    readOnly,
    folders: folders.map(folderOf).sort((a, b) => (a.path < b.path ? -1 : 1)),
    capabilities: capabilities && [...capabilities].sort(),
    noNewPrivileges,
    init,
    needs: rights.filter(right => needs.includes(right)),
    isBounded,
  };
}

function aboutIn({ about }: KnownTrial): TrialAbout {
  const { platform, image, digest, build, command, environment, options, mounts, user } = about;
  return { platform, image, digest, build, command, environment, options, mounts, user };
}

/** The text of trials: sorted, so that two people write the same of the same runs. */
export function printEvidence(trials: readonly NamedTrial[]): string {
  const sorted = [...trials].sort((a, b) => (a.name < b.name ? -1 : 1));
  const items = sorted.map(trial => {
    const { date, how, starts } = trial.facts;
    return { name: trial.name, about: aboutIn(trial), found: foundIn(trial), run: { date, how, starts } };
  });
  return `${JSON.stringify({ schemaVersion: 1, trials: items }, null, 2)}\n`;
}

/** Trials with newer ones, in the place of those of their names. Where all of them found the same of the same thing before, they stay, dates and all: the text is as it was. */
export function withTrial(trials: readonly NamedTrial[], ...newer: readonly NamedTrial[]): readonly NamedTrial[] {
  const key = (each: NamedTrial): string => JSON.stringify([each.name, aboutIn(each), foundIn(each)]);
  const known = new Set(trials.map(key));
  if (newer.every(each => known.has(key(each)))) return trials;
  const names = new Set(newer.map(({ name }) => name));
  return [...trials.filter(({ name }) => !names.has(name)), ...newer];
}
