/** A report as Trivy writes it, of our own making. */
export function trivyJson(vulnerabilities: readonly object[], more: object = {}): string {
  return JSON.stringify({
    SchemaVersion: 2,
    ArtifactName: 'registry.example/app:1.0',
    ArtifactType: 'container_image',
    Metadata: { OS: { Family: 'debian', Name: '12.9' }, ImageConfig: { architecture: 'amd64', config: { Env: ['TOKEN=do-not-keep-me'] } } },
    Results: [{ Target: 'app', Class: 'os-pkgs', Type: 'debian', Vulnerabilities: vulnerabilities }],
    ...more,
  });
}

/** An entry of such a report. */
export function entry(id: string, severity: string, fixed: string | null = null, name = 'libmade'): object {
  return {
    VulnerabilityID: id,
    PkgName: name,
    InstalledVersion: '1.0',
    ...(fixed !== null && { FixedVersion: fixed }),
    Severity: severity,
    Title: `made up ${id}`,
    PrimaryURL: `https://example.com/${id}`,
    PkgIdentifier: { PURL: `pkg:deb/debian/${name}@1.0?arch=amd64` },
  };
}
