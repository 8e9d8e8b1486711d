import { describe, expect, it } from 'vitest';
import {
  addIgnoreEntry,
  adviceWords,
  ageInDays,
  compareScans,
  createEngine,
  createWords,
  failureIn,
  isAbout,
  newestPatch,
  purlOfPackage,
  readScanReport,
  readToolVersion,
  refusedVersion,
  rules,
  scanFindings,
  type ScanReport,
  vexProblem,
} from '../../../shared/src/index';
import { entry, trivyJson } from '../../support/scan-report';
import { hasSamples, sample } from './samples';

const engine = createEngine(rules);
const words = createWords(rules);

function report(...entries: object[]): ScanReport {
  const outcome = readScanReport(trivyJson(entries, { Trivy: { Version: '0.74.0' } }));
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.report;
}

/** The findings of a file all of whose images have one report: severity, what is underlined, message. */
function found(path: string, text: string, of: ScanReport): readonly (readonly [string, string, string])[] {
  const places = engine
    .open({ path, text })
    .images()
    .map(place => ({ ...place, report: of }));
  return scanFindings(text, path, places).map(one => [one.severity, text.slice(one.range.start, one.range.end), words.message(one)]);
}

describe('findings of a scan', () => {
  it('stand on the tag, with counts and the scanner', () => {
    const made = report(entry('CVE-2099-1', 'CRITICAL', '1.1'), entry('CVE-2099-2', 'HIGH', '1.1'), entry('CVE-2099-3', 'MEDIUM'));
    expect(found('Dockerfile', 'FROM registry.example/app:1.0\n', made)).toEqual([
      ['error', '1.0', 'registry.example/app:1.0: 1 critical, 1 high with a fix; 3 in all (Trivy 0.74.0)'],
    ]);
    expect(found('compose.yaml', 'services:\n  a:\n    image: "app:2"\n', made).map(([, where]) => where)).toEqual(['2']);
    expect(found('Dockerfile', `FROM app\n`, made).map(([, where]) => where)).toEqual(['app']);
    expect(found('Dockerfile', `FROM app:1@sha256:${'a'.repeat(64)}\n`, made).map(([, where]) => where)).toEqual(['1']);
  });

  it.each([
    [entry('CVE-2099-1', 'CRITICAL', '1.1'), 'error'],
    [entry('CVE-2099-1', 'HIGH', '1.1'), 'warning'],
    [entry('CVE-2099-1', 'LOW', '1.1'), 'info'],
    [entry('CVE-2099-1', 'UNKNOWN', '1.1'), 'info'],
    [entry('CVE-2099-1', 'CRITICAL'), 'info'],
    [entry('CVE-2099-1', 'LOW'), null],
  ])('are as bad as the worst that can be fixed (%#)', (one, severity) => {
    expect(found('Dockerfile', 'FROM app:1\n', report(one)).map(([own]) => own)).toEqual(severity === null ? [] : [severity]);
  });

  it('are an information on an image that only builds, and none where nothing was found', () => {
    const text = 'FROM app:1 AS build\nFROM app:2\nCOPY --from=build /a /a\n';
    const made = found('Dockerfile', text, report(entry('CVE-2099-1', 'CRITICAL', '1.1')));
    expect(made).toEqual([
      ['info', '1', 'app:1, used only in the build: 1 critical with a fix; 1 in all (Trivy 0.74.0)'],
      ['error', '2', 'app:2: 1 critical with a fix; 1 in all (Trivy 0.74.0)'],
    ]);
    expect(found('Dockerfile', text, report())).toEqual([]);
  });

  it('name the packages that an update mends', () => {
    const made = report(entry('CVE-2099-1', 'LOW'), entry('CVE-2099-2', 'HIGH', '1.1', 'zlib'));
    const [finding] = scanFindings('FROM app:1\n', 'Dockerfile', [{ reference: 'app:1', range: { start: 5, end: 10 }, report: made }]);
    expect(finding!.related.map(related => words.message({ ...related, rule: finding!.rule }))).toEqual([
      'zlib 1.0: high CVE-2099-2, fixed in 1.1',
    ]);
  });
});

describe('versions of scanners', () => {
  it.each([
    ['0.69.4', /malware/],
    ['0.69.6', /malware/],
    ['0.69.4-alpine', /malware/],
    ['0.49.1', /too old/],
    ['0.69.3', null],
    ['0.69.7', null],
    ['0.74.0', null],
    ['1.0.0', null],
  ])('%s', (version, refused) => {
    if (refused === null) expect(refusedVersion('trivy', version)).toBeNull();
    else expect(refusedVersion('trivy', version)).toMatch(refused);
    expect(refusedVersion('grype', version)).toBeNull();
  });

  it('know how old a database is', () => {
    const now = Date.parse('2026-11-27T12:00:00Z');
    expect(ageInDays('2026-11-19T11:00:00.000Z', now)).toBe(8);
    expect(ageInDays('2027-01-01T00:00:00.000Z', now)).toBe(0);
    expect(ageInDays(null, now)).toBeNull();
  });
});

describe('words of a run that failed', () => {
  it.each([
    ['FATAL no space left on device', 'disk-full'],
    ['write /tmp/x: no space left on device\nFATAL init error: DB error', 'disk-full'],
    ['\u001b[31mFATAL\u001b[0m something new', 'failed'],
    ['* remote error: GET https://registry.example/v2/app/manifests/1: MANIFEST_UNKNOWN: manifest unknown', 'not-found'],
    [
      '* docker error: permission denied\n* remote error: Get "https://r.example/v2/": dial tcp: lookup r.example: no such host',
      'unreachable',
    ],
    ['* remote error: UNAUTHORIZED: authentication required', 'denied'],
    ['', 'failed'],
  ])('%j', (text, kind) => {
    const failure = failureIn(text);
    expect(failure.kind).toBe(kind);
    expect(failure.message).not.toContain('\u001b');
  });

  it.skipIf(!hasSamples)('as recorded', () => {
    expect(failureIn(sample('trivy-error-nodb.txt')).kind).toBe('no-database');
    expect(failureIn(sample('trivy-error-notfound.txt')).kind).toBe('unreachable');
    expect(failureIn(sample('trivy-error-badflag.txt')).message).toContain('unknown flag');
    expect(failureIn(sample('dockle-error-notfound.txt')).kind).toBe('unreachable');
  });
});

describe('which image a report is about', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const about = { artifact: 'node:20', names: [`node@${digest}`], digest };
  it.each([
    ['node:20', true],
    ['docker.io/library/node:20', true],
    [`node:20@${digest}`, true],
    [`other:1@${digest}`, true],
    [`node:20@sha256:${'b'.repeat(64)}`, false],
    ['node:21', false],
    ['node', false],
    ['registry.example/node:20', false],
  ])('%s: %s', (reference, expected) => expect(isAbout(about, reference)).toBe(expected));
});

describe('advice', () => {
  const tags = [
    '3.20.0',
    '3.20.3',
    '3.20.10',
    '3.20',
    '3.21.0',
    '3.20.11-slim',
    '3.20.x',
    'latest',
    '3.20.9-alpine',
    '3.20.12-alpine3.20',
    '4.0.99',
  ];
  it.each([
    ['3.20.0', '3.20.10'],
    ['3.20.3', '3.20.10'],
    ['3.20.10', null],
    ['3.20.1-alpine', '3.20.9-alpine'],
    ['v3.20.1', null],
    // what moves by itself, and what a person has to choose
    ['3.20', null],
    ['3', null],
    ['latest', null],
  ])('%s: %s', (tag, newest) => expect(newestPatch(tag, tags)).toBe(newest));

  it('says what is left, each vulnerability once', () => {
    const one = report(
      entry('CVE-2099-1', 'HIGH', '1', 'a'),
      entry('CVE-2099-1', 'HIGH', '1', 'b'),
      entry('CVE-2099-2', 'LOW'),
      entry('CVE-2099-3', 'LOW'),
    );
    const words = (...others: object[]): string => adviceWords('1.2.4', compareScans(one, report(...others)));
    expect(words(entry('CVE-2099-2', 'LOW'))).toBe('1.2.4 has 1 of the 3');
    expect(words(entry('CVE-2099-2', 'LOW'), entry('CVE-2099-9', 'LOW'))).toBe('1.2.4 has 1 of the 3, and 1 other');
    expect(words()).toBe('1.2.4 has none of the 3');
    expect(adviceWords('1.2.4', compareScans(one, one))).toBe('1.2.4 has all of the 3');
  });
});

describe('.trivyignore.yaml', () => {
  const one = { id: 'CVE-2099-1', purls: ['pkg:apk/alpine/libssl3'], statement: 'TLS ends at: the proxy', expiredAt: '2027-02-24' };
  const body = `  - id: CVE-2099-1\n    purls:\n      - "pkg:apk/alpine/libssl3"\n    statement: "TLS ends at: the proxy"\n    expired_at: 2027-02-24\n`;
  it('is made, and keeps its comments', () => {
    expect(addIgnoreEntry('', one)).toBe(`vulnerabilities:\n${body}`);
    expect(addIgnoreEntry('# ours\n', one)).toBe(`# ours\nvulnerabilities:\n${body}`);
  });

  it('gets an entry more, and keeps every other byte', () => {
    const before = '# ours\nvulnerabilities:\n  - id: CVE-2098-9   # known\n    statement: old\nsecrets: []\n';
    const after = addIgnoreEntry(before, one)!;
    const [head, tail] = ['# ours\nvulnerabilities:\n  - id: CVE-2098-9   # known\n    statement: old\n', 'secrets: []\n'];
    expect(after.startsWith(head)).toBe(true);
    expect(after.endsWith(tail)).toBe(true);
    // Trivy reads a date, and no text in its place
    expect(after).toMatch(/\n {4}expired_at: 2027-02-24\n/);
    expect(addIgnoreEntry(before.replaceAll('\n', '\r\n'), one)!.replaceAll('\r\n', '')).not.toContain('\n');
  });

  it('is left alone where it is no such file, or the entry is none', () => {
    expect(addIgnoreEntry('---\nvulnerabilities:\n', one)).toMatch(/\n {4}expired_at: 2027-02-24\n$/);
    for (const text of ['vulnerabilities: [', 'vulnerabilities: 5\n', '- a\n', 'a: 1\n---\nb: 2\n'])
      expect(addIgnoreEntry(text, one), text).toBeNull();
    for (const bad of [{ id: 'a: b' }, { statement: '  ' }, { purls: ['pkg:x\n- y'] }, { expiredAt: 'soon' }])
      expect(addIgnoreEntry('', { ...one, ...bad })).toBeNull();
  });

  it('takes package URLs without their version', () => {
    expect(purlOfPackage('pkg:apk/alpine/libssl3@3.1.4-r5?arch=x86_64&distro=3.19.0')).toBe('pkg:apk/alpine/libssl3');
    expect(purlOfPackage('pkg:npm/%40acme/x@1.0.0')).toBe('pkg:npm/%40acme/x');
    expect(purlOfPackage('nothing')).toBeNull();
    expect(purlOfPackage(null)).toBeNull();
  });
});

describe('what Trivy says of itself', () => {
  const said = (databases: object): unknown => readToolVersion('trivy', JSON.stringify({ Version: '0.74.0', ...databases }));
  const day = (text: string): object => ({ UpdatedAt: text, NextUpdate: '2026-11-27T06:00:00Z', DownloadedAt: '2026-11-27T05:50:00Z' });
  it('is how old its databases are, and when it wants newer ones: no more than once in an hour', () => {
    expect(said({ VulnerabilityDB: day('2026-11-26T06:00:00Z'), JavaDB: day('2026-11-20T06:00:00Z') })).toEqual({
      version: '0.74.0',
      databaseAt: '2026-11-26T06:00:00.000Z',
      javaAt: '2026-11-20T06:00:00.000Z',
      updateAt: Date.parse('2026-11-27T06:50:00Z'),
    });
    for (const unknown of [{ DownloadedAt: '0001-01-01T00:00:00Z' }, { DownloadedAt: undefined }, { NextUpdate: undefined }])
      expect(said({ VulnerabilityDB: { ...day('2026-11-26T06:00:00Z'), ...unknown } })).toMatchObject({ updateAt: null });
    // built by hand
    expect(readToolVersion('trivy', '{"Version":"dev"}')).toMatchObject({ version: null });
    expect(readToolVersion('trivy', '{"Version":"other"}')).toBeNull();
    expect(said({})).toEqual({ version: '0.74.0', databaseAt: null, javaAt: null, updateAt: null });
  });
});

describe('VEX documents', () => {
  it.each([
    [{ '@context': 'https://openvex.dev/ns/v0.2.0', statements: [] }, null],
    [{ document: { category: 'csaf_vex' }, vulnerabilities: [] }, null],
    [{ bomFormat: 'CycloneDX', vulnerabilities: [] }, /CycloneDX/],
    [{ '@context': '', statements: [] }, /neither/],
    [[], /neither/],
    [null, /neither/],
  ])('%j', (json, problem) => {
    if (problem === null) expect(vexProblem(JSON.stringify(json))).toBeNull();
    else expect(vexProblem(JSON.stringify(json))).toMatch(problem);
  });
});
