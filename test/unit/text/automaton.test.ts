import { expect, test } from 'vitest';
import {
  anything,
  automatonOf,
  endsOf,
  literally,
  matches,
  notSlash,
  type Effort,
  type Step,
} from '../../../shared/src/base/text/automaton';
import { fc } from '../../support/property';

/** Steps, and the regular expression that says the same. */
interface Both {
  readonly steps: readonly Step[];
  readonly source: string;
}

const one: fc.Arbitrary<Both> = fc.constantFrom(
  { steps: literally('a'), source: 'a' },
  { steps: literally('b/'), source: 'b/' },
  { steps: [{ is: 'one', takes: notSlash }], source: '[^/]' },
  { steps: [{ is: 'many', takes: notSlash }], source: '[^/]*' },
  { steps: [{ is: 'many', takes: anything }], source: '[^]*' },
);
const sequence = (of: fc.Arbitrary<Both>): fc.Arbitrary<Both> =>
  fc
    .array(of, { maxLength: 4 })
    .map(parts => ({ steps: parts.flatMap(({ steps }) => steps), source: parts.map(({ source }) => source).join('') }));
const choice = fc.array(sequence(one), { minLength: 1, maxLength: 3 }).map((ways): Both => ({
  steps: [{ is: 'any-of', ways: ways.map(({ steps }) => steps) }],
  source: `(?:${ways.map(({ source }) => source).join('|')})`,
}));
const pattern = sequence(fc.oneof(one, choice));
const text = fc.string({ unit: fc.constantFrom('a', 'b', '/', '\n', '😀'), maxLength: 8 });

test('an automaton says what the regular expression of the same steps says', () => {
  fc.assert(
    fc.property(pattern, text, ({ steps, source }, given) => {
      // regex: made of [ab/]
      const same = new RegExp(`^${source}$`, 'u');
      const automaton = automatonOf(steps);
      expect(matches(automaton, given)).toBe(same.test(given));
      const prefixes = [...given].map((_, at, all) => all.slice(0, at).join('')).concat(given);
      expect(endsOf(automaton, given).ends).toEqual(prefixes.filter(prefix => same.test(prefix)).map(prefix => prefix.length));
    }),
    { numRuns: 500 },
  );
});

test('where the effort is used up nothing matches, and little more was spent', () => {
  const automaton = automatonOf(Array.from({ length: 400 }, (): Step => ({ is: 'many', takes: anything })));
  const effort: Effort = { left: 1000 };
  expect(matches(automaton, 'a'.repeat(400), effort)).toBe(false);
  expect(effort.left).toBeLessThan(0);
  expect(effort.left).toBeGreaterThan(-5);
});
