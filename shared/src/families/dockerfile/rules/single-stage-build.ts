import { buildOf, isBuildImage, isBuildPackage, nativeInstall } from '../../../knowledge/build-tools';
import { knownName } from '../../../knowledge/image-profiles';
import { stageProfile } from '../model/stage-image';
import { startsSomething } from '../model/stage-start';
import { chainInstructions } from '../model/chain';
import { keptPackages } from '../model/packages';
import { runCommands } from '../model/scripts';
import { startOf } from '../model/start';
import type { RunCommand, Stage } from '../model/types';
import type { ShellCommand } from '../../../syntax/shell/types';
import { packageManagerCall } from '../../../syntax/shell/package-manager';
import { splitStages } from '../fix/split-stages';
import { type Attachment, defineRule, noFix, type Report } from '../../../rule/define-rule';

/** The first command of a stage and its bases for which `find` has words. */
function firstCommand(
  stage: Stage,
  find: (command: ShellCommand) => string | null,
): { readonly run: RunCommand; readonly name: string } | null {
  for (const instruction of chainInstructions(stage)) {
    if (instruction.keyword !== 'RUN') continue;
    for (const run of runCommands(instruction)) {
      const name = find(run.command);
      if (name !== null) return { run, name };
    }
  }
  return null;
}

/** Whether the packages that a build of a Node.js project needs are taken away again. */
const prunes = (command: ShellCommand): string | null =>
  /^(?:prune|workspaces focus)$/.test(packageManagerCall(command)?.verb ?? '') ? 'prune' : null;

type StageReport = Report<'image' | 'package' | 'node' | 'build', 'split'>;

/** The file as two stages, where it is seen what the build leaves behind; or why there is none. */
function splitting(stage: Stage, command: ShellCommand, report: StageReport): Attachment {
  const split = splitStages(stage, command);
  if (!split) return noFix('manual');
  const { image, paths, operations } = split;
  return report.fix('split', operations, {
    data: { image },
    alone: true,
    assumes: [{ id: 'only', data: { paths: paths.join(', '), image } }],
  });
}

export const rule = defineRule({
  id: 'dockerfile/single-stage-build',
  title: 'Build tools remain in the final image',
  severity: 'info',
  category: 'surface',
  profile: 'recommended',
  supersedes: ['dockerfile/development-in-final-stage'],
  references: { cisDocker: ['4.3'], nist800190: ['3.1.1', '4.1.1'], cwe: ['CWE-1104'] },
  peers: { tally: ['tally/prefer-multi-stage-build'] },
  messages: {
    image: { text: 'The build runs in the final image, which includes all the build tools of "{image}"' },
    package: { text: '{package} is needed only for the build, yet stays in the final image' },
    node: { text: 'The build runs in the final image, which keeps the development dependencies' },
    build: { text: 'The build runs here' },
  },
  fixes: { split: { title: 'Split into a build stage and a final stage based on {image}', class: 'attended' } },
  assumptions: { only: 'Once built, the program needs only {paths} from the build, and what {image} contains' },
  on: {
    stage(stage, report) {
      if (!stage.isFinal || stage.root.image.kind === 'scratch') return;
      const { cmd, entrypoint } = stage.state;
      if ((!cmd && !entrypoint) || !startsSomething(startOf(stage), stageProfile(stage))) return;
      const { reference, text } = stage.root.image;
      const name = reference !== null && reference.invalid === null ? knownName(reference) : '';
      const build = firstCommand(stage, buildOf);
      const related = build && report.related(build.run.command.range, 'build');
      if (isBuildImage(name) && build)
        return report(stage.image.range, 'image', { image: text ?? name }, related, splitting(stage, build.run.command, report));
      const kept = keptPackages(stage).find(item => isBuildPackage(item.name));
      const native = kept && !build ? firstCommand(stage, nativeInstall) : null;
      if (kept && (build ?? native)) {
        const at = native ? report.related(native.run.command.range, 'build') : related;
        report(kept.word.range, 'package', { package: kept.name }, at, splitting(stage, (build ?? native)!.run.command, report));
      } else if (build && /^(?:npm|npx|yarn|pnpm|pnpx|bunx)\b/.test(build.name) && name === 'node' && !firstCommand(stage, prunes))
        report(stage.image.range, 'node', {}, related, splitting(stage, build.run.command, report));
    },
  },
});
