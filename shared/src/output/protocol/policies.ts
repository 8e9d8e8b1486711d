/** The argument of the server's command `bulkhead.policyText`. */
export interface PolicyParams {
  readonly kind: 'network' | 'image';
  /** A file, whose workspace is meant; or a folder, below which the manifests are. */
  readonly uri: string;
  readonly isFolder?: boolean;
  /** Of network policies: the namespace; `null`: of the manifests that name none. Absent: the only one there is. */
  readonly namespace?: string | null;
  /** Of an image policy: who enforces it; Kyverno where absent. */
  readonly engine?: 'kyverno' | 'sigstore';
  /** Who has to have signed: a public key in PEM, or an identity and who vouches for it. Absent: who the configuration says. */
  readonly signer?: { readonly key: string } | { readonly identity: string; readonly issuer: string };
  /** Full names of images. Absent: those that are built here, or that the configuration names signers of. */
  readonly images?: readonly string[];
}

/** What comes of it. Nothing is changed. */
export type PolicyResult =
  | {
      readonly ok: true;
      readonly text: string;
      /** Where it might be kept: a name without a folder. */
      readonly fileName: string;
      /** What a person has to look at: clauses without a final full stop. */
      readonly left: readonly string[];
    }
  /** Something has to be chosen: one of the namespaces, some of the images, or who signs. */
  | { readonly ok: false; readonly choose: 'namespace' | 'images' | 'signer'; readonly among: readonly string[] }
  | { readonly ok: false; readonly message: string };

/** The command of a client that asks for what is to be chosen, and keeps the file (`InitializationOptions.policies`); its argument is `PolicyParams`. */
export const writePolicyHereCommand = 'bulkhead.writePolicyHere';
