/**
 * How a signature is kept: `simple`, cosign 2's payload under the tag `sha256-….sig`; `bundle`, cosign 3's Sigstore bundle that refers to the image.
 */
export type SignatureFormat = 'simple' | 'bundle';

/** A public key that signatures are held against. */
export interface PublicKey {
  /** SHA-256 of the key's SubjectPublicKeyInfo, in lower-case hexadecimal. */
  readonly fingerprint: string;
  /** What kind of key it is, for people: `ECDSA P-256`. */
  readonly kind: string;
  /** Whether a signature over bytes was made with the key that belongs to it; which hash is used, the key says. Never throws. */
  verifies(bytes: Uint8Array, signature: Uint8Array): boolean;
}

/** A statement that was signed: what of, and that it is bytes that somebody signed. */
export interface Signed {
  readonly format: SignatureFormat;
  /** The bytes that were signed, as they came. */
  readonly bytes: Uint8Array;
  /** Signatures over them; one that fits is enough. */
  readonly signatures: readonly Uint8Array[];
  /** `sha256:…` of the images that it speaks of. */
  readonly subjects: readonly string[];
  /** What it says of them, an in-toto predicate type; that of a signature is `signaturePredicate`. */
  readonly predicateType: string;
  /** Who built the image, where the statement is a SLSA provenance that says so. */
  readonly builder: string | null;
  /** Whether it brings a certificate: somebody's identity, not a key, stands for it. */
  readonly keyless: boolean;
}

/** The predicate type of a statement that says nothing of an image but that it is signed. */
export const signaturePredicate = 'https://sigstore.dev/cosign/sign/v1';

/** Something that is said of an image beside the signature. */
export interface Attestation {
  readonly predicateType: string;
  /** `key`: signed with the key that was given; `other`: signed, with which key or by whom is not known; `none`: not signed, BuildKit's. */
  readonly signed: 'key' | 'other' | 'none';
  readonly builder: string | null;
}

/**
 * What came of a check. `signed`: with a key that was given. `unsigned`: the registry has no signature of the image. `other-signer`: it has, and none is of
 * a key that was given. `unknown`: it could not be found out.
 */
export type SignatureState = 'signed' | 'unsigned' | 'other-signer' | 'unknown';

/** The verdict on one image. */
export interface SignatureVerdict {
  readonly state: SignatureState;
  /** The digest that was asked about; `null` where not even that could be found out. */
  readonly digest: string | null;
  /** The fingerprint of the key, and how the signature is kept; `null` unless `signed` with one. */
  readonly key: string | null;
  readonly format: SignatureFormat | null;
  /** What speaks against it, or why it is not known: short English phrases, each once. */
  readonly reasons: readonly string[];
  readonly attestations: readonly Attestation[];
}
