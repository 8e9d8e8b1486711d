import { appendCommand, insertWords, removeWords } from '../../../rule/fix/operations';
import { defineRule } from '../../../rule/define-rule';
import { nodeBuild } from '../../../knowledge/build-tools';
import { runCommands } from '../model/scripts';
import type { RunCommand, Stage } from '../model/types';
import { findFlag, flagValue, packageManagerCall } from '../../../syntax/shell/package-manager';
import type { PackageManagerCall } from '../../../syntax/shell/types';
import type { Range } from '../../../base/text/range';

/** How a manager leaves development packages out, takes them in after all, and throws them away afterwards. */
const managers: Readonly<Record<string, { readonly include: string; readonly prune: string }>> = {
  npm: { include: '--include=dev', prune: 'npm prune --omit=dev' },
  yarn: { include: '--production=false', prune: 'yarn install --production --ignore-scripts --prefer-offline' },
  pnpm: { include: '--prod=false', prune: 'pnpm prune --prod' },
};

/** What leaves the development packages out of an install: its flag, or a variable. */
function cause(call: PackageManagerCall, run: RunCommand): { readonly range: Range; readonly flag: boolean } | null {
  const { flags, manager } = call;
  const { args, assignments } = call.command;
  const includes =
    ['dev', 'true'].includes(flagValue(args, ['--include', '--also']) ?? '') || flagValue(args, ['--production', '--prod']) === 'false';
  if (includes || findFlag(flags, ['--save-dev', '--dev']) || flags.some(f => f.text === '-D')) return null;
  for (const name of ['--omit', '--only']) {
    const at = args.findIndex(arg => arg.text === name || arg.text?.startsWith(`${name}=`));
    const value = flagValue(args, [name]);
    if (value !== (name === '--omit' ? 'dev' : 'production') && value !== (name === '--only' ? 'prod' : 'dev')) continue;
    const end = args[at]!.text === name ? args[at + 1]! : args[at]!;
    return { range: { start: args[at]!.range.start, end: end.range.end }, flag: true };
  }
  const flag = flags.find(
    f =>
      f.text === '--production' ||
      f.text === '--prod' ||
      (manager === 'pnpm' && f.text === '-P') ||
      /^--prod(uction)?=true$/.test(f.text ?? ''),
  );
  if (flag) return { range: flag.range, flag: true };
  const inline = assignments.find(a => a.name === 'NODE_ENV' && a.value?.text === 'production');
  if (inline) return { range: inline.range, flag: false };
  const variable = run.stage?.variable('NODE_ENV', run.instruction);
  return variable?.value === 'production' && assignments.every(a => a.name !== 'NODE_ENV')
    ? { range: call.subcommand?.range ?? call.command.nameWord!.range, flag: false }
    : null;
}

function* commandsOf(stage: Stage): Iterable<RunCommand> {
  for (const instruction of stage.instructions) if (instruction.keyword === 'RUN') yield* runCommands(instruction);
}

/** The install that leaves out what a later build of the stage needs, and that build. */
function findPair(stage: Stage): { install: RunCommand; call: PackageManagerCall; build: RunCommand; name: string } | null {
  let last: { install: RunCommand; call: PackageManagerCall } | null = null;
  for (const run of commandsOf(stage)) {
    const call = packageManagerCall(run.command);
    if (
      call?.action === 'install' &&
      Object.hasOwn(managers, call.manager) &&
      !call.verb.includes('global') &&
      !findFlag(call.flags, ['--global', '-g'])
    ) {
      if (cause(call, run)) last = { install: run, call };
      else if (call.packages.length === 0) last = null;
      continue;
    }
    const name = last && nodeBuild(run.command);
    if (last && name !== null) return { ...last, build: run, name };
  }
  return null;
}

export const rule = defineRule({
  id: 'dockerfile/production-install-before-build',
  title: 'Development packages left out before the build that needs them',
  severity: 'warning',
  category: 'correctness',
  profile: 'recommended',
  messages: {
    missing: { text: '{build} needs development packages that are omitted here' },
    build: { text: 'The build' },
  },
  fixes: {
    'prune-after': { title: 'Install everything, and prune after the build', class: 'review' },
    'install-all': { title: 'Install everything', class: 'attended' },
  },
  on: {
    stage(stage, report) {
      const pair = findPair(stage);
      if (!pair) return;
      const { install, call, build, name } = pair;
      const { range, flag } = cause(call, install)!;
      const words = managers[call.manager]!;
      const everything = flag ? removeWords(range) : insertWords((call.subcommand ?? call.command.nameWord!).range.end, words.include);
      const { pipeline } = build.command;
      const listed = build.instruction.execForm === null && pipeline.list.kind === 'script' && pipeline.list.script.owner === null;
      report(
        range,
        'missing',
        { build: name },
        report.related(build.command.range, 'build'),
        listed && report.fix('prune-after', () => [everything, appendCommand(pipeline.range, words.prune)]),
        report.fix('install-all', () => [everything]),
      );
    },
  },
});
