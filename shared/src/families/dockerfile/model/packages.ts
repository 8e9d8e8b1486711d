import { memoize } from '../../../base/text/memoize';
import { packageManagerCall } from '../../../syntax/shell/package-manager';
import type { Pipeline, ShellWord } from '../../../syntax/shell/types';
import { chainInstructions } from './chain';
import { runCommands } from './scripts';
import type { Instruction, RunCommand, Stage } from './types';

/** A package of the operating system that a RUN installs. */
export interface InstalledPackage {
  /** Without version and architecture. */
  readonly name: string;
  readonly word: ShellWord;
  readonly run: RunCommand;
}

/** The package managers of distributions, whose packages are programs of the image. */
export const systemManagers: ReadonlySet<string> = new Set(['apt-get', 'apk', 'dnf', 'yum', 'microdnf', 'tdnf', 'zypper', 'pacman']);

/**
 * The packages that a stage and its bases install and keep, in order. A removal takes those that it names, and those of its own RUN where it
 * names a group or a variable (`apk del .build-deps`, `apt-get purge --auto-remove $deps`).
 */
export const keptPackages = memoize((stage: Stage): readonly InstalledPackage[] => {
  let kept: InstalledPackage[] = [];
  for (const instruction of chainInstructions(stage)) {
    if (instruction.keyword !== 'RUN') continue;
    for (const run of runCommands(instruction)) {
      const call = packageManagerCall(run.command);
      if (call === null || !systemManagers.has(call.manager)) continue;
      if (call.action === 'install') {
        for (const word of call.packages) if (word.text !== null) kept.push({ name: packageName(word.text), word, run });
      } else if (call.action === 'remove') {
        const names = new Set(call.packages.map(({ text }) => text));
        const whole = names.size === 0 || call.packages.some(({ text }) => text === null || /^[.@]/.test(text));
        kept = kept.filter(item => !names.has(item.name) && !(whole && item.run.instruction === instruction));
      }
    }
  }
  return kept;
});

/** Whether a command manages packages of the operating system, or prepares that, and does nothing with what was copied. */
export function isSystemStep(pipeline: Pipeline): boolean {
  const [member, ...more] = pipeline.members;
  const command = member?.command;
  if (!command || more.length > 0) return false;
  const call = command.packageCall;
  if (call && (systemManagers.has(call.manager) || call.action === 'clean')) return !call.packages.some(({ raw }) => /^[./]/.test(raw));
  return (
    /^(?:set|echo|true|corepack)$/.test(command.name ?? '') || (command.name === 'rm' && command.args.every(({ raw }) => /^[-/]/.test(raw)))
  );
}

/** Whether a RUN consists of such commands. */
export function isSystemRun(instruction: Instruction): boolean {
  const [script] = instruction.keyword === 'RUN' ? instruction.scripts : [];
  return script !== undefined && script.commands.length > 0 && script.list.pipelines.every(isSystemStep);
}

/** The name of a package without what is asked of its version. */
function packageName(text: string): string {
  const at = text.slice(1).search(/[=:@~<>]/);
  return at < 0 ? text : text.slice(0, at + 1);
}

/**
 * The package manager that the RUNs of a stage and its bases call, which tells of the distribution where the image does not; `null` where they
 * call none, or several.
 */
export const calledManager = memoize((stage: Stage): string | null => {
  const called = new Set(
    chainInstructions(stage).flatMap(instruction =>
      instruction.keyword === 'RUN' ? runCommands(instruction).flatMap(({ command }) => packageManagerCall(command)?.manager ?? []) : [],
    ),
  );
  const [manager, ...others] = [...called].filter(name => systemManagers.has(name));
  return manager !== undefined && others.length === 0 ? manager : null;
});
