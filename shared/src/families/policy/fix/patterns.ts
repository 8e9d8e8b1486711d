import { appendItem, setValue, type YamlOperation } from '../../../syntax/yaml/operations';
import type { PatternView } from '../model/types';

/** Where a pattern's list stands, and how an item of it is written: as text, or as the `glob` of a map. */
function listOf({ spot: { path } }: PatternView): {
  readonly list: PatternView['spot']['path'];
  readonly item: (text: string) => string | { glob: string };
} {
  const isMap = path.at(-1) === 'glob';
  return { list: path.slice(0, isMap ? -2 : -1), item: text => (isMap ? { glob: text } : text) };
}

/** Further patterns behind the others of a pattern's list. */
export function addPatterns(pattern: PatternView, texts: readonly string[]): readonly YamlOperation[] {
  const { list, item } = listOf(pattern);
  return texts.map(text => appendItem(list, item(text)));
}

/** Other patterns in place of one: the first where it stands, further ones at the end of its list. */
export function replacePattern(pattern: PatternView, [first, ...others]: readonly string[]): readonly YamlOperation[] {
  return first === undefined ? [] : [setValue(pattern.spot.path, first), ...addPatterns(pattern, others)];
}
