import type { SignatureVerdict } from '../../base/ports/signature';

/** Server to client: the digest of one reference. Credentials stay with the client, so that no trace of the protocol holds them. */
export const lookUpMethod = 'bulkhead/lookUpDigest';

/** What is to be looked up. */
export interface LookUpParams {
  readonly reference: string;
  /** How old a look-up may be that is known already. */
  readonly cacheMinutes: number;
  /** Whether the version tag with the same digest is wanted too. */
  readonly versionTag?: boolean;
  /** Whether it is wanted too when the old and the new image were made, where the reference has a digest and its tag another one. */
  readonly dates?: boolean;
  /** Whether it is wanted too when what the look-up gives was made. */
  readonly made?: boolean;
}

/** What a look-up gave: `digest` and what belongs to it, or `failure`. */
export interface LookUpResult {
  readonly digest: string | null;
  readonly mediaType: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly versionTag: string | null;
  /** As the images' configurations say (ISO 8601); absent where nobody asked, or the tag has not moved. */
  readonly dates?: { readonly from: string | null; readonly to: string | null } | null;
  /** When it was made (ISO 8601); absent where nobody asked. */
  readonly made?: string | null;
  /** Of an action: `versions` and `contained` of the look-up. */
  readonly versions?: readonly string[];
  readonly contained?: boolean;
  /** `kind` is one of `RegistryFailureKind`; `message` is a short English sentence. */
  readonly failure: { readonly kind: string; readonly message: string } | null;
}

/** Server to client, a notification: forget every look-up. */
export const clearCacheMethod = 'bulkhead/clearRegistryCache';

/** An image that was not pinned, and why. */
export interface UnpinnedImage {
  readonly uri: string;
  readonly image: string;
  /** One of `RegistryFailureKind` or `PinRefusal`. */
  readonly reasonId: string;
  readonly reason: string;
  /** Whether the registry gave no digest; else the place cannot hold one. */
  readonly failed: boolean;
}

/** What `pinFile` and `pinFiles` did. */
export interface PinFilesResult {
  /** Images that got a digest or a newer one, in `files` files. */
  readonly pinned: number;
  readonly files: number;
  /** Images whose digest was right already. */
  readonly current: number;
  /** Whether the client took the edit; false too where there was nothing to change. */
  readonly applied: boolean;
  readonly cancelled: boolean;
  readonly left: readonly UnpinnedImage[];
  /** All of it in a line for people. */
  readonly summary: string;
}

/** Server to client: who signed an image. Credentials stay with the client, as with `lookUpMethod`. */
export const verifyMethod = 'bulkhead/verifySignature';

/** Which image is to be held against which public keys, in PEM. */
export interface VerifyParams {
  readonly reference: string;
  readonly keys: readonly string[];
}

/** Server to client: one part of what a registry has of an image. Credentials stay with the client, as with `lookUpMethod`. */
export const readPartMethod = 'bulkhead/readRegistry';

/** Which part: the digest that a tag has now; or, of a reference with a digest, what has it. */
export interface ReadPartParams {
  readonly reference: string;
  readonly part: 'tag' | 'manifest' | 'blob';
  /** Hosts of this machine or of a private network that may be asked, as the user's settings name them. */
  readonly allowed: readonly string[];
}

/** The part, or why there is none, and how many manifests the registry still gives, where it says so. */
export interface ReadPartAnswer {
  readonly text: string | null;
  /** As in `LookUpResult`. */
  readonly failure: { readonly kind: string; readonly message: string } | null;
  readonly limit: { readonly remaining: number; readonly all: number | null; readonly seconds: number | null } | null;
}

/** What `lookUpImages` did. */
export interface LookUpImagesResult {
  /** Images of which it is known now what they are. */
  readonly found: number;
  readonly failed: readonly { readonly image: string; readonly reasonId: string; readonly reason: string }[];
  /** Whether the user, or the client, did not want it in the end. */
  readonly cancelled: boolean;
  /** Why nothing was asked, in words; `null`: it was, or none is named. */
  readonly refused: string | null;
}

/** What came of it. */
export interface VerifyAnswer {
  readonly verdict: SignatureVerdict;
  /** Which of the keys signed, by its place in the list; `null`: none. */
  readonly signer: number | null;
}

/** What `verifySignatures` did. */
export interface VerifyResult {
  /** Images that were checked, and how many of them are signed as required. */
  readonly checked: number;
  readonly signed: number;
  /** Images for which no signer is named. */
  readonly uncovered: number;
  readonly cancelled: boolean;
  /** Why nothing was checked, in words; `null`: something was, or there is no image. */
  readonly refused: string | null;
  /** All of it for people, in one line. */
  readonly summary: string;
}
