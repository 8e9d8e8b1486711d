import type { YamlOperation } from '../../syntax/yaml/operations';
import type { Reason } from '../../base/terms/evidence';
import type { Range } from '../../base/text/range';
import type { FixClass, MessageData } from '../../base/terms/types';

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

/** An option that a fix adds to a command: `--cap-drop` with `ALL`. */
export interface AddedOption {
  /** With dashes. */
  readonly flag: string;
  /** `null`: a switch. */
  readonly value: string | null;
}

/** One change to a command line in a script. Ranges and offsets are in the part's text. */
export type CommandOperation =
  /** Puts options in front of the image of the command whose verb stands at `command`, in the command's own style. */
  | { readonly type: 'command.insert-options'; readonly command: number; readonly options: readonly AddedOption[] }
  /** Takes an option out: the words in `range`, with the line of a continuation that is left with nothing. */
  | { readonly type: 'command.remove'; readonly range: Range }
  /** `text` in place of part of a word; an empty range inserts. */
  | { readonly type: 'command.replace'; readonly range: Range; readonly text: string }
  /** Moves the words in `range`, behind the image of the command whose verb stands at `command`, in front of it. */
  | { readonly type: 'command.move-options'; readonly command: number; readonly range: Range }
  /** Takes what stands between a backslash and its line break away; a comment among it goes above the line that begins at `line`, with the options that it explains. */
  | { readonly type: 'command.rejoin'; readonly line: number; readonly range: Range };

/** Writes a value that the file states literally, in place: all that a template, or a chart's values, let a fix do. */
export interface LiteralOperation {
  readonly type: 'literal.replace';
  /** Of a plain scalar. */
  readonly range: Range;
  readonly text: string;
}

/** One step of a fix: what is to be changed, not the text that it comes to. */
export type Operation = YamlOperation | DockerfileOperation | CommandOperation | CommentOperation | LiteralOperation;

/** The data of an assumption: what is seen that speaks against it stands in it without its words. */
export type AssumptionData = Readonly<Record<string, string | number | Reason>>;

/** Something that a fix takes for granted and that a reviewer should confirm, as text with places for data. */
export interface Assumption {
  readonly id: string;
  readonly data?: AssumptionData;
  /** Whether something was seen that speaks against it, which `data` names: a fix that takes it for granted is for a person to take. */
  readonly evidence?: true;
}

/** How the names of groups begin that hold over all documents of a file: each document is changed on its own, and a person agrees to all at once. */
export const fileGroup = 'file ';

/** A place of a fix that a person fills: an editor puts the cursor into it. */
export interface FixPlace {
  /** What stands there until somebody types: right for most, or empty where anything would be a guess. */
  readonly text: string;
  /** A value of the right form, with which the fix is verified; `text` where absent. It is written nowhere. A number: YAML is to read one. */
  readonly sample?: string | number;
}

/** A fix that a rule offers. Its operations are computed only when somebody asks for them. */
export interface Fix {
  /** The id under which the rule declares the fix. */
  readonly id: string;
  readonly data: MessageData;
  /** The class of this very fix; the declared one unless the rule says otherwise. */
  readonly class: FixClass;
  readonly assumes: readonly Assumption[];
  /** Fixes that share a group are applied together or not at all. Groups whose names begin with `fileGroup` are those of a file. */
  readonly group?: string | undefined;
  /** An image whose digest, or an action whose commit, must be asked for before the fix has operations. */
  readonly needsDigest?: string | undefined;
  /** The change of a fix that is made in another file; such a fix has no operations, and only a person applies it. */
  readonly elsewhere?: ElsewhereEdit | undefined;
  /** Places for a person to fill, at most nine: `markOf` stands for them in the operations. Such a fix is attended, and no bulk fix takes it. */
  readonly places?: readonly FixPlace[] | undefined;
  /** Only a click on this very finding takes it: it is nothing that a person agrees to for many findings at once, or for a rule. */
  readonly alone?: true | undefined;
  /** Its operations are `literal.replace` alone: it holds where no other may touch the text, in a template or a chart's values. */
  readonly literal?: true | undefined;
  /** It does what somebody else asks for: it is taken only where nothing new is found after it. */
  readonly careful?: true | undefined;
  readonly operations: () => readonly Operation[];
}

/** A change of another file's text, at a place that a fact of the workspace index names, or a new file. */
export interface ElsewhereEdit {
  /** As in the facts: relative to the folder of the index. */
  readonly path: string;
  readonly range: Range;
  readonly newText: string;
  /** The file is not there yet, and is to hold `newText` alone; `range` is empty. One that is there by then stays as it is. */
  readonly create?: true;
}

/**
 * What to write elsewhere, where a template cannot be edited: text for the chart's values, or a kustomize patch for what comes out of it.
 * YAML with comments, ending with a line break.
 */
export interface Snippet {
  readonly kind: 'values' | 'kustomize';
  readonly text: string;
  /** Of values: the keys of the template that are filled by them, each with its part of the text. */
  readonly places?: readonly ValuesPlace[];
}

/** A key of a template that a chart's values fill. */
export interface ValuesPlace {
  /** The key's, in the text of the file. */
  readonly range: Range;
  /** As the template calls them: `.Values.web.securityContext`. */
  readonly name: string;
  /** What they lack, as text for the chart's values. */
  readonly text: string;
}
