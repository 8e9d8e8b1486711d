import { describe, expect, it } from 'vitest';
import { refusalAt } from '../../../shared/src/families/dockerfile/fix/refusal';
import { removeOneOf } from '../../../shared/src/families/dockerfile/fix/words';
import { parseDockerfile } from '../../../shared/src/families/dockerfile/model/parse';
import type { Instruction } from '../../../shared/src/families/dockerfile/model/types';

const innermost = (line: string): Instruction => {
  const [, instruction] = parseDockerfile(`FROM a\n${line}\n`).instructions;
  return instruction!.trigger ?? instruction!;
};

describe('why an instruction takes no fix', () => {
  it.each<[line: string, shell: string | null, any: string | null]>([
    ['RUN a', null, null],
    ['RUN ["a"]', 'no-fix', null],
    ['COPY a b', null, null],
    ['COPY ["a", "b"]', 'no-fix', null],
    ['ONBUILD RUN a', 'no-fix', 'no-fix'],
    ['ONBUILD RUN ["a"]', 'no-fix', 'no-fix'],
  ])('%s', (line, shell, any) => {
    const reasonFor = (form: 'shell' | 'any'): unknown => {
      const refused = refusalAt(innermost(line), form);
      return refused?.attach === 'no-fix' ? refused.reason : refused;
    };
    expect([reasonFor('shell'), reasonFor('any')]).toEqual([shell, any]);
  });

  it.each([
    ['USER web', null],
    ['USER $NAME', { attach: 'no-fix', reason: 'variable' }],
    ['ONBUILD USER $NAME', { attach: 'no-fix', reason: 'no-fix' }],
  ])('of a word: %s', (line, refused) => {
    const instruction = innermost(line);
    expect(refusalAt(instruction, 'any', instruction.words[0])).toEqual(refused);
  });
});

describe('one word less', () => {
  it.each([
    ['VOLUME /a /b', 'dockerfile.remove-words'],
    ['VOLUME /a', 'dockerfile.remove-instruction'],
  ])('%s: %s', (line, type) => {
    const instruction = innermost(line);
    expect(removeOneOf(instruction, instruction.words, instruction.words[0]!.range)).toMatchObject({ type });
  });
});
