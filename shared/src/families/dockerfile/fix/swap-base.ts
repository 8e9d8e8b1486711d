import { removeWords, replaceText } from '../../../rule/fix/operations';
import type { DockerfileOperation } from '../../../rule/fix/types';
import type { Alternative } from '../../../knowledge/base-alternatives';
import { buildOf } from '../../../knowledge/build-tools';
import { bringsProgram, verifiedFile, type ImageFacts } from '../../../knowledge/image-facts';
import { findImageProfile, knownName } from '../../../knowledge/image-profiles';
import { range } from '../../../base/text/range';
import { chainInstructions } from '../model/chain';
import { keptPackages, systemManagers } from '../model/packages';
import { managersByProgram } from '../../../syntax/shell/package-manager-table';
import { runCommands } from '../model/scripts';
import type { Instruction, Stage } from '../model/types';

/** A move to a smaller image, or the programs of the file that it lacks; `isBroken`: the files of that image prove that the stage would not work on it. */
export type Swap =
  { readonly operations: readonly DockerfileOperation[] } | { readonly lacks: readonly string[]; readonly isBroken: boolean };

/** Programs of a language's full image that its slim one does not have; Debian's own images differ in documentation alone. */
const slimLacks = /^(?:curl|wget|git|hg|svn|ssh|scp|make|g?cc|[gc]\+\+|ld|cmake|pkg-config|file|patch|unzip|bzip2|xz|autoconf|automake|(?:mysql|pg|xml2|xslt)-?_?config|convert|magick)$/; // prettier-ignore
/** Programs of Debian that Alpine does not have, or that take other options there. */
const alpineLacks = /^(?:bash|apt|apt-get|apt-cache|dpkg|dpkg-query|useradd|usermod|groupadd|groupmod|adduser|addgroup|deluser|locale-gen|update-ca-certificates|service|gosu|runuser|setpriv)$/; // prettier-ignore
/** Packages by which a program comes under another name. */
const bringing: Readonly<Record<string, string>> = { 'build-essential': 'make gcc cc g++ c++ ld', 'openssh-client': 'ssh scp', mercurial: 'hg', subversion: 'svn', 'xz-utils': 'xz', imagemagick: 'convert magick', 'pkg-config': 'pkg-config', pkgconf: 'pkg-config' }; // prettier-ignore

const isStart = ({ keyword }: Instruction): boolean => keyword === 'CMD' || keyword === 'ENTRYPOINT' || keyword === 'HEALTHCHECK';

/** Whether an instruction is run by a shell of the image. */
const needsShell = (i: Instruction): boolean =>
  i.keyword === 'RUN' || (isStart(i) && i.execForm === null && i.logical.text !== 'HEALTHCHECK NONE');

/** The programs that instructions call, in a build and when it runs. */
function calledPrograms(instructions: readonly Instruction[]): ReadonlySet<string> {
  const called = new Set<string>();
  for (const instruction of instructions) {
    for (const { command } of runCommands(instruction)) if (command.name !== null) called.add(command.name);
    const first = isStart(instruction) ? instruction.execForm?.[0] : undefined;
    if (first) called.add(first.text.slice(first.text.lastIndexOf('/') + 1));
  }
  return called;
}

/** Whether a program installs packages in another way than the one manager of an image; whose is dnf calls it yum too. */
function isOtherManager(program: string, manager: string): boolean {
  const called = managersByProgram.get(program)?.name ?? '';
  return systemManagers.has(called) && called !== manager && !(called === 'yum' && manager === 'dnf');
}

/** What a stage needs and a smaller image does not have, by that image's own files or else by what is known of its name. */
function lacking(stage: Stage, name: string, alternative: Alternative, facts: ImageFacts | null): readonly string[] {
  const all = chainInstructions(stage);
  const called = [...calledPrograms(all)];
  const installed = installedBy(stage);
  const hasShell = bringsProgram(facts, 'sh') ?? !alternative.losses.includes('shell');
  return [
    ...(!hasShell && all.some(needsShell) ? ['a shell'] : []),
    ...new Set([
      ...lackingByName(stage, name, alternative, called, installed).filter(program => bringsProgram(facts, program) !== true),
      ...called.filter(program => bringsProgram(facts, program) === false && !installed.has(program)),
    ]),
  ];
}

/** What a stage brings with packages, by the names of programs. */
function installedBy(stage: Stage): ReadonlySet<string> {
  return new Set(keptPackages(stage).flatMap(each => [each.name, ...(bringing[each.name] ?? '').split(' ')]));
}

/** Whether the verified files of an image lack what a stage would need there; what a stage builds with compilers stays in one of its own. */
export function breaksOn(stage: Stage, facts: ImageFacts | null, losses: Alternative['losses'] = []): boolean {
  const all = chainInstructions(stage).filter(i => isStart(i) || !losses.includes('compiler'));
  const installed = installedBy(stage);
  const called = [...calledPrograms(all), ...(all.some(needsShell) ? ['sh'] : [])];
  return called.some(program => !installed.has(program) && verifiedFile(facts, ({ programs }) => programs[program])?.value === null);
}

/** What is lost by what is known of names. */
function lackingByName(
  stage: Stage,
  name: string,
  { image, losses }: Alternative,
  called: readonly string[],
  installed: ReadonlySet<string>,
): readonly string[] {
  if (losses.includes('shell')) return called.filter(program => slimLacks.test(program) || /^(?:ba|da)?sh$/.test(program));
  if (losses.includes('compiler')) {
    const builds = chainInstructions(stage)
      .flatMap(runCommands)
      .flatMap(({ command }) => buildOf(command) ?? []);
    return [...builds, ...called.filter(program => /^(?:javac|jar|jlink|jdeps|keytool|jcmd|jmap|jstack)$/.test(program))];
  }
  // what installs packages there is known of some: `dnf` is not in the minimal images of Rocky Linux
  const manager = findImageProfile(image)?.packageManager ?? null;
  const isLost = (program: string): boolean =>
    (manager !== null && isOtherManager(program, manager)) ||
    (name !== 'debian' && (slimLacks.test(program) || (name === 'node' && /^python3?$/.test(program)))) ||
    (image.includes('alpine') && alpineLacks.test(program));
  return called.filter(program => isLost(program) && !installed.has(program));
}

/** What starts a stage on Node's distroless image, whose entry point is Node itself: the word in front of the script goes. */
function withoutNode(stage: Stage): readonly DockerfileOperation[] | null {
  const { entrypoint, cmd } = stage.state;
  const first = (entrypoint ?? cmd)?.execForm;
  if (!first || first.length < 2 || first[0]!.text !== 'node') return null;
  // an ENTRYPOINT of the file takes the place of the image's own
  if (entrypoint) return [replaceText(first[0]!.range, '"/nodejs/bin/node"')];
  return [removeWords(first[0]!.range)];
}

/**
 * Moves a stage to a smaller image, if that has what the file calls. `null`: the reference is not written in one place, or is pinned.
 * @param facts what is known of the smaller image
 */
export function swapBase(stage: Stage, alternative: Alternative, facts: ImageFacts | null): Swap | null {
  const { image, from } = stage.root;
  const { reference, text } = image;
  const word = from.words[0];
  if (reference?.invalid !== null) return null;
  const lacks = lacking(stage, knownName(reference), alternative, facts);
  if (breaksOn(stage, facts, alternative.losses)) return { lacks, isBroken: true };
  if (reference.digest !== null || !word || text === null || /["'\\]/.test(word.raw)) return null;
  if (lacks.length > 0) return { lacks, isBroken: false };
  // users of the full image are not those of one without a shell
  const named = chainInstructions(stage).some(({ keyword, words }) => keyword === 'USER' && !/^\d/.test(words[0]?.text ?? ''));
  if (named && alternative.losses.includes('shell')) return null;
  if (alternative.image.startsWith(text)) return { operations: [replaceText(range(word.range.end), alternative.image.slice(text.length))] };
  if (word.variables.length > 0) return null;
  const start = alternative.image.includes('/nodejs') ? withoutNode(stage) : [];
  return start && { operations: [replaceText(word.range, alternative.image), ...start] };
}
