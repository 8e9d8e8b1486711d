import type { PositionRange } from '../../base/text/line-table';

/** Argument of `scanImages`: the image at a place of a document, all images of a document, or those of files, open or not. */
export interface ScanImagesParams {
  readonly uri?: string;
  readonly position?: PositionRange['start'];
  readonly uris?: readonly string[];
}

/** An image that was not scanned, and why. */
export interface UnscannedImage {
  readonly image: string;
  /** One of `ScanFailureKind`. */
  readonly reasonId: string;
  readonly reason: string;
}

/** What `scanImages` did. */
export interface ScanImagesResult {
  /** Images that were scanned. */
  readonly scanned: number;
  /** Of them, those with something to say at their tags. */
  readonly affected: number;
  /** Of them, those that an earlier scan had the answer for, so that none was started. */
  readonly kept: number;
  /** What came of it for people, in one line: of one image what was found in it, and why one was not scanned. */
  readonly summary: string;
  readonly failed: readonly UnscannedImage[];
  readonly cancelled: boolean;
}

/** Server to client, a notification: everything that scans have found, whenever that changes. Only sent where `InitializationOptions.scans` is set. */
export const scansMethod = 'bulkhead/scans';

/** The scanned images, the worst first. */
export interface ScansParams {
  readonly images: readonly ScannedImageInfo[];
}

/** What was found in an image, as a person reads it. */
export interface ScannedImageInfo {
  readonly reference: string;
  /** Counts in words. */
  readonly summary: string;
  /** `null`: nothing that is worth a word at the tag. */
  readonly severity: 'error' | 'warning' | 'info' | null;
  /** Which scanner it was and how old its database is, and the like: a sentence each. */
  readonly notes: readonly string[];
  /** What an ignore file or a VEX document has left out. */
  readonly hidden: readonly HiddenInfo[];
  /** By the worst vulnerability of each. */
  readonly packages: readonly ScannedPackageInfo[];
}

/** A vulnerability that was left out. */
export interface HiddenInfo {
  readonly id: string;
  readonly package: string;
  /** The file that says so. */
  readonly by: string;
  /** `null`: it does not say why. */
  readonly reason: string | null;
}

/** A package of an image with its vulnerabilities, the worst first. */
export interface ScannedPackageInfo {
  readonly name: string;
  readonly installed: string;
  /** Counts in words. */
  readonly summary: string;
  readonly vulnerabilities: readonly VulnerabilityInfo[];
}

/** A vulnerability of a package. */
export interface VulnerabilityInfo {
  readonly id: string;
  readonly severity: 'critical' | 'high' | 'medium' | 'low' | 'unknown';
  readonly title: string;
  /** The version that fixes it. */
  readonly fixed: string | null;
  /** The advisory, `https:` only. */
  readonly url: string | null;
  /** The package without its version, for `ignoreVulnerability`; `null`: it cannot be ignored for this package alone. */
  readonly purl: string | null;
}

/** Argument of `addIgnoreEntry`: what Trivy is to leave out of an image from now on. */
export interface IgnoreParams {
  readonly reference: string;
  readonly id: string;
  /** Package URL without a version; `null`: whatever package it is in. */
  readonly purl: string | null;
  readonly reason: string;
  /** ISO date of the last day. */
  readonly until: string;
}

/** The file that says so now; or why it does not, in a sentence. */
export type IgnoreResult = { readonly uri: string; readonly failure: null } | { readonly uri: null; readonly failure: string };
