import type { Comment } from '../../base/text/comment';
import type { Memo } from '../../base/text/memoize';
import type { Range } from '../../base/text/range';

/** A place in a YAML document: map keys (as strings) and sequence indexes from the root down. */
export type Path = readonly (string | number)[];

/** What every node has. Ranges are offsets in the text of the node's own document, not of the file. */
export interface YamlNodeBase {
  /** The node's own text, without anchor, tag, trailing blanks or comments. A block collection ends behind its last content. */
  readonly range: Range;
  readonly anchor?: string;
  readonly tag?: string;
  /** Set where the node was reached through an alias or a merge key: its text stands elsewhere, so no fix may edit it from here. */
  readonly shared?: boolean;
}

/** A scalar with its resolved value (YAML 1.2 core schema). */
export interface YamlScalar extends YamlNodeBase {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  readonly style: 'plain' | 'single' | 'double' | 'literal' | 'folded';
  /** The scalar as text: what a plain scalar says before its type is resolved (`1.20` stays `1.20`). */
  readonly source: string;
}

/** One `key: value` of a map. */
export interface YamlEntry {
  readonly key: YamlScalar | null;
  /** The key as a string: that is what paths hold. */
  readonly name: string;
  /** `null` where nothing follows the colon. */
  readonly value: YamlNode | null;
  /** From the first character of the key (of its `?`, anchor or tag, where it has one) to the end of the value. */
  readonly range: Range;
  /** Offset of the `:` that follows the key; -1 where there is none (`{ a, b }`, `? key` alone). */
  readonly colon: number;
}

/** A map, in block or flow style. */
export interface YamlMap extends YamlNodeBase {
  readonly kind: 'map';
  readonly flow: boolean;
  /** The entries as written, `<<` among them; duplicates stay. */
  readonly entries: readonly YamlEntry[];
  /** Whether the map has a merge key (`<<`). */
  readonly merged: boolean;
  /** The entry of a key: the map's own first, else one that a merge key brings in (its nodes are `shared`). */
  entry(name: string): YamlEntry | undefined;
  /** What `entry` finds: the map's own entries but for merge keys, and what those bring in (its nodes are `shared`). */
  members(): readonly YamlEntry[];
  /** The value of a key with aliases resolved; `undefined` where the key is absent, `null` where its value is empty. */
  get(name: string): YamlNode | null | undefined;
}

/** A sequence, in block or flow style. */
export interface YamlSequence extends YamlNodeBase {
  readonly kind: 'sequence';
  readonly flow: boolean;
  readonly items: readonly (YamlNode | null)[];
  /** For each item, from its dash (block style) or first character (flow style) to its end. */
  readonly itemRanges: readonly Range[];
}

/** `*name`. Look-ups resolve it; rules hardly ever see one. */
export interface YamlAlias extends YamlNodeBase {
  readonly kind: 'alias';
  readonly name: string;
  /** The node that the anchor names; `null` where no such anchor stands before, or where the alias is not followed (`YamlShortfall`). */
  readonly target: YamlNode | null;
}

/** A node with content; nothing (`key:`) is `null` where one may stand. */
export type YamlNode = YamlScalar | YamlMap | YamlSequence | YamlAlias;

/** Something that the YAML parser objects to. */
export interface YamlProblem {
  readonly range: Range;
  readonly code: string;
  readonly message: string;
}

/** Why part of a document was not read. `aliases`: they stand for too much, or for what they stand in; `depth`: it nests too deep; `unparsed`: the parser gave up. */
export interface YamlShortfall {
  readonly id: 'aliases' | 'depth' | 'unparsed';
  /** Where the first thing that was not read stands. */
  readonly range: Range;
  /** How many such things there are. */
  readonly count: number;
}

/** What a template prints where one condition holds: of the branches of one block, one at most. */
export interface TemplateBranch {
  /** What the action in front of it says; empty where that is not read. */
  readonly words: string;
  /** The actions around it: half-open, in the document's text. */
  readonly start: number;
  readonly end: number;
}

/**
 * A value of a chart (`a.b` for `.Values.a.b`), and whether it has to be set: to what is not false, empty or nothing; with a `text`, to that,
 * or to anything else.
 */
export interface ValueTest {
  readonly value: string;
  readonly set: boolean;
  readonly text?: string;
}

/** A part of a template that is printed only where values say so. */
export interface TemplateCondition {
  /** Between the actions around it: half-open, in the document's text. */
  readonly start: number;
  readonly end: number;
  /** Whether all tests must hold, or one of them. What else it depends on is not told. */
  readonly mode: 'all' | 'any';
  readonly tests: readonly ValueTest[];
}

/** One document of a YAML stream, parsed on its own. Immutable but for its memo, so that it can be cached by its text. */
export interface YamlDocument extends Memo {
  /** The text that all ranges of this document refer to: a slice of the file (template actions masked at equal length). */
  readonly text: string;
  readonly root: YamlNode | null;
  /** Syntax errors. The healthy part of a broken document is still in `root`. */
  readonly problems: readonly YamlProblem[];
  readonly comments: readonly Comment[];
  /** Whether the document holds template actions (`{{ }}`): values under them are unknown and nothing may be edited. */
  readonly templated: boolean;
  /** The text with its template actions as they are written; see `writtenText`. Absent where the document is not templated. */
  readonly written?: string;
  /** Whether an action asks which versions the cluster has (`.Capabilities`): what is in such a template may be for some alone. */
  readonly versioned?: boolean;
  /** Maps and sequences that a template action may add to; see `isOpen`. Absent where the document is not templated. */
  readonly open?: ReadonlySet<YamlNode>;
  /** The branches of a template's `if`, `with` and `range`; see `mayExclude`. Absent where the document is not templated. */
  readonly branches?: readonly TemplateBranch[];
  /** What of a template is printed only where values say so. Absent where the document is not templated. */
  readonly conditions?: readonly TemplateCondition[];
  /** Whether something in it has a name (`&name`) by which other places may speak of it. Absent where nothing has. */
  readonly anchored?: true;
  /** Whether its lines end or are indented as nobody writes them, and other parsers read them: nothing in it may be edited. Absent where they do not. */
  readonly loose?: true;
  /** How many nodes it has. */
  readonly nodes?: number;
  /** What of the document was not read; absent where all of it was. */
  readonly shortfalls?: readonly YamlShortfall[];
}

/** A document and where it is in its file. */
export interface YamlChunk {
  readonly document: YamlDocument;
  /** Offset of the document's text in the file. */
  readonly base: number;
  /** Place among the file's documents that have content, from 0. */
  readonly index: number;
}
