import { healthRequest, lacksProgram, requestOf } from '../../../knowledge/health-checks';
import { range } from '../../../base/text/range';
import { replaceText } from '../../../rule/fix/operations';
import { refusalAt } from '../fix/refusal';
import { chainInstructions, wholeText } from '../model/chain';
import { healthCheckOf } from '../model/health';
import { keptPackages } from '../model/packages';
import { scriptsOf } from '../model/scripts';
import { baseFacts, stageProfile } from '../model/stage-image';
import type { Instruction, Stage } from '../model/types';
import { defineRule, noFix } from '../../../rule/define-rule';

/** Whether an instruction may put a program into the image: it names it, runs what was copied, or copies to where programs are. */
function mayBring(instruction: Instruction, program: string): boolean {
  const { keyword, words, file, mounts } = instruction;
  if (keyword === 'COPY' || keyword === 'ADD') {
    const target = words.at(-1);
    const path = target ? file.expand(target, instruction) : null;
    return path === null || /^\/+(?:$|s?bin|usr|opt|nix)/.test(path) || wholeText(instruction).includes(program);
  }
  if (keyword !== 'RUN') return keyword === 'ENV' && words.some(word => /^(?:PATH|BASH_ENV)\b/.test(word.text));
  if (mounts.some(mount => mount.get('from') !== undefined) || wholeText(instruction).includes(program)) return true;
  return scriptsOf(instruction).some(({ commands }) =>
    commands.some(
      ({ name, args }) =>
        name === null || name.includes('/') || /^(?:\.|source|(?:ba|da)?sh)$/.test(name) || args.some(({ text }) => text === null),
    ),
  );
}

/** The other instructions of a stage and its bases. */
function others(stage: Stage, check: Instruction): readonly Instruction[] {
  return chainInstructions(stage).filter(instruction => instruction !== check);
}

export const rule = defineRule({
  id: 'dockerfile/missing-health-client',
  title: 'HEALTHCHECK runs a program that the image lacks',
  severity: 'error',
  category: 'reliability',
  profile: 'recommended',
  references: { cisDocker: ['4.6'], links: ['https://docs.docker.com/reference/dockerfile/#healthcheck'] },
  messages: { lacks: { text: '{image} does not include {program}, and nothing installs it: the check always fails' } },
  fixes: { other: { title: 'Use {client}, which the image has', class: 'review' } },
  needsWhole: true,
  on: {
    stage(stage, report, { workspace }) {
      const check = stage.state.healthcheck;
      const { reference, label } = stage.root.image;
      const command = healthCheckOf(stage)?.command;
      if (!stage.isFinal || !check || !command || reference?.invalid !== null) return;
      for (const { commands } of scriptsOf(check)) {
        const [first] = commands;
        const program = first?.name ?? null;
        if (!first?.nameWord || program === null || !lacksProgram(reference, baseFacts(stage, workspace), program)) continue;
        if (others(stage, check).some(instruction => mayBring(instruction, program))) continue;
        const request = requestOf(command);
        const packages = keptPackages(stage).map(({ name }) => name);
        const other = request && healthRequest(stageProfile(stage), packages, `http://127.0.0.1:${request.port}${request.path}`);
        const place = range(check.words[0]!.range.start, check.argumentsRange.end);
        report(
          first.nameWord.range,
          'lacks',
          { image: label, program },
          other
            ? (refusalAt(check, 'any') ??
                report.fix('other', () => [replaceText(place, `CMD [${other.map(word => JSON.stringify(word)).join(', ')}]`)], {
                  data: { client: other[0]! },
                }))
            : noFix('manual'),
        );
      }
    },
  },
});
