/** What a file is: the id of a family of the registry, or `none` where it is not ours. */
export type SourceFamily = string;

/** How a file departs from a plain, whole one. */
export interface Dialect {
  /** Holds template actions (`{{ }}`): a Helm chart and the like. */
  readonly templated: boolean;
  /** A patch, overlay or override: what is missing here may stand elsewhere. */
  readonly fragment: boolean;
  /** Where objects of further kinds keep their pod, as the configuration says. */
  readonly podPaths?: Readonly<Record<string, string>>;
  /**
   * Set for files that hold no objects and still decide what pods get: values of a Helm chart, a kustomization, a JSON patch; for a test that names the
   * objects on which it tries policies; and for parts of a pipeline of GitLab, which their names do not tell.
   */
  readonly holds?: 'values' | 'kustomization' | 'json-patch' | 'policy-test' | 'pipeline';
}

/** The verdict about a file, with the reason for the status item ("why is this not checked?"). */
export interface Source {
  readonly family: SourceFamily;
  readonly dialect: Dialect;
  /** A short English sentence without a final full stop. */
  readonly reason: string;
}
