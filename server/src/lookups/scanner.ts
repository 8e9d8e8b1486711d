import type { ScanFailure, ScannerName, ScanReport } from '../../../shared/src/index';
import type { Cancellation } from '../../../shared/src/base/ports/cancellation';
import type { ScannedImage } from './scans';

/** A report, or why there is none. `keptFrom`: when it was made (milliseconds since 1970), where an earlier scan made it and it still holds; `null`: now. */
export type ScanOutcome =
  | { readonly ok: true; readonly report: ScanReport; readonly keptFrom: number | null }
  | { readonly ok: false; readonly failure: ScanFailure };

/** A document that says of vulnerabilities that they do no harm. */
export interface VexDocument {
  /** As a person knows it. */
  readonly name: string;
  readonly text: string;
}

/** An image to be scanned. */
export interface ScanRequest {
  readonly reference: string;
  /** Whether a person has named the image itself, so that its registry may be anywhere. */
  readonly named: boolean;
  /** What Trivy is to leave out: the text of its ignore file, under the name that says how to read it. */
  readonly ignore: { readonly name: '.trivyignore' | '.trivyignore.yaml'; readonly text: string } | null;
  readonly vex: readonly VexDocument[];
  /** Such as `linux/arm64`; `null`: what the scanner takes. */
  readonly platform: string | null;
}

/** A report of an earlier scan. */
export interface KeptScan {
  /** Of the image that was scanned. */
  readonly digest: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly report: ScanReport;
}

/** The last report of each image. `image`: its name, platform and scanner; `basis`: a word for all else that the report was drawn from. */
export interface KeptScans {
  /** `null`: there is none of this basis. */
  find(image: readonly string[], basis: string): KeptScan | null;
  keep(image: readonly string[], basis: string, scan: KeptScan): void;
}

/** What was shown of the images of a workspace, from one session to the next. `folders`: of the workspace. */
export interface SeenScans {
  load(folders: readonly string[]): readonly ScannedImage[];
  /** In the place of all that was there. */
  save(folders: readonly string[], images: readonly ScannedImage[]): void;
  /** Forgets everything that is kept of scans, of other workspaces and of `KeptScans` too. */
  forgetAll(): void;
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
  /** The digest that an image has at its registry now; `null`: nobody can say. Never rejects. */
  readonly digestOf: (reference: string) => Promise<string | null>;
}

/** Opens the user's scanner, where the host can run one. Never rejects. */
export type OpenScanner = (wish: ScannerWish) => Promise<ScannerOpening>;
