import type { Range } from '../base/text/range';
import type { FactPlace } from './fact-place';
import type { SeccompFact } from './seccomp-profiles';

/** An ignore file that names what programs write beside their sources. */
export interface LeftOutFact extends FactPlace {
  readonly type: 'left-out';
  /** The first file that has no folder of its own, as a pattern: `*.log`. */
  readonly file: string;
}

/** A folder that a repository keeps although it has no files of its own, with a name that says that what runs there fills it. */
export interface KeptFolderFact extends FactPlace {
  readonly type: 'kept-folder';
  /** Relative to the index; not its root. */
  readonly folder: string;
}

/** A step of a workflow that runs code of strangers and can write the cache that builds of the default branch and of tags read. */
export interface OpenCacheFact extends FactPlace {
  readonly type: 'open-cache';
  /** The event that starts it: `pull_request_target`. */
  readonly event: string;
}

/** Files that a command of a script, a make file or a workflow writes. */
export interface OutputFact extends FactPlace {
  readonly type: 'output';
  /** Where each may be, relative to the index. */
  readonly files: readonly string[];
}

/** A workflow or an action that calls another of its repository. */
export interface CallFact extends FactPlace {
  readonly type: 'call';
  /** The path of the workflow, or the folder of the action, that is called, in the index. */
  readonly target: string;
  /** The same of the file that calls. */
  readonly caller: string;
  readonly given: readonly CallInput[];
  /** Whether it may pass more than is seen. */
  readonly open: boolean;
}

/** What a call passes as an input. */
interface CallInput {
  /** In lower case. */
  readonly name: string;
  /** Who writes it, as messages call it; `null`: it is fixed, or only those who are trusted are known to. */
  readonly by: string | null;
  /** The inputs of the caller that it is made of, and whether a person who starts the caller may write one of these. */
  readonly inputs: readonly string[];
  readonly asked: boolean;
}

/** A workflow that scans images by the clock. */
export interface RescanFact extends FactPlace {
  readonly type: 'rescan';
}

/** A pipeline of GitLab, or a part of one: what its other files ask of it. */
export interface PipelineFact extends FactPlace {
  readonly type: 'pipeline';
  /** The files of its repository that it takes in: globs, from the root of the repository, which is the folder of the index or one above the file. */
  readonly includes: readonly string[];
  /** Whether it takes in, or starts, what is in no file of its repository. */
  readonly open: boolean;
  /** Its jobs and templates of jobs, and those that its jobs extend and it does not have. */
  readonly jobs: readonly string[];
  readonly missing: readonly string[];
  /** Whether it names a program that looks for vulnerabilities, or one that signs. */
  readonly scans: boolean;
  readonly signs: boolean;
  /** Whether it speaks of a push, and whether one is that of an image to a registry for others. */
  readonly pushes: boolean;
  readonly publishes: boolean;
  /** Whether it has a Docker in Docker. */
  readonly daemons: boolean;
  /** Whether it says which pipelines there are at all (`workflow`). */
  readonly gated: boolean;
  /** The variables of all jobs that it sets, and whether to what another holds. */
  readonly variables: readonly (readonly [name: string, taken: boolean])[];
  /** Its inputs that take any text. */
  readonly inputs: readonly string[];
}

/** Compose files that a command, or the `.env` of a folder, loads together: each is laid over those before. */
export interface ComposeSetFact extends FactPlace {
  readonly type: 'compose-set';
  /** Relative to the index; of an `.env` it may be one. */
  readonly files: readonly string[];
}

/** A shell script that does what another user than root may not be able to. */
export interface ScriptFact extends FactPlace {
  readonly type: 'script';
  /** The first such thing, as the end of a sentence: `writes config.json`, `runs chown`. */
  readonly does: string;
  /** Whether a line of it goes on as another user. */
  readonly drops: boolean;
  /** Where its last line that hands on to what it is given begins, outside of any block (`exec "$@"`); `null`: there is none. */
  readonly handsOn: Range | null;
  readonly eol: string;
}

/** A place that is written whatever a program does: by its configuration, its framework, or a library. */
export interface ProgramPlace {
  /** Absolute, or relative to `from`. Of a `variable` its default, `''` where it has none. */
  readonly path: string;
  /** Where a relative path counts from: the folder that the program starts in, that of the file, or the home directory of its user. */
  readonly from: 'start' | 'file' | 'home';
  /** The variable of the environment that names it, if it is set; `null`: none. */
  readonly variable: string | null;
  readonly does: 'folder' | 'file';
}

/** A script of a package.json. */
export interface PackageScript {
  /** What it does that another user than root may not be able to, as `ScriptFact` says it; `null`: nothing is seen. */
  readonly does: string | null;
  /** The program that keeps files in the home directory of its user; `null`: none. */
  readonly keeper: string | null;
  /** The scripts that it runs, by name. */
  readonly runs: readonly string[];
  /** Files that it starts, relative to the folder of the package.json. */
  readonly uses: readonly string[];
}

/** What a file tells of the program that an image starts. */
export interface ProgramFact extends FactPlace {
  readonly type: 'program';
  /** Its text, with a name that says how it is read: `evidence/program/code` makes a tree of it; `null`: it is no program, or in a language that is not read. */
  readonly code: { readonly text: string; readonly name: string } | null;
  /** The language that it is written in and that is not read, `''` where it is too long or not understood; `null`: it is read. */
  readonly unread: string | null;
  readonly places: readonly ProgramPlace[];
  /** Of a shell script, or a configuration: what it does that another user than root may not be able to, as `ScriptFact` says it; `null`: nothing is seen. */
  readonly does: string | null;
  /** The user that it goes on as where it starts as root, and not otherwise: of a configuration; `null`: nothing is seen. */
  readonly stepsTo: string | null;
  /** Files of its own that it may use, relative to its folder; absolute: in the image. */
  readonly uses: readonly string[];
  /** The scripts of a package.json, by name; under `''` what a shell script runs of them. */
  readonly scripts: Readonly<Record<string, PackageScript>>;
  /** Variables that it sets for the programs beside it, as far as they name files and folders: of an `.env`, and of scripts that start one. */
  readonly sets: Readonly<Record<string, string>>;
}

/** Nothing is there at the path of this fact, or a folder without files but what keeps it. */
export interface AbsentFact extends FactPlace {
  readonly type: 'absent';
}

/** What another tool is told to leave out by its own configuration. */
export interface PeerSettingFact extends FactPlace {
  readonly type: 'peer-setting';
  readonly peer: 'zizmor' | 'actionlint' | 'checkov' | 'poutine';
  /** The tool's ids. */
  readonly ids: readonly string[] | 'all';
  /** The file's name (zizmor), or a glob of its path (actionlint, poutine); absent: all files. */
  readonly file?: string;
  /** From 1; absent: all lines. */
  readonly line?: number;
  /** Absent: all jobs. */
  readonly jobs?: readonly string[];
  /** For which actions a commit is asked, and for which not: of several patterns that match, the longest counts. Absent: no matter which. */
  readonly uses?: readonly { readonly pattern: string; readonly pinned: boolean }[];
}

/** A fact without a key: nothing is looked up by its name. */
export type UnkeyedFact =
  | LeftOutFact
  | OutputFact
  | KeptFolderFact
  | OpenCacheFact
  | RescanFact
  | CallFact
  | PipelineFact
  | ProgramFact
  | AbsentFact
  | PeerSettingFact
  | SeccompFact;
