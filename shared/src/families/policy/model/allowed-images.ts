import { memoize } from '../../../base/text/memoize';
import type { Range } from '../../../base/text/range';
import type { MaybeNode } from '../../../syntax/yaml/lookup';
import type { Path } from '../../../syntax/yaml/types';
import { mapOf, sequenceOf } from '../../../syntax/yaml/values';
import type { Cel } from '../../../syntax/cel/types';
import { isLiteral, mapAt, mapsAt, textOf, type TextSpot } from './spots';
import type { RuleView } from './types';

/** What lets an image through: a pattern of Kyverno's, or what an expression asks of its beginning. Ranges are in the text. */
export interface AllowedImages {
  readonly is: 'pattern' | 'prefix' | 'expression';
  readonly text: string;
  readonly range: Range;
}

/** A pattern of a rule under the key `image`, and each of the ways that `|` separates in it; those that refuse (`!`) are left out. */
export const imagePatterns = memoize(
  ({ at }: RuleView): readonly { readonly spot: TextSpot; readonly ways: readonly AllowedImages[] }[] => {
    const found: TextSpot[] = [];
    const visit = (node: MaybeNode, path: Path, depth: number): void => {
      if (depth > 20) return;
      for (const { name, value } of mapOf(node)?.entries ?? []) {
        const spot = name.replace(/^[=^+<]\((.*)\)$/, '$1') === 'image' ? textOf(value, [...path, name]) : null;
        if (spot) found.push(spot);
        else visit(value, [...path, name], depth + 1);
      }
      sequenceOf(node)?.items.forEach((item, index) => visit(item, [...path, index], depth + 1));
    };
    const validate = mapAt(at, 'validate');
    for (const spot of [validate, ...mapsAt(validate, 'foreach')])
      for (const key of ['pattern', 'anyPattern']) visit(spot?.map.get(key), [...(spot?.path ?? []), key], 0);
    // with a condition on the way (`&`) it is narrower than it looks
    return found.filter(spot => isLiteral(spot) && !/[&{]/.test(spot.text)).map(spot => ({ spot, ways: waysOf(spot.text) }));
  },
);

function waysOf(text: string): readonly AllowedImages[] {
  let at = 0;
  return text.split('|').flatMap(part => {
    const way = part.trim();
    const start = at + part.indexOf(way);
    at += part.length + 1;
    return way === '' || way.startsWith('!') ? [] : [{ is: 'pattern' as const, text: way, range: { start, end: start + way.length } }];
  });
}

/** Methods that ask of an image how it begins, and what else they may be called on. */
const asks: Readonly<Record<string, AllowedImages['is']>> = { startsWith: 'prefix', matches: 'expression' };

/** What a validation that has to hold asks of images, as far as an image that has it is let through by it. */
export function allowedImages(root: Cel): readonly AllowedImages[] {
  const found: AllowedImages[] = [];
  const waiting = [root];
  // no recursion: a chain of operators may be thousands long
  for (let tree = waiting.pop(); tree; tree = waiting.pop()) {
    if (tree.is === 'binary' && (tree.operator === '&&' || tree.operator === '||')) waiting.push(tree.right, tree.left);
    else if (tree.is === 'choice') waiting.push(tree.otherwise, tree.then);
    else found.push(...asked(tree));
  }
  return found;
}

function asked(tree: Cel): readonly AllowedImages[] {
  if (tree.is !== 'call' || tree.of === null) return [];
  if (['all', 'exists'].includes(tree.name) && tree.args[0]?.is === 'name') return allowedImages(tree.args.at(-1)!);
  const [word] = tree.args;
  const is = asks[tree.name];
  const isImage = (tree.of.is === 'select' || tree.of.is === 'name') && /^(?:image|img)$/i.test(tree.of.name);
  if (!isImage || !is || word?.is !== 'literal' || typeof word.value !== 'string') return [];
  return [{ is, text: word.value, range: word.range }];
}
