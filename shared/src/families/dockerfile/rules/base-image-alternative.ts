import { baseAlternatives, type Alternative } from '../../../knowledge/base-alternatives';
import { endOfLife } from '../../../knowledge/end-of-life';
import { hasProgram, type ImageFacts } from '../../../knowledge/image-facts';
import { chainInstructions } from '../model/chain';
import { systemManagers } from '../model/packages';
import { factsFor } from '../model/stage-image';
import { runCommands } from '../model/scripts';
import type { Instruction } from '../model/types';
import { packageManagerCall } from '../../../syntax/shell/package-manager';
import { swapBase } from '../fix/swap-base';
import { defineRule } from '../../../rule/define-rule';

/** Whether a stage installs packages of the system. */
const installs = (instructions: readonly Instruction[]): boolean =>
  instructions.some(
    i => i.keyword === 'RUN' && runCommands(i).some(({ command }) => systemManagers.has(packageManagerCall(command)?.manager ?? '')),
  );

/** What is lost with an alternative, by the id of the fix that says so. */
const fixOf = ({ losses }: Alternative): 'copy' | 'distroless' | 'slim' =>
  losses.includes('compiler') ? 'copy' : losses.includes('shell') ? 'distroless' : 'slim';

/** As whom an image runs and whether it has a shell, as far as its facts say, to follow a title. */
function saidOf(facts: ImageFacts | null): string {
  if (facts === null) return '';
  const shell = hasProgram(facts, 'sh');
  const words = [`runs as ${facts.user || 'root'}`, ...(shell === null ? [] : [shell ? 'has a shell' : 'has no shell'])];
  return ` (${words.join(', ')}, ${facts.level === 'as-served' ? 'as served' : facts.level})`;
}

export const rule = defineRule({
  id: 'dockerfile/base-image-alternative',
  title: 'A smaller or distroless base image exists',
  severity: 'hint',
  category: 'supply-chain',
  profile: 'recommended',
  references: { cisDocker: ['4.3'], nist800190: ['3.1.1', '4.1.1'] },
  messages: {
    smaller: { text: 'Final stage ships more than it needs: "{instead}" is smaller' },
    builder: { text: 'Final stage ships the compiler: copy the build output into "{instead}"' },
  },
  fixes: {
    swap: { title: 'Use {instead}, which has the programs that this file runs{known}', class: 'attended' },
    slim: { title: 'Use {instead}: no compilers, headers, git or curl{lacks}{known}', class: 'manual' },
    distroless: { title: 'Use {instead}: no shell, no package manager; build in a separate stage{known}', class: 'manual' },
    copy: { title: 'Build in a separate stage, and copy the result into {instead}{known}', class: 'manual' },
  },
  assumptions: {
    'image-facts': '{instead} has the recorded digest {digest} (image facts: {level})',
    enough: 'Programs, libraries, and scripts not named in the file need nothing that only {from} has',
    musl: 'No program or package of {from} needs glibc, which {instead} does not have',
  },
  on: {
    file({ finalStage }, report, { today, workspace }) {
      const image = finalStage?.root.image;
      const reference = image?.reference;
      if (!finalStage || !reference || reference.invalid !== null || finalStage.windows) return;
      if (baseAlternatives(reference, false).length === 0 || endOfLife(reference, today)) return;
      // Without files of its own it is a base image for others, or a tool.
      const instructions = chainInstructions(finalStage);
      if (!instructions.some(i => i.keyword === 'COPY' || i.keyword === 'ADD')) return;
      const alternatives = baseAlternatives(reference, installs(instructions)).flatMap(each => {
        const facts = factsFor(finalStage, workspace).imageFacts(each.image);
        const swap = swapBase(finalStage, each, facts);
        return swap && 'lacks' in swap && swap.isBroken ? [] : [{ each, facts, swap }];
      });
      const best = alternatives[0]?.each;
      if (!best) return;
      const { ranges } = reference;
      report(
        image.at(ranges.tag ?? ranges.name),
        fixOf(best) === 'copy' ? 'builder' : 'smaller',
        { instead: best.image },
        ...alternatives.map(({ each, facts, swap }) => {
          const data = { instead: each.image, from: image.label, known: saidOf(facts) };
          if (swap && 'operations' in swap) {
            const assumes = [
              ...(each.image.includes('alpine') ? ['enough', 'musl'] : ['enough']).map(id => ({ id, data })),
              ...(facts ? [{ id: 'image-facts', data: { instead: each.image, digest: facts.digest, level: facts.level } }] : []),
            ];
            return report.fix('swap', () => swap.operations, { data, assumes });
          }
          return report.fix(fixOf(each), () => [], {
            data: { ...data, lacks: swap ? `; the file uses ${swap.lacks.slice(0, 3).join(', ')}` : '' },
          });
        }),
      );
    },
  },
});
