import { defineRule } from '../../rule/define-rule';

export const rule = defineRule({
  id: 'dockerfile/whole-filesystem-copy',
  title: 'COPY of a whole file system',
  severity: 'warning',
  category: 'surface',
  profile: 'recommended',
  references: { cisDocker: ['4.3'], nist800190: ['3.1.1'] },
  peers: { hadolint: ['DL3067'] },
  messages: { whole: { text: 'This copies all of "{from}" over the image, build tools and caches included' } },
  on: {
    instruction(instruction, report) {
      if (instruction.keyword !== 'COPY') return;
      const from = instruction.flag('from')?.value;
      const { words, file, before } = instruction;
      const target = words.at(-1);
      if (!from || words.length < 2) return;
      const source = words.slice(0, -1).find(word => /^\/+(?:\.\/*|\*)?$/.test(file.expand(word, instruction) ?? ''));
      const path = source && file.expand(target!, instruction);
      if (!source || path == null) return;
      const root = /^\/+(?:\.\/*)?$/.test(path) || (/^(?:\.\/*)?$/.test(path) && /^\/+$/.test(before?.workdir?.value ?? ''));
      // On an empty image this flattens the layers of another one: its whole file system is what is meant.
      const { stage } = instruction;
      if (root && stage?.image.kind !== 'scratch') report(source.range, 'whole', { from });
    },
  },
});
