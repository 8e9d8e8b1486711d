import type { NamedValue } from '../../knowledge/folders';
import { isReadable } from '../../knowledge/unread-languages';
import { resolvePath } from '../../base/text/path';
import type { ProgramFact, ProgramPlace } from '../../workspace/unkeyed-facts';
import { folderOf, joinPath } from '../../workspace/paths';
import type { StageStart } from '../../workspace/stage-start';
import { createProgram } from './code/program';
import { writesOf, type CodeWrite } from './code/writes';
import type { Module } from './code/values';
import { mayBeConfig } from './config-facts';
import { fileOfUrl } from './file-url';
import { importedFiles } from './imported-files';
import type { reachedScripts } from './package-scripts';
import { codeOf } from './program-facts';
import { rootCall } from './root-calls';

/** A file that an image starts, or that one of these uses, and where it is in the image. */
export interface Found {
  readonly source: string;
  readonly image: string;
  readonly fact: ProgramFact;
  /** Whether it is what starts, rather than what that uses. */
  readonly starts: boolean;
  /** Of a package.json the scripts that run, by name. */
  readonly scripts: ReturnType<typeof reachedScripts>;
}

/** Something that is written, by a program or as its configuration has it. */
interface PlacedWrite {
  /** The folder, absolute; `~` in front: the home directory of the user is not known; `null`: nobody knows where. */
  readonly path: string | null;
  /** The file; `null`: any in the folder. */
  readonly file: string | null;
  /** The name of what writes it. */
  readonly name: string;
  readonly isConfig: boolean;
  /** Whether a call writes there, so that it has to be known where. */
  readonly isCertain: boolean;
  /** Whether it makes the folder where it is missing. */
  readonly makes: boolean;
  /** What stands in the program where the path is not known; `null`: too much to quote. */
  readonly quoted: string | null;
}

/** What the files of an image have it do. */
interface Read {
  readonly writes: readonly PlacedWrite[];
  readonly doubt: string | null;
  /** What starts and is not read; `null`: all that is seen is. */
  readonly unread: string | null;
  readonly asRoot: string | null;
  readonly keeper: string | null;
  readonly renames: boolean;
}

const nameOf = (source: string): string => source.slice(source.lastIndexOf('/') + 1);

/** What the files of an image are read in. */
interface Surroundings {
  readonly workdir: string;
  readonly variable: (name: string) => string | null | undefined;
}

/** What was read last of the files that begin with one, for which question. */
const lastRead = new WeakMap<ProgramFact, { readonly key: string; readonly facts: readonly ProgramFact[]; readonly read: Read }>();

/** Reads the files that an image starts together. Several rules ask it of each. */
export function readFiles(found: readonly Found[], start: StageStart, environment: readonly NamedValue[]): Read {
  const [first] = found;
  if (!first) return readAll(found, start, environment);
  const last = lastRead.get(first.fact);
  const places = found.map(({ source, image, starts, scripts }) => [source, image, starts, scripts.map(([name]) => name)]);
  const key = JSON.stringify([places, start.workdir, start.variables, environment]);
  if (last?.key === key && last.facts.length === found.length && found.every(({ fact }, at) => fact === last.facts[at])) return last.read;
  const read = readAll(found, start, environment);
  lastRead.set(first.fact, { key, facts: found.map(({ fact }) => fact), read });
  return read;
}

function readAll(found: readonly Found[], start: StageStart, environment: readonly NamedValue[]): Read {
  const sets = new Map<string, string>();
  for (const { fact } of found) for (const [name, value] of Object.entries(fact.sets)) if (!sets.has(name)) sets.set(name, value);
  const variable = (name: string): string | null | undefined => {
    const set = environment.findLast(each => each.name === name);
    return set ? set.value : (start.variables[name] ?? sets.get(name));
  };
  const around: Surroundings = { workdir: start.workdir, variable };
  const code = readCode(found, start, environment, variable);
  const stepping = found.find(({ fact }) => fact.stepsTo !== null);
  return {
    writes: [
      ...found.flatMap(one => one.fact.places.flatMap(each => placeIn(each, one, around) ?? [])),
      ...code.writes.map(each => placeOf(each, around)),
    ],
    doubt: found.flatMap(doubtsOf)[0] ?? code.doubt,
    unread: found.flatMap(one => unreadFile(one) ?? [])[0] ?? unreadStart(start, found),
    asRoot: stepping ? `its configuration ${stepping.source} switches to user ${stepping.fact.stepsTo!}` : null,
    keeper: found.flatMap(({ scripts }) => scripts.map(([, { keeper }]) => keeper)).find(each => each !== null) ?? null,
    renames: code.renames,
  };
}

/** A path as it is in the image; `~` in front: the home directory of the user is not known. */
function absolute(path: string, base: string, { variable }: Surroundings): string {
  const home = path.startsWith('~') ? variable('HOME') : undefined;
  if (path.startsWith('~')) return typeof home === 'string' ? resolvePath(home + path.slice(1)) : path;
  return resolvePath(path.startsWith('/') ? path : `${base}/${path}`);
}

/** Where something is that a configuration, a framework or a library has written; `null`: nobody knows. */
function placeIn({ path, from, variable: name, does }: ProgramPlace, { source, image }: Found, around: Surroundings): PlacedWrite | null {
  const set = name === null ? undefined : around.variable(name);
  const named = typeof set === 'string' ? fileOfUrl(set, false) : set === null ? null : path;
  if (named === null || named === '') return null;
  const whole = absolute(
    from === 'home' && set === undefined ? `~/${named}` : named,
    from === 'file' ? folderOf(image) || '/' : around.workdir,
    around,
  );
  const [folder, file] = does === 'file' ? splitFile(whole, named.endsWith('/')) : [whole, null];
  return { path: folder, file, name: nameOf(source), isConfig: mayBeConfig(source), isCertain: true, makes: false, quoted: null };
}

/** Where something is that a program writes. */
function placeOf({ path, isOpen, does, makes, module, written }: CodeWrite, around: Surroundings): PlacedWrite {
  const about = { name: nameOf(module.source), isConfig: false, isCertain: true };
  // of what goes on in a way that is not known, the folder is
  if (path === null || (isOpen && !path.includes('/')))
    return { ...about, path: null, file: null, makes, quoted: /^[^\n]{1,60}$/.test(written) ? written : null };
  const whole = absolute(isOpen ? path.slice(0, path.lastIndexOf('/') + 1) : path, around.workdir, around);
  const [folder, file] = does === 'folder' || isOpen ? [whole, null] : splitFile(whole, path.endsWith('/'));
  return { ...about, path: folder, file, quoted: null, makes: makes && !isOpen };
}

/** Why a person should look at what a file does, as sentences. */
function doubtsOf({ source, fact, scripts }: Found): readonly string[] {
  const isConfig = mayBeConfig(source);
  return [
    ...scripts.map(([script, { does }]) => (does === null ? null : `its script "${script}" ${does}`)),
    fact.does === null ? null : `its ${isConfig ? 'configuration' : 'start script'} ${source} ${fact.does}`,
  ].filter(each => each !== null);
}

/** Why a file tells nothing: it starts and nobody reads its language, or it is not understood; `null`: it is read. */
function unreadFile({ source, fact: { unread }, starts }: Found): string | null {
  if (unread === '') return `it runs ${nameOf(source)}, which could not be read`;
  return unread === null || !starts ? null : inLanguage(unread);
}

/** The same of what a Dockerfile shows, where no file that is read turns out to be it. */
function unreadStart({ unread }: StageStart, found: readonly Found[]): string | null {
  if (unread === null) return null;
  const { language, by, name } = unread;
  // a script of npm may start nothing but a tool, and a framework makes what starts
  const isFound = ({ starts, fact, scripts }: Found): boolean =>
    starts &&
    (fact.code !== null ||
      scripts.some(([, { uses }]) => uses.length === 0) ||
      (fact.places.length > 0 && /\bpackage\.json$/.test(fact.path)));
  if (language !== null && isReadable(language))
    return found.some(isFound) ? null : `it starts a program in ${language} that was not found`;
  if (language !== null)
    return by === 'start' ? inLanguage(language) : `its build produces a program in ${language}, which is not analyzed here`;
  return found.some(({ image, starts }) => starts && nameOf(image) === name) ? null : `it starts ${name!}, which is not analyzed here`;
}

const inLanguage = (language: string): string => `it starts a program in ${language}, which is not analyzed here`;

/** The folder and the name of a file. */
function splitFile(path: string, isFolder: boolean): readonly [string, string | null] {
  const at = path.lastIndexOf('/');
  return isFolder ? [path, null] : [path.slice(0, at) || '/', path.slice(at + 1)];
}

/** Reads the programs among the files together. */
function readCode(
  found: readonly Found[],
  start: StageStart,
  environment: readonly NamedValue[],
  variable: (name: string) => string | null | undefined,
): { readonly writes: ReturnType<typeof writesOf>; readonly doubt: string | null; readonly renames: boolean } {
  const modules = found.flatMap(({ source, image, fact, starts }): Module[] => {
    const code = codeOf(fact);
    return code ? [{ code, source, image, isMain: starts }] : [];
  });
  const bySource = new Map(modules.map(module => [module.source, module]));
  const imported = (from: string, importer: Module): Module | null => {
    for (const file of importedFiles(from, importer.source, importer.code.language)) {
      const path = joinPath(folderOf(importer.source), file);
      const module = path === null ? undefined : bySource.get(path);
      if (module && module !== importer) return module;
    }
    return null;
  };
  const program = createProgram({ modules, variable, workdir: start.workdir, imported });
  const { asRoot, renames } = rootCall(program);
  const writes = writesOf(program);
  const spent = program.evaluator.isSpent() ? `it runs ${nameOf(modules[0]!.source)}, which could not be read` : null;
  return { writes, doubt: asRoot ?? spent, renames };
}
