import type { Comment } from '../../../base/text/comment';
import type { Range } from '../../../base/text/range';
import type { NamedImage } from '../../../rule/checks/image/named-image';
import type { MappedText } from '../../../syntax/shell/mapped-text';
import type { ShellCommand, ShellScript } from '../../../syntax/shell/types';
import type { Memo } from '../../../base/text/memoize';

// All ranges of this model are half-open offsets in the text of the file.

/** A parser directive at the top of the file: `# escape=`, `# syntax=`, `# check=`. */
export interface Directive {
  readonly name: 'escape' | 'syntax' | 'check';
  readonly value: string;
  /** The whole comment. */
  readonly range: Range;
  readonly valueRange: Range;
}

/** A `$name` or `${name...}` that the builder expands. */
export interface VariableUse {
  readonly name: string;
  /** From the dollar to the end of the name or brace. */
  readonly range: Range;
  /** `:-`, `:+`, `#`, `//` and the like; `null` for a plain use. */
  readonly operator: string | null;
}

/** One argument of an instruction. */
export interface Word {
  /** Without quotes and escapes; variables stay as they are written. */
  readonly text: string;
  /** As written, continuations taken out. */
  readonly raw: string;
  readonly range: Range;
  /** Offset of the word in the instruction's logical text; `sourceRange(instruction.logical, ...)` maps parts of a word. */
  readonly offset: number;
  readonly variables: readonly VariableUse[];
}

/** `--name=value` or `--name` in front of the arguments. */
export interface Flag {
  readonly name: string;
  /** Without quotes; `null` where there is no `=`. */
  readonly value: string | null;
  readonly range: Range;
  /** The name without its dashes. */
  readonly nameRange: Range;
  readonly valueRange: Range | null;
  /** The value with the place of each of its characters. */
  readonly mapped: MappedText;
}

/** One `key=value` of a `--mount`. */
export interface MountField {
  /** Lower case. */
  readonly key: string;
  readonly value: string | null;
  readonly range: Range;
  readonly valueRange: Range | null;
  /** The value with the place of each of its characters. */
  readonly mapped: MappedText | null;
}

/** A `RUN --mount=...`. */
export interface Mount {
  readonly flag: Flag;
  /** `bind` where nothing is said. May hold a variable. */
  readonly type: string;
  /** The value of a field; `target` and `source` know their other names (`dst`, `destination`, `src`). `''` for a field without value. */
  readonly get: (key: string) => string | undefined;
  readonly fields: readonly MountField[];
}

/** A here-document behind ADD, COPY or RUN. */
export interface Heredoc {
  readonly name: string;
  /** File descriptor in front of `<<`; 0 where none is written. */
  readonly descriptor: number;
  /** Whether the builder (COPY, ADD) or shell (RUN) expands variables: the delimiter is not quoted. */
  readonly expand: boolean;
  /** `<<-`: leading tabs go. */
  readonly stripTabs: boolean;
  /** The word with `<<`. */
  readonly range: Range;
  /** The lines between, with their line breaks. */
  readonly bodyRange: Range;
  /** As written, tabs included. */
  readonly content: string;
}

/** One `name=value` of ENV, LABEL or ARG. */
export interface KeyValue {
  readonly name: string;
  readonly nameRange: Range;
  /** `null` for `ARG NAME`. */
  readonly value: Word | null;
  /** From the name to the end of the value. */
  readonly range: Range;
  /** `ENV name value`, without the equals sign. */
  readonly legacy: boolean;
}

/** Something that BuildKit rejects or warns of. */
export interface DockerfileProblem {
  readonly code: ProblemCode;
  readonly range: Range;
  readonly data: Readonly<Record<string, string | number>>;
  /** The instruction that it belongs to; `null` for directives and the file as a whole. */
  readonly instruction: Instruction | null;
}

/** The closed list of what the model objects to. All but the last two make BuildKit refuse the file. */
export type ProblemCode =
  | 'no-instructions'
  | 'invalid-escape' // data: value
  | 'repeated-directive' // data: name
  | 'line-too-long'
  | 'unterminated-heredoc' // data: name
  | 'heredoc-destination'
  | 'unknown-instruction' // data: keyword, suggestion ('' where none is close)
  | 'before-from' // data: keyword
  | 'no-stage' // a file without FROM
  | 'from-arguments'
  | 'invalid-stage-name' // data: name
  | 'missing-arguments' // data: keyword
  | 'missing-destination' // data: keyword
  | 'pair-without-equals' // data: keyword, word
  | 'pair-without-value' // data: keyword
  | 'blank-name' // data: keyword
  | 'not-strings' // a JSON array with something else than strings
  | 'shell-not-json'
  | 'unknown-flag' // data: flag, keyword, suggestion
  | 'repeated-flag' // data: flag
  | 'flag-without-value' // data: flag
  | 'invalid-flag-value' // data: flag, value
  | 'flag-not-allowed' // data: flag, keyword
  | 'healthcheck-type' // data: type
  | 'healthcheck-arguments'
  | 'onbuild-trigger' // data: keyword
  | 'bad-substitution' // data: word
  | 'variable-in-from' // --from=$X; data: value
  | 'unknown-signal' // data: value, suggestion
  | 'invalid-json-form' // looks like a JSON array and is none, so it is run by a shell; data: keyword
  | 'empty-continuation';

/** One instruction, or the instruction inside an ONBUILD. */
export interface Instruction {
  readonly file: DockerfileModel;
  /** Place in the file's list; the inner instruction of an ONBUILD has its number. */
  readonly index: number;
  /** Upper case. */
  readonly keyword: string;
  readonly keywordRange: Range;
  /** From the keyword to the end of the last line (of the last heredoc's terminator), without the final line break. */
  readonly range: Range;
  /** Keyword, flags and arguments as one line, continuations and the comments between them taken out. */
  readonly logical: MappedText;
  /** Offsets in the logical text of what follows keyword and flags, without blanks at the ends. */
  readonly argumentsStart: number;
  readonly argumentsEnd: number;
  readonly argumentsRange: Range;
  readonly flags: readonly Flag[];
  /** The last flag of a name. */
  flag(name: string): Flag | undefined;
  /**
   * The arguments as BuildKit splits them: JSON strings in exec form, words at blanks for FROM, COPY, ADD, EXPOSE, VOLUME and shell forms,
   * quoted words for ENV, LABEL and ARG, one word for USER, WORKDIR, STOPSIGNAL and MAINTAINER.
   */
  readonly words: readonly Word[];
  /** The strings of a valid exec form; `null` for everything else. HEALTHCHECK: what follows CMD. */
  readonly execForm: readonly Word[] | null;
  /** The script of RUN, CMD, ENTRYPOINT or HEALTHCHECK CMD in shell form; `null` for exec forms and other instructions. */
  readonly script: MappedText | null;
  readonly heredocs: readonly Heredoc[];
  /** The pairs of ENV, LABEL and ARG; empty for others. */
  readonly pairs: readonly KeyValue[];
  readonly mounts: readonly Mount[];
  /** The instruction that an ONBUILD holds. */
  readonly trigger: Instruction | null;
  /** The ONBUILD around this instruction. */
  readonly onbuildParent: Instruction | null;
  /** `null` before the first FROM. */
  readonly stage: Stage | null;
  /** Each from the escape character to the start of the next line. */
  readonly continuations: readonly Range[];
  /** Blank lines inside the instruction, without their line breaks. */
  readonly blankLines: readonly Range[];
  /** The scripts of RUN, CMD, ENTRYPOINT or HEALTHCHECK; see `scriptsOf`. */
  readonly scripts: readonly ShellScript[];
  /** The commands in them; see `runCommands`. */
  readonly commands: readonly RunCommand[];
  /** What is in force before it; `null` before the first FROM. */
  readonly stateBefore: StageState | null;
}

/** A command that a RUN executes, with the way back to its instruction. */
export interface RunCommand {
  readonly file: DockerfileModel;
  readonly stage: Stage | null;
  readonly instruction: Instruction;
  /** The script of the instruction that the command is listed in; `command.script` is the innermost one. */
  readonly script: ShellScript;
  readonly command: ShellCommand;
}

/** A setting of a stage and the instruction that made it. */
export interface Setting {
  readonly instruction: Instruction;
  /** With variables expanded; `null` where they are not known. */
  readonly value: string | null;
}

/** The shell that runs shell forms. */
export interface ShellSetting {
  readonly instruction: Instruction;
  readonly words: readonly string[];
}

/** What is in force at one place of a stage, set here or in a stage it comes from. `null`: what the base image says. */
export interface StageState {
  readonly user: Setting | null;
  /** `value` is the absolute path, relative ones joined; `null` where it is not known. */
  readonly workdir: Setting | null;
  readonly shell: ShellSetting | null;
  readonly cmd: Instruction | null;
  readonly entrypoint: Instruction | null;
  readonly healthcheck: Instruction | null;
  /** Whether an ENTRYPOINT took the base's CMD away. */
  readonly cmdReset: boolean;
}

/** A variable of ARG or ENV, as it stands at one place. */
export interface Variable {
  readonly name: string;
  readonly instruction: Instruction;
  readonly pair: KeyValue;
  readonly kind: 'arg' | 'env';
  /** `null`: not known, or an ARG without default. */
  readonly value: string | null;
}

/** A build stage. */
export interface Stage extends Memo {
  readonly file: DockerfileModel;
  readonly index: number;
  /** Lower case, as BuildKit takes it. */
  readonly name: string | null;
  readonly nameRange: Range | null;
  readonly from: Instruction;
  readonly image: ImageUse;
  /** The stage that `FROM alias` names; `null` for an image (or where a variable leaves the choice open). */
  readonly base: Stage | null;
  /** The stage at the bottom of the chain of bases: its image is the one that this stage grows on. Itself where it has no base. */
  readonly root: Stage;
  /** The instructions behind FROM. */
  readonly instructions: readonly Instruction[];
  readonly isFinal: boolean;
  /** Whether the final stage needs it, through FROM, COPY --from or a mount. */
  readonly reachable: boolean;
  /** What is in force at its end. */
  readonly state: StageState;
  /** Whether it builds a Windows image, as far as the file says. */
  readonly windows: boolean;
  /** The variable of a name before an instruction (at the end of the stage without one); what the base image sets is not known. */
  variable(name: string, before?: Instruction): Variable | undefined;
}

/** A place that names an image or a stage. */
export interface ImageUse extends NamedImage {
  readonly file: DockerfileModel;
  readonly origin: 'from' | 'copy-from' | 'mount-from';
  readonly instruction: Instruction;
  readonly stage: Stage | null;
  /** As written, quotes and variables included. */
  readonly raw: string;
  readonly kind: 'image' | 'stage' | 'scratch' | 'unknown';
  /** The stages it may name: one, or several where a variable such as TARGETARCH chooses. */
  readonly stages: readonly Stage[];
}

/** A parsed Dockerfile. */
export interface DockerfileModel extends Memo {
  readonly text: string;
  readonly escape: '\\' | '`';
  readonly directives: readonly Directive[];
  /** Comment lines, those between continuation lines included; directives and heredoc bodies are none. */
  readonly comments: readonly Comment[];
  readonly instructions: readonly Instruction[];
  readonly stages: readonly Stage[];
  readonly finalStage: Stage | null;
  /** Every FROM, COPY --from and RUN --mount=from, in order. */
  readonly images: readonly ImageUse[];
  /** In order of place. */
  readonly problems: readonly DockerfileProblem[];
  /** The global ARG of a name, as FROM sees it. */
  readonly globalVariable: (name: string) => Variable | undefined;
  /**
   * Expands a word as BuildKit does before `instruction`, with the defaults of ARG; FROM and what stands before it see global ARGs only.
   * `null` where a variable is not known.
   */
  readonly expand: (word: Word, instruction: Instruction) => string | null;
}
