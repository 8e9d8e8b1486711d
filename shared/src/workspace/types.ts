/** Where a fact stands: for related information and for the record of what a finding depends on. */
export interface FactPlace {
  readonly path: string;
  /** Range in the file's text. */
  readonly range: { readonly start: number; readonly end: number };
}

/** A ServiceAccount object. */
export interface ServiceAccountFact extends FactPlace {
  readonly namespace: string | null;
  readonly name: string;
  readonly automount: boolean | null;
}

/** A subject of a RoleBinding or ClusterRoleBinding. */
export interface BindingFact extends FactPlace {
  readonly namespace: string | null;
  readonly name: string;
  readonly role: { readonly kind: string; readonly name: string };
  readonly subjects: readonly { readonly kind: string; readonly name: string; readonly namespace: string | null }[];
}

/** The compact facts of one file. */
export interface FileFacts {
  readonly serviceAccounts: readonly ServiceAccountFact[];
  readonly bindings: readonly BindingFact[];
}

/** The facts of all files of a workspace, as rules may ask for them. Whoever hands it over records what was read. */
export interface WorkspaceIndex {
  /** Whether the index covers a folder, so that absence means something; false for a lone file or standard input. */
  readonly complete: boolean;
  /** The ServiceAccount of a name in a namespace (`null`: the manifest names none). */
  serviceAccount(namespace: string | null, name: string): ServiceAccountFact | undefined;
  /** The bindings that name a ServiceAccount as a subject, groups that hold every account of the namespace included. */
  bindingsOf(namespace: string | null, serviceAccount: string): readonly BindingFact[];
}
