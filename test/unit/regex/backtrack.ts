import { RegExpParser, type AST } from '@eslint-community/regexpp';

/** Thrown when a match takes more steps than allowed. */
class TooLong extends Error {}

type Then = (at: number) => boolean;

/** How many characters a backtracking matcher looks at until it has searched a text for a pattern, up to `limit`. The textbook matcher: no shortcuts. */
export function countSteps(source: string, flags: string, text: string, limit: number): number {
  const pattern = new RegExpParser({ ecmaVersion: 2025 }).parsePattern(source);
  const kept = flags.replace(/[^is]/g, '');
  const classes = new Map<string, RegExp>();
  let steps = 0;
  const step = (): void => {
    if (++steps > limit) throw new TooLong();
  };
  const some = (alternatives: readonly AST.Alternative[], at: number, then: Then): boolean =>
    alternatives.some(({ elements }) => all(elements, 0, at, then));
  const all = (elements: readonly AST.Element[], i: number, at: number, then: Then): boolean =>
    i === elements.length ? then(at) : one(elements[i]!, at, next => all(elements, i + 1, next, then));
  const turns = (node: AST.Quantifier, count: number, at: number, then: Then): boolean => {
    const more = (): boolean =>
      count < node.max && one(node.element, at, next => (next > at || count < node.min) && turns(node, count + 1, next, then));
    if (count < node.min) return more();
    return node.greedy ? more() || then(at) : then(at) || more();
  };
  const one = (node: AST.Element, at: number, then: Then): boolean => {
    step();
    switch (node.type) {
      case 'Group':
      case 'CapturingGroup':
        return some(node.alternatives, at, then);
      case 'Quantifier':
        return turns(node, 0, at, then);
      case 'Assertion': {
        if (node.kind === 'lookahead') return some(node.alternatives, at, () => true) !== node.negate && then(at);
        if (node.kind === 'lookbehind') throw new Error('not counted');
        const place = new RegExp(node.raw, `${flags.replace(/[^im]/g, '')}y`);
        place.lastIndex = at;
        return place.test(text) && then(at);
      }
      default: {
        const own = classes.get(node.raw) ?? new RegExp(`^${node.raw}$`, kept);
        classes.set(node.raw, own);
        return at < text.length && own.test(text[at]!) && then(at + 1);
      }
    }
  };
  try {
    for (let start = 0; start <= text.length; start++) if (some(pattern.alternatives, start, () => true)) break;
  } catch (error) {
    if (!(error instanceof TooLong)) throw error;
  }
  return steps;
}
