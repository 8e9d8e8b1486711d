import { appendCommand, insertWords, removeWords } from '../../../rule/fix/operations';
import { defineRule } from '../../../rule/define-rule';
import { nodeBuild } from '../../../knowledge/build-tools';
import { productionOnly, projectInstall } from '../model/node-install';
import { runCommands } from '../model/scripts';
import type { RunCommand, Stage } from '../model/types';
import type { PackageManagerCall } from '../../../syntax/shell/types';

/** How a manager leaves development packages out, takes them in after all, and throws them away afterwards. */
const managers: Readonly<Record<string, { readonly include: string; readonly prune: string }>> = {
  npm: { include: '--include=dev', prune: 'npm prune --omit=dev' },
  yarn: { include: '--production=false', prune: 'yarn install --production --ignore-scripts --prefer-offline' },
  pnpm: { include: '--prod=false', prune: 'pnpm prune --prod' },
};

function* commandsOf(stage: Stage): Iterable<RunCommand> {
  for (const instruction of stage.instructions) if (instruction.keyword === 'RUN') yield* runCommands(instruction);
}

/** The install that leaves out what a later build of the stage needs, and that build. */
function findPair(stage: Stage): { install: RunCommand; call: PackageManagerCall; build: RunCommand; name: string } | null {
  let last: { install: RunCommand; call: PackageManagerCall } | null = null;
  for (const run of commandsOf(stage)) {
    const call = projectInstall(run);
    // what deploy installs goes into another folder, beside that of the build
    if (call?.verb === 'deploy') continue;
    if (call) {
      if (productionOnly(call, run)) last = { install: run, call };
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
  title: 'Development packages omitted before the build that needs them',
  severity: 'warning',
  category: 'correctness',
  profile: 'recommended',
  messages: {
    missing: { text: '{build} needs development packages that are omitted here' },
    build: { text: 'The build runs here' },
  },
  fixes: {
    'prune-after': { title: 'Install all packages, and prune after the build', class: 'review' },
    'install-all': { title: 'Install all packages', class: 'attended' },
  },
  on: {
    stage(stage, report) {
      const pair = findPair(stage);
      if (!pair) return;
      const { install, call, build, name } = pair;
      const { range, flag } = productionOnly(call, install)!;
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
