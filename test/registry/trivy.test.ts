import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { corpusFolder } from '../../tools/corpus-folder';
import { bulkhead, folder, type Ran } from '../cli/cli';
import { hasSamples } from '../unit/scan/samples';
import { missingPackages, scratchFolder, startRegistry, stopAll, type RealRegistry } from './real';

/** The user's Trivy. */
const trivy = process.env['BULKHEAD_TRIVY'];
const why =
  trivy === undefined
    ? 'BULKHEAD_TRIVY names none'
    : missingPackages.length > 0
      ? `it needs ${missingPackages.join(', ')} (apt-get install)`
      : hasSamples
        ? null
        : '../shared/data/scanner-samples has its database, and is absent';
if (why !== null) console.log(`skipped: Trivy itself: ${why}; what it has printed is read`);

interface Entry {
  readonly VulnerabilityID: string;
  readonly Severity: string;
  readonly FixedVersion?: string;
}

interface TrivyReport {
  readonly Results?: readonly {
    readonly Vulnerabilities?: readonly Entry[];
    readonly ExperimentalModifiedFindings?: readonly { readonly Finding: Entry }[];
  }[];
}

interface Finding {
  readonly message: string;
  readonly severity: string;
  readonly suppressed: boolean;
  readonly suppression: { readonly reason: string | null } | null;
}

describe.skipIf(why !== null)("Trivy over Debian's docker-registry, with a made-up database", () => {
  let registry: RealRegistry;
  let image = '';
  const cache = scratchFolder();
  const env = { HOME: cache, TRIVY_CACHE_DIR: join(cache, 'trivy'), TRIVY_IMAGE_SRC: 'remote', TRIVY_INSECURE: 'true' };
  const samples = join(corpusFolder, 'data/scanner-samples');

  beforeAll(async () => {
    registry = await startRegistry('open');
    const layout = scratchFolder();
    execFileSync(process.execPath, [join(samples, 'make-image.mjs'), layout]);
    await registry.push(join(layout, 'oci'), 'sample/app:1.0');
    image = `${registry.host}/sample/app:1.0`;
    mkdirSync(join(env.TRIVY_CACHE_DIR, 'db'), { recursive: true });
    writeFileSync(join(env.TRIVY_CACHE_DIR, 'db/trivy.db'), gunzipSync(readFileSync(join(samples, 'trivy-db.gz'))));
    const now = new Date().toISOString();
    const metadata = { Version: 2, NextUpdate: '2999-01-01T00:00:00Z', UpdatedAt: now, DownloadedAt: now };
    writeFileSync(join(env.TRIVY_CACHE_DIR, 'db/metadata.json'), JSON.stringify(metadata));
  }, 120_000);
  afterAll(stopAll);

  const ignore = `vulnerabilities:
  - id: CVE-2099-0001
    statement: TLS ends at the proxy
`;
  const vex = JSON.stringify({
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': 'https://example.com/vex/1',
    author: 'Example',
    timestamp: '2026-01-01T00:00:00Z',
    version: 1,
    statements: [
      {
        vulnerability: { name: 'CVE-2099-0006' },
        products: [{ '@id': 'pkg:npm/minimist@1.2.5' }],
        status: 'not_affected',
        justification: 'vulnerable_code_not_in_execute_path',
      },
    ],
  });

  /** What Trivy itself says, asked as its own documentation has it; each id once, as our headlines count. */
  const asked = (...more: string[]) => {
    const args = ['image', '--format', 'json', '--scanners', 'vuln', '--quiet', '--skip-db-update', '--offline-scan', '--show-suppressed'];
    const { stdout, stderr } = spawnSync(trivy!, [...args, ...more, image], { env: { ...process.env, ...env }, encoding: 'utf8' });
    if (!stdout.startsWith('{')) throw new Error(stderr);
    const report = JSON.parse(stdout) as TrivyReport;
    const all = (report.Results ?? []).flatMap(({ Vulnerabilities = [] }) => Vulnerabilities);
    const ids = (severity: string, fixable: boolean): number =>
      new Set(all.filter(one => one.Severity === severity && (!fixable || one.FixedVersion)).map(one => one.VulnerabilityID)).size;
    const counts = (fixable: boolean): string =>
      ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'UNKNOWN']
        .flatMap(severity => (ids(severity, fixable) > 0 ? `${ids(severity, fixable)} ${severity.toLowerCase()}` : []))
        .join(', ');
    const left = (report.Results ?? []).flatMap(({ ExperimentalModifiedFindings = [] }) => ExperimentalModifiedFindings);
    return {
      text: stdout,
      entries: all.length,
      fixable: counts(true),
      all: new Set(all.map(one => one.VulnerabilityID)).size,
      hidden: left.map(({ Finding }) => Finding.VulnerabilityID).sort(),
    };
  };

  const scan = (files: Readonly<Record<string, string>>, ...args: string[]): Ran =>
    bulkhead(['scan', '--tool', trivy!, '--no-update', '--allow-registry', registry.host, ...args], {
      cwd: folder({ Dockerfile: `FROM ${image}\n`, ...files }).path,
      env,
    });
  const findings = ({ stdout }: Ran): readonly Finding[] =>
    (JSON.parse(stdout) as { files: { findings: Finding[] }[] }).files.flatMap(file => file.findings);
  const headline = (ran: Ran): string => findings(ran).find(({ suppressed }) => !suppressed)?.message ?? '';

  const cases: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[]])[] = [
    ['as it is', {}, []],
    ['with an ignore file', { '.trivyignore.yaml': ignore }, []],
    ['with a VEX document', { 'a.vex.json': vex }, ['--vex', 'a.vex.json']],
    ['with both', { '.trivyignore.yaml': ignore, 'a.vex.json': vex }, ['--vex', 'a.vex.json']],
  ];
  it.each(cases)('counts what Trivy counts: %s', { timeout: 120_000 }, (name, files, args) => {
    const own = folder(files);
    const given = [
      ...(files['.trivyignore.yaml'] === undefined ? [] : ['--ignorefile', join(own.path, '.trivyignore.yaml')]),
      ...(files['a.vex.json'] === undefined ? [] : ['--vex', join(own.path, 'a.vex.json')]),
    ];
    const said = asked(...given);
    const ran = scan(files, '--no-cache', '--format', 'json', ...args);
    const hidden = findings(ran).filter(({ suppressed }) => suppressed);
    console.log(
      `Trivy, ${name}: ${said.entries} entries, ${said.fixable} with a fix, ${said.all} in all, left out: ${said.hidden.join(', ') || 'none'}`,
    );
    console.log(`ours:  ${headline(ran)}, left out: ${hidden.map(({ message }) => /CVE-\d+-\d+/.exec(message)?.[0]).join(', ') || 'none'}`);
    expect(headline(ran)).toContain(`: ${said.fixable} with a fix; ${said.all} in all (Trivy`);
    expect(hidden.map(({ message }) => /CVE-\d+-\d+/.exec(message)![0]).sort()).toEqual(said.hidden);
    expect(hidden.length).toBe(name === 'as it is' ? 0 : hidden.length || 1);
    for (const one of hidden) expect(one.suppression?.reason).toMatch(/^(?:TLS ends at the proxy|vulnerable_code_not_in_execute_path)$/);
    expect(ran.code).toBe(1);
    expect(ran.stdout + ran.stderr).not.toContain('hunter2example');
  });

  it('reads the report of Trivy as it does its own, in JSON and SARIF', { timeout: 120_000 }, () => {
    const report = asked().text;
    const given = scan({ 'trivy.json': report }, '--input', 'trivy.json', '--format', 'json');
    // older reports do not name their version
    const counted = (ran: Ran): string => headline(ran).replace(/ \(Trivy[^)]*\)$/, '');
    expect(counted(given)).toBe(counted(scan({}, '--no-cache', '--format', 'json')));
    const sarif = JSON.parse(scan({ '.trivyignore.yaml': ignore }, '--no-cache', '--lint', '--format', 'sarif').stdout) as {
      runs: { results: { ruleId: string; suppressions?: object[] }[] }[];
    };
    const results = sarif.runs[0]!.results;
    expect(
      results.filter(({ ruleId }) => ruleId === 'bulkhead/vulnerable-image').map(({ suppressions = [] }) => suppressions.length > 0),
    ).toEqual(expect.arrayContaining([false, true]));
    expect(results.some(({ ruleId }) => ruleId.startsWith('dockerfile/'))).toBe(true);
  });

  it('scans once what is the same, by the digest that the registry has', { timeout: 120_000 }, () => {
    const first = scan({}, '--format', 'json');
    const again = scan({}, '--format', 'json');
    expect(first.stderr).not.toContain('not scanned again');
    expect(again.stderr).toContain('1 of 1 image not scanned again');
    expect(headline(again).replace(/, \d{4}-\d\d-\d\d\)$/, ')')).toBe(headline(first));
  });

  it('is not led by a configuration of the repository', { timeout: 120_000 }, () => {
    const files = { 'trivy.yaml': 'output: stolen.txt\nseverity: [LOW]\nserver:\n  addr: http://127.0.0.1:1\n' };
    const ran = scan(files, '--no-cache', '--format', 'json');
    expect(headline(ran)).toBe(headline(scan({}, '--no-cache', '--format', 'json')));
  });

  it('says what is wrong: no such image, no database', { timeout: 120_000 }, () => {
    const missing = scan({ Dockerfile: `FROM ${registry.host}/sample/app:9\n` }, '--no-cache');
    expect([missing.code, missing.stderr]).toEqual([
      2,
      expect.stringContaining('neither a container engine nor the registry has the image') as string,
    ]);
    const moved = join(env.TRIVY_CACHE_DIR, 'db');
    const kept = readFileSync(join(moved, 'trivy.db'));
    rmSync(join(moved, 'trivy.db'));
    try {
      const without = scan({}, '--no-cache');
      expect([without.code, without.stderr]).toEqual([2, expect.stringContaining('it has no vulnerability database') as string]);
    } finally {
      writeFileSync(join(moved, 'trivy.db'), kept);
    }
    expect(existsSync(join(moved, 'trivy.db'))).toBe(true);
  });
});
