import { isFilledAtRun, isSystemFolder, type NamedValue } from '../../knowledge/folders';
import { readFiles, type Found } from './found-files';
import { isMadeAnew } from './framework-folders';
import { namedFiles } from './named-files';
import { reachedScripts } from './package-scripts';
import type { StartedCommand } from './started-command';
import { isWithinPath } from '../../knowledge/host-paths';
import { resolvePath } from '../../base/text/path';
import type { ProgramFact } from '../../workspace/unkeyed-facts';
import { buildContexts } from '../../workspace/build-context';
import { folderOf, joinPath } from '../../workspace/paths';
import type { StageStart } from '../../workspace/stage-start';
import type { StageFact, WorkspaceIndex } from '../../workspace/types';

/** A folder that the program of an image writes to, as its text tells. */
export interface ProgramFolder {
  /** Absolute, in the image. */
  readonly path: string;
  /** Whether the image has files there, or may have, which a mount would hide. */
  readonly filled: boolean;
}

/** What the program of an image writes. */
export interface ProgramWrites {
  readonly folders: readonly ProgramFolder[];
  /** What it does that no folder answers, as a sentence without a full stop: it writes beside its sources, or to a home directory; `null`: nothing is seen. */
  readonly doubt: string | null;
  /** What it starts that is not read, as such a sentence; `null`: all that is seen is. */
  readonly unread: string | null;
  /** Whether another user takes nothing from it, whatever it is. */
  readonly isPlaced: boolean;
  /** What its configurations have it do as root alone, which takes capabilities, as a sentence without a full stop; `null`: nothing is seen. */
  readonly asRoot: string | null;
  /** The folders that it makes where they are missing, with all that they are in. */
  readonly made: ReadonlySet<string>;
  /** The program of a script of its package.json that keeps files in the home directory of its user; `null`: none. */
  readonly keeper: string | null;
  /** Whether one of its programs moves files by a call that no other file system answers. */
  readonly renames: boolean;
}

/** What a question about programs asks of an index. */
export type ProgramIndex = Pick<WorkspaceIndex, 'programAt' | 'isAbsent' | 'keptFolders' | 'contextsOf'>;

/** What a command starts of the files of an image. */
export type StartedFiles = Pick<StartedCommand, 'scripts' | 'words'>;

/** More files of one image are not asked for, and not read. */
const mostAsked = 200;
const mostRead = 20;

/** More folders of one image are not told. */
const mostFolders = 10;

/** Folders for everybody, and those that hold the ones of programs. */
const isElse = /^\/(?:(?:var\/)?tmp(?:\/.*)?|home|opt|srv|var|var\/lib|mnt|media)$/;

/** Whether something is written to a log that images of servers lead to the console. */
function isConsole(folder: string, file: string | null): boolean {
  return (
    /^\/(?:var\/log\/(?:nginx|apache2)|usr\/local\/openresty\/nginx\/logs)$/.test(folder) &&
    /^(?:access|error|other_vhosts_access)\.log$/.test(file ?? '')
  );
}

/** Where something of the image comes from in the context, the last copy first. */
function sourcesIn(context: string, path: string, copies: StageStart['copies']): readonly (string | null)[] {
  return copies.flatMap(({ from, to }) => {
    if (!isWithinPath(path, to)) return [];
    const rest = path.slice(to === '/' ? 1 : to.length + 1);
    return joinPath(context, from === '' || rest === '' ? from + rest : `${from}/${rest}`);
  });
}

/** What is laid over a file of an image from outside: `null` is nothing that is read as a program, `undefined` leaves the image's own. */
export type LaidOver = (image: string) => ProgramFact | null | undefined;

const nothingLaid: LaidOver = () => undefined;

/** The programs that an image starts, and the files of theirs that they use, as far as they lie in a folder or are laid over it. */
function programsIn(context: string, start: StageStart, index: ProgramIndex, laid: LaidOver): readonly Found[] {
  const found: Found[] = [];
  const asked = new Set<string>();
  const scripts = new Set(start.scripts);
  let queue = start.programs.map(({ source, image }) => ({ source: joinPath(context, source), image, starts: true }));
  // what a program uses, and that in its turn
  for (let depth = 0; depth < 8 && queue.length > 0; depth++) {
    const next: typeof queue = [];
    for (const { source, image, starts } of queue) {
      if (source === null || asked.has(source) || asked.size >= mostAsked || found.length >= mostRead) continue;
      asked.add(source);
      const over = laid(image);
      const fact = over === undefined ? index.programAt(source) : over;
      if (!fact) continue;
      for (const name of fact.scripts['']?.runs ?? []) scripts.add(name);
      const reached = reachedScripts(fact, scripts);
      found.push({ source, image, fact, starts, scripts: reached });
      // what a script or manifest starts is what starts
      const handsOn = starts && fact.code === null;
      for (const used of [...fact.uses, ...reached.flatMap(([, { uses }]) => uses)])
        if (laid(used)) next.push({ source: used, image: used, starts: handsOn });
        else if (used.startsWith('/'))
          next.push(...sourcesIn(context, used, start.copies).map(from => ({ source: from, image: used, starts: handsOn })));
        else next.push({ source: joinPath(folderOf(source), used), image: resolvePath(`${folderOf(image)}/${used}`), starts: handsOn });
    }
    queue = next;
  }
  return found;
}

/** Folders of tests and of what is installed: none of them is filled while the program runs. */
const isSource = /(?:^|\/)(?:\.git\w*|tests?|specs?|fixtures|examples?|docs|node_modules|vendor|migrations)(?:\/|$)/i;

/** The folders of the image that the context keeps without files of their own, as far as their names say that a program fills them. */
function keptIn(context: string, { copies }: StageStart, index: ProgramIndex): readonly string[] {
  if (copies.length === 0) return [];
  const inside = context === '' ? '' : `${context}/`;
  return index.keptFolders().flatMap(kept => {
    const own = kept.startsWith(inside) ? kept.slice(inside.length) : '';
    if (own === '' || isSource.test(own) || !own.split('/').some(isFilledAtRun)) return [];
    // of a folder its content is copied: of two places that one source may have, the outer one
    const places = copies.flatMap(({ from, to }) =>
      from === '' || own === from || own.startsWith(`${from}/`) ? resolvePath(`${to}/${own.slice(from === '' ? 0 : from.length)}`) : [],
    );
    return places.length === 0 ? [] : places.reduce((one, other) => (other.length < one.length ? other : one));
  });
}

/** A path below /run by the one of its two names that is no link. */
const runPath = (path: string): string => path.replace(/^\/var(?=\/run(?:\/|$))/, '');

/** Whether a path of the image may have files: something of the context is copied there, or the build may have made it. */
function isFilled(path: string, context: string, { copies, fills }: StageStart, index: ProgramIndex): boolean {
  if (isMadeAnew(path)) return false;
  const sources = sourcesIn(context, path, copies);
  if (fills) return sources.length > 0;
  return sources.some(source => source === null || !index.isAbsent(source));
}

/**
 * What the program of an image writes, as the files of its build context tell: what it opens for writing or makes, by a path that is written down, the
 * default of a variable, or a variable that the image or its container sets.
 * @param dockerfile path in the index; of its contexts counts the first in which a program is found
 * @param environment what is set from outside, over the image's own
 * @param isKnown whether the image is known to write to a path, or a volume is there
 * @param laid what a ConfigMap lays over its files
 */
export function programWrites(
  start: StageStart | null,
  dockerfile: string,
  index: ProgramIndex,
  environment: readonly NamedValue[] = [],
  isKnown: (path: string) => boolean = () => false,
  laid: LaidOver = nothingLaid,
): ProgramWrites {
  if (!start)
    return { folders: [], doubt: null, unread: null, isPlaced: false, asRoot: null, keeper: null, renames: false, made: new Set() };
  const [likeliest, ...others] = buildContexts(dockerfile, start.sources, index);
  for (const context of likeliest === undefined ? [] : [likeliest, ...others]) {
    const programs = programsIn(context, start, index, laid);
    // a folder above may hold other projects: it is the context where the program is
    const kept = programs.length > 0 || context === likeliest ? keptIn(context, start, index) : [];
    if (programs.length === 0 && kept.length === 0) continue;
    const placed = placeWrites(programs, start, environment, isKnown);
    const paths = [...new Set([...placed.folders, ...kept])].slice(0, mostFolders);
    const folders = paths.map(path => ({ path, filled: isFilled(path, context, start, index) }));
    return { ...placed, folders: withoutMade(folders, placed.made), isPlaced: start.isPlaced };
  }
  return { ...placeWrites([], start, environment, isKnown), folders: [], isPlaced: start.isPlaced };
}

/** Where what the files of a program write is in the image: folders of its own, or a doubt. */
function placeWrites(
  programs: readonly Found[],
  start: StageStart,
  environment: readonly NamedValue[],
  isKnown: (path: string) => boolean,
): Omit<ProgramWrites, 'folders' | 'isPlaced'> & { readonly folders: ReadonlySet<string> } {
  const { writes, doubt: seen, unread, asRoot, keeper, renames } = readFiles(programs, start, environment);
  const folders = new Set<string>();
  const made = new Set<string>();
  let doubt = seen;
  for (const { path: whole, file, name, isConfig, isCertain, makes, quoted } of writes) {
    const verb = isConfig ? 'makes it write' : 'writes';
    if (whole === null) {
      if (isCertain)
        doubt ??=
          quoted === null
            ? `${name} writes to a location that could not be determined`
            : `${name} writes to ${quoted}, whose location could not be determined`;
      continue;
    }
    if (whole.startsWith('~')) {
      doubt ??= `${name} writes to the home directory of its user`;
      continue;
    }
    // what is told of the link would be given to the link
    const path = runPath(whole);
    if (isKnown(path) || isNoPath.test(path)) continue;
    if (isElse.test(path)) {
      // they belong to root, and a volume would hide what others have there
      if (isCertain && file && !/\/tmp(?:\/|$)/.test(path)) doubt ??= `${name} ${verb} ${file} in ${path}`;
      continue;
    }
    if (start.linksLogs && isConsole(path, file)) continue;
    const isBeside = programs.some(({ image }) => isWithinPath(image, path)) || (!isConfig && isWithinPath(start.workdir, path));
    if (isBeside) doubt ??= `${name} ${verb} ${file ?? 'files'} next to its sources`;
    else if (isSystemFolder(path)) {
      if (!isDevice.test(path)) doubt ??= `${name} ${verb} ${file ?? 'files'} in ${path}`;
    } else {
      folders.add(path);
      if (makes) made.add(path);
    }
  }
  return { folders, doubt, unread, asRoot, keeper, renames, made };
}

/** What is no file: the console, what the kernel shows. */
const isDevice = /^\/(?:dev|proc)(?:\/|$)/;

/** What no path is written with that is meant to be one. */
const isNoPath = /[^\w./@+ -]/;

/** Folders without those that a program makes in another one that it writes: they are part of that. */
function withoutMade<F extends ProgramFolder>(folders: readonly F[], made: ReadonlySet<string>): readonly F[] {
  const open = folders.filter(({ filled }) => !filled);
  return folders.filter(
    ({ path, filled }) => filled || !made.has(path) || !open.some(other => other.path !== path && isWithinPath(path, other.path)),
  );
}

/**
 * The folders that the image of a stage writes to, those that its Dockerfile tells and those that its program does; and what no folder answers.
 * @param started what starts in place of the command of the image; `null`, or absent: nothing
 */
export function stageWrites(
  { run, path, folders }: StageFact,
  index: ProgramIndex,
  environment: readonly NamedValue[] = [],
  laid?: LaidOver,
  started?: StartedFiles | null,
): Omit<ProgramWrites, 'folders'> & { readonly folders: StageFact['folders'] } {
  const start = run?.start ?? null;
  const written = programWrites(start && started ? startOfCommand(start, started) : start, path, index, environment, undefined, laid);
  // of what a folder holds, the build context says more than the Dockerfile; /var/run leads to /run
  const known = folders.filter(folder => !written.folders.some(one => runPath(one.path) === runPath(folder.path)));
  const own = written.folders.map(one => ({ ...one, given: folders.some(({ path, given }) => given && isWithinPath(one.path, path)) }));
  return { ...written, folders: withoutMade([...known, ...own], written.made) };
}

/** What starts where another command does: also the image's own, which may be started by it. */
export function startOfCommand(start: StageStart, { scripts, words }: StartedFiles): StageStart {
  const { workdir, copies, variables } = start;
  const named = namedFiles(words, name => variables[name], { image: '', workdir });
  const programs = named.slice(0, mostAsked).flatMap(name => {
    const image = resolvePath(name.startsWith('/') ? name : `${workdir}/${name}`);
    return sourcesIn('', image, copies).flatMap(source => (source === null ? [] : { source, image }));
  });
  return { ...start, scripts, programs: [...programs, ...start.programs], unread: start.unread ?? broughtProgram(words[0] ?? '', copies) };
}

/** A program that an image brings by its name, and that is in no language that is read here; `null`: it brings none of that name. */
function broughtProgram(word: string, copies: StageStart['copies']): StageStart['unread'] {
  const name = word.slice(word.lastIndexOf('/') + 1);
  const isBrought =
    name !== '' && !/\.\w+$/.test(name) && copies.some(({ to }) => to.endsWith(`/${name}`) && (to === word || !word.includes('/')));
  return isBrought ? { language: null, by: 'start', name } : null;
}
