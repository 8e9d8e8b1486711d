import type { ScanFailure, ScannerName, ScanReport } from '../../shared/src/index';
import type { Cancellation } from '../../shared/src/ports/cancellation';

/** A report, or why there is none. */
export type ScanOutcome = { readonly ok: true; readonly report: ScanReport } | { readonly ok: false; readonly failure: ScanFailure };

/** An image to be scanned. */
export interface ScanRequest {
  readonly reference: string;
  /** Whether a person has named the image itself, so that its registry may be anywhere. */
  readonly named: boolean;
  /** What Trivy is to leave out: the text of its ignore file, under the name that says how to read it. */
  readonly ignore: { readonly name: '.trivyignore' | '.trivyignore.yaml'; readonly text: string } | null;
  /** Absolute. */
  readonly vex: readonly string[];
  /** Such as `linux/arm64`; `null`: what the scanner takes. */
  readonly platform: string | null;
}

/** A scanner that has said which version it is. */
export interface Scanner {
  readonly name: ScannerName;
  /** `null`: an own build, which does not say. */
  readonly version: string | null;
  /** Scans one image. Never rejects. */
  scan(request: ScanRequest): Promise<ScanOutcome>;
}

/** A scanner, or why there is none. */
export type ScannerOpening = { readonly ok: true; readonly scanner: Scanner } | { readonly ok: false; readonly failure: ScanFailure };

/** Which scanner a language server is to run, and how. */
export interface ScannerWish {
  /** The program that the user's settings name; `null`: one on the path. */
  readonly path: string | null;
  readonly update: boolean;
  readonly allowed: readonly string[];
  /** URIs of folders whose programs are not run. */
  readonly folders: readonly string[];
  readonly cancellation: Cancellation;
}

/** Opens the user's scanner, where the host can run one. Never rejects. */
export type OpenScanner = (wish: ScannerWish) => Promise<ScannerOpening>;
