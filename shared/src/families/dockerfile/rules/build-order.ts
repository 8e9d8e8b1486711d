import { installFirst } from '../fix/install-first';
import type { Instruction, RunCommand, Stage, Word } from '../model/types';
import { findFlag } from '../../../syntax/shell/package-manager';
import { defineRule, noFix } from '../../../rule/define-rule';

/** Managers that install what a manifest lists when they are given no names. */
const byManifest: ReadonlySet<string> = new Set([
  'npm',
  'yarn',
  'pnpm',
  'bun',
  'bundler',
  'bundle',
  'composer',
  'go',
  'cargo',
  'poetry',
  'uv',
]);
/** Programs that are not package managers of ours, with the word that makes them fetch only. */
const fetching: Readonly<Record<string, RegExp>> = { mvn: /^dependency:(?:go-offline|resolve)/, mvnw: /^dependency:(?:go-offline|resolve)/, dotnet: /^restore$/, gradle: /^dependencies$/, gradlew: /^dependencies$/ }; // prettier-ignore

/** The manager by which a command installs what a manifest lists that could be copied alone; `null` for any other command. */
function installer({ command }: RunCommand): string | null {
  const { name, args, packageCall } = command;
  if (name !== null && Object.hasOwn(fetching, name)) return args.some(arg => fetching[name]!.test(arg.text ?? '')) ? name : null;
  if (packageCall?.action !== 'install') return null;
  const { manager, packages, flags } = packageCall;
  if (findFlag(flags, ['-r', '--requirement'])) return packages.some(word => /^\.|\/$/.test(word.text ?? '.')) ? null : manager;
  return byManifest.has(manager) && packages.length === 0 && !findFlag(flags, ['-g', '--global', '--root']) ? manager : null;
}

/** The word that stands for the whole build context; `undefined` where an instruction copies something else. */
function wholeContext(instruction: Instruction): Word | undefined {
  if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') return undefined;
  if (instruction.flag('from') || instruction.flag('exclude') || instruction.flag('parents')) return undefined;
  return instruction.words.slice(0, -1).find(word => word.text === '.' || word.text === './' || word.text === '*');
}

interface Pair {
  readonly copy: Word;
  readonly from: Instruction;
  readonly install: RunCommand;
  readonly manager: string;
}

/** The first install behind a copy of everything. Files of a mount, and a cache that outlives the layer, make the order unimportant. */
function findPair({ instructions }: Stage): Pair | null {
  const before = new Set<string>();
  let copy: Word | undefined;
  let from: Instruction | undefined;
  for (const instruction of instructions) {
    if (copy === undefined) {
      copy = wholeContext(instruction);
      from = copy && instruction;
    }
    if (instruction.keyword !== 'RUN' || instruction.mounts.some(mount => mount.type === 'cache' || mount.type === 'bind')) continue;
    for (const run of instruction.commands) {
      const manager = installer(run);
      if (manager === null || before.has(manager)) continue;
      if (copy && from) return { copy, from, install: run, manager };
      before.add(manager);
    }
  }
  return null;
}

export const rule = defineRule({
  id: 'dockerfile/build-order',
  title: 'Sources copied before dependencies are installed',
  severity: 'hint',
  category: 'correctness',
  profile: 'recommended',
  messages: {
    order: { text: 'Every source file change reruns "{command}": first copy only the files that it reads' },
    install: { text: 'Installed here' },
  },
  fixes: { first: { title: 'Copy {files} first, install dependencies, then copy the rest', class: 'attended' } },
  assumptions: {
    manifest: '"{command}" and any script it runs read no files except {files}, and nothing that it installs comes from the build context',
  },
  on: {
    stage(stage, report) {
      if (!stage.instructions.some(i => (i.keyword === 'COPY' || i.keyword === 'ADD') && wholeContext(i))) return;
      const pair = findPair(stage);
      if (!pair) return;
      const { name, packageCall, range } = pair.install.command;
      const command = `${name} ${packageCall?.verb ?? ''}`.trim();
      const first = installFirst(pair.from, pair.install, pair.manager);
      const data = { command, files: first?.files ?? '' };
      const fix = first && report.fix('first', first.operations, { data, assumes: [{ id: 'manifest', data }] });
      report(pair.copy.range, 'order', { command }, report.related(range, 'install'), fix ?? noFix('manual'));
    },
  },
});
