import type { NamedImage } from '../checks/image/named-image';
import type { ShellScript } from '../../syntax/shell/types';
import type { Range } from '../../base/text/range';
import type { WorkspaceIndex } from '../../workspace/types';
import type { Path, YamlDocument, YamlScalar } from '../../syntax/yaml/types';

// What pipelines of any forge have, and rules of all of them look at. All ranges are half-open offsets in the document's text.

/** A pipeline whose scripts are lists of commands: the view of the target `pipeline`. */
export interface PipelineView {
  readonly target: 'pipeline';
  readonly document: YamlDocument;
  readonly path: string;
  readonly scripts: readonly ScriptLine[];
  /** Whether the file does not show all that the pipeline does: it includes others, or starts or extends what is elsewhere. */
  readonly open: boolean;
  /** What the other files of the pipeline say. */
  readonly rest: (workspace: WorkspaceIndex) => PipelineRest;
  /** What leaves the daemon of a Docker in Docker without TLS. */
  readonly openDaemons: (workspace: WorkspaceIndex) => readonly Range[];
  /** Where it has jobs command the engine of the machine that they run on. */
  readonly hostSockets: () => readonly Range[];
  /** What lets the pipeline go on after a scanner of the forge, which writes a report. */
  readonly reportingScans: () => readonly Range[];
}

/** What the other files of a pipeline say. */
export interface PipelineRest {
  /** Whether all of the pipeline is in the repository, and known. */
  readonly whole: boolean;
  /** Whether they name a program that looks for vulnerabilities, or one that signs. */
  readonly scans: boolean;
  readonly signs: boolean;
  /** Whether they speak of a push. */
  readonly pushes: boolean;
  /** Whether one that comes before this file by its path pushes an image, so that what is missing of all of them is reported there. */
  readonly publishesFirst: boolean;
  /** Whether they have a Docker in Docker. */
  readonly daemons: boolean;
  /** Whether they say which pipelines there are at all. */
  readonly gated: boolean;
  /** The variables of all jobs that they set, and whether to what another holds. */
  readonly variables: ReadonlyMap<string, boolean>;
}

/** A line, or a block of lines, of a script of a pipeline: the view of the target `script`. */
export interface ScriptLine {
  readonly target: 'script';
  readonly file: PipelineView;
  readonly node: YamlScalar;
  readonly path: Path;
  /** The value that lets the pipeline go on although the job fails. */
  readonly mayFail: Range | null;
  /** Whether the job runs for merge requests alone. */
  readonly merging: boolean;
  /** What kind of secret a variable holds: a stored one, or the token of the job, which ends with it; `null`: none, as far as one knows. */
  readonly secretKind: (variable: string, workspace: WorkspaceIndex) => 'secret' | 'token' | null;
  /** As a POSIX shell reads it; `null` where escapes leave its characters no places. */
  readonly script: () => ShellScript | null;
}

/** The image of a job or of a service: the view of the target `image`. */
export interface PipelineImage extends NamedImage {
  readonly target: 'image';
  /** The container's own scalar, where it takes the image from elsewhere in the file. */
  readonly from: YamlScalar | null;
}

/** A shell script or a makefile, which a pipeline or a person may run: the view of the target `commands`. */
export interface CommandsView {
  readonly target: 'commands';
  readonly file: { readonly document: { readonly text: string } };
  /** One, or each line of a recipe. */
  readonly scripts: readonly ShellScript[];
}

/** What rules of any pipeline may look at. */
export interface PipelineTargets {
  /** A pipeline of scripts, for what shows only when its jobs are seen together. */
  readonly pipeline: PipelineView;
  readonly script: ScriptLine;
  readonly commands: CommandsView;
  /** The image of each container of a job and of each service. */
  readonly image: PipelineImage;
}
