import { rawText } from '../../../families/compose/model/items';
import { variablesIn } from '../../../families/compose/model/template';
import { entriesOfValue, itemsOfValue, memberAt, type Value } from '../../../families/compose/model/value';
import { commandWords } from '../../../families/compose/model/words';

/** A text of a Compose file as a manifest has it: defaults filled in, variables that have none left as `${NAME}`. */
export interface Filled {
  readonly text: string;
  /** The variables that are left. */
  readonly variables: readonly string[];
}

/** What a template comes to as far as it says so itself. */
export function fillTemplate(template: string): Filled {
  const variables: string[] = [];
  let text = '';
  let from = 0;
  const plain = (to: number): void => void (text += template.slice(from, to).replaceAll('$$', '$'));
  for (const { name, start, end, operator, word } of variablesIn(template)) {
    plain(start);
    from = end;
    const standard = operator?.endsWith('-') && word ? fillTemplate(template.slice(word.start, word.end)) : null;
    text += standard ? standard.text : `\${${name}}`;
    variables.push(...(standard ? standard.variables : [name]));
  }
  plain(template.length);
  return { text, variables };
}

/** The text of a scalar; `null` where there is none. */
export function filled(value: Value | null | undefined): Filled | null {
  if (value?.kind !== 'scalar') return null;
  if (value.unknown) return fillTemplate(rawText(value));
  return value.value === null ? null : { text: String(value.value), variables: [] };
}

/** The text of a scalar below some keys. */
export function filledAt(value: Value | null | undefined, ...names: readonly string[]): Filled | null {
  return filled(memberAt(value, ...names));
}

/** Pairs of a map, or of a list of `NAME=value`; `null`: a name alone. */
export function pairsOf(value: Value | null | undefined): readonly (readonly [string, Filled | null])[] {
  if (value?.kind === 'map') return entriesOfValue(value).map(([name, entry]) => [name, filled(entry.value)] as const);
  const pairs = new Map<string, Filled | null>();
  for (const item of itemsOfValue(value)) {
    const all = filled(item);
    if (!all) continue;
    const at = all.text.indexOf('=');
    if (at < 0) pairs.set(all.text, null);
    else pairs.set(all.text.slice(0, at), { text: all.text.slice(at + 1), variables: all.variables });
  }
  return [...pairs];
}

/** The texts of a list, or of a scalar in its place. */
export function textsOf(value: Value | null | undefined): readonly Filled[] {
  const all = value?.kind === 'list' ? value.items : value ? [value] : [];
  return all.flatMap(item => filled(item) ?? []);
}

/** The words of a command: a list, or a text that Compose splits; `null`: it is not said. */
export function wordsOf(value: Value | null | undefined): readonly Filled[] | null {
  if (value?.kind === 'list') return textsOf(value);
  const whole = filled(value);
  if (!whole) return null;
  const words = commandWords(whole.text) ?? [whole.text];
  return words.map(text => ({ text, variables: whole.variables.filter(name => text.includes(`\${${name}}`)) }));
}
