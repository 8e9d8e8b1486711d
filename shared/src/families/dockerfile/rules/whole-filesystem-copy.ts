import { findImageProfile } from '../../../knowledge/image-profiles';
import { stageProfile } from '../model/stage-image';
import type { Instruction } from '../model/types';
import { defineRule, noFix } from '../../../rule/define-rule';

/** What a source must look like to be looked at closer. */
const mayBeRoot = /^(?:\/+(?:[.*]\/*)?$|\$)/;

/** Whether a COPY takes from a stage that builds something, or from an image that holds a system. Others are made to be copied whole. */
function isSystem(instruction: Instruction): boolean {
  const image = instruction.file.images.find(use => use.instruction === instruction);
  const [stage] = image?.stages ?? [];
  if (stage) return stage.base !== null || stage.instructions.some(i => i.keyword === 'RUN') || stageProfile(stage) !== null;
  const { reference = null, raw = '' } = image ?? {};
  return !/[/:@]/.test(raw) || (reference?.invalid === null && findImageProfile(reference) !== null);
}

/** Whether the stage goes on from the base of the image itself: the image is then that stage, as one layer. */
function isSameImage(instruction: Instruction): boolean {
  const { file, stage } = instruction;
  const from = file.images.find(use => use.instruction === instruction)?.stages[0];
  for (let base = from?.base; base; base = base.base) if (base === stage?.base) return true;
  return false;
}

export const rule = defineRule({
  id: 'dockerfile/whole-filesystem-copy',
  title: 'COPY of a whole filesystem',
  severity: 'warning',
  category: 'surface',
  profile: 'recommended',
  references: { cisDocker: ['4.3'], nist800190: ['3.1.1', '4.1.1'] },
  peers: { hadolint: ['DL3067'] },
  messages: { whole: { text: 'This copies all of "{from}" over the image, including build tools and caches' } },
  on: {
    instruction(instruction, report) {
      if (instruction.keyword !== 'COPY') return;
      const from = instruction.flag('from')?.value;
      const { words, file, stateBefore: before } = instruction;
      const target = words.at(-1);
      if (!from || words.length < 2) return;
      const source = words
        .slice(0, -1)
        .find(word => mayBeRoot.test(word.text) && /^\/+(?:\.\/*|\*)?$/.test(file.expand(word, instruction) ?? ''));
      const path = source && file.expand(target!, instruction);
      if (!source || path == null) return;
      const root = /^\/+(?:\.\/*)?$/.test(path) || (/^(?:\.\/*)?$/.test(path) && /^\/+$/.test(before?.workdir?.value ?? ''));
      // On an empty image this flattens the layers of another one: its whole file system is what is meant.
      if (root && instruction.stage?.image.kind !== 'scratch' && isSystem(instruction) && !isSameImage(instruction))
        report(source.range, 'whole', { from }, noFix('manual'));
    },
  },
});
