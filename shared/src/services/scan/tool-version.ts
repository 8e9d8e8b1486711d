import type { ScannerName } from './types';
import { at, timeOf, versionOf } from './values';

/** How each scanner is asked for its version. */
export const versionArguments: Readonly<Record<ScannerName, readonly string[]>> = {
  trivy: ['version', '--format', 'json'],
  grype: ['version', '--output', 'json'],
  dockle: ['--version'],
};

/** What a scanner says of itself. */
export interface ToolVersion {
  /** `null`: it was built by hand, and says `dev`. */
  readonly version: string | null;
  /** When its database was made (ISO 8601), where it says so. */
  readonly databaseAt: string | null;
  /** The same of the database of Java archives. */
  readonly javaAt: string | null;
  /** When it asks for a newer one, in milliseconds since 1970; `null`: nobody can say. */
  readonly updateAt: number | null;
}

/** Trivy asks no more than once in an hour for a database that is due. */
const hourMs = 3_600_000;

/** Reads the answer to `versionArguments`; `null`: that is no answer of this scanner. Never throws. */
export function readToolVersion(scanner: ScannerName, printed: string): ToolVersion | null {
  if (printed.length > 100_000) return null;
  if (scanner === 'dockle') {
    const [, said] = /^dockle version (\S{1,60})\s*$/.exec(printed) ?? [];
    return said === undefined ? null : { version: versionOf(said), databaseAt: null, javaAt: null, updateAt: null };
  }
  let json: unknown;
  try {
    json = JSON.parse(printed);
  } catch {
    return null;
  }
  const said = at(json, scanner === 'trivy' ? 'Version' : 'version');
  const version = versionOf(said);
  if ((version === null && !(scanner === 'trivy' && said === 'dev')) || (scanner === 'grype' && at(json, 'application') !== 'grype'))
    return null;
  const time = (name: string): string | null => timeOf(at(json, 'VulnerabilityDB', name));
  const [next, downloaded] = [time('NextUpdate'), time('DownloadedAt')];
  // without a time of download, which is that of the year 1 then, Trivy downloads the database anew
  const isDated = next !== null && downloaded !== null && Date.parse(downloaded) > 0;
  const updateAt = isDated ? Math.max(Date.parse(next), Date.parse(downloaded) + hourMs) : null;
  return { version, databaseAt: time('UpdatedAt'), javaAt: timeOf(at(json, 'JavaDB', 'UpdatedAt')), updateAt };
}
