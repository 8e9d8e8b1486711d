/** The scanners whose reports are read. */
export const scannerNames = ['trivy', 'grype', 'dockle'] as const;

/** One of `scannerNames`. */
export type ScannerName = (typeof scannerNames)[number];

/** How scanners call themselves in a sentence. */
export const scannerTitles: Readonly<Record<ScannerName, string>> = { trivy: 'Trivy', grype: 'Grype', dockle: 'Dockle' };

/** How bad a vulnerability is, by the scanner's own choice of source; the worst first. Grype's `Negligible` counts as low, as Trivy has it. */
export const vulnerabilitySeverities = ['critical', 'high', 'medium', 'low', 'unknown'] as const;

/** One of `vulnerabilitySeverities`. */
export type VulnerabilitySeverity = (typeof vulnerabilitySeverities)[number];

/** A vulnerability of one installed package. What is a string comes from strangers: it is short, and nothing else is promised. */
export interface Vulnerability {
  /** `CVE-2024-1234`, `GHSA-…`. */
  readonly id: string;
  readonly severity: VulnerabilitySeverity;
  readonly title: string;
  readonly package: string;
  /** The package that it was built from, where the report says so: several packages of one source are fixed together. */
  readonly source: string | null;
  readonly installed: string;
  /** The version that fixes it; `null`: there is none yet. */
  readonly fixed: string | null;
  /** `fixed`, `affected`, `will_not_fix`, … in the scanner's own words; empty where it has none. */
  readonly status: string;
  /** The advisory: `https:` only. */
  readonly url: string | null;
  /** Package URL (purl-spec). */
  readonly purl: string | null;
}

/** A vulnerability that the scanner left out, and why. */
export interface HiddenVulnerability extends Pick<Vulnerability, 'id' | 'package' | 'severity'> {
  /** The file that says so, as the scanner names it. */
  readonly by: string;
  readonly reason: string | null;
}

/** What Dockle says of a built image, by one of its codes. */
export interface ImageCheck {
  /** `CIS-DI-0010`. */
  readonly code: string;
  readonly title: string;
  readonly level: 'fatal' | 'warn' | 'info';
  /** How many places of the image it is about. */
  readonly count: number;
}

/** The report of a scanner on one image, whichever scanner made it. Holds no secrets that were found, and nothing of the image's configuration. */
export interface ScanReport {
  readonly scanner: ScannerName;
  /** `null`: the report does not say. */
  readonly version: string | null;
  /** What was scanned, as the scanner names it; empty where it does not say. */
  readonly artifact: string;
  /** Every reference that the report gives the image: tags, and names with digests. */
  readonly names: readonly string[];
  /** `sha256:…` of the manifest that was scanned; `null`: an archive, or an image that no registry has. */
  readonly digest: string | null;
  readonly architecture: string | null;
  readonly os: { readonly name: string; readonly endOfLife: boolean } | null;
  readonly vulnerabilities: readonly Vulnerability[];
  readonly hidden: readonly HiddenVulnerability[];
  readonly checks: readonly ImageCheck[];
  /** How many credentials the scanner has found in the files of the image. What and where they are is not kept. */
  readonly secrets: number;
  /** When the database was made (ISO 8601), where the report says so. */
  readonly databaseAt: string | null;
  /** Whether there was more than is kept; see `maxVulnerabilities`. */
  readonly cut: boolean;
}

/** So many of those that an ignore file hides are named. */
export const mostHidden = 20;

/** So many vulnerabilities of one image are kept, and so many of those that are hidden. */
export const maxVulnerabilities = 10_000;
