import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  failureIn,
  maxReportLength,
  normalReference,
  parseImageReference,
  readScanReport,
  readToolVersion,
  refusedVersion,
  type ScanFailure,
  type ScannerName,
  scannerLabel,
  scannerTitles,
  type ScanReport,
  type ToolVersion,
  versionArguments,
} from '../../../../../shared/src/index';
import type { KeptScans, ScannerOpening, ScanOutcome, ScanRequest } from '../../../lookups/scanner';
import type { Cancellation } from '../../../../../shared/src/base/ports/cancellation';
import { withoutFolders } from '../../../../../shared/host/node/find-program';
import { scannerEnvironment } from './environment';
import { basisOf } from './kept-scans';
import { findTool, type ToolRequest } from './find-tool';
import { refusedHost } from './refused-host';
import { inFolder } from '../process/own-folder';
import type { Running } from '../process/process-tree';
import { runProcess, type ProcessEnd } from '../process/run-process';

/** How a scanner is run. */
export interface ScannerOptions extends ToolRequest {
  /** Whether it may bring its database up to date first. */
  readonly update: boolean;
  /** Milliseconds for one image. */
  readonly timeoutMs: number;
  /** Registries that are asked though they are on this machine or in a private network. */
  readonly allowed: readonly string[];
  readonly cancellation: Cancellation;
  readonly running: Running;
  /** What earlier scans have found, and what says whether the image is still the same; `null`: every image is scanned. */
  readonly kept: { readonly scans: KeptScans; readonly digestOf: (reference: string) => Promise<string | null> } | null;
}

/** A slow machine takes seconds to load a scanner of 150 MB. */
const versionTimeoutMs = 30_000;

/** Finds the user's scanner and asks its version: versions that are known to be malware are not asked for anything else. Never rejects. */
export async function openScanner(options: ScannerOptions): Promise<ScannerOpening> {
  const tool = findTool(options);
  if ('kind' in tool) return { ok: false, failure: tool };
  const title = scannerTitles[tool.scanner];
  const run = (args: readonly string[], cwd: string, timeoutMs: number): Promise<ProcessEnd> => {
    const { cancellation, running, env, outside, update } = options;
    const environment = scannerEnvironment(withoutFolders(env, outside), tool.scanner, update);
    return runProcess({ path: tool.path, args, cwd, env: environment, timeoutMs, maxBytes: maxReportLength, cancellation, running });
  };
  const askVersion = (): ReturnType<typeof inFolder<ProcessEnd>> =>
    inFolder(folder => run(versionArguments[tool.scanner], folder, versionTimeoutMs));
  const answer = await askVersion();
  if ('kind' in answer) return { ok: false, failure: answer };
  const ended = endedEarly(answer, versionTimeoutMs);
  if (ended) return failed(ended.kind, `${title} did not report its version: ${ended.message}`);
  const first = readToolVersion(tool.scanner, answer.stdout);
  if (first === null)
    return {
      ok: false,
      failure: { kind: 'refused-version', message: `${tool.path} does not report its version the way ${title} does: no scan was run` },
    };
  const { version } = first;
  const refused = version === null ? null : refusedVersion(tool.scanner, version);
  if (refused !== null)
    return { ok: false, failure: { kind: 'refused-version', message: `${scannerLabel(tool.scanner, version)} ${refused}` } };

  /** What it says of its databases; what a server of scans has is known to that server alone. */
  const unknown = { databaseAt: null, javaAt: null, updateAt: null } as const;
  let databases: Pick<ToolVersion, 'databaseAt' | 'javaAt' | 'updateAt'> = options.env['TRIVY_SERVER'] ? unknown : first;
  /** Whether the next scan may begin with another database. */
  const mayUpdate = (): boolean =>
    tool.scanner === 'trivy' && options.update && (databases.updateAt === null || databases.updateAt <= Date.now());
  const askAgain = async (): Promise<void> => {
    const again = await askVersion();
    const now = 'kind' in again || endedEarly(again, versionTimeoutMs) ? null : readToolVersion(tool.scanner, again.stdout);
    databases = now?.version === version && !options.env['TRIVY_SERVER'] ? now : unknown;
  };
  const { kept } = options;
  // one that was built by hand is told from others by its file
  const build = version ?? stampOf(tool.path);
  const placeOf = (reference: string, { platform }: ScanRequest): readonly string[] => [reference, platform ?? '', tool.scanner];
  /** `null`: what is found now may not hold any longer. */
  const basis = (request: ScanRequest): string | null => {
    const { databaseAt, javaAt } = databases;
    if (databaseAt === null || mayUpdate()) return null;
    return basisOf([build, databaseAt, javaAt, options.update, options.env['TRIVY_OFFLINE_SCAN'] ?? null], request, Date.now());
  };
  /** What the last scan of an image has found, if the image, the scanner and its databases are the same. */
  const recall = async (reference: string, request: ScanRequest): Promise<ScanOutcome | null> => {
    const own = kept && basis(request);
    const parsed = parseImageReference(reference);
    if (!kept || own === null || parsed.invalid !== null) return null;
    // what somebody names by hand may just have been built, and no registry knows of it
    if (request.named && parsed.digest === null) return null;
    const found = kept.scans.find(placeOf(reference, request), own);
    if (!found || found.digest !== (parsed.digest ?? (await kept.digestOf(request.reference)))) return null;
    return { ok: true, report: found.report, keptFrom: found.at };
  };

  const scan = async (request: ScanRequest): Promise<ScanOutcome> => {
    const reference = normalReference(request.reference);
    if (reference === null) return failed('not-found', 'no registry can resolve the reference');
    const host = request.named ? null : await refusedHost(request.reference, options);
    if (host !== null) return failed('refused', host);
    if (options.cancellation.cancelled) return failed('cancelled', 'cancelled');
    const known = await recall(reference, request);
    if (known) return known;
    const update = mayUpdate();
    const end = await inFolder(folder => run(imageArguments(tool.scanner, reference, folder, request, options), folder, options.timeoutMs));
    if ('kind' in end) return { ok: false, failure: end };
    const early = endedEarly(end, options.timeoutMs);
    if (early) return { ok: false, failure: early };
    // the exit code says "found" in one set-up and "failed" in another: the report decides
    const read = readScanReport(end.stdout);
    if (!read.ok) {
      if (end.code === 0) return failed('unreadable', `its report ${read.message}`);
      return { ok: false, failure: failureIn(end.stderr.trim() === '' ? end.stdout.slice(-20_000) : end.stderr) };
    }
    if (update) await askAgain();
    const report = { ...read.report, databaseAt: read.report.databaseAt ?? databases.databaseAt };
    const outcome = believed(report, tool.scanner, version, request);
    const own = basis(request);
    if (kept && own !== null && outcome.ok && report.digest !== null)
      kept.scans.keep(placeOf(reference, request), own, { digest: report.digest, at: Date.now(), report: outcome.report });
    return outcome;
  };
  return { ok: true, scanner: { name: tool.scanner, version, scan } };
}

function stampOf(path: string): string {
  const { size, mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { size: 0, mtimeMs: 0 };
  return `${path} ${size} ${mtimeMs}`;
}

function failed(kind: ScanFailure['kind'], message: string): { readonly ok: false; readonly failure: ScanFailure } {
  return { ok: false, failure: { kind, message } };
}

/** Why a process that was ended, or could not be started, has no answer; `null`: it has one. */
function endedEarly({ how, signal, stderr }: ProcessEnd, timeoutMs: number): ScanFailure | null {
  switch (how) {
    case 'cancelled':
      return { kind: 'cancelled', message: 'cancelled' };
    case 'timed-out':
      return { kind: 'timed-out', message: `it was stopped because it had not finished after ${Math.round(timeoutMs / 1000)} s` };
    case 'too-much':
      return { kind: 'too-much', message: `it was stopped: it printed more than ${maxReportLength >> 20} MB` };
    case 'not-started':
      return { kind: 'failed', message: `it could not be started: ${stderr}` };
    case 'exit':
      return signal === null ? null : { kind: 'killed', message: `it was killed by ${signal}: it may have run out of memory` };
  }
}

/** A report is believed where it is by the scanner and the version that were asked, and about the platform that was. */
function believed(report: ScanReport, scanner: ScannerName, version: string | null, { platform, ignore, vex }: ScanRequest): ScanOutcome {
  if (report.scanner !== scanner)
    return failed('lied', `it was run as ${scannerTitles[scanner]} but identifies itself as ${scannerTitles[report.scanner]}`);
  const own = report.version;
  if (own !== null && version !== null && coreOf(own) !== coreOf(version))
    return failed('lied', `it identifies itself as ${version}, but its report says ${own}: the report is not trusted`);
  const wanted = platform?.split('/')[1] ?? null;
  if (wanted !== null && report.architecture !== null && report.architecture !== wanted)
    return failed('not-found', `the image has no ${platform} variant: ${report.architecture} was scanned`);
  // the scanner knows copies
  const names = new Map([
    ...vex.map(({ name }, i) => [vexName(i), name] as const),
    ...(ignore ? [[ignore.name, ignore.name] as const] : []),
  ]);
  const hidden = report.hidden.map(one => ({ ...one, by: names.get(one.by.split(/[\\/]/).at(-1)!) ?? one.by }));
  return { ok: true, report: { ...report, version, hidden }, keptFrom: null };
}

function coreOf(version: string): string {
  return version.split(/[-+]/, 1)[0]!;
}

/** The copy of a VEX document. */
function vexName(index: number): string {
  return `vex-${index}.json`;
}

/** The options of a scan. No configuration is read but the empty one that is named: one of a repository could write files, or ask other servers. */
function imageArguments(
  scanner: ScannerName,
  reference: string,
  folder: string,
  { ignore, vex, platform }: ScanRequest,
  { update, timeoutMs }: ScannerOptions,
): readonly string[] {
  const config = join(folder, 'empty.yaml');
  const ofPlatform = platform === null ? [] : ['--platform', platform];
  const ofVex = vex.flatMap(({ text }, i) => {
    const file = join(folder, vexName(i));
    writeFileSync(file, text);
    return ['--vex', file];
  });
  switch (scanner) {
    case 'trivy': {
      writeFileSync(config, '{}\n');
      const still = update ? [] : ['--skip-db-update', '--skip-java-db-update', '--offline-scan'];
      const ignoreFile = ignore === null ? [] : ['--ignorefile', join(folder, ignore.name)];
      if (ignore !== null) writeFileSync(join(folder, ignore.name), ignore.text);
      const fixed = ['--format', 'json', '--scanners', 'vuln', '--exit-code', '0', '--quiet', '--show-suppressed'];
      const timeout = ['--timeout', `${Math.ceil(timeoutMs / 1000)}s`];
      return ['image', '--config', config, ...fixed, ...timeout, ...still, ...ignoreFile, ...ofVex, ...ofPlatform, '--', reference];
    }
    case 'grype':
      writeFileSync(config, '{}\n');
      return ['--config', config, '--output', 'json', '--quiet', ...ofVex, ...ofPlatform, '--', reference];
    case 'dockle':
      return ['-f', 'json', '--', reference];
  }
}
