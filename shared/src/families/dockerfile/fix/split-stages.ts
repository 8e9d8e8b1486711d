import { insertLines, insertWords, removeInstruction } from '../../../rule/fix/operations';
import type { DockerfileOperation } from '../../../rule/fix/types';
import { findFlag, packageManagerCall } from '../../../syntax/shell/package-manager';
import type { ShellCommand } from '../../../syntax/shell/types';
import { upTo, withoutEnd } from '../../../base/text/ends';
import { resolvePath } from '../../../base/text/path';
import { systemManagers } from '../model/packages';
import { runCommands, shellAt } from '../model/scripts';
import type { Instruction, Stage } from '../model/types';
import { isNumber, userParts } from '../model/users';

/** A stage in two: one that builds, and one that holds what was built. */
export interface Split {
  /** The image of the second stage. */
  readonly image: string;
  /** What it takes from the first. */
  readonly paths: readonly string[];
  readonly operations: () => readonly DockerfileOperation[];
}

/** What a kind of project leaves behind. */
interface Outcome {
  readonly image: string;
  /** Absolute; each is copied to the place that it has. */
  readonly paths: readonly string[];
  /** What the build ends with. */
  readonly last?: string;
  /** Whether the image has no shell. */
  readonly bare: boolean;
}

/** What a build is recognised by. */
interface Project {
  readonly stage: Stage;
  /** The image's name without registry and organisation of Docker Hub, and its tag. */
  readonly name: string;
  readonly tag: string;
  readonly build: ShellCommand;
  /** The working directory at the end, and the one of the build. */
  readonly workdir: string;
  readonly buildDirectory: string;
  /** The words that start it; `null`: not known. */
  readonly start: readonly string[] | null;
  /** Whether a shell reads them. */
  readonly inShell: boolean;
}

/** What only says something of the image: it moves to the stage that ships. */
const spoken = new Set(['EXPOSE', 'LABEL', 'HEALTHCHECK', 'STOPSIGNAL', 'VOLUME', 'CMD', 'ENTRYPOINT']);
/** What a build works with. */
const building = new Set(['RUN', 'COPY', 'ADD']);
/** Variables that compilers alone read. */
const compiling = /^(?:GO[A-Z0-9]*|CGO_[A-Z_]+|CARGO_[A-Z_]+|RUST[A-Z_]*|MAVEN_[A-Z_]+|GRADLE_[A-Z_]+|DEBIAN_FRONTEND|PIP_[A-Z_]+)$/;

const staticImage = 'gcr.io/distroless/static-debian13:nonroot';

/** Alpine of the release that a tag names. */
const alpineOf = (tag: string): string | null => {
  const release = /(?:^|-)alpine(\d+\.\d+)?(?:$|-)/.exec(tag);
  return release && (release[1] === undefined ? null : `alpine:${release[1]}`);
};

const absolute = (path: string, folder: string): string | null =>
  /[$*?[\]]/.test(path) ? null : resolvePath(path.startsWith('/') ? path : `${folder}/${path}`);

/** The value of an option among words: `-o x`, `--output=x`; a `$` where it is not known, `null` without the option. */
function optionOf({ args }: ShellCommand, names: readonly string[]): string | null {
  const at = args.findIndex(({ raw }) => names.includes(upTo(raw, '=')));
  if (at < 0) return null;
  const { raw, text } = args[at]!;
  return (raw.includes('=') ? text?.slice(text.indexOf('=') + 1) : args[at + 1]?.text) ?? '$';
}

/** The program that starts, where it is named by a path. */
const programOf = ({ start, workdir }: Project): string | null => (start?.[0]?.includes('/') === true ? absolute(start[0], workdir) : null);

function go(project: Project): Outcome | null {
  const { build, stage, tag, buildDirectory, start, inShell } = project;
  const [verb] = build.args;
  if (build.name !== 'go' || !/^(?:build|install)$/.test(verb?.text ?? '') || start === null) return null;
  const written = optionOf(build, ['-o']);
  const output = written === null ? null : absolute(written, buildDirectory);
  const named = programOf(project) ?? (start[0] !== undefined && output === `/usr/local/bin/${start[0]}` ? output : null);
  if (named === null || (written !== null && output !== named)) return null;
  if ((verb!.text === 'install') !== named.startsWith('/go/bin/')) return null;
  const isStatic =
    build.assignments.some(({ name, value }) => name === 'CGO_ENABLED' && value?.text === '0') ||
    stage.variable('CGO_ENABLED')?.value === '0';
  const alpine = tag.includes('alpine');
  const bare = isStatic ? staticImage : 'gcr.io/distroless/base-debian13:nonroot';
  const image = alpine && (inShell || !isStatic) ? alpineOf(tag) : inShell ? 'debian:13-slim' : bare;
  return image === null ? null : { image, paths: [named], bare: image === bare };
}

function rust(project: Project): Outcome | null {
  const { build, tag, start, inShell } = project;
  if (build.name !== 'cargo' || build.args[0]?.text !== 'build' || start === null) return null;
  const named = programOf(project);
  if (named === null || !/\/target\/(?:[\w.-]+\/)?release\/[\w-]+$/.test(named)) return null;
  const bare = 'gcr.io/distroless/cc-debian13:nonroot';
  const image = tag.includes('alpine') ? alpineOf(tag) : inShell ? 'debian:13-slim' : bare;
  return image === null ? null : { image, paths: [named], bare: image === bare };
}

function java({ name, tag, build, start, workdir }: Project): Outcome | null {
  const release = name === 'eclipse-temurin' ? /^(\d+)-jdk/.exec(tag) : /(?:temurin-|jdk-?)(\d+)/.exec(tag);
  const at = start?.indexOf('-jar') ?? -1;
  const jar = start?.[0] === 'java' && at > 0 ? absolute(start[at + 1] ?? '$', workdir) : null;
  if (!release || jar === null || !/^(?:mvnw?|gradlew?|javac)$/.test(build.name ?? '')) return null;
  return { image: `eclipse-temurin:${release[1]}-jre${tag.includes('alpine') ? '-alpine' : ''}`, paths: [jar], bare: false };
}

function dotnet({ name, tag, build, start, workdir, buildDirectory }: Project): Outcome | null {
  const output = build.name === 'dotnet' && build.args[0]?.text === 'publish' ? optionOf(build, ['-o', '--output']) : null;
  const folder = output === null ? null : absolute(output, buildDirectory);
  const program = start?.[0] === 'dotnet' ? absolute(start[1] ?? '$', workdir) : null;
  if (name !== 'mcr.microsoft.com/dotnet/sdk' || folder === null || folder === '/' || program?.startsWith(`${folder}/`) !== true)
    return null;
  return { image: `mcr.microsoft.com/dotnet/aspnet:${tag}`, paths: [folder], bare: false };
}

/** What takes the packages of development away again. */
const pruning: Readonly<Record<string, string>> = { npm: 'npm prune --omit=dev', pnpm: 'pnpm prune --prod' };

function node({ stage, name, tag, workdir, start }: Project): Outcome | null {
  const installs = stage.instructions.flatMap(runCommands).flatMap(({ command }) => packageManagerCall(command) ?? []);
  const managers = [...new Set(installs.filter(({ action }) => action === 'install').map(({ manager }) => manager))];
  const last = managers.length === 1 ? pruning[managers[0]!] : undefined;
  if (name !== 'node' || last === undefined || workdir === '/' || (start !== null && !/^(?:node|npm)$/.test(start[0] ?? ''))) return null;
  const isGlobal = installs.some(({ flags }) => findFlag(flags, ['-g', '--global']) !== undefined);
  if (isGlobal) return null;
  const slim = /^\d+(?:\.\d+){0,2}(?:-(?:trixie|bookworm|bullseye))?$/.test(tag) ? `${tag}-slim` : tag;
  return { image: `node:${slim}`, paths: [workdir], last: `RUN ${last}`, bare: false };
}

function python({ stage, name, tag, workdir, build }: Project): Outcome | null {
  const version = /^(\d+\.\d+)/.exec(tag)?.[1];
  const isPip = /^pip3?$/.test(build.name ?? '') || packageManagerCall(build)?.manager === 'pip';
  if (name !== 'python' || version === undefined || !isPip || workdir === '/') return null;
  const others = stage.instructions.flatMap(runCommands).flatMap(({ command }) => packageManagerCall(command) ?? []);
  // other packages may be what the program runs with; these leave nothing behind that it could
  const compilers = /^(?:gcc|g\+\+|make|build-essential|build-base|musl-dev|libc6?-dev|python3-dev|linux-headers)$/;
  const isPure = others.every(
    ({ manager, packages }) =>
      !systemManagers.has(manager) || packages.every(({ text }) => text !== null && compilers.test(upTo(text, '='))),
  );
  if (!isPure) return null;
  return { image: `python:${tag}`, paths: [`/usr/local/lib/python${version}/site-packages`, '/usr/local/bin', workdir], bare: false };
}

const kinds = [go, rust, java, dotnet, node, python];

/** The words that start a stage, and whether a shell reads them first; `null` where it does more with them, or nothing is said. */
function startWords({ state: { entrypoint, cmd } }: Stage): { readonly words: readonly string[]; readonly inShell: boolean } | null {
  const said = [entrypoint, cmd].filter(instruction => instruction !== null);
  if (said.every(({ execForm }) => execForm !== null))
    return said.length === 0 ? null : { words: said.flatMap(({ execForm }) => execForm!.map(({ text }) => text)), inShell: false };
  const [{ commands } = { commands: [] }, ...others] = said;
  const [only, ...more] = commands;
  const words = only && [only.command.nameWord, ...only.command.args].map(word => word?.text ?? null);
  const isPlain =
    others.length === 0 && more.length === 0 && only?.command.assignments.length === 0 && only.command.redirections.length === 0;
  return isPlain && words && !words.includes(null) ? { words: words.map(word => word!), inShell: true } : null;
}

/** Whether a stage can be cut at all: nothing else builds on it, and what is said in it means the same in two stages. */
function canSplit({ file, from, image, instructions, windows, state }: Stage): boolean {
  if (file.stages.length !== 1 || windows || from.words.length !== 1 || !image.literal || image.kind !== 'image') return false;
  if (shellAt(instructions.at(-1) ?? from).dialect !== 'posix' || state.workdir?.value === null) return false;
  return instructions.every(instruction => {
    const { keyword, pairs, words } = instruction;
    if (keyword === 'ONBUILD' || keyword === 'SHELL') return false;
    // what belongs to a user would belong to root
    if (building.has(keyword) && /\bchown\b/.test(instruction.logical.text)) return false;
    if (keyword === 'ENV') return pairs.every(({ value }) => value?.variables.length === 0);
    // a user that the build creates is not there in the other stage
    if (keyword === 'USER') return isNumber(userParts(words[0]?.text ?? '').name) || words[0]?.text === 'node';
    return !spoken.has(keyword) || keyword === 'CMD' || keyword === 'ENTRYPOINT' || words.every(word => word.variables.length === 0);
  });
}

/**
 * Cuts a file of one stage behind its last RUN, COPY or ADD, for the usual ways to build with Go, Rust, Java, .NET, Node.js and Python: the stage that
 * ships holds what was built, at the place that it had, with the environment, and what the file says of the image. `null` where it is not seen
 * what was built, or what else the program needs.
 */
export function splitStages(stage: Stage, build: ShellCommand): Split | null {
  if (!canSplit(stage)) return null;
  const { instructions, image, from, file } = stage;
  const { reference } = image;
  const last = instructions.findLast(({ keyword }) => building.has(keyword));
  const own = instructions.find(({ commands }) => commands.some(({ command }) => command === build));
  if (!last || !own || reference === null || reference.invalid !== null || reference.tag === null || reference.digest !== null) return null;
  const workdir = stage.state.workdir?.value ?? '/';
  // what a WORKDIR behind the build says is said in the second stage as it is
  const workdirThere = last.stateBefore?.workdir?.value ?? '/';
  const start = startWords(stage);
  const name = upTo(image.text!, ':').replace(/^(?:docker\.io\/)?(?:library\/)?/, '');
  const project: Project = {
    stage,
    name,
    tag: reference.tag,
    build,
    workdir,
    buildDirectory: own.stateBefore?.workdir?.value ?? '/',
    start: start?.words ?? null,
    inShell: start?.inShell ?? true,
  };
  const outcome = kinds.map(kind => kind(project)).find(found => found !== null);
  if (!outcome || (outcome.bare && instructions.some(({ keyword, execForm }) => keyword === 'HEALTHCHECK' && execForm === null)))
    return null;
  const before = instructions.filter(({ index }) => index < last.index);
  const textOf = ({ range }: Instruction): string => file.text.slice(range.start, range.end).replace(/\r\n/g, '\n');
  const moved = before.filter(({ keyword }) => spoken.has(keyword));
  const kept = before.filter(
    ({ keyword, pairs }) => keyword === 'USER' || (keyword === 'ENV' && !pairs.every(pair => compiling.test(pair.name))),
  );
  const copies = outcome.paths.map(path => `COPY --from=build ${path} ${path}`);
  const lines = [
    ...(outcome.last === undefined ? [] : [outcome.last]),
    '',
    `FROM ${outcome.image}`,
    ...(workdirThere === '/' ? [] : [`WORKDIR ${withoutEnd(workdirThere, '/')}`]),
    ...kept.filter(({ keyword }) => keyword === 'ENV').map(textOf),
    ...copies,
    ...kept
      .filter(({ keyword }) => keyword === 'USER')
      .slice(-1)
      .map(textOf),
    ...moved.map(textOf),
  ];
  return {
    image: outcome.image,
    paths: outcome.paths,
    operations: () => [
      insertWords(from.words[0]!.range.end, 'AS build'),
      ...moved.map(({ index }) => removeInstruction(index)),
      insertLines('after', last.index, lines.join('\n')),
    ],
  };
}
