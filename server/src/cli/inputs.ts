import {
  defaultConfig,
  effectiveConfig,
  type EffectiveConfig,
  type InputFile,
  isGlob,
  isTestData,
  matchGlob,
  type Overrides,
  type Shortfall,
  sourceOf,
  maskAlone,
} from '../../../shared/src/index';
import { statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, relative, resolve } from 'node:path';
import { homeFolder } from '../../../shared/host/node/cache-folder';
import { isWithin } from '../../../shared/host/node/folders';
import { attempt, decodeText } from '../host/node/files';
import { unread, type Read } from '../host/node/reader';
import { isCandidate } from '../decisions/candidates';
import { parentFolder, type Reading } from './reading';
import type { FindScope, Scope } from './scopes';
import type { StandardInput } from './standard-input';

/** A file to work on, which has not been read. */
export interface FoundInput {
  /** Absolute; of standard input, the path that its name stands for. */
  readonly absolute: string;
  /** Relative to the working directory, with `/`. */
  readonly shown: string;
  /** As rules see it: relative to `base`. */
  readonly path: string;
  readonly config: EffectiveConfig;
  readonly scope: Scope;
  /** The folder that nothing is written out of. */
  readonly root: string;
  /** The folder whose files are known to rules; `null`: there is none. */
  readonly base: string | null;
  /** Whether that folder is a whole: what is not in it is nowhere. A lone file has neighbours alone. */
  readonly isWhole: boolean;
  /** Whether it was named on the command line, not found in a folder. */
  readonly named: boolean;
  /** The text of standard input, whatever is on disk; `null`: it is a file. */
  readonly streamed: string | null;
}

/** A file to work on, with its text. */
export interface Input extends FoundInput {
  readonly file: InputFile;
}

/** Something that could not be read, or is wrong with what was asked for. */
export interface InputProblem {
  readonly shown: string;
  readonly message: string;
  /** Of a file that is there and should have been read; `null`: what was asked for is wrong. */
  readonly shortfall: Shortfall | null;
}

/** What the paths of the command line come to. Inputs are sorted by path. */
export interface FoundInputs {
  readonly found: readonly FoundInput[];
  readonly problems: readonly InputProblem[];
  /** Files that were named and that the configuration excludes. */
  readonly excluded: readonly string[];
  /** All files that it excludes, as they would be without it. */
  readonly leftOut: readonly FoundInput[];
  /** How many files of folders were left out as test data. */
  readonly testData: number;
}

/** Of no path at all. */
export const noInputs: FoundInputs = { found: [], problems: [], excluded: [], leftOut: [], testData: 0 };

/** The same with their texts. Inputs and problems are sorted by path. */
export interface Inputs extends Omit<FoundInputs, 'found'> {
  readonly inputs: readonly Input[];
}

/** A path as reports show it. */
export function shownPath(absolute: string): string {
  return (relative(process.cwd(), absolute) || '.').replace(/\\/g, '/');
}

/**
 * The folders that may be anybody's: the one of the run, and those that the paths of the command line are in, each as far as links in it are followed (`Reading.root`). A
 * home that is a repository, where one keeps settings so, is the user's own.
 */
export function guardedFolders(paths: readonly string[], reading: Reading): readonly string[] {
  const folders = paths.map(path => {
    const own = resolve(path);
    const stat = attempt(own, () => statSync(own));
    if (stat.ok) return stat.value.isFile() ? dirname(own) : own;
    return isGlob(path) ? resolve(fixedPart(path)) : own;
  });
  const around = (folder: string): readonly string[] => {
    const root = reading.root(folder);
    return reading.gitRoot(folder) === null ? [folder, root] : [root === homeFolder(process.env) ? folder : root];
  };
  return [...new Set([process.cwd(), ...folders].flatMap(around))];
}

interface Candidate {
  readonly absolute: string;
  readonly named: boolean;
  /** The folder of the command line that it was found in. */
  readonly folder: string | null;
}

/** Finds the files that `paths` name: files, folders and globs. `expect` hears how many there are. */
export function findInputs(
  paths: readonly string[],
  findScope: FindScope,
  overrides: Overrides,
  reading: Reading,
  expect: (files: number) => void,
): FoundInputs {
  const problems: InputProblem[] = [];
  const inputs: FoundInput[] = [];
  const excluded: string[] = [];
  const leftOut: FoundInput[] = [];
  let testData = 0;
  const candidates = new Map<string, Candidate>();
  for (const path of paths.length === 0 ? ['.'] : paths) {
    for (const found of expand(path, reading)) {
      if ('message' in found) problems.push(found);
      else if (found.named || !candidates.has(found.absolute)) candidates.set(found.absolute, found);
    }
  }
  expect(candidates.size);
  const walked = [...new Set([...candidates.values()].flatMap(({ folder }) => folder ?? []))];
  for (const candidate of candidates.values()) {
    const { absolute, named, folder } = candidate;
    const scope = findScope(dirname(absolute));
    const whole = scope.base ?? folder ?? walked.find(one => isWithin(one, absolute)) ?? null;
    const base = whole ?? loneBase(absolute);
    const path = pathIn(base, absolute);
    const config = effectiveConfig(scope.config?.config ?? null, path, overrides);
    const root = reading.root(dirname(absolute));
    const shown = shownPath(absolute);
    const input = { absolute, named, streamed: null, scope, root, base, isWhole: whole !== null, shown, path };
    if (config === 'excluded') {
      if (named) excluded.push(shown);
      leftOut.push({ ...input, config: defaultConfig });
      continue;
    }
    if (folder !== null && isTestData(pathIn(folder, absolute), path, scope.config?.config ?? null)) {
      testData++;
      continue;
    }
    inputs.push({ ...input, config });
  }
  return { found: inputs.sort(byShown), problems, excluded, leftOut, testData };
}

/** Reads an input; `null` for one that was found in a folder and, broken as it is, does not look like one of ours. */
export function readInput(found: FoundInput, reading: Reading): Input | InputProblem | null {
  const { path, shown } = found;
  const text = found.streamed === null ? readFound(found, reading) : { ok: true as const, value: found.streamed };
  if (text === null) return null;
  return text.ok ? { ...found, file: { path, text: text.value } } : { shown, message: text.message, shortfall: text.shortfall };
}

/** Reads all inputs. */
export function readInputs({ found, problems, ...others }: FoundInputs, reading: Reading): Inputs {
  const inputs: Input[] = [];
  const unread: InputProblem[] = [];
  for (const one of found) {
    const read = readInput(one, reading);
    if (!read) continue;
    if ('file' in read) inputs.push(read);
    else unread.push(read);
  }
  return { ...others, inputs, problems: [...problems, ...unread].sort(byShown) };
}

/** The order of files and problems in reports. */
export function byShown(a: { readonly shown: string }, b: { readonly shown: string }): number {
  return a.shown < b.shown ? -1 : a.shown > b.shown ? 1 : 0;
}

/** Takes standard input for a file of the given name; without one (`null`), its text says what it is. */
export function standardInput(name: string | null, findScope: FindScope, overrides: Overrides, read: () => StandardInput): FoundInputs {
  const absolute = resolve(name ?? 'stdin');
  const shown = name === null ? '-' : shownPath(absolute);
  const scope = findScope(dirname(absolute));
  const base = scope.base ?? (name === null ? null : loneBase(absolute));
  const path = pathIn(base, absolute);
  const config = effectiveConfig(scope.config?.config ?? null, path, overrides);
  const bytes = read();
  const text = bytes.ok ? decodeText(bytes.value) : bytes;
  if (!text.ok) return { ...noInputs, problems: [{ shown: 'standard input', message: text.message, shortfall: null }] };
  const root = dirname(absolute);
  const isWhole = scope.base !== null;
  const input = { absolute, shown, path, scope, root, base, isWhole, named: true, streamed: text.value };
  return config === 'excluded'
    ? { ...noInputs, excluded: [shown], leftOut: [{ ...input, config: defaultConfig }] }
    : { ...noInputs, found: [{ ...input, config }] };
}

/**
 * The folder whose files tell of a lone file, outside of any repository: the working directory if the file is in it, else its own. `null`: that is a
 * home, the folder for temporary files, or the root of a disk, in which files of all kinds lie.
 */
function loneBase(absolute: string): string | null {
  const own = dirname(absolute);
  const isShared = (folder: string): boolean => parentFolder(folder) === null || folder === homeFolder(process.env) || folder === tmpdir();
  return [process.cwd(), own].find(folder => isWithin(folder, absolute) && !isShared(folder)) ?? null;
}

/** A path relative to a base, with `/`; to the working directory where there is none, or the file is not in it. */
function pathIn(base: string | null, absolute: string): string {
  const path = base === null ? '' : relative(base, absolute).replace(/\\/g, '/');
  if (path !== '' && !path.startsWith('../')) return path;
  const shown = shownPath(absolute);
  return shown.startsWith('../') ? absolute.replace(/\\/g, '/').replace(/^\//, '') : shown;
}

function* expand(path: string, reading: Reading): Generator<Candidate | InputProblem> {
  // an unset variable of a shell must not mean the working directory
  if (path === '') {
    yield { shown: '""', message: 'is an empty path', shortfall: null };
    return;
  }
  const absolute = resolve(path);
  const kind = reading.kind(absolute);
  if (kind.ok && kind.value === 'file') yield { absolute, named: true, folder: null };
  else if (kind.ok) yield* inFolder(absolute, reading, isCandidate, () => true);
  else if (kind.shortfall === null && isGlob(path)) yield* inGlob(path, reading);
  else {
    // what is not there is no name of a file
    const shown = shownPath(absolute);
    yield { shown: kind.shortfall === null ? maskAlone(shown) : shown, message: kind.message, shortfall: kind.shortfall };
  }
}

function inFolder(
  folder: string,
  reading: Reading,
  wanted: (name: string) => boolean,
  takes: (absolute: string) => boolean,
): readonly (Candidate | InputProblem)[] {
  const found: (Candidate | InputProblem)[] = [];
  reading.walk(folder, wanted, ({ path, unread: problem }) => {
    if (problem) found.push({ shown: shownPath(path), message: problem.message, shortfall: problem.shortfall });
    else if (takes(path)) found.push({ absolute: path, named: false, folder });
    return true;
  });
  return found;
}

/** The folder of a glob. */
function fixedPart(pattern: string): string {
  const parts = pattern.replace(/\\/g, '/').split('/');
  return parts.slice(0, parts.findIndex(isGlob)).join('/') || (pattern.startsWith('/') ? '/' : '.');
}

/** Walks the folder that the fixed part of a glob names. A glob that names an extension takes it, even one that a walk leaves out. */
function* inGlob(pattern: string, reading: Reading): Generator<Candidate | InputProblem> {
  const parts = pattern.replace(/\\/g, '/').split('/');
  const fixed = parts.findIndex(isGlob);
  const folder = resolve(fixedPart(pattern));
  const rest = `/${parts.slice(fixed).join('/')}`;
  const kind = reading.kind(folder);
  if (!kind.ok || kind.value !== 'folder') {
    yield { shown: maskAlone(pattern), message: 'does not exist', shortfall: null };
    return;
  }
  const last = parts.at(-1) ?? '';
  const wanted = (name: string): boolean => isCandidate(name) || (!/^\*+$/.test(last) && matchGlob(`/${last}`, name));
  const found = inFolder(folder, reading, wanted, path => matchGlob(rest, relative(folder, path).replace(/\\/g, '/')));
  if (found.length === 0) yield { shown: maskAlone(pattern), message: 'no file matches', shortfall: null };
  yield* found;
}

/** So many bytes of a file in another encoding are looked at, to find out whether it is one of ours. */
const maxSniffed = 8 << 20;

/** The encoding that a byte order mark tells: what reads YAML reads UTF-16, too. */
function encodingOf([first, second]: Uint8Array): string {
  return first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

function readFound({ absolute, named, path }: FoundInput, reading: Reading): Read<string> | null {
  const bytes = reading.bytes(absolute);
  if (!bytes.ok) return bytes;
  const text = decodeText(bytes.value);
  if (text.ok) return text;
  const legible = new TextDecoder(encodingOf(bytes.value)).decode(bytes.value.subarray(0, maxSniffed)).replaceAll('\0', '');
  return !named && sourceOf(path, legible).family === 'none' ? null : unread({ id: 'not-utf8', problem: text.message });
}
