import { closePairs, joinPair } from '../fix/pairs';
import { range } from '../../../base/text/range';
import { defineRule, noFix, weighs } from '../../../rule/define-rule';

/** Another pair in the value of the legacy form: its author set several variables, and has set one. */
const furtherPair = /\s[A-Za-z_]\w{0,80}=/;

export const rule = defineRule({
  id: 'dockerfile/legacy-key-value',
  title: 'ENV or LABEL in the legacy form',
  severity: 'hint',
  category: 'correctness',
  profile: 'recommended',
  peers: { buildkit: ['LegacyKeyValueFormat'], dockerfilelint: ['label_invalid'] },
  messages: {
    legacy: { text: '{keyword} "{name}" has no equals sign, so the rest of the line is its value' },
    spaced: { text: 'With a space before it, this equals sign is part of the value of {keyword} "{name}"', severity: 'warning' },
  },
  fixes: {
    join: { title: 'Change to {name}=', class: 'safe' },
    close: { title: 'Remove the spaces around the equals sign', class: 'review' },
  },
  assumptions: { meant: 'The value of "{name}" should not begin with an equals sign' },
  on: {
    instruction(instruction, report) {
      const { keyword } = instruction;
      if (keyword !== 'ENV' && keyword !== 'LABEL') return;
      const [pair] = instruction.pairs;
      if (!pair?.legacy) return;
      const { name, nameRange, value } = pair;
      const isSpaced = value!.raw.startsWith('=');
      const isSwallowed = !isSpaced && keyword === 'ENV' && furtherPair.test(value!.raw);
      const operations = isSpaced ? closePairs(instruction) : joinPair(pair, instruction);
      const place = isSpaced ? range(value!.range.start, value!.range.start + 1) : nameRange;
      const fix =
        operations &&
        (isSpaced
          ? report.fix('close', () => operations, { assumes: [{ id: 'meant', data: { name } }] })
          : report.fix('join', () => operations, { data: { name }, ...(isSwallowed && { class: 'attended' as const }) }));
      report(place, isSpaced ? 'spaced' : 'legacy', { keyword, name }, isSwallowed && weighs('warning'), fix ?? noFix('no-fix'));
    },
  },
});
