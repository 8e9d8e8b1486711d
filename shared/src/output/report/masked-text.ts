import { phrase, spoken } from '../../base/text/phrases';
import { visibleJson } from '../../base/text/visible';

/**
 * Text that may leave the program: constants, and what a gate has let through (see gate.ts). Whoever prints takes only this, so that a new report or message
 * cannot print what stands in a file without a gate. There are three ways around a gate, each with a name of its own to look for.
 */
export type MaskedText = string & { readonly [mark]: true };

declare const mark: unique symbol;

/** A literal of the source code, in the language that is spoken. Anything computed is refused by its type. */
export function plain<T extends string>(literal: string extends T ? never : T): MaskedText {
  return phrase([literal], []) as MaskedText;
}

/** A template in the language that is spoken, whose places are filled by masked texts, numbers and literals. */
export function masked(strings: TemplateStringsArray, ...values: readonly (MaskedText | number)[]): MaskedText {
  return phrase(strings, values) as MaskedText;
}

/** Masked texts one after another; between the parts of a list is what the language puts there. */
export function joined(
  texts: readonly MaskedText[],
  separator:
    | '\u0000'
    | '\u0001'
    | '\n'
    | '\n\n'
    | ',\n  '
    | ',\n    '
    | ',\n        '
    | ''
    | ' '
    | ', '
    | '; '
    | ' · '
    | ','
    | ' | '
    | '\n\n---\n\n',
): MaskedText {
  return texts.join(spoken()?.[separator] ?? separator) as MaskedText;
}

/** A masked text with its characters escaped, painted or replaced: by what does not bring text of a file. */
export function restyled(text: MaskedText, style: (text: string) => string): MaskedText {
  return style(text) as MaskedText;
}

/** Not from inside a file that is checked: paths, versions, dates, ids and addresses of our own, texts of rules and of their pages. */
export function trusted(text: string): MaskedText {
  return text as MaskedText;
}

/** A text that has to keep the bytes of the file, or it would be of no use: a diff, the hardened text. */
export function fileBytes(text: string): MaskedText {
  return text as MaskedText;
}

/** What a value for JSON may be made of: `Masked<T>` is `T` where neither a plain string nor something unknown is in it, and has `never` in its place where one is. */
export type Masked<T> = T extends MaskedText
  ? T
  : T extends string
    ? string extends T
      ? never
      : T
    : T extends object
      ? { readonly [K in keyof T]: Masked<T[K]> }
      : T extends number | boolean | null | undefined
        ? T
        : never;

/** An item of a list in JSON that is put together piece by piece, which stands so many levels deep there. */
export function maskedItem<T>(value: T & Masked<T>, depth: number): MaskedText {
  return visibleJson(value).replaceAll('\n', `\n${'  '.repeat(depth)}`) as MaskedText;
}

/** What stands in a value for a list whose items are printed already; nothing else in it may look like it. */
export const placeOfItems: readonly MaskedText[] = ['\u0000' as MaskedText];

/** What `maskedJson` gives of a value with printed items in the place of `placeOfItems`, in pieces: there may be more than one text can hold. */
export function* maskedJsonAround<T>(value: T & Masked<T>, items: Iterable<MaskedText>): Generator<MaskedText> {
  const around = maskedJson<T>(value);
  const marked = /\[\n( *)"\\u0000"\n *\]/.exec(around);
  if (!marked) throw new Error('no place for the items');
  const end = marked.index + marked[0].length;
  yield `${around.slice(0, marked.index)}[` as MaskedText;
  let isEmpty = true;
  for (const item of items) {
    yield `${isEmpty ? '' : ','}\n${marked[1]}${item}` as MaskedText;
    isEmpty = false;
  }
  const outer = marked[1]!.slice(2);
  yield `${isEmpty ? '' : `\n${outer}`}]${around.slice(end)}` as MaskedText;
}

/** JSON of a value without plain strings, indented by two; ends with a line break. */
export function maskedJson<T>(value: T & Masked<T>): MaskedText {
  return `${visibleJson(value)}\n` as MaskedText;
}
