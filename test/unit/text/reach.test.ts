import { describe, expect, it, test } from 'vitest';
import { beyond, declareReach, reachAgain, unreached, withReach } from '../../../shared/src/base/text/reach';
import { parseDockerfile } from '../../../shared/src/families/dockerfile/model/parse';

/** What a check says of a piece is kept as long as it has not looked beyond it: test/unit/engine/incremental.test.ts shows what that is for. */

class View {
  readonly field = 1;
  get near(): number {
    return 1;
  }
  get far(): number {
    return 2;
  }
  plus(more: number): number {
    return this.near + more;
  }
}
declareReach(View, { field: 'within', near: 'within', far: 'beyond', plus: 'beyond' });

const looksOut = (look: () => unknown): boolean => withReach(look).isOut;

describe('a member says by itself that it leads out of a piece', () => {
  const view = new View();
  it.each([
    ['a field', () => view.field, false],
    ['a getter of the piece', () => view.near, false],
    ['a getter that leads out', () => view.far, true],
    ['a method that leads out', () => view.plus(1), true],
    ['a value from beyond', () => beyond(1), true],
    ['what a piece keeps for all', () => unreached(() => view.far), false],
    ['what was worked out by one that looked out', () => reachAgain({ value: 1, isOut: true }), true],
    ['what was worked out by one that did not', () => reachAgain({ value: 1, isOut: false }), false],
    ['a look out within another', () => withReach(() => view.far).value, true],
  ])('%s', (_, look, isOut) => expect(looksOut(look)).toBe(isOut));

  it('gives what it would give without', () => expect([view.near, view.far, view.plus(3)]).toEqual([1, 2, 4]));

  it('a look that throws has looked out', () => {
    const fail = (): never => {
      throw new Error(`${view.far}`);
    };
    expect(looksOut(() => expect(() => withReach(fail)).toThrow('2'))).toBe(true);
  });

  it('nobody sees who asks for a field', () => {
    class Open {
      field = 1;
    }
    expect(() => declareReach(Open, { field: 'beyond' })).toThrow('field');
  });
});

const model = parseDockerfile('ARG V=1\nFROM alpine:$V AS a\nRUN true\nFROM a\nCOPY --from=a /x /y\n');
const stage = model.stages[1]!;
const run = model.instructions[2]!;

test.each([
  ['a word of an instruction', () => run.words, false],
  ['its commands, whose shell is taken for part of it', () => run.commands, false],
  ['its place', () => run.index, true],
  ['what is in force before it', () => run.stateBefore, true],
  ['which stage it is in', () => run.stage, false],
  ['what that is called', () => run.stage!.name, true],
  ['its file', () => run.file, false],
  ['the text of that', () => run.file.text, true],
  ['a stage asked with a name', () => stage.variable('V'), true],
  ['whether it is for Windows', () => stage.windows, true],
  ['a word without variables', () => model.expand(run.words[0]!, run), false],
])('%s', (_, look, isOut) => {
  look();
  expect(looksOut(look)).toBe(isOut);
});
