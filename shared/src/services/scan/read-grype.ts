import { maxVulnerabilities, type ScanReport, type Vulnerability, vulnerabilitySeverities } from './types';
import { at, digestIn, itemsOf, linkOf, textOf, timeOf, versionOf } from './values';

/** Reads the JSON of `grype -o json`. `null`: it is no such report. */
export function readGrype(json: unknown): ScanReport | null {
  if (at(json, 'descriptor', 'name') !== 'grype' || !Array.isArray(at(json, 'matches'))) return null;
  const matches = itemsOf(at(json, 'matches'));
  const ignored = itemsOf(at(json, 'ignoredMatches'));
  const target = at(json, 'source', 'target');
  const digests = itemsOf(at(target, 'repoDigests'));
  const artifact = textOf(at(target, 'userInput')) ?? '';
  const distribution = textOf(at(json, 'distro', 'name'));
  return {
    scanner: 'grype',
    version: versionOf(at(json, 'descriptor', 'version')),
    artifact,
    names: [...itemsOf(at(target, 'tags')), ...digests].flatMap(name => textOf(name) ?? []).slice(0, 100),
    digest: digests.map(digestIn).find(digest => digest !== null) ?? digestIn(artifact),
    architecture: textOf(at(target, 'architecture')),
    os:
      distribution === null
        ? null
        : { name: [distribution, textOf(at(json, 'distro', 'version')) ?? ''].join(' ').trim(), endOfLife: false },
    vulnerabilities: matches.slice(0, maxVulnerabilities).flatMap(match => readMatch(match) ?? []),
    hidden: ignored.slice(0, maxVulnerabilities).flatMap(match => {
      const found = readMatch(match);
      if (!found) return [];
      const [rule] = itemsOf(at(match, 'appliedIgnoreRules'));
      const by = textOf(at(rule, 'namespace')) ?? 'an ignore rule';
      return { id: found.id, package: found.package, severity: found.severity, by, reason: textOf(at(rule, 'reason')) };
    }),
    checks: [],
    secrets: 0,
    // the sixth schema of Grype's database has its state one level deeper
    databaseAt: timeOf(at(json, 'descriptor', 'db', 'built')) ?? timeOf(at(json, 'descriptor', 'db', 'status', 'built')),
    cut: matches.length > maxVulnerabilities || ignored.length > maxVulnerabilities,
  };
}

function readMatch(match: unknown): Vulnerability | null {
  const id = textOf(at(match, 'vulnerability', 'id'));
  const name = textOf(at(match, 'artifact', 'name'));
  if (id === null || name === null) return null;
  const said = textOf(at(match, 'vulnerability', 'severity'))?.toLowerCase();
  const state = textOf(at(match, 'vulnerability', 'fix', 'state'));
  const [first] = itemsOf(at(match, 'vulnerability', 'fix', 'versions'));
  return {
    id,
    severity: said === 'negligible' ? 'low' : (vulnerabilitySeverities.find(severity => severity === said) ?? 'unknown'),
    title: textOf(at(match, 'vulnerability', 'description')) ?? '',
    package: name,
    source: textOf(at(itemsOf(at(match, 'artifact', 'upstreams'))[0], 'name')),
    installed: textOf(at(match, 'artifact', 'version')) ?? '',
    fixed: state === 'fixed' ? textOf(first) : null,
    status: state ?? '',
    url: linkOf(at(match, 'vulnerability', 'dataSource')),
    purl: textOf(at(match, 'artifact', 'purl')),
  };
}
