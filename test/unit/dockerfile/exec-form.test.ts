import { DockerfileParser, type JSONInstruction } from 'dockerfile-ast';
import { fc } from '../../support/property';
import { expect, it } from 'vitest';
import { readExecForm } from '../../../shared/src/families/dockerfile/model/exec-form';

const blanks = fc.stringMatching(/^[ \t]{0,2}$/);

/** An array as somebody writes it, with blanks where JSON allows them. */
function written(words: readonly string[], [a, b]: readonly [string, string]): string {
  return `[${a}${words.map(word => JSON.stringify(word)).join(`${b},${a}`)}${b}]`;
}

it('each string of an exec form has its value and its place, quotes included', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), fc.tuple(blanks, blanks), (words, gaps) => {
      const text = written(words, gaps);
      const form = readExecForm(text);
      if (form.kind !== 'strings') throw new Error(form.kind);
      expect(form.strings.map(({ value }) => value)).toEqual(words);
      expect(form.strings.map(({ range }) => JSON.parse(text.slice(range.start, range.end)) as unknown)).toEqual(words);
    }),
  );
});

it('dockerfile-ast finds the strings in the same places', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[\w ./,$"-]*$/), { minLength: 1 }), fc.tuple(blanks, blanks), (words, gaps) => {
      const text = written(words, gaps);
      const form = readExecForm(text);
      const instruction = DockerfileParser.parse(`CMD ${text}`).getInstructions()[0] as JSONInstruction;
      const theirs = instruction.getJSONStrings().map(place => place.getRange());
      expect(form.kind === 'strings' && form.strings.map(({ range }) => [range.start + 4, range.end + 4])).toEqual(
        theirs.map(({ start, end }) => [start.character, end.character]),
      );
    }),
  );
});

it.each(['', '[', '["a"', '["a",]', "['a']", '["a"] b', '["a" "b"]', '{"a": 1}', '"a"'])('%s is none', text =>
  expect(readExecForm(text)).toEqual({ kind: 'none' }),
);

it.each(['[1]', '["a", null]', '[["a"]]', '["a", {"b": "c"}]'])('%s is an array of something else', text =>
  expect(readExecForm(text)).toEqual({ kind: 'not-strings' }),
);
