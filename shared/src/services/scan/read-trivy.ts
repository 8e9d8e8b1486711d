import { maxVulnerabilities, type HiddenVulnerability, type ScanReport, type Vulnerability, vulnerabilitySeverities } from './types';
import { at, digestIn, itemsOf, linkOf, textOf, versionOf } from './values';

/**
 * Reads the JSON of `trivy image` (`SchemaVersion` 2). Every key may be absent: a result without findings has none. Of secrets the number is kept; licences, misconfigurations and
 * the image's configuration, which has its environment in clear, are not looked at. `null`: it is no such report.
 */
export function readTrivy(json: unknown): ScanReport | null {
  if (at(json, 'SchemaVersion') !== 2 || typeof at(json, 'ArtifactName') !== 'string') return null;
  const vulnerabilities: Vulnerability[] = [];
  const hidden: HiddenVulnerability[] = [];
  let cut = false;
  let secrets = 0;
  const add = <T>(list: T[], item: T | null): void => {
    if (item === null) return;
    if (list.length < maxVulnerabilities) list.push(item);
    else cut = true;
  };
  for (const result of itemsOf(at(json, 'Results'))) {
    const sources = new Map(itemsOf(at(result, 'Packages')).map(known => [textOf(at(known, 'ID')), textOf(at(known, 'SrcName'))] as const));
    secrets += itemsOf(at(result, 'Secrets')).length;
    for (const entry of itemsOf(at(result, 'Vulnerabilities'))) add(vulnerabilities, readEntry(entry, sources));
    for (const entry of itemsOf(at(result, 'ExperimentalModifiedFindings'))) {
      if (at(entry, 'Type') !== 'vulnerability') continue;
      const found = readEntry(at(entry, 'Finding'), sources);
      const by = textOf(at(entry, 'Source')) ?? textOf(at(entry, 'Status')) ?? '';
      add(hidden, found && { id: found.id, package: found.package, severity: found.severity, by, reason: textOf(at(entry, 'Statement')) });
    }
  }
  const metadata = at(json, 'Metadata');
  const digests = itemsOf(at(metadata, 'RepoDigests'));
  const artifact = textOf(at(json, 'ArtifactName')) ?? '';
  const family = textOf(at(metadata, 'OS', 'Family'));
  const release = textOf(at(metadata, 'OS', 'Name'));
  return {
    scanner: 'trivy',
    version: versionOf(at(json, 'Trivy', 'Version')),
    artifact,
    names: [...itemsOf(at(metadata, 'RepoTags')), ...digests, at(metadata, 'Reference')].flatMap(name => textOf(name) ?? []).slice(0, 100),
    digest: digests.map(digestIn).find(digest => digest !== null) ?? digestIn(artifact),
    architecture: textOf(at(metadata, 'ImageConfig', 'architecture')),
    os: family === null ? null : { name: [family, release ?? ''].join(' ').trim(), endOfLife: at(metadata, 'OS', 'EOSL') === true },
    vulnerabilities,
    hidden,
    checks: [],
    secrets,
    databaseAt: null,
    cut,
  };
}

function readEntry(entry: unknown, sources: ReadonlyMap<string | null, string | null>): Vulnerability | null {
  const id = textOf(at(entry, 'VulnerabilityID'));
  const name = textOf(at(entry, 'PkgName'));
  if (id === null || name === null) return null;
  const said = textOf(at(entry, 'Severity'))?.toLowerCase();
  return {
    id,
    severity: vulnerabilitySeverities.find(severity => severity === said) ?? 'unknown',
    title: textOf(at(entry, 'Title')) ?? '',
    package: name,
    source: sources.get(textOf(at(entry, 'PkgID'))) ?? null,
    installed: textOf(at(entry, 'InstalledVersion')) ?? '',
    fixed: textOf(at(entry, 'FixedVersion')),
    status: textOf(at(entry, 'Status')) ?? '',
    url: linkOf(at(entry, 'PrimaryURL')),
    purl: textOf(at(entry, 'PkgIdentifier', 'PURL')),
  };
}
