import type { PipelineImage, PipelineView, ScriptLine } from '../../../rule/pipeline/types';
import type { Range } from '../../../base/text/range';
import type { Memo } from '../../../base/text/memoize';
import type { Path, YamlEntry, YamlMap, YamlNode, YamlScalar } from '../../../syntax/yaml/types';

// All ranges are half-open offsets in the document's text.

/** A node that may be absent. */
export type OptionalNode = YamlNode | null | undefined;

/** A map whose keywords a job has: its own, one that it extends, `default`, or the root. */
export interface Layer {
  readonly node: YamlMap;
  readonly path: Path;
}

/** The value of a keyword as it holds for a job, and where it is written. */
export interface Keyword {
  readonly node: YamlNode | null;
  readonly entry: YamlEntry;
  readonly path: Path;
}

/** A variable that a pipeline sets. */
export interface Variable {
  readonly name: string;
  readonly entry: YamlEntry;
  /** The scalar that holds its value (`value` of a map); `null` where there is none. */
  readonly node: YamlScalar | null;
  readonly text: string | null;
  /** Where the value is written; the name where it is empty. */
  readonly range: Range;
  /** Of the entry. */
  readonly path: Path;
}

/** A job, a template of jobs (`.name`), or `default`: the view of the target `gitlabJob`. */
export interface GitlabJob extends Memo {
  readonly target: 'gitlabJob';
  readonly file: GitlabView;
  readonly name: string;
  readonly key: YamlScalar;
  readonly node: YamlMap;
  readonly path: Path;
  /** Whether it runs by itself, and no other job has to extend it. */
  readonly runs: boolean;
  /** What its keywords come from: its own map, what it extends (the nearest first), the defaults. */
  readonly layers: readonly Layer[];
  /** Whether all that it extends and refers to is in the file. */
  readonly whole: boolean;
  /** The keyword as it holds for the job. */
  keyword(name: string): Keyword | null;
  /** The variables of the job and of the whole pipeline, by name; those of the job first. */
  variables(): readonly Variable[];
  /** What it runs, in order: what it extends, refers to and takes by default included. */
  lines(): readonly YamlScalar[];
}

/** Something that `include` takes in: the view of the target `include`. */
export interface GitlabInclude {
  readonly target: 'include';
  readonly file: GitlabView;
  readonly kind: 'local' | 'project' | 'remote' | 'template' | 'component';
  /** What is named: a path, a project, an address. */
  readonly node: YamlScalar;
  readonly text: string;
  /** `null` where a text alone is given. */
  readonly map: YamlMap | null;
  readonly path: Path;
}

/** An image of a pipeline. */
export interface PlacedImage {
  readonly node: YamlScalar;
  readonly path: Path;
  readonly isService: boolean;
  /** `null` where a text alone is given. */
  readonly map: YamlMap | null;
}

/** A pipeline of GitLab (`.gitlab-ci.yml`), or a part of one. */
export interface GitlabView extends PipelineView, Memo {
  readonly root: YamlMap;
  readonly images: readonly PlacedImage[];
  readonly jobs: readonly GitlabJob[];
  readonly includes: readonly GitlabInclude[];
  readonly scripts: readonly GitlabLine[];
  /** The variables of the whole pipeline. */
  readonly variables: readonly Variable[];
  /** Whether all of it is there: it has no syntax error, and was read to its end. */
  readonly complete: boolean;
}

/** A line, or a block of lines, of a script. */
export interface GitlabLine extends ScriptLine {
  readonly file: GitlabView;
  /** The first job that it is written in; `null`: of the whole pipeline. */
  readonly job: GitlabJob | null;
}

/** The image of a job or of a service. */
export interface GitlabImage extends PipelineImage {
  readonly file: GitlabView;
  readonly isService: boolean;
}
