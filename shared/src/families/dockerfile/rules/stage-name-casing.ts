import { replaceText } from '../../../rule/fix/operations';
import { memoize } from '../../../base/text/memoize';
import type { Operation } from '../../../rule/fix/types';
import { keywords } from '../model/instruction';
import type { DockerfileModel, Instruction, Stage } from '../model/types';
import { defineRule } from '../../../rule/define-rule';
import type { Range } from '../../../base/text/range';

const known: ReadonlySet<string> = new Set(keywords);
const written = ({ file, keywordRange }: Instruction): string => file.text.slice(keywordRange.start, keywordRange.end);
const isLower = (text: string): boolean => text === text.toLowerCase();
const isUpper = (text: string): boolean => text === text.toUpperCase();

/** Whether most instructions of the stages are in lower case. Those in mixed case, and the ARGs before the first FROM, do not count. */
const mostlyLower = memoize((file: DockerfileModel): boolean => {
  let balance = 0;
  for (const instruction of file.instructions) {
    if (instruction.stage === null || !known.has(instruction.keyword)) continue;
    const text = written(instruction);
    if (isLower(text)) balance++;
    else if (isUpper(text)) balance--;
  }
  return balance > 0;
});

/** The name of a stage and every word that refers to it, where letter case is not that of the stage. */
function places(stage: Stage): Range[] {
  const name = stage.name!;
  const found = stage.file.images.filter(image => image.literal && image.raw !== name && image.raw.toLowerCase() === name);
  return [stage.nameRange!, ...found.map(image => image.range)];
}

export const rule = defineRule({
  id: 'dockerfile/stage-name-casing',
  title: 'Inconsistent casing',
  severity: 'hint',
  category: 'correctness',
  profile: 'strict',
  peers: {
    buildkit: ['StageNameCasing', 'FromAsCasing', 'ConsistentInstructionCasing'],
    dockerfilelint: ['uppercase_commands'],
    'dockerfile-utils': ['CASING_INSTRUCTION'],
  },
  messages: {
    stage: { text: 'Stage name "{name}" is not lowercase', peers: { buildkit: ['StageNameCasing'] } },
    as: { text: '"{as}" does not match the case of "{from}"', peers: { buildkit: ['FromAsCasing'] } },
    instruction: {
      text: '"{keyword}" is not in {wanted} case, unlike most instructions',
      peers: { buildkit: ['ConsistentInstructionCasing'], 'dockerfile-utils': ['CASING_INSTRUCTION'] },
    },
  },
  fixes: {
    stage: { title: 'Rename the stage to {name} everywhere', class: 'safe' },
    as: { title: 'Change to {text}', class: 'safe' },
    instruction: { title: 'Change to {text}', class: 'safe' },
  },
  on: {
    instruction(instruction, report) {
      const { file, keyword, keywordRange, onbuildParent: parent } = instruction;
      if (parent || !known.has(keyword)) return;
      const text = written(instruction);
      const lower = mostlyLower(file);
      const recase = (word: string): string => (lower ? word.toLowerCase() : word.toUpperCase());
      const [, as, alias] = keyword === 'FROM' ? instruction.words : [];
      const named = alias && as!.raw.toUpperCase() === 'AS' ? as! : null;
      const replace = (range: Range, wanted: string): Operation => replaceText(range, wanted);
      if (instruction.stage && text !== recase(text)) {
        const operations = (): readonly Operation[] => [
          replace(keywordRange, recase(text)),
          ...(named && named.raw !== recase(named.raw) ? [replace(named.range, recase(named.raw))] : []),
        ];
        const fix = report.fix('instruction', operations, { data: { text: recase(text) } });
        report(keywordRange, 'instruction', { keyword: text, wanted: lower ? 'lower' : 'upper' }, fix);
      } else if (named && named.raw !== recase(named.raw)) {
        const like = recase(named.raw);
        const fix = report.fix('as', () => [replace(named.range, like)], { data: { text: like } });
        report(named.range, 'as', { as: named.raw, from: text }, fix);
      }
    },
    stage(stage, report) {
      const { name, nameRange, file } = stage;
      if (name === null || nameRange === null) return;
      const text = file.text.slice(nameRange.start, nameRange.end);
      if (text === name || text.toLowerCase() !== name) return;
      const replace = (): readonly Operation[] => places(stage).map(range => replaceText(range, name));
      report(nameRange, 'stage', { name: text }, report.fix('stage', replace, { data: { name } }));
    },
  },
});
