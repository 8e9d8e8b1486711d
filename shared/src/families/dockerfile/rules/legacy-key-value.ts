import { replaceText } from '../../../fix/operations';
import type { DockerfileOperation } from '../../../fix/types';
import type { Instruction, KeyValue } from '../model/types';
import { wordParts } from '../model/words';
import { defineRule, noFix } from '../../../rule/define-rule';

/**
 * The operations that join name and value by an equals sign. The value keeps its bytes where it is one word already; blanks in it need quotes,
 * and within those what was quoted or escaped before is written anew. `null` where BuildKit cannot read the value.
 */
function joined({ name, nameRange, value }: KeyValue, { file }: Instruction): readonly DockerfileOperation[] | null {
  const { raw, range } = value!;
  const parts = wordParts(value!);
  if (parts === null) return null;
  const gap = { start: nameRange.end, end: range.start };
  const oneWord = raw === `"${raw.slice(1, -1)}"` && !/["\\`]/.test(raw.slice(1, -1));
  if (oneWord || !/\s/.test(raw)) return [replaceText(gap, '=')];
  if (!/["'\\`]/.test(raw) && name !== '') return [replaceText(gap, '="'), replaceText({ start: range.end, end: range.end }, '"')];
  const escape = (text: string): string => [...text].map(c => (c === '"' || c === '$' || c === file.escape ? file.escape + c : c)).join('');
  const text = parts.map(part =>
    part.kind === 'literal' ? (part.text === '$' && raw[part.start] === '$' ? '$' : escape(part.text)) : raw.slice(part.start, part.end),
  );
  return [replaceText({ start: nameRange.end, end: range.end }, `="${text.join('')}"`)];
}

export const rule = defineRule({
  id: 'dockerfile/legacy-key-value',
  title: 'ENV or LABEL in the legacy form',
  severity: 'info',
  category: 'correctness',
  profile: 'recommended',
  peers: { buildkit: ['LegacyKeyValueFormat'], dockerfilelint: ['label_invalid'] },
  messages: { legacy: { text: '{keyword} "{name}" has no equals sign, so the rest of the line is its value' } },
  fixes: { join: { title: 'Change to {name}=', class: 'safe' } },
  on: {
    instruction(instruction, report) {
      const { keyword, file } = instruction;
      if (keyword !== 'ENV' && keyword !== 'LABEL') return;
      const [pair] = instruction.pairs;
      if (!pair?.legacy) return;
      const { name, nameRange, value } = pair;
      // Between name and value no comment can stay.
      const commented = file.text.slice(nameRange.end, value!.range.start).includes('#');
      const operations = commented ? null : joined(pair, instruction);
      report(
        pair.nameRange,
        'legacy',
        { keyword, name },
        operations ? report.fix('join', () => operations, { data: { name } }) : noFix('no-fix'),
      );
    },
  },
});
