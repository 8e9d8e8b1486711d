import type { PipelineImage } from '../../../rule/pipeline/types';
import type { ShellScript } from '../../../syntax/shell/types';
import type { Memo } from '../../../base/text/memoize';
import type { Range } from '../../../base/text/range';
import type { Path, YamlDocument, YamlEntry, YamlMap, YamlNode, YamlScalar } from '../../../syntax/yaml/types';
import type { Permissions } from './permissions';
import type { Triggers } from './triggers';
import type { Uses } from './uses';

// All ranges are half-open offsets in the document's text.

/** A variable of an `env`, or an input of a `with`. */
export interface NamedValue {
  /** As written. */
  readonly name: string;
  readonly entry: YamlEntry;
  /** `null` where nothing, or no scalar, is given. */
  readonly node: YamlScalar | null;
  /** The text of the value, expressions (`${{ }}`) as written; `null` where there is none. */
  readonly text: string | null;
  readonly path: Path;
}

/** The `env` of a workflow, a job or a step, or the `with` of what is used. */
export interface NamedValues {
  readonly path: Path;
  readonly values: readonly NamedValue[];
  /** Whether there may be other values than those that are seen. */
  readonly open: boolean;
}

/** What runs the script of a step. `mixed`: several operating systems, so that it is not the same everywhere; `unknown`: an expression decides. */
export type ShellKind = 'posix' | 'powershell' | 'cmd' | 'python' | 'other' | 'mixed' | 'unknown';

/** The script of a step. */
export interface RunScript {
  readonly node: YamlScalar;
  readonly text: string;
  readonly path: Path;
  readonly shell: ShellKind;
  /** As a POSIX shell reads it, expressions masked; `null` where another shell runs it, or where escapes leave its characters no places. */
  readonly script: () => ShellScript | null;
}

/** A step of a job or of a composite action. */
export interface StepView extends Memo {
  readonly target: 'step';
  /** What it is a step of. */
  readonly file: WorkflowView | ActionView;
  /** `null` in a composite action. */
  readonly job: JobView | null;
  /** Place among the steps of its job or action. */
  readonly index: number;
  readonly node: YamlMap;
  readonly path: Path;
  /** `null`: it has none. */
  readonly id: string | null;
  readonly uses: Uses | null;
  readonly run: RunScript | null;
  readonly inputs: NamedValues;
  readonly env: NamedValues;
  readonly condition: YamlScalar | null;
  /** What messages point at where the whole step is meant: the value of `uses`, else the key `run`, else its first key. */
  readonly reportRange: Range;
  /** Whether all of it is there. */
  readonly complete: boolean;
}

/** A label of `runs-on`, or a value of the matrix that it is taken from. */
export interface RunnerLabel {
  readonly text: string;
  readonly node: YamlScalar;
}

/** What a job runs on. */
export interface Runner {
  readonly labels: readonly RunnerLabel[];
  /** The name of a group of runners. */
  readonly group: RunnerLabel | null;
  /** Whether all labels are known. */
  readonly known: boolean;
}

/** A container that a job runs in, or a service beside it. */
export interface JobContainer {
  readonly image: YamlScalar | null;
  readonly imagePath: Path;
  /** `null` where the image is all that is given. */
  readonly map: YamlMap | null;
  readonly path: Path;
}

/** A job of a workflow. */
export interface JobView extends Memo {
  readonly target: 'job';
  readonly workflow: WorkflowView;
  readonly id: string;
  readonly key: Range;
  readonly node: YamlMap;
  readonly path: Path;
  /** Its own; `null` where those of the workflow hold. */
  readonly permissions: Permissions | null;
  /** Those in force: its own, else the workflow's; `null` where neither is given, so that the repository's setting decides. */
  readonly effective: Permissions | null;
  /** Ids of the jobs that run before it. */
  readonly needs: readonly string[];
  readonly steps: readonly StepView[];
  /** The workflow that it calls; such a job has no steps. */
  readonly uses: Uses | null;
  readonly inputs: NamedValues;
  readonly env: NamedValues;
  readonly condition: YamlScalar | null;
  readonly runner: Runner;
  readonly containers: readonly JobContainer[];
  /** Whether it has an `environment`, which may ask a person first. */
  readonly guarded: boolean;
  readonly complete: boolean;
}

/** A workflow: the view of the target `workflow`. */
export interface WorkflowView extends Memo {
  readonly target: 'workflow';
  readonly document: YamlDocument;
  readonly path: string;
  readonly root: YamlMap;
  readonly triggers: Triggers;
  readonly permissions: Permissions | null;
  readonly env: NamedValues;
  /** Who asks for them looks beyond a job (`reach`): what stands outside of all jobs is taken for part of each. */
  readonly jobs: readonly JobView[];
  /** Whether all of it is there: it has no syntax error, and was read to its end. */
  readonly complete: boolean;
}

/** An action (`action.yml`): the view of the target `action`. */
export interface ActionView extends Memo {
  readonly target: 'action';
  readonly document: YamlDocument;
  readonly path: string;
  readonly root: YamlMap;
  /** `runs.using`: `composite`, `docker`, `node20`. */
  readonly using: { readonly text: string; readonly node: YamlScalar } | null;
  /** `runs.image` of a Docker action. */
  readonly image: YamlScalar | null;
  readonly steps: readonly StepView[];
  readonly complete: boolean;
}

/** A place that uses an action or calls a workflow: the view of the target `uses`. */
export interface UsesView {
  readonly target: 'uses';
  readonly uses: Uses;
  readonly file: WorkflowView | ActionView;
  /** `null`: a job calls a workflow. */
  readonly step: StepView | null;
  /** `null` in a composite action. */
  readonly job: JobView | null;
}

/** The image of a job's container or of a service: the view of the target `image`. */
export interface WorkflowImage extends PipelineImage {
  readonly file: WorkflowView;
  readonly job: JobView;
}

/** An entry of `updates` in a Dependabot file. */
export interface DependabotUpdate {
  readonly node: YamlMap;
  readonly path: Path;
  /** The value of `package-ecosystem`. */
  readonly ecosystem: string | null;
}

/** A Dependabot file: the view of the target `dependabot`. */
export interface DependabotView {
  readonly target: 'dependabot';
  readonly document: YamlDocument;
  readonly path: string;
  readonly root: YamlMap;
  readonly updates: readonly DependabotUpdate[];
  readonly complete: boolean;
}

/** What a document of the family is. */
export type WorkflowFile = WorkflowView | ActionView | DependabotView;

/** A node that may be absent. */
export type OptionalNode = YamlNode | null | undefined;
