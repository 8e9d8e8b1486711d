import { range } from '../../text/range';
import { derive } from '../../model/derived';
import { runCommands, scriptsOf } from '../../model/dockerfile/scripts';
import type { DockerfileModel, Instruction, RunCommand, Stage } from '../../model/dockerfile/types';
import { findFlag, packageManagerCall } from '../../model/shell/package-manager';
import type { Pipeline, ShellCommand } from '../../model/shell/types';
import type { DockerfileOperation } from '../types';

/** The folder of apt's package lists, and those above it that are apt's own. */
export const aptLists = /^\/var\/lib\/apt(?:\/lists)?(?:\/|$)/;

/** Whether a cache or tmpfs mount lies on a folder or on one above it, so that what is written there stays out of the layer. */
export function mountCovers(instruction: Instruction, folder: string): boolean {
  return instruction.mounts.some(mount => {
    const target = mount.get('target')?.replace(/\/+$/, '');
    return /^(?:cache|tmpfs)$/.test(mount.type) && target !== undefined && (folder === target || folder.startsWith(`${target}/`));
  });
}

/** Whether a command behind this one, in the same script, removes what a pattern names; `find -delete` and scripts that clean up count. */
export function isCleanedLater(command: ShellCommand, folder: RegExp): boolean {
  return command.script.commands.some(({ name, args, range: place, inner }) => {
    if (place.start <= command.range.start || inner) return false;
    if (/clean/i.test(name ?? '')) return true;
    return (
      ['rm', 'find', 'truncate', 'unlink'].includes(name ?? '') && args.some(arg => folder.test(arg.text ?? arg.raw.replace(/^["']/, '')))
    );
  });
}

/**
 * The pipeline of an instruction's own script that holds a command (or the last one, with `atEnd`), where something can follow it that runs
 * only if it succeeded; `null` where the script is not understood or is not the instruction's own.
 */
export function topPipeline(instruction: Instruction, command: ShellCommand, atEnd = false): Pipeline | null {
  const script = scriptsOf(instruction).find(s => s.owner === null && s.commands.includes(command));
  if (!script?.complete) return null;
  const { pipelines } = script.list;
  let index = atEnd
    ? pipelines.length - 1
    : pipelines.findIndex(p => p.range.start <= command.range.start && command.range.end <= p.range.end);
  // Behind `a || b` the whole is over only with b.
  while (pipelines[index]?.after === '||') index++;
  const found = pipelines[index];
  if (
    !found ||
    found.after === '&' ||
    ['exit', 'exec', 'return'].includes(found.members.at(-1)?.command?.name ?? '') ||
    found.members.some(m => m.command?.redirections.some(r => r.operator.startsWith('<<')))
  )
    return null;
  return found;
}

/** The stages that start FROM each stage. */
const childrenOf = derive((file: DockerfileModel): ReadonlyMap<Stage, readonly Stage[]> => {
  const children = new Map<Stage, Stage[]>();
  for (const stage of file.stages) if (stage.base) children.set(stage.base, [...(children.get(stage.base) ?? []), stage]);
  return children;
});

/** The stages that see the layers of a stage: itself, and those that start FROM it. */
function descendants(stage: Stage): ReadonlySet<Stage> {
  const children = childrenOf(stage.file);
  const found = new Set([stage]);
  for (const each of found) for (const child of children.get(each) ?? []) found.add(child);
  return found;
}

type Manager = 'apt-get' | 'apk';

const relying = derive((_: DockerfileModel) => new Map<Manager, readonly RunCommand[]>());

/** The first install of each RUN that fetches no lists before, and so relies on those of an earlier RUN. */
function relyingInstalls(file: DockerfileModel, manager: Manager): readonly RunCommand[] {
  const known = relying(file);
  let found = known.get(manager);
  if (found === undefined) known.set(manager, (found = file.instructions.flatMap(i => relyingInstall(i, manager) ?? [])));
  return found;
}

function relyingInstall(instruction: Instruction, manager: Manager): RunCommand | null {
  for (const view of instruction.keyword === 'RUN' ? runCommands(instruction) : []) {
    const call = packageManagerCall(view.command);
    if (call?.manager !== manager || !['install', 'upgrade', 'refresh'].includes(call.action)) continue;
    if (call.action === 'refresh') return null;
    // A file needs no list.
    if (/^[./]/.test(call.packages[0]?.text ?? '')) continue;
    return manager === 'apk' && findFlag(call.flags, ['--no-cache', '-U', '--update', '--update-cache']) ? null : view;
  }
  return null;
}

/** Installs in later RUNs (also of stages that start FROM this one) that rely on lists which an earlier RUN fetched. */
export function installsLater(instruction: Instruction, manager: Manager): readonly RunCommand[] {
  const { stage, file } = instruction;
  if (!stage) return [];
  const installs = relyingInstalls(file, manager);
  if (installs.length === 0) return installs;
  const stages = descendants(stage);
  return installs.filter(view => view.instruction.index > instruction.index && view.stage !== null && stages.has(view.stage));
}

/** Gives each install lists of its own: an update in front, and their removal at the end; `null` where one is not a plain command. */
export function withOwnLists(installs: readonly RunCommand[]): readonly DockerfileOperation[] | null {
  const operations: DockerfileOperation[] = [];
  for (const { command, instruction } of installs) {
    const end = topPipeline(instruction, command, true);
    if (command.outer || instruction.json || instruction.parent || command.before === '|' || end === null) return null;
    operations.push({ type: 'dockerfile.replace', range: range(command.range.start), text: 'apt-get update && ' });
    if (isCleanedLater(command, aptLists)) continue;
    operations.push({ type: 'dockerfile.append-command', range: end.range, text: 'rm -rf /var/lib/apt/lists/*' });
  }
  return operations;
}
