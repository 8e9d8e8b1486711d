import type { MappedText } from './mapped-text';

/** What stands in a script for a character of what is filled in before the shell sees it: a variable of make, an expression of a workflow. */
export const maskCharacter = '\ue000';

/** Collects a script with the place of each piece. */
export interface ScriptBuilder {
  /** Text of the part at `[start, end)`, as it is. */
  keep(start: number, end: number): void;
  /** Something in the part at `[start, end)` of which nobody knows what it becomes. */
  mask(start: number, end: number): void;
  /** `value` for what stands in the part at `[start, end)`. */
  put(value: string, start: number, end: number): void;
  done(): MappedText;
  /** How long the script is so far. */
  length(): number;
}

/** A builder of a script out of pieces of a part's text. */
export function scriptBuilder(text: string): ScriptBuilder {
  let built = '';
  const starts: number[] = [];
  const sources: number[] = [];
  const piece = (source: number): void => {
    const last = starts.length - 1;
    if (last >= 0 && source === sources[last]! + built.length - starts[last]!) return;
    starts.push(built.length);
    sources.push(source);
  };
  return {
    keep: (start, end) => {
      if (start >= end) return;
      piece(start);
      built += text.slice(start, end);
    },
    mask: (start, end) => {
      if (start >= end) return;
      piece(start);
      built += maskCharacter.repeat(end - start);
    },
    put: (value, start, end) => {
      for (const [i, character] of [...value].entries()) {
        // the first character stands where it begins, the others where it ends
        starts.push(built.length);
        sources.push(i === 0 && value.length > 1 ? start : end - 1);
        if (i === 0 && value.length === 1) sources[sources.length - 1] = start;
        built += character;
      }
    },
    length: () => built.length,
    done: () => (starts.length === 0 ? { text: '', starts: [0], sources: [0] } : { text: built, starts, sources }),
  };
}
