import type { Range } from '../../../base/text/range';
import type { CustomSubject } from '../../family/custom';
import type { CelKey, CelValue } from '../../../syntax/cel/values';
import { asOpen, asPlaced, unfilled } from '../../../syntax/yaml/data';
import type { Path } from '../../../syntax/yaml/types';
import type { Instruction, Stage } from './types';

type Fields = readonly (readonly [CelKey, CelValue | null | undefined])[];

/** A map of what is there. */
function mapOf(path: Path, fields: Fields): CelValue {
  const there = fields.filter((field): field is readonly [CelKey, CelValue] => field[1] !== null && field[1] !== undefined);
  return asPlaced(new Map(there), path);
}

function imageOf({ image, base, from }: Stage): CelValue {
  const { reference } = image;
  const flag = from.flag('platform');
  const common: Fields = [['platform', flag && (flag.value?.includes('$') ? unfilled : flag.value)]];
  if (base) return mapOf(['from'], [['stage', base.name ?? String(base.index)], ...common]);
  if (image.text === null || !reference || reference.invalid !== null)
    return image.kind === 'scratch'
      ? mapOf(['from'], [['image', 'scratch'], ...common])
      : asOpen(mapOf(['from'], [['image', unfilled], ...common]) as ReadonlyMap<CelKey, CelValue>);
  const { registry, repository, tag, digest } = reference;
  return mapOf(
    ['from'],
    [['image', image.text], ['registry', registry], ['repository', repository], ['tag', tag], ['digest', digest], ...common],
  );
}

function instructionData(instruction: Instruction, path: Path): CelValue {
  const { keyword, logical, argumentsStart, argumentsEnd, flags, words, pairs, heredocs } = instruction;
  const at = (key: string): Path => [...path, key];
  return mapOf(path, [
    ['keyword', keyword],
    ['text', logical.text.slice(argumentsStart, argumentsEnd)],
    [
      'words',
      asPlaced(
        words.map(({ text }) => text),
        at('words'),
      ),
    ],
    [
      'flags',
      mapOf(
        at('flags'),
        flags.map(({ name, value }) => [name, value ?? '']),
      ),
    ],
    [
      'pairs',
      pairs.length > 0
        ? mapOf(
            at('pairs'),
            pairs.map(({ name, value }) => [name, value?.text ?? '']),
          )
        : null,
    ],
    ['heredocs', heredocs.length > 0 ? heredocs.map(({ content }) => content) : null],
  ]);
}

/** Where a field of an instruction is reported. */
function rangeIn(instruction: Instruction, [key, step]: Path): Range {
  const { keywordRange, words, flags, pairs, argumentsRange, file } = instruction;
  const found =
    key === 'words'
      ? words[Number(step)]?.range
      : key === 'flags'
        ? flags.findLast(({ name }) => name === step)?.range
        : key === 'pairs'
          ? pairs.find(({ name }) => name === step)?.range
          : key === 'text' && !file.text.slice(argumentsRange.start, argumentsRange.end).includes('\n')
            ? argumentsRange
            : undefined;
  return found && found.end > found.start ? found : keywordRange;
}

/** A stage as rules of a configuration see it; docs/configuration.md describes its fields. */
export function stageSubject(stage: Stage): CustomSubject {
  const { name, nameRange, index, isFinal, from, image, instructions, state } = stage;
  const { user } = state;
  return {
    kind: 'stage',
    name: name ?? String(index),
    data: mapOf(
      [],
      [
        ['name', name],
        ['isFinal', isFinal],
        ['from', imageOf(stage)],
        ['user', user && (user.value ?? unfilled)],
        [
          'instructions',
          asPlaced(
            instructions.map((each, i) => instructionData(each, ['instructions', i])),
            ['instructions'],
          ),
        ],
      ],
    ),
    rangeOf: ([key, step, ...rest]) => {
      const instruction = key === 'instructions' ? instructions[Number(step)] : undefined;
      if (instruction) return rangeIn(instruction, rest);
      if (key === 'user' && user) return user.instruction.argumentsRange;
      if (key === 'name' && nameRange) return nameRange;
      return image.range.end > image.range.start ? image.range : from.keywordRange;
    },
  };
}
