import type { Reason } from '../base/terms/evidence';

/** A user as a file names it. */
export interface NamedUser {
  /** As written, a group included. */
  readonly text: string;
  readonly uid: number | null;
  readonly gid: number | null;
}

/** What an image starts, for the question as which user it may run. */
export interface StageRun {
  /** Whether the image's own entry point is what starts, so that the profile speaks of it. */
  readonly keepsEntryPoint: boolean;
  /** The words of what starts, folders taken off programs. */
  readonly programs: readonly string[];
  /** What else keeps it root; `null`: nothing is seen. */
  readonly obstacle: Reason | null;
  /** The user that the file itself settled on; `unclear`: it names several, or takes users away. */
  readonly named: NamedUser | 'unclear' | null;
  /** Why a person should say whether another user than root fits; the first one counts. */
  readonly doubts: readonly Reason[];
  /** Whether entry point and command leave what runs to the base image: what is known of that one holds. */
  readonly keepsStart: boolean;
  /** Whether what it starts is seen to go on as another user by itself. */
  readonly drops: boolean;
  /** The program that it starts and that keeps files in the home directory of its user; `null`: none is known. */
  readonly keeper: string | null;
  /** The last part of the name of the script that starts it; `null`: none is seen. */
  readonly script: string | null;
  /** Whether it starts in a folder that sources of its build context are in: what it leaves there, ignore files tell. */
  readonly besideSources: boolean;
  /** What it starts, for the question what that writes; `null`: nothing of the build context is seen in it. */
  readonly start: StageStart | null;
}

/** What of the build context an image starts, as far as its Dockerfile tells. Paths of the context are relative to it, with `/`. */
export interface StageStart {
  /** The folder that it starts in; absolute. */
  readonly workdir: string;
  /** Files of the context that it may run, the likelier first, and where they are in the image. */
  readonly programs: readonly StartedFile[];
  /** The scripts of package.json that it runs, by name. */
  readonly scripts: readonly string[];
  /** What is copied from the context, the last first. */
  readonly copies: readonly CopiedPath[];
  /** What the build copies from the context by name: where one of them is missing, it fails. */
  readonly sources: readonly string[];
  /** Variables that the image has, as far as they are known and short. */
  readonly variables: Readonly<Record<string, string>>;
  /** Whether the build runs what may fill any folder beside the sources: programs of the project. */
  readonly fills: boolean;
  /** Whether its base leads the logs of its server to the console, by links where these would be. */
  readonly linksLogs: boolean;
  /** What it starts that is not read here; `null`: nothing is seen. */
  readonly unread: UnreadProgram | null;
  /** Whether its Dockerfile shows that another user than root takes nothing from it, whatever its program does. */
  readonly isPlaced: boolean;
}

/** A program that is not read here, as its Dockerfile shows. */
export interface UnreadProgram {
  /** `null`: it is not known, the name is all there is. */
  readonly language: string | null;
  /** Whether it is what starts, or may be what a script starts. */
  readonly by: 'start' | 'build';
  readonly name: string | null;
}

/** A file of the context that may be what an image runs. */
export interface StartedFile {
  readonly source: string;
  readonly image: string;
}

/** A file or folder of the context, `''` for all of it, and where it is put into the image. */
export interface CopiedPath {
  readonly from: string;
  readonly to: string;
}

/** The health check of an image. Seconds; `null`: what Docker takes. */
export interface HealthCheck {
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly interval: number | null;
  readonly timeout: number | null;
  readonly startPeriod: number | null;
  readonly retries: number | null;
}
