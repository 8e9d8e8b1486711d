import { isFilledAtRun, isSystemFolder, namedFolders, type NamedValue } from '../../../knowledge/folders';
import { withoutEnd } from '../../../base/text/ends';
import { memoize } from '../../../base/text/memoize';
import { chainInstructions, wholeText } from './chain';
import { packagedServer, type PackagedServer } from '../../../knowledge/packaged-servers';
import { absolutePath, containsPath, findWritten, workdirAt, writtenFiles } from './files';
import { keptPackages } from './packages';
import { runCommands } from './scripts';
import { createdDirectories } from './state-paths';
import type { Instruction, Stage } from './types';
import { isRootUser, userParts } from './users';

/** A folder that the process of an image writes to, as far as its Dockerfile tells. */
export interface WrittenFolder {
  /** Absolute, without a slash at its end. */
  readonly path: string;
  /** Whether the image has files there, or may have, which a mount would hide. */
  readonly filled: boolean;
  /** Whether the file gives it, or what it is in, to another user than root. */
  readonly given: boolean;
}

/** Folders of the system, those for temporary files, and those that hold the ones of programs. */
function isForeign(path: string): boolean {
  return isSystemFolder(path) || /^\/(?:(?:var\/)?tmp(?:\/.*)?|var|home|opt|srv|var\/(?:lib|cache))$/.test(path);
}

/** Commands that say something of a folder and put nothing into it. */
const bare: ReadonlySet<string | null> = new Set(
  'mkdir chown chmod chgrp rm rmdir ls test [ useradd adduser groupadd addgroup usermod cd echo'.split(' '),
);

/** More folders of one stage are not told. */
const most = 20;

/** Caches of what installs packages: they are filled while the image is built. */
const ofInstaller = /^(?:PIP|PIPENV|UV|POETRY|CONDA|NPM|YARN|PNPM|BUN|GO|CARGO|COMPOSER|GEM|BUNDLE|MAVEN|GRADLE|NUGET|APT|DEBIAN)_/;

/** The folders that the process of a stage writes to: volumes, folders that the file makes or gives away, and those that it names for logs, data and the like. */
export const writtenFolders = memoize((stage: Stage): readonly WrittenFolder[] => {
  const all = chainInstructions(stage);
  const volumes = all.flatMap(i => (i.keyword === 'VOLUME' ? i.words.map(word => i.file.expand(word, i)) : []));
  const made = createdDirectories(stage).map(({ path }) => path);
  const told = all.flatMap(madeFolders).slice(0, most);
  // an empty one at the top is there for what is written, or mounted
  const ofRun = told.filter(path => isFilledAtRun(path) || (/^\/[^/]+$/.test(path) && isAlone(stage, path)));
  const packaged = packagedServerOf(stage)?.folders ?? [];
  const away = all.flatMap(givenFolders).slice(0, most);
  const given = away.filter(path => isFilledAtRun(path) || /^\/(?:data|var|srv|run|mnt)\//.test(path) || isAlone(stage, path));
  const named = namedFolders(
    variablesOf(stage).filter(({ name }) => !ofInstaller.test(name)),
    startWords(stage),
    stage.state.workdir?.value ?? null,
  );
  const workdir = stage.state.workdir?.value ?? null;
  const own = workdir !== null && isAlone(stage, workdir) ? [workdir] : [];
  const paths = [...volumes, ...made, ...ofRun, ...given, ...named, ...packaged, ...own].flatMap(path => {
    const clean = path === null ? null : absolutePath(path, null);
    // A file of its own directly in /run, such as a process id, makes it a folder that is written.
    const isRun = (clean === '/run' || clean === '/var/run') && named.includes(clean);
    return clean === null || (isForeign(clean) && !isRun) ? [] : [clean];
  });
  return [...new Set(paths)].slice(0, most).map(path => ({
    path,
    filled: isFilled(stage, path),
    given: away.some(folder => containsPath(folder, path)),
  }));
});

/** The variables that a stage and its bases set, in order. */
export function variablesOf(stage: Stage): readonly NamedValue[] {
  return chainInstructions(stage).flatMap(i =>
    i.keyword === 'ENV' ? i.pairs.map(({ name, value }) => ({ name, value: value && i.file.expand(value, i) })) : [],
  );
}

/** The paths that a stage has in variables, as far as arguments of the build decide them: those of its own ARGs, and those that ENV makes of them. */
export const argumentPaths = memoize((stage: Stage): readonly { readonly name: string; readonly value: string }[] => {
  const decided = new Map<string, string | null>();
  for (const instruction of chainInstructions(stage)) {
    const isArgument = instruction.keyword === 'ARG';
    if (!isArgument && instruction.keyword !== 'ENV') continue;
    for (const { name, value } of instruction.pairs) {
      if (!isArgument && !value?.variables.some(used => decided.has(used.name))) decided.delete(name);
      // an ARG says nothing where an ENV has the name already
      else if (!isArgument || !decided.has(name)) decided.set(name, value && instruction.file.expand(value, instruction));
    }
  }
  const own = new Set(stage.instructions.flatMap(({ keyword, pairs }) => (keyword === 'ARG' ? pairs.map(({ name }) => name) : [])));
  const kept = new Set(variablesOf(stage).map(({ name }) => name));
  return [...decided].flatMap(([name, value]) =>
    value !== null && /^\/./.test(value) && (own.has(name) || kept.has(name)) ? [{ name, value: withoutEnd(value, '/') }] : [],
  );
});

/** The words that start, programs with their folders; a script in exec form is taken apart. */
export function startWords({ state }: Stage): readonly string[] {
  return [state.entrypoint, state.cmd]
    .flatMap(i => i?.execForm?.map(word => word.text) ?? i?.logical.text.split(/\s+/).slice(1) ?? [])
    .flatMap(word => word.split(/[\s;&|]+/))
    .filter(word => word !== '');
}

/** The server that a stage installs, and starts as its package has set it up: with no configuration copied in place of the package's, whose owner stays where a RUN edits it. */
export const packagedServerOf = memoize((stage: Stage): PackagedServer | null => {
  const packages = new Set(keptPackages(stage).map(({ name }) => name));
  const server = packages.size === 0 ? null : packagedServer(startWords(stage), packages);
  return server &&
    (server.builtIn ||
      !findWritten(stage, writtenFiles, ({ path, instruction }) => path === server.configuration && instruction.keyword !== 'RUN'))
    ? server
    : null;
});

/** The folders that the commands of a RUN make, as far as it says where. */
function madeFolders(instruction: Instruction): readonly string[] {
  if (instruction.keyword !== 'RUN' || !wholeText(instruction).includes('mkdir')) return [];
  const commands = runCommands(instruction).map(({ command }) => command);
  const from = commands.some(({ name }) => name === 'cd') ? null : workdirAt(instruction);
  return commands.flatMap(({ name, args }) =>
    name === 'mkdir' ? args.flatMap(({ raw, text }) => (text === null || raw.startsWith('-') ? [] : (absolutePath(text, from) ?? []))) : [],
  );
}

/** The folders that the RUNs of an instruction give to another user. */
function givenFolders(instruction: Instruction): readonly string[] {
  return gifts(instruction).map(({ path }) => path);
}

/** The same, with who gets them as `chown` or `install` has it. */
function gifts(instruction: Instruction): readonly { readonly path: string; readonly owner: string }[] {
  if (instruction.keyword !== 'RUN' || !/chown|install/.test(wholeText(instruction))) return [];
  return runCommands(instruction).flatMap(({ command: { name, args } }) => {
    const texts = args.flatMap(({ text }) => text ?? []);
    const at = name === 'install' && texts.includes('-d') ? texts.indexOf('-o') : -1;
    if (name !== 'chown' && at < 0) return [];
    const plain = texts.filter((text, i) => !text.startsWith('-') && (name === 'chown' || !/^-[ogm]$/.test(texts[i - 1] ?? '')));
    const owner = name === 'chown' ? plain[0] : texts[at + 1];
    const paths = name === 'chown' ? plain.slice(1) : plain;
    return owner === undefined || isRootUser(owner)
      ? []
      : paths.flatMap(path => {
          const clean = absolutePath(path, workdirAt(instruction));
          return clean === null ? [] : [{ path: clean, owner: owner.split(/[:.]/, 1)[0]! }];
        });
  });
}

/** The users other than root to whom a stage and its bases give files, by `chown`, `install` or `--chown`. */
export function fileOwners(stage: Stage): readonly string[] {
  const copied = chainInstructions(stage).flatMap(instruction => {
    const owner = instruction.keyword === 'COPY' || instruction.keyword === 'ADD' ? instruction.flag('chown')?.value : undefined;
    return owner ? [userParts(owner).name] : [];
  });
  return [...new Set([...copied, ...ownedFolders(stage).map(({ owner }) => owner)])].filter(owner => !isRootUser(owner));
}

/** The folders that a stage and its bases make for others than root, and who these are. */
export function ownedFolders(stage: Stage): readonly { readonly path: string; readonly owner: string }[] {
  return chainInstructions(stage).flatMap(gifts).slice(0, most);
}

/** Whether a folder is one that nothing but WORKDIR and the commands that make it or give it away speak of. */
function isAlone(stage: Stage, path: string): boolean {
  return path !== '/' && !isFilled(stage, path) && !startWords(stage).some(word => word.startsWith('.') || containsPath(path, word));
}

/** Whether the image has files in a folder, or may have: something is copied to it or around it, or a command has to do with it. */
function isFilled(stage: Stage, path: string): boolean {
  const all = chainInstructions(stage);
  const copies = all.some(instruction => {
    const { keyword, words, file } = instruction;
    if (keyword !== 'COPY' && keyword !== 'ADD') return false;
    const last = words.at(-1);
    const text = last && file.expand(last, instruction);
    const target = text == null ? null : absolutePath(text, workdirAt(instruction));
    return target === null || containsPath(path, target);
  });
  return copies || all.some(instruction => fills(instruction, path));
}

/** Whether a command of a RUN may put something into a folder. */
function fills(instruction: Instruction, path: string): boolean {
  if (instruction.keyword !== 'RUN') return false;
  // What a command does where it stands is not seen by the names that it is given.
  const inside = containsPath(path, workdirAt(instruction) ?? path);
  if (!inside && !mentions(wholeText(instruction), path)) return false;
  return runCommands(instruction).some(
    ({ command: { name, args, redirections } }) =>
      !((bare.has(name) || (name === 'install' && args.some(({ text }) => text === '-d'))) && redirections.length === 0) &&
      (inside ||
        args.some(({ raw }) => mentions(raw, path)) ||
        redirections.some(({ target }) => target != null && mentions(target.raw, path))),
  );
}

/** Whether a text names a path, or something in it: not one that merely goes on like it. */
function mentions(text: string, path: string): boolean {
  for (let at = text.indexOf(path); at >= 0; at = text.indexOf(path, at + 1)) {
    if (!/[\w.~-]/.test(text[at - 1] ?? '') && !/[\w.-]/.test(text[at + path.length] ?? '')) return true;
  }
  return false;
}
