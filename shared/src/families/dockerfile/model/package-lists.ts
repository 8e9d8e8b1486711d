import { firstIndex } from '../../../base/text/search';
import { memoize } from '../../../base/text/memoize';
import { findFlag, packageManagerCall } from '../../../syntax/shell/package-manager';
import { stagesOn } from './chain';
import { runCommands } from './scripts';
import type { DockerfileModel, Instruction, RunCommand } from './types';

type Manager = 'apt-get' | 'apk';

const relying = memoize((_: DockerfileModel) => new Map<Manager, readonly RunCommand[]>());

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

/** Where more installs rely on one update, giving each its own update is not a fix. */
export const maxDependentInstalls = 50;

/** Installs in later RUNs (also of stages that start FROM this one) that rely on lists which an earlier RUN fetched; at most one more than `maxDependentInstalls`. */
export function installsLater(instruction: Instruction, manager: Manager): readonly RunCommand[] {
  const { stage, file } = instruction;
  if (!stage) return [];
  const installs = relyingInstalls(file, manager);
  if (installs.length === 0) return installs;
  const stages = stagesOn(stage);
  const later: RunCommand[] = [];
  for (
    let i = firstIndex(installs.length, at => installs[at]!.instruction.index > instruction.index);
    i < installs.length && later.length <= maxDependentInstalls;
    i++
  ) {
    const view = installs[i]!;
    if (view.stage !== null && stages.has(view.stage)) later.push(view);
  }
  return later;
}
