import { mayBeConfig } from '../../../evidence/program/config-facts';
import { namedFiles } from '../../../evidence/program/named-files';
import { baseWorkdir } from '../../../knowledge/base-workdirs';
import { isWithinPath } from '../../../knowledge/host-paths';
import { packageScriptsRun } from '../../../knowledge/started-tools';
import { memoize } from '../../../base/text/memoize';
import { resolvePath } from '../../../base/text/path';
import { withoutEnd } from '../../../base/text/ends';
import type { CopiedPath, StageStart, StartedFile } from '../../../workspace/stage-start';
import { absolutePath, contextSources, workdirAt } from './files';
import { runCommands } from './scripts';
import type { DockerfileModel, Instruction, Stage } from './types';
import { isPlaced, unreadProgram } from './unread-program';
import { homeOf } from './users';
import { startWords, variablesOf } from './written-folders';

/** More copies, programs and variables of one stage are not told. */
const most = 24;

/** More instructions are not looked at for one image: each stage may copy from all before it. */
const mostSteps = 200;

/** How many stages are followed back: sources, what is built of them, what is run. */
const mostStages = 3;

/** Commands that put nothing into the folders that a program fills: they install, build, and look after users and files. */
const orderly: ReadonlySet<string | null> = new Set(
  (
    'mkdir chown chmod chgrp rm rmdir ls test [ true : set cd echo useradd adduser groupadd addgroup usermod apt-get apt apk dnf yum microdnf pip pip3 pipenv poetry uv ' +
    'npm yarn pnpm corepack bun bundle gem composer go cargo javac mvn mvnw gradle gradlew dotnet a2enmod a2ensite a2dissite docker-php-ext-install docker-php-ext-enable ' +
    'docker-php-ext-configure pecl ln sed find strip tsc update-ca-certificates locale-gen sh env export'
  ).split(' '),
);

/** The stages that the instructions of a file copy from, where it is one. */
const sourceStages = memoize(
  ({ images }: DockerfileModel): ReadonlyMap<Instruction, Stage> =>
    new Map(
      images.flatMap(({ instruction, origin, stages }) =>
        origin === 'copy-from' && stages.length === 1 ? [[instruction, stages[0]!]] : [],
      ),
    ),
);

/** The stage that an instruction copies from; `null`: the context, an image, or it is open. */
function sourceStage(instruction: Instruction): Stage | null {
  return sourceStages(instruction.file).get(instruction) ?? null;
}

/** The part of a path behind a folder that it is in. */
function behind(path: string, folder: string): string {
  return folder === '/' ? path.slice(1) : path.slice(folder.length + 1);
}

const join = (folder: string, rest: string): string => (folder === '' || rest === '' ? folder + rest : `${folder}/${rest}`);

/** The name of a source, relative to the context. */
const inContext = (name: string): string => withoutEnd(name.replace(/^(?:\.?\/)+/, ''), '/');

/** What one source of a COPY may be, and where it is put: whether it is a file or a folder, its name does not say. */
function placed(name: string, target: string, isFolder: boolean): readonly CopiedPath[] {
  const clean = inContext(name);
  const from = clean === '.' ? '' : clean;
  const star = from.search(/[*?[]/);
  if (star >= 0) return [{ from: from.slice(0, Math.max(0, from.lastIndexOf('/', star))), to: target }];
  const own = from.slice(from.lastIndexOf('/') + 1);
  const inside = isFolder && own !== '' && !name.endsWith('/') ? [{ from, to: resolvePath(`${target}/${own}`) }] : [];
  return [...inside, { from, to: target }];
}

/** The instructions of a stage and its bases, the last first. */
function* stepsBack(stage: Stage): Generator<Instruction> {
  for (let at: Stage | null = stage; at !== null; at = at.base)
    for (let i = at.instructions.length - 1; i >= 0; i--) yield at.instructions[i]!;
}

/** What is copied into a stage from the context, by way of other stages too; the last first. */
function copiesInto(stage: Stage, depth: number, budget = { left: mostSteps }): readonly CopiedPath[] {
  const copies: CopiedPath[] = [];
  for (const instruction of stepsBack(stage)) {
    if (copies.length >= most || --budget.left < 0) break;
    const { keyword, words, file } = instruction;
    if (keyword !== 'COPY' && keyword !== 'ADD') continue;
    const last = words.at(-1);
    const text = last ? file.expand(last, instruction) : null;
    const target = text === null ? null : absolutePath(text, workdirAt(instruction));
    if (target === null) continue;
    const isFolder = /(?:\/|^\.{1,2})$/.test(text!) || words.length > 2;
    if (!instruction.flag('from')) {
      for (const { name } of contextSources(instruction)) copies.push(...placed(name, target, isFolder));
      continue;
    }
    const source = depth > 0 ? sourceStage(instruction) : null;
    if (!source) continue;
    const before = copiesInto(source, depth - 1, budget);
    for (const word of words.slice(0, -1)) {
      const path = absolutePath(file.expand(word, instruction) ?? '$', '/');
      if (path === null) continue;
      for (const { from, to } of placed(path, target, isFolder)) {
        const taken = `/${from}`;
        for (const copy of before) {
          if (isWithinPath(taken, copy.to)) copies.push({ from: join(copy.from, behind(taken, copy.to)), to });
          else if (isWithinPath(copy.to, taken)) copies.push({ from: copy.from, to: resolvePath(`${to}/${behind(copy.to, taken)}`) });
        }
      }
    }
  }
  return copies.slice(0, most);
}

/** The last instructions of a stage and its bases, in order. */
const nearest = memoize((stage: Stage): readonly Instruction[] => {
  const steps: Instruction[] = [];
  for (const step of stepsBack(stage)) if (steps.push(step) === mostSteps) break;
  return steps.reverse();
});

/** The stages of which files end up in a stage, itself first. */
function stagesBehind(stage: Stage): readonly Stage[] {
  const found = new Set([stage]);
  for (const one of found) {
    if (found.size > mostStages) break;
    for (const instruction of nearest(one)) {
      const source = instruction.keyword === 'COPY' && instruction.flag('from') ? sourceStage(instruction) : null;
      if (source && found.size <= mostStages) found.add(source);
    }
  }
  return [...found];
}

/** Whether a step of the build runs a program of the project, which may fill any folder. */
function runsProject(stage: Stage): boolean {
  return nearest(stage).some(
    i =>
      i.keyword === 'RUN' &&
      runCommands(i).some(
        ({ command: { name, outer } }) => outer === null && name !== null && !orderly.has(name.slice(name.lastIndexOf('/') + 1)),
      ),
  );
}

/** The sources of JavaScript or TypeScript of what is built beside them, by the same names. */
function builtScripts(stages: readonly Stage[], words: readonly string[]): readonly (StartedFile & { readonly stage: Stage })[] {
  return stages.flatMap(stage =>
    words.flatMap(word => {
      const workdir = stage.state.workdir?.value;
      const parts = word.split('/');
      const built = parts.findIndex(part => ['dist', 'build', 'out', 'lib'].includes(part));
      const isScript = built >= 0 && /^[^.]*(?:\.[cm]?js)?$/.test(parts.at(-1)!);
      const rest = isScript
        ? parts
            .slice(built + 1)
            .join('/')
            .replace(/\.[cm]?js$/, '')
        : undefined;
      return rest === undefined || workdir == null
        ? []
        : ['.ts', '.js'].map(end => ({ stage, source: resolvePath(`${workdir}/src/${rest}${end}`), image: word }));
    }),
  );
}

/** Images that lead the logs of their server to the console, by links in their place. */
const linksLogs =
  /(?:^|\/)(?:nginx(?:-unprivileged)?|openresty|wordpress|drupal|joomla|phpmyadmin|nextcloud|matomo|mediawiki)(?::|@|$)|(?:^|\/)php:.{0,40}apache/;

/** Where files of the image come from in the context, the last copy first. */
function sourcesOf(path: string, copies: readonly CopiedPath[]): readonly string[] {
  return copies
    .flatMap(({ from, to }) => (isWithinPath(path, to) ? [join(from, path === to ? '' : behind(path, to))] : []))
    .filter(source => source !== '');
}

/** What is built of a module of Java, by where the usual tools put it: the project may be all that is there. */
const javaOutput = /^((?:[^/]{1,100}\/){0,6}?)(?:target|build\/libs)(?:\/|$)/;

/** What the stages behind a stage copy from the context by name, without globs and variables; of what is built there before, the project. */
function namedSources(stages: readonly Stage[]): readonly string[] {
  const names = stages.flatMap(stage =>
    nearest(stage).flatMap(step => contextSources(step).map(({ name }) => javaOutput.exec(inContext(name))?.[1] ?? inContext(name))),
  );
  return [...new Set(names)].filter(name => !/^\.?$|[*?[\]\\$]/.test(name)).slice(0, most);
}

/** What a stage starts of the files of its build context, for the question what that writes; `null` where none is seen in it. */
export const startedFiles = memoize((stage: Stage): StageStart | null => {
  const workdir = stage.state.workdir ? stage.state.workdir.value : baseWorkdir(stage.root.image.text);
  if (workdir === null || stage.windows) return null;
  const copies = copiesInto(stage, mostStages - 1);
  const words = startWords(stage);
  const variables = new Map(variablesOf(stage).map(({ name, value }) => [name, value]));
  const home = homeOf(stage);
  if (home !== null && !variables.has('HOME')) variables.set('HOME', home);
  const programs: StartedFile[] = [];
  // what entry points of official images run before their server
  for (const { from, to } of copies)
    if (from !== '' && /^\/docker-entrypoint\.d\/[^/]+\.sh$/.test(to)) programs.push({ source: from, image: to });
  // a script among the programs of the image, by its name alone or its path
  for (const word of words.slice(0, 3))
    for (const { from, to } of copies)
      if (from !== '' && !word.includes('/') && to.endsWith(`/${word}`)) programs.push({ source: from, image: to });
  // also one that a server starts for each of its visitors: EXEC:/usr/local/bin/handler
  for (const word of words.slice(0, most)) {
    const named = word.replace(/^[\w-]{1,20}[:=](?=\/)/, '');
    const path = /^\.{1,2}\/|^\w[\w-]*\//.test(named) ? resolvePath(`${workdir}/${named}`) : named;
    for (const { from, to } of copies) if (from !== '' && to === path) programs.push({ source: from, image: to });
  }
  // a configuration is copied by its name, whatever reads it
  for (const { from, to } of copies) if (mayBeConfig(from)) programs.push({ source: from, image: to });
  // what Next makes to run by itself: the manifest of its project says that it does
  for (const { from, to } of copies)
    if (/(?:^|\/)\.next\/standalone$/.test(from) && !to.endsWith('/standalone')) {
      const manifest = `${from.slice(0, -'.next/standalone'.length)}package.json`;
      programs.push({ source: manifest, image: resolvePath(`${to}/${manifest}`) });
    }
  const roots = [workdir, ...(variables.get('PYTHONPATH') ?? '').split(':', 4).filter(root => root.startsWith('/'))];
  const server = { image: stage.root.image.text ?? '', workdir: stage.state.workdir?.value ?? null };
  for (const name of namedFiles(words, variable => variables.get(variable) ?? undefined, server))
    for (const root of name.endsWith('.py') ? new Set(roots) : [workdir]) {
      const image = absolutePath(name, root);
      if (image !== null) for (const source of sourcesOf(image, copies)) programs.push({ source, image });
    }
  const stages = stagesBehind(stage);
  const behind = new Map(stages.map(built => [built, copiesInto(built, 1)]));
  for (const { stage: built, source: path, image } of builtScripts(stages, words).slice(0, most))
    for (const source of sourcesOf(path, behind.get(built)!)) programs.push({ source, image: absolutePath(image, workdir) ?? workdir });
  const unread = unreadProgram(stage, stages.flatMap(nearest));
  if (programs.length === 0 && copies.length === 0 && unread === null) return null;
  const properties = words.filter(word => /^[\w./:=-]{2,200}$/.test(word)).slice(0, most);
  const told = [...variables].filter((pair): pair is [string, string] => pair[1] !== null && pair[1].length < 200);
  return {
    workdir: resolvePath(workdir),
    programs: programs.slice(0, most),
    scripts: packageScriptsRun(words).slice(0, most),
    copies,
    sources: namedSources(stages),
    variables: { ...Object.fromEntries(told.slice(0, most)), ...(properties.length > 0 && { '@start': properties.join(' ') }) },
    fills: stages.some(runsProject),
    linksLogs: linksLogs.test(stage.root.image.text ?? ''),
    unread,
    isPlaced: isPlaced(stage),
  };
});
