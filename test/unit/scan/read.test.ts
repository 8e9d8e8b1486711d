import { describe, expect, it } from 'vitest';
import { scanNotes } from '../../../shared/src/services/scan/notes';
import { readScanReport, type ScanReport, summarize } from '../../../shared/src/index';
import { entry, trivyJson } from '../../support/scan-report';
import { hasSamples, sample } from './samples';

function read(text: string): ScanReport {
  const outcome = readScanReport(text);
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.report;
}

describe('reports of scanners', () => {
  it('read Trivy: several packages with one vulnerability count once', () => {
    const report = read(
      trivyJson([
        entry('CVE-2099-1', 'CRITICAL', '1.1', 'libssl'),
        entry('CVE-2099-1', 'CRITICAL', '1.1', 'libcrypto'),
        entry('CVE-2099-2', 'LOW'),
      ]),
    );
    expect(report).toMatchObject({
      scanner: 'trivy',
      artifact: 'registry.example/app:1.0',
      architecture: 'amd64',
      digest: null,
      cut: false,
    });
    expect(report.os).toEqual({ name: 'debian 12.9', endOfLife: false });
    expect(report.vulnerabilities[0]).toEqual({
      id: 'CVE-2099-1',
      severity: 'critical',
      title: 'made up CVE-2099-1',
      package: 'libssl',
      source: null,
      installed: '1.0',
      fixed: '1.1',
      status: '',
      url: 'https://example.com/CVE-2099-1',
      purl: 'pkg:deb/debian/libssl@1.0?arch=amd64',
    });
    expect(summarize(report)).toMatchObject({ count: 2, fixableCount: 1, all: { critical: 1, low: 1 }, fixable: { critical: 1, low: 0 } });
  });

  it('keep nothing of the environment and the secrets that a report holds', () => {
    const results = [{ Secrets: [{ Match: 'AKIA-do-not-keep-me' }], Vulnerabilities: [entry('CVE-2099-1', 'HIGH')] }];
    const report = read(trivyJson([], { Results: results }));
    expect(JSON.stringify(report)).not.toContain('do-not-keep-me');
    expect(scanNotes(report, true)).toEqual(['a credential lies in the files of the image: Trivy says where']);
  });

  it('read Grype, what it ignores included', () => {
    const match = (id: string, fix: object): object => ({
      vulnerability: { id, severity: 'Negligible', dataSource: 'https://example.com/x', fix },
      artifact: { name: 'zlib', version: '1.2', purl: 'pkg:deb/debian/zlib@1.2', upstreams: [{ name: 'zlib-src' }] },
    });
    const report = read(
      JSON.stringify({
        matches: [match('CVE-2099-1', { state: 'fixed', versions: ['1.3'] }), match('CVE-2099-2', { state: 'wont-fix', versions: [] })],
        ignoredMatches: [{ ...match('CVE-2099-3', {}), appliedIgnoreRules: [{ namespace: 'vex', reason: 'not reachable' }] }],
        source: {
          type: 'image',
          target: { userInput: 'app:1', repoDigests: [`app@sha256:${'a'.repeat(64)}`], tags: ['app:1'], architecture: 'arm64' },
        },
        distro: { name: 'debian', version: '12' },
        descriptor: { name: 'grype', version: '0.121.3', db: { status: { built: '2026-11-20T01:02:03Z' } } },
      }),
    );
    expect(report).toMatchObject({
      scanner: 'grype',
      version: '0.121.3',
      digest: `sha256:${'a'.repeat(64)}`,
      architecture: 'arm64',
      databaseAt: '2026-11-20T01:02:03.000Z',
      hidden: [{ id: 'CVE-2099-3', package: 'zlib', by: 'vex', reason: 'not reachable' }],
    });
    expect(report.vulnerabilities.map(({ severity, fixed, source }) => [severity, fixed, source])).toEqual([
      ['low', '1.3', 'zlib-src'],
      ['low', null, 'zlib-src'],
    ]);
  });

  it('say what is wrong with what is no report, and never throw', () => {
    const bad: readonly (readonly [string, string])[] = [
      ['', 'is empty'],
      ['Usage:\n  trivy image', 'is not JSON'],
      ['{"SchemaVersion":2,', 'is not JSON, or is truncated'],
      ['[]', 'is not JSON'],
      ['{}', 'is not a JSON report from Trivy, Grype or Dockle'],
      ['{"SchemaVersion":3,"ArtifactName":"a"}', 'is not a JSON report from Trivy, Grype or Dockle'],
      [`${'{"a":'.repeat(200_000)}`, 'is not JSON, or is truncated'],
    ];
    for (const [text, message] of bad) expect(readScanReport(text), text.slice(0, 40)).toEqual({ ok: false, message });
  });

  it('take any value in any place for what it is, or for nothing', () => {
    const values = [null, 0, 'x', [], {}, [null], [[]], true, { length: 3 }];
    for (const value of values) {
      for (const key of ['Results', 'Metadata', 'Trivy']) expect(read(trivyJson([], { [key]: value })).vulnerabilities).toEqual([]);
      expect(
        read(trivyJson([], { Results: [{ Vulnerabilities: [value], Packages: value, ExperimentalModifiedFindings: [value] }] })).hidden,
      ).toEqual([]);
      for (const field of ['VulnerabilityID', 'PkgName']) {
        const made = read(trivyJson([{ ...entry('CVE-2099-1', 'HIGH'), [field]: value }]));
        expect(made.vulnerabilities).toHaveLength(value === 'x' ? 1 : 0);
      }
    }
  });

  it('keep no link but https, and no long text', () => {
    const bad = [
      'javascript:alert(1)',
      'http://example.com/',
      'https://a@example.com/',
      'https://example.com/)[x](command:y',
      'https://example.com/ x',
    ];
    for (const url of bad)
      expect(read(trivyJson([{ ...entry('CVE-2099-1', 'HIGH'), PrimaryURL: url }])).vulnerabilities[0]?.url, url).toBeNull();
    const long = read(trivyJson([{ ...entry('CVE-2099-1', 'weird'), Title: 'x'.repeat(1_000_000) }])).vulnerabilities[0];
    expect(long?.title).toHaveLength(300);
    expect(long?.severity).toBe('unknown');
  });

  it('keep ten thousand, and say that there is more', () => {
    const many = Array.from({ length: 10_001 }, (_, i) => entry(`CVE-2099-${i}`, 'LOW'));
    const report = read(trivyJson(many));
    expect(report.vulnerabilities).toHaveLength(10_000);
    expect(report.cut).toBe(true);
  });
});

describe.skipIf(!hasSamples)('recorded reports', () => {
  it('of Trivy: 5 entries, 4 vulnerabilities, an Alpine without updates', () => {
    const report = read(sample('trivy-image.json'));
    expect(report.vulnerabilities).toHaveLength(5);
    expect(summarize(report)).toMatchObject({ count: 4, fixableCount: 3 });
    expect(report.os).toEqual({ name: 'alpine 3.19.0', endOfLife: true });
    expect(JSON.stringify(report)).not.toContain('hunter2example');
    expect(read(sample('trivy-image-clean.json'))).toMatchObject({ vulnerabilities: [], hidden: [] });
  });

  it('name what an ignore file and VEX have hidden, with the reason', () => {
    expect(read(sample('trivy-image-ignored.json')).hidden).toEqual([
      { id: 'CVE-2099-0001', package: 'libssl3', severity: 'critical', by: 'ignore.yaml', reason: 'not reachable, TLS ends at the proxy' },
    ]);
    expect(read(sample('trivy-image-vex.json')).hidden).toMatchObject([
      { id: 'CVE-2099-0006', by: 'vex.json', reason: 'vulnerable_code_not_in_execute_path' },
    ]);
  });

  it('name the source package where packages are listed', () => {
    const sources = read(sample('trivy-image-packages.json')).vulnerabilities.map(({ package: name, source }) => [name, source]);
    expect(sources).toContainEqual(['libssl3', 'openssl']);
  });

  it('of real Debian: what has no fix is no reason for an error', () => {
    expect(summarize(read(sample('trivy-image-debian.json')))).toMatchObject({ count: 2, fixableCount: 1 });
  });

  it('of Dockle: only what the built image alone shows', () => {
    const { checks } = read(sample('dockle-image.json'));
    expect(checks.map(({ code, level, count }) => [code, level, count])).toEqual([
      ['CIS-DI-0010', 'fatal', 1],
      ['DKL-LI-0001', 'fatal', 1],
      ['CIS-DI-0008', 'info', 1],
    ]);
  });

  it('of other formats and of failed runs are none', () => {
    for (const name of ['trivy-image.cdx.json', 'trivy-image.sarif', 'syft-image.json', 'dockle-error-notfound.txt', 'trivy-version.json'])
      expect(readScanReport(sample(name)).ok, name).toBe(false);
  });
});
