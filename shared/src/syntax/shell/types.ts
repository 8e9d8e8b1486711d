import type { Range } from '../../base/text/range';
import type { MappedText } from './mapped-text';

// All ranges are offsets in the file that the script is in, through line continuations, quotes and JSON escapes.

/** A variable that the shell expands. */
export interface ShellVariable {
  readonly name: string;
  /** With the dollar and braces. */
  readonly range: Range;
}

/** `$(...)`, a backtick pair, or `<(...)` and `>(...)`. */
export interface Substitution {
  readonly kind: 'command' | 'process';
  readonly range: Range;
  /** Every command in it, in order. */
  readonly commands: readonly ShellCommand[];
}

/** A word of a command. */
export interface ShellWord {
  /** The value where the script alone decides it; `null` where variables or substitutions do. Globs and braces stay as written. */
  readonly text: string | null;
  /** As written, with quotes; continuations taken out. */
  readonly raw: string;
  readonly range: Range;
  readonly quoted: boolean;
  readonly variables: readonly ShellVariable[];
  readonly substitutions: readonly Substitution[];
  /** The value with the place of each character, substitutions and variables as written; for looking into it. */
  mapped(): MappedText;
}

/** `NAME=value` in front of a command, or given to env, export and the like. */
export interface ShellAssignment {
  readonly name: string;
  /** `null` for an array. */
  readonly value: ShellWord | null;
  readonly range: Range;
}

/** A redirection. */
export interface Redirection {
  readonly operator: string;
  /** The file descriptor in front of it. */
  readonly descriptor: number | null;
  /** The file, or the delimiter of a here-document. */
  readonly target: ShellWord | null;
  readonly range: Range;
}

/** What stands between two pipelines of a list. */
export type Operator = '&&' | '||' | ';' | '&' | 'newline';

/** A list of pipelines that run one after the other: a script, a subshell, a branch. */
export interface CommandList {
  readonly kind: 'script' | 'subshell' | 'group' | 'branch' | 'function' | 'substitution';
  readonly pipelines: readonly Pipeline[];
  readonly script: ShellScript;
}

/** One member of a pipeline. */
export interface PipelineMember {
  readonly range: Range;
  /** The simple command, as written (a wrapper such as sudo where there is one); `null` for a loop, a subshell and the like. */
  readonly command: ShellCommand | null;
  /** Every command in it, with what wrappers run. */
  readonly commands: readonly ShellCommand[];
}

/** Commands joined by `|`; most have one member. */
export interface Pipeline {
  readonly range: Range;
  readonly members: readonly PipelineMember[];
  readonly negated: boolean;
  readonly list: CommandList;
  /** Place in `list.pipelines`. */
  readonly index: number;
  /** The operator behind it; `null` at the end of its list. */
  readonly after: Operator | null;
}

/** A simple command; what a wrapper (`sudo`, `env`, `sh -c`) runs is a command of its own. */
export interface ShellCommand {
  /** Base name of the program (`apt-get` for `/usr/bin/apt-get`); `null` where variables decide it, or a line only assigns. */
  readonly name: string | null;
  readonly nameWord: ShellWord | null;
  /** The words behind the name, redirections taken out. */
  readonly args: readonly ShellWord[];
  /** In front of the name; also what env, sudo, export and declare are given. */
  readonly assignments: readonly ShellAssignment[];
  readonly redirections: readonly Redirection[];
  /** Assignments and redirections included. */
  readonly range: Range;
  /** The operator before and behind its pipeline, or `|` within one. */
  readonly before: Operator | '|' | null;
  readonly after: Operator | '|' | null;
  readonly pipeline: Pipeline;
  /** The wrapper that runs it. */
  readonly outer: ShellCommand | null;
  /** What it runs, for a wrapper such as sudo or env. */
  readonly inner: ShellCommand | null;
  /** The script that it is in; for `sh -c '...'` that of the string. */
  readonly script: ShellScript;
  /** See `packageManagerCall`. */
  readonly packageCall: PackageManagerCall | null;
}

/** What runs a script. */
export interface Interpreter {
  /** Base name, lower case, without `.exe`: `sh`, `bash`, `python3`. */
  readonly name: string;
  /** Only posix scripts are parsed. */
  readonly dialect: 'posix' | 'powershell' | 'cmd' | 'other';
  /** What follows the program: `-o`, `pipefail`, `-c`. */
  readonly args: readonly string[];
}

/** A script: of a shell form, a heredoc, or a string given to `sh -c`. */
export interface ShellScript {
  readonly text: MappedText;
  readonly range: Range;
  readonly interpreter: Interpreter;
  readonly list: CommandList;
  /** Every pipeline, nested ones included, in order of place. */
  readonly pipelines: readonly Pipeline[];
  /** Every command in order of place: in substitutions, subshells, branches, and what wrappers and `sh -c` run. */
  readonly commands: readonly ShellCommand[];
  /** The words that `[[ ]]` compares or tests, but for patterns: in quotes they mean the same. */
  readonly operands: readonly ShellWord[];
  /** The command whose string or heredoc this script is; `null` for the script of an instruction. */
  readonly owner: ShellCommand | null;
  /** Whether all of it was understood: no syntax error, not too long or deep, a shell that is parsed. */
  readonly complete: boolean;
  /** Whether it is too long, or nests too deep, to be parsed, so that none of its commands is known. */
  readonly unread: boolean;
}

/** What a sub-command of a package manager does. */
export type PackageAction = 'install' | 'upgrade' | 'refresh' | 'remove' | 'clean' | 'run' | 'other';

/** A call of a package manager, taken apart. */
export interface PackageManagerCall {
  readonly command: ShellCommand;
  /** One name for all that are one manager: `apt-get`, `apk`, `dnf`, `yum`, `microdnf`, `tdnf`, `zypper`, `pacman`, `pip`, `uv`, `npm`, ... */
  readonly manager: string;
  /** The program as called, without its path: `apt`, `pip3`, `python3`. */
  readonly program: string;
  /** `install`, `pip install`, `mod download`; `''` where there is none. */
  readonly verb: string;
  /** The last word of the verb: where flags of the sub-command go. */
  readonly subcommand: ShellWord | null;
  readonly action: PackageAction;
  /** Words that start with a dash, before and behind the verb. */
  readonly flags: readonly ShellWord[];
  /** What follows the verb: package names, paths, the script of `npm run`. Values of flags are none. */
  readonly packages: readonly ShellWord[];
}
