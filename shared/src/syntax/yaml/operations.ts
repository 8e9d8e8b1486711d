import type { Range } from '../../base/text/range';
import type { Path } from './types';

/** A value to write into YAML. `undefined` members do not exist; key order is kept. */
export type YamlValue = string | number | boolean | null | readonly YamlValue[] | { readonly [key: string]: YamlValue };

/**
 * One change to a YAML document, by path from the document's root. Several operations are rendered together, so that those which need
 * the same missing parent create it once. A step `{ "-": 2 }` does not exist: sequence items are addressed by number.
 */
export type YamlOperation = Change & {
  /** Anchors on the way to the place whose every use is meant: what aliases of others name cannot be changed. */
  readonly anchors?: readonly string[];
};

type Change =
  /** Sets the value at `path`: replaces what is there, or adds the key (last in its map, behind `after` where that key exists, first where `after` is `null`). Missing parents are created as maps. */
  | {
      readonly type: 'yaml.set';
      readonly path: Path;
      readonly value: YamlValue;
      readonly after?: string | null;
      /** Whether it is written anew where it says the same already: quotes change, where it needs them. */
      readonly anew?: true;
      /** Whether a new key of the root stands apart: behind a blank line. */
      readonly apart?: true;
      /** As in `yaml.append`. */
      readonly block?: true;
    }
  /** Removes a key or a sequence item with the comments that belong to it; a parent left empty becomes `{}` or `[]`, or is removed too with `prune`. */
  | {
      readonly type: 'yaml.remove';
      readonly path: Path;
      readonly prune?: boolean;
      /** Whether a comment behind it on its line, which speaks of it alone, goes too. */
      readonly comment?: true;
      /** Whether one blank line that follows goes too. */
      readonly blank?: true;
    }
  /** Gives a key a new name. */
  | { readonly type: 'yaml.rename'; readonly path: Path; readonly name: string }
  /** Adds an item at the end of the sequence at `path`, which is created where it is missing. Two equal appends to one sequence are one. */
  | {
      readonly type: 'yaml.append';
      readonly path: Path;
      readonly value: YamlValue;
      /** Whether a sequence that is created is in block style, whatever the file prefers. */
      readonly block?: true;
    }
  /**
   * Moves a key to another place of the same document, with its own text, the comments in and beside it, and those directly above it at its
   * column. `after` places it as in `yaml.set`; a move within one map is a rename, which leaves the key where it is.
   */
  | { readonly type: 'yaml.move'; readonly from: Path; readonly to: Path; readonly after?: string | null }
  /**
   * Replaces parts of the text of the scalar at `path`: `range`s of the document within it, none of them empty, in order. The rest stays as it is
   * written, so that a script of many lines keeps its block; a new line within `text` has the indentation of the block in front of it. `|-` in the place
   * of a block's `|` takes its last line break away.
   */
  | { readonly type: 'yaml.edit-text'; readonly path: Path; readonly edits: readonly { readonly range: Range; readonly text: string }[] }
  /** Adds a document behind the current one. The values of the keys that `inline` names stand on one line each. */
  | { readonly type: 'yaml.insert-document'; readonly value: YamlValue; readonly inline?: readonly string[] };

/** The value at `path`, in place of what is there or as a new key: behind the key `after`, first with `null`, else last. */
export function setValue(path: Path, value: YamlValue, after?: string | null): YamlOperation {
  return { type: 'yaml.set', path, value, ...(after !== undefined && { after }) };
}

/** The text at `path` again, in quotes where some decoder takes it for something else than text. */
export function quoteValue(path: Path, text: string): YamlOperation {
  return { type: 'yaml.set', path, value: text, anew: true };
}

/** The key or item at `path` goes; with `prune` its parent too, if nothing is left in it. */
export function removeNode(path: Path, prune = false): YamlOperation {
  return { type: 'yaml.remove', path, ...(prune && { prune }) };
}

/** The same, with the comment behind it on its line: what is said of a value goes with the value. */
export function removeWithComment(path: Path, prune = false): YamlOperation {
  return { type: 'yaml.remove', path, comment: true, ...(prune && { prune }) };
}

/** A new name for the key at `path`. */
export function renameKey(path: Path, name: string): YamlOperation {
  return { type: 'yaml.rename', path, name };
}

/** An item at the end of the sequence at `path`. */
export function appendItem(path: Path, value: YamlValue): YamlOperation {
  return { type: 'yaml.append', path, value };
}

/** A key moves with its comments, in the same document; `after` as in `setValue`. */
export function moveKey(from: Path, to: Path, after?: string | null): YamlOperation {
  return { type: 'yaml.move', from, to, ...(after !== undefined && { after }) };
}

/** Parts of the text of the scalar at `path` anew. */
export function editText(path: Path, edits: readonly { readonly range: Range; readonly text: string }[]): YamlOperation {
  return { type: 'yaml.edit-text', path, edits };
}

/** A document behind the current one; what the keys that `inline` names hold stands on one line each. */
export function insertDocument(value: YamlValue, inline: readonly string[] = []): YamlOperation {
  return { type: 'yaml.insert-document', value, inline };
}
