import type { Range } from '../base/text/range';
import type { FactPlace } from './fact-place';

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

/** A pipeline of GitLab, or a part of one, that takes in files of its repository. */
export interface PipelineFact extends FactPlace {
  readonly type: 'pipeline';
  /** Globs, from the root of the repository, which is the folder of the index or one above the file. */
  readonly includes: readonly string[];
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

/** Something that a program writes while it runs. */
export interface ProgramWrite {
  /** The folder: absolute, or relative to `from` (`''`: that folder itself). Of a `variable` its default, `''` where it has none. */
  readonly folder: string;
  /** Where a relative folder counts from: the folder that the program starts in, that of its file, or the home directory of its user. */
  readonly from: 'start' | 'file' | 'home';
  /** The variable of the environment that names it, if it is set, with a dot in front the setting of a configuration, `.storage.path`, or the parameter of a function, `@save#0:path`; what follows its value is `rest`. */
  readonly variable: string | null;
  readonly rest: string;
  /** The folder, as `folder`, that a relative value of the variable is put behind; absent: it counts from `from`. */
  readonly under?: string;
  /** Whether the variable names a file, whose folder is written. */
  readonly isFile: boolean;
  /** The file; `null`: any in the folder. */
  readonly file: string | null;
  /** Whether a call writes there, rather than a name that says so: where that is, has to be known. */
  readonly isCertain: boolean;
  /** Whether it makes the folder, and those that this is in. */
  readonly makes: boolean;
}

/** A path that a program sets for the files that use it. */
export type ProgramSetting = Pick<ProgramWrite, 'from' | 'variable' | 'rest' | 'under'> & {
  /** Absolute, or relative to `from`. Of a `variable` its default, `''` where it has none. */
  readonly path: string;
};

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

/** What a program writes while it runs, as its text tells. */
export interface ProgramFact extends FactPlace {
  readonly type: 'program';
  readonly writes: readonly ProgramWrite[];
  /** Of a shell script, or a configuration: what it does that another user than root may not be able to, as `ScriptFact` says it; `null`: nothing is seen. */
  readonly does: string | null;
  /** The user that it goes on as where it starts as root, and not otherwise: of a configuration; `null`: nothing is seen. */
  readonly stepsTo: string | null;
  /** Files of its own that it may use, relative to its folder; absolute: in the image. */
  readonly uses: readonly string[];
  /** The scripts of a package.json, by name; under `''` what a shell script runs of them. */
  readonly scripts: Readonly<Record<string, PackageScript>>;
  /** What a call writes to that the text does not place, as it is written there; `null`: nothing is seen. */
  readonly untold: string | null;
  /** Whether it moves files by a call that no other file system answers. */
  readonly renames: boolean;
  /** Variables (an `.env`) and settings, with a dot in front, that it sets for the programs beside it, as far as they name files and folders. */
  readonly sets: Readonly<Record<string, string>>;
  /** The paths that it sets for programs that use it, by their keys in small letters, each with a dot in front, `.storage.path`, and those that it gives functions, by function and number or name of the parameter: `@save#0`. */
  readonly settings: Readonly<Record<string, ProgramSetting>>;
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

/** A fact that stands alone: nothing is looked up by its name. */
export type LoneFact = LeftOutFact | KeptFolderFact | OpenCacheFact | PipelineFact | ProgramFact | AbsentFact | PeerSettingFact;
