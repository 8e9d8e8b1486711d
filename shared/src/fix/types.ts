import type { Range } from '../text/range';
import type { Path } from '../yaml/types';
import type { FixClass, MessageData } from '../terms/types';

/** A value to write into YAML. `undefined` members do not exist; key order is kept. */
export type YamlValue = string | number | boolean | null | readonly YamlValue[] | { readonly [key: string]: YamlValue };

/**
 * One change to a YAML document, by path from the document's root. Several operations are rendered together, so that those which need
 * the same missing parent create it once. A step `{ "-": 2 }` does not exist: sequence items are addressed by number.
 */
export type YamlOperation =
  /** Sets the value at `path`: replaces what stands there, or adds the key (last in its map, behind `after` where that key exists, first where `after` is `null`). Missing parents are created as maps. */
  | { readonly type: 'yaml.set'; readonly path: Path; readonly value: YamlValue; readonly after?: string | null }
  /** Removes a key or a sequence item with the comments that belong to it; a parent left empty becomes `{}` or `[]`, or is removed too with `prune`. */
  | { readonly type: 'yaml.remove'; readonly path: Path; readonly prune?: boolean }
  /** Gives a key a new name. */
  | { readonly type: 'yaml.rename'; readonly path: Path; readonly name: string }
  /** Adds an item at the end of the sequence at `path`, which is created where it is missing. Two equal appends to one sequence are one. */
  | { readonly type: 'yaml.append'; readonly path: Path; readonly value: YamlValue }
  /**
   * Moves a key to another place of the same document, with its own text, the comments in and beside it, and those directly above it at its
   * column. `after` places it as in `yaml.set`; a move within one map is a rename, which leaves the key where it is.
   */
  | { readonly type: 'yaml.move'; readonly from: Path; readonly to: Path; readonly after?: string | null }
  /** Adds a document behind the current one. */
  | { readonly type: 'yaml.insert-document'; readonly value: YamlValue };

/** One change to a Dockerfile. Instructions are addressed by their index in the file, words by their range. */
export type DockerfileOperation =
  /** Inserts whole lines (without a final line break; `\n` inside) before or after an instruction. Comments that belong to the instruction stay with it. */
  | { readonly type: 'dockerfile.insert'; readonly at: 'before' | 'after'; readonly instruction: number; readonly text: string }
  /** Removes an instruction with its line break, and the comments directly above it that speak of it alone stay. */
  | { readonly type: 'dockerfile.remove-instruction'; readonly instruction: number }
  /** Replaces the text in `range` (a word, a flag's value, a keyword). */
  | { readonly type: 'dockerfile.replace'; readonly range: Range; readonly text: string }
  /** Inserts words: `text` with one blank before it, directly behind `offset` (the end of a word). */
  | { readonly type: 'dockerfile.insert-words'; readonly offset: number; readonly text: string }
  /** Removes words or flags and the blanks before them; a line that is left with nothing but a continuation goes too. */
  | { readonly type: 'dockerfile.remove-words'; readonly range: Range }
  /** Removes one command of a RUN list together with one `&&` or `;` next to it. `range` is the command's. */
  | { readonly type: 'dockerfile.remove-command'; readonly range: Range }
  /** Adds `&& text` behind the command at `range`, laid out like the commands before it. */
  | { readonly type: 'dockerfile.append-command'; readonly range: Range; readonly text: string }
  /** Moves the comment that trails an instruction to a line of its own above it. */
  | { readonly type: 'dockerfile.move-trailing-comment'; readonly instruction: number; readonly range: Range };

/** Replaces text that is no part of the tree, a comment as a rule: the only operation that the engine renders by itself. `range` is in the text of the document or Dockerfile. */
export interface CommentOperation {
  readonly type: 'comment.replace';
  readonly range: Range;
  /** Empty: the comment goes, with the blanks before it, and with its line where nothing else stands there. */
  readonly text: string;
}

/** One step of a fix: what is to be changed, not the text that it comes to. */
export type Operation = YamlOperation | DockerfileOperation | CommentOperation;

/** Why a fix cannot be made or is left to a person. The list is closed: it is part of the JSON contract. */
export const reasonIds = [
  'attended', // right only if a person agrees
  'manual', // guidance only
  'not-asked', // its fix is outside what was asked for (safe fixes only)
  'no-fix', // the rule has none for this case
  'network', // needs a registry
  'needs-value', // needs a value from the configuration
  'unknown-image', // the image's users or paths are not known
  'needs-root', // something in the image or container needs root
  'templated', // the text is a template
  'convention', // values of a chart or a kustomization: what a change does shows only in what comes out
  'fragment', // a patch or override, not a whole object
  'shared', // inside an anchor, alias or merge key
  'flow-comment', // a flow collection with comments that a rewrite would lose
  'encoding', // the text does not survive UTF-8
  'variable', // built from variables
  'windows', // does not apply on Windows
  'conflict', // two fixes want the same text
  'unverified', // the changed file did not pass verification
  'not-converged', // ten passes did not reach a fixed point
  'too-large', // over the size limit
  'incomplete', // checking it has cost too much before
] as const;

/** One of `reasonIds`. */
export type ReasonId = (typeof reasonIds)[number];

/** Something that a fix takes for granted and that a reviewer should confirm, as text with places for data. */
export interface Assumption {
  readonly id: string;
  readonly data?: MessageData;
}

/** A fix that a rule offers. Its operations are computed only when somebody asks for them. */
export interface Fix {
  /** The id under which the rule declares the fix. */
  readonly id: string;
  readonly data: MessageData;
  /** The class of this very fix; the declared one unless the rule says otherwise. */
  readonly class: FixClass;
  readonly assumes: readonly Assumption[];
  /** Fixes that share a group are applied together or not at all. */
  readonly group?: string;
  /** A reference whose digest must be asked from a registry before the fix has operations. */
  readonly needsDigest?: string;
  /** The change of a fix that is made in another file; such a fix has no operations, and only a person applies it. */
  readonly elsewhere?: ElsewhereEdit;
  readonly operations: () => readonly Operation[];
}

/** A change of another file's text, at a place that a fact of the workspace index names. */
export interface ElsewhereEdit {
  /** As in the facts: relative to the folder of the index. */
  readonly path: string;
  readonly range: Range;
  readonly newText: string;
}

/** What rendering or verifying gives when it cannot go on. */
export interface Refusal {
  readonly reason: ReasonId;
  /** For the log: what exactly was in the way. */
  readonly detail?: string;
}
