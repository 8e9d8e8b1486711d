import { capabilityNames } from '../../knowledge/capabilities';
import type { ImageFacts } from '../../knowledge/image-facts';
import {
  lookedForPrograms,
  type FileFact,
  type ImageFiles,
  type NamedUser,
  type Owner,
  type StartedFile,
} from '../../knowledge/image-files';
import { decodeUtf8 } from '../registry/bytes';
import { accountOf, systemOf, usersOf } from './accounts';
import type { Found } from './layer-tree';
import type { LayerEntry } from './layer-record';
import { isObject } from './members';
import type { LayerReading, LayerTree, Progress } from './layers';

/** What the files of an image are asked. */
export interface FileQuestion {
  /** What the configuration says. */
  readonly facts: Pick<ImageFacts, 'user' | 'workdir' | 'volumes' | 'entrypoint' | 'command'>;
  /** Where the configuration has programs looked for, by its `PATH`. */
  readonly path: readonly string[];
  /** Other paths whose owner is asked for. */
  readonly named: readonly string[];
}

/** Changes whenever more or something else is read of layers. */
export const filesVersion = 1;

/** Every fact of files. */
export function factsIn({ account, users, system, paths, programs, starts }: ImageFiles): readonly FileFact<unknown>[] {
  return [account, users, system, ...Object.values(paths), ...Object.values(programs), ...starts];
}

/** Whether a value is what `filesOf` gives, as far as its shape tells: what was kept may be of anybody's making. */
export function isImageFiles(value: unknown): value is ImageFiles {
  if (!isObject(value) || !isObject(value['paths']) || !isObject(value['programs']) || !Array.isArray(value['starts'])) return false;
  const isFact = (fact: unknown, holds: (value: unknown) => boolean): boolean =>
    isObject(fact) &&
    typeof fact['whole'] === 'boolean' &&
    (fact['doubt'] === null || typeof fact['doubt'] === 'string') &&
    (fact['value'] === null || holds(fact['value']));
  const isOwner = (owner: unknown): boolean =>
    isObject(owner) && ['uid', 'gid', 'mode'].every(name => typeof owner[name] === 'number') && typeof owner['isFolder'] === 'boolean';
  const isUser = (user: unknown): boolean =>
    isObject(user) && typeof user['name'] === 'string' && typeof user['uid'] === 'number' && typeof user['gid'] === 'number';
  const isText = (text: unknown): boolean => text === null || typeof text === 'string';
  const isScript = (script: unknown): boolean =>
    isObject(script) &&
    typeof script['interpreter'] === 'string' &&
    typeof script['drops'] === 'boolean' &&
    typeof script['handsOn'] === 'boolean';
  const isStarted = (file: unknown): boolean =>
    isObject(file) &&
    typeof file['path'] === 'string' &&
    isOwner(file['owner']) &&
    (file['capabilities'] === null ||
      (Array.isArray(file['capabilities']) && file['capabilities'].every(one => typeof one === 'string'))) &&
    (file['script'] === null || isScript(file['script']));
  const read = value['read'];
  return (
    isFact(
      value['account'],
      account =>
        isObject(account) &&
        typeof account['uid'] === 'number' &&
        typeof account['gid'] === 'number' &&
        isText(account['home']) &&
        isText(account['shell']),
    ) &&
    isFact(value['users'], users => Array.isArray(users) && users.every(isUser)) &&
    isFact(value['system'], system => isObject(system) && ['id', 'version', 'name'].every(name => typeof system[name] === 'string')) &&
    Object.values(value['paths']).every(fact => isFact(fact, isOwner)) &&
    Object.values(value['programs']).every(fact => isFact(fact, path => typeof path === 'string')) &&
    value['starts'].every(fact => isFact(fact, isStarted) && isObject(fact) && typeof fact['word'] === 'string') &&
    isObject(read) &&
    typeof read['bytes'] === 'number' &&
    typeof read['layers'] === 'number' &&
    isText(read['problem'])
  );
}

/** Where programs are looked for by a configuration without `PATH`, as container engines have it. */
const usualPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The folders of a `PATH`; more are not looked at. */
export function pathOf(variables: readonly string[]): readonly string[] {
  const set = variables.find(variable => variable.startsWith('PATH='))?.slice(5);
  return (set || usualPath).split(':').slice(0, 40);
}

/** Programs that do nothing but start another one. */
const wrappers = /(?:^|\/)(?:tini|tini-static|dumb-init|catatonit|docker-init)$/;

/** The words that name what is started: past what only starts others, of the entry point and of the command. */
function startWords({ entrypoint, command }: FileQuestion['facts']): readonly string[] {
  const first = (words: readonly string[]): string | undefined => {
    const at = words.findIndex((word, index) => !wrappers.test(word) && !(index > 0 && word.startsWith('-')));
    return words[at];
  };
  const [start, then] = [first(entrypoint), first(command)];
  return [start, then].filter(word => word !== undefined && word !== '').slice(0, 2) as readonly string[];
}

const isProgram = ({ kind, mode }: LayerEntry): boolean => kind === 'file' && (mode & 0o111) !== 0;

/** A path and its file, found or not; `also`: one before it in `PATH` may be another. */
type Located = Found & { readonly also?: 'pending' | 'uncertain' };

/** What a word starts, as a container engine looks for it. */
function locate(word: string, { path, facts }: FileQuestion, tree: LayerTree): Located {
  if (word.includes('/')) return tree.find(word.startsWith('/') ? word : `${facts.workdir}/${word}`);
  let before: 'pending' | 'uncertain' | null = null;
  let reason = '';
  let depth = 0;
  for (const folder of path) {
    const found = tree.find(`${folder}/${word}`);
    if (found.state === 'found' && isProgram(found.entry))
      return { ...found, depth: Math.max(depth, found.depth), ...(before && { also: before }) };
    if (found.state === 'pending') before = 'pending';
    else if (found.state === 'uncertain') {
      before ??= 'uncertain';
      reason ||= found.reason;
    } else depth = Math.max(depth, found.depth);
  }
  return before === 'pending' ? { state: 'pending' } : before ? { state: 'uncertain', reason, entry: null } : { state: 'absent', depth };
}

/** Whether a user comes with a group by name. */
const namesGroup = (user: string): boolean => user.includes(':') && !/^\d*$/.test(user.slice(user.indexOf(':') + 1));

/** Paths that matter: all but the programs that may be there. */
function mainPaths({ facts, named }: FileQuestion): readonly string[] {
  return ['/etc/passwd', ...(namesGroup(facts.user) ? ['/etc/group'] : []), ...ownedPaths(facts, named)];
}

const ownedPaths = (facts: FileQuestion['facts'], named: readonly string[]): readonly string[] => [
  ...new Set([facts.workdir, ...facts.volumes, ...named]),
];

/** How far the layers that were read answer a question. */
export function progressOf(question: FileQuestion, tree: LayerTree): Progress {
  const isPending = (path: string): boolean => tree.find(path).state === 'pending';
  const starts = startWords(question.facts).map(word => locate(word, question, tree));
  if (mainPaths(question).some(isPending) || starts.some(({ state }) => state === 'pending')) return 'open';
  if (findSystem(tree).state === 'pending') return 'open';
  const extras = lookedForPrograms.map(name => locate(name, question, tree));
  return [...starts, ...extras].some(({ state, also }) => state === 'pending' || also === 'pending') ? 'enough' : 'all';
}

function findSystem(tree: LayerTree): Found {
  const first = tree.find('/etc/os-release');
  return first.state === 'absent' ? tree.find('/usr/lib/os-release') : first;
}

/** A fact of what was found, or of what was not. */
function factOf<T>(tree: LayerTree, found: Located, read: (entry: LayerEntry, path: string) => T | Doubtful<T>): FileFact<T | null> {
  if (found.state === 'absent') return { value: null, whole: tree.isWhole(found.depth), doubt: null };
  if (found.state !== 'found')
    return { value: null, whole: false, doubt: found.state === 'uncertain' ? found.reason : 'a layer below was not read' };
  const value = read(found.entry, found.path);
  const doubt = value instanceof Doubtful ? value.doubt : found.also ? 'a folder before it in PATH may have another one' : null;
  return { value: value instanceof Doubtful ? value.value : value, whole: tree.isWhole(found.depth), doubt };
}

/** A value that may be otherwise. */
class Doubtful<T> {
  constructor(
    readonly value: T | null,
    readonly doubt: string,
  ) {}
}

const notFile = 'it is not a file';

const ownerOf = ({ uid, gid, mode, kind }: LayerEntry): Owner => ({ uid, gid, mode, isFolder: kind === 'folder' });

/** The text of a file; `null`: there is none. */
function textIn(found: Found): string | Doubtful<string> | null {
  if (found.state === 'absent') return null;
  if (found.state !== 'found') return new Doubtful<string>(null, found.state === 'uncertain' ? found.reason : 'a layer below was not read');
  const { kind, content, size } = found.entry;
  if (kind !== 'file') return null;
  if (size === 0) return '';
  if (!content) return new Doubtful<string>(null, 'the content of its file was not kept');
  if (content.length < size) return new Doubtful<string>(null, 'its file is too long');
  return decodeUtf8(content) ?? new Doubtful<string>(null, 'its file is not UTF-8');
}

/** What layers say of an image. */
export function filesOf(question: FileQuestion, { tree, bytes, layers, problem }: LayerReading): ImageFiles {
  const { facts, named } = question;
  const located = (word: string): Located => locate(word, question, tree);
  const programs = lookedForPrograms.map(name => {
    const fact = factOf(tree, located(name), (_, path) => `/${path}`);
    // that it is there is what is asked, whichever comes first
    return [name, fact.value === null ? fact : { ...fact, doubt: null }] as const;
  });
  return {
    account: accountFact(facts.user, tree),
    users: usersFact(tree),
    system: systemFact(tree),
    paths: Object.fromEntries(ownedPaths(facts, named).map(path => [path, factOf(tree, tree.find(path), ownerOf)])),
    programs: Object.fromEntries(programs),
    starts: startWords(facts).map(word => ({ word, ...factOf(tree, located(word), startedFile) })),
    read: { bytes, layers, problem },
  };
}

function accountFact(user: string, tree: LayerTree): ImageFiles['account'] {
  const founds = [tree.find('/etc/passwd'), ...(namesGroup(user) ? [tree.find('/etc/group')] : [])];
  const texts = founds.map(textIn);
  const doubtful = texts.find(text => text instanceof Doubtful);
  if (doubtful instanceof Doubtful) return { value: null, whole: false, doubt: doubtful.doubt };
  const [passwd = null, group = null] = texts as readonly (string | null)[];
  return {
    value: accountOf(user, passwd, group),
    whole: founds.every(found => 'depth' in found && tree.isWhole(found.depth)),
    doubt: null,
  };
}

function usersFact(tree: LayerTree): ImageFiles['users'] {
  const found = tree.find('/etc/passwd');
  return factOf(tree, found, () => {
    const text = textIn(found);
    return typeof text === 'string' ? usersOf(text) : new Doubtful<readonly NamedUser[]>(null, text?.doubt ?? notFile);
  });
}

function systemFact(tree: LayerTree): ImageFiles['system'] {
  const found = findSystem(tree);
  return factOf(tree, found, () => {
    const text = textIn(found);
    return typeof text === 'string'
      ? (systemOf(text) ?? new Doubtful(null, 'its os-release names no system'))
      : new Doubtful(null, text?.doubt ?? notFile);
  });
}

function startedFile(entry: LayerEntry, path: string): StartedFile | Doubtful<StartedFile> {
  if (!isProgram(entry)) return new Doubtful<StartedFile>(null, 'its file is not a program');
  const file = { path: `/${path}`, owner: ownerOf(entry), capabilities: capabilitiesIn(entry.capability) };
  return entry.script === 'long' ? new Doubtful({ ...file, script: null }, 'its script is too long') : { ...file, script: entry.script };
}

/** The capabilities that an extended attribute of version 2 or 3 permits (linux/capability.h, `struct vfs_cap_data`); `null`: it is of another form. */
function capabilitiesIn(bytes: Uint8Array | null): readonly string[] | null {
  if (!bytes) return [];
  const version = bytes[3];
  if (!(version === 2 && bytes.length === 20) && !(version === 3 && bytes.length === 24)) return null;
  const isPermitted = (bit: number): boolean => (bytes[(bit < 32 ? 4 : 12) + ((bit % 32) >> 3)]! & (1 << (bit % 8))) !== 0;
  return capabilityNames.filter((_, bit) => isPermitted(bit));
}
