import { type ScannerName, scannerTitles } from './types';

/** Releases of Trivy whose binaries or images were malware: CVE-2026-33634, GHSA-69fq-xp46-6x23. */
const malware: ReadonlySet<string> = new Set(['0.69.4', '0.69.5', '0.69.6']);
const malwareAdvisory = 'https://github.com/advisories/GHSA-69fq-xp46-6x23';

/** The first minor release of Trivy that takes the options we pass, and says what it left out (`--show-suppressed`). */
const oldestTrivy = 50;

/** Why a version of a scanner is not run, or its report not believed, as a short English phrase that goes on from its name and version; `null`: it is fine. */
export function refusedVersion(scanner: ScannerName, version: string): string | null {
  if (scanner !== 'trivy') return null;
  const [, core = '', minor = ''] = /^(0\.(\d+)\.\d+)/.exec(version) ?? [];
  if (malware.has(core))
    return `was published with malware in it (${malwareAdvisory}): remove it, and change the credentials that it could read`;
  return minor !== '' && Number(minor) < oldestTrivy ? `is too old: 0.${oldestTrivy} or newer is needed` : null;
}

/** `Trivy 0.69.3`; without the version where that is not known. */
export function scannerLabel(scanner: ScannerName, version: string | null): string {
  return version === null ? scannerTitles[scanner] : `${scannerTitles[scanner]} ${version}`;
}

/** Days by which a database is older than now; `null`: nobody knows when it was made. A clock that was set back makes nothing young. */
export function ageInDays(databaseAt: string | null, now: number): number | null {
  if (databaseAt === null) return null;
  const age = Math.floor((now - Date.parse(databaseAt)) / 86_400_000);
  return Number.isNaN(age) ? null : Math.max(0, age);
}

/** From so many days on, what a database does not know is worth a warning. */
export const staleDays = 7;
