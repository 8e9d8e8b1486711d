import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  failureIn,
  maxReportLength,
  normalReference,
  readScanReport,
  readToolVersion,
  refusedVersion,
  type ScanFailure,
  type ScannerName,
  scannerLabel,
  scannerTitles,
  type ScanReport,
  versionArguments,
} from '../../../../../shared/src/index';
import type { ScannerOpening, ScanOutcome, ScanRequest } from '../../../scanner';
import type { Cancellation } from '../../../../../shared/src/ports/cancellation';
import { scannerEnvironment } from './environment';
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
}

/** A slow machine takes seconds to load a scanner of 150 MB. */
const versionTimeoutMs = 30_000;

/** Finds the user's scanner and asks its version: versions that are known to be malware are not asked for anything else. Never rejects. */
export async function openScanner(options: ScannerOptions): Promise<ScannerOpening> {
  const tool = findTool(options);
  if ('kind' in tool) return { ok: false, failure: tool };
  const title = scannerTitles[tool.scanner];
  const run = (args: readonly string[], cwd: string, timeoutMs: number): Promise<ProcessEnd> => {
    const { cancellation, running, env, update } = options;
    const environment = scannerEnvironment(env, tool.scanner, update);
    return runProcess({ path: tool.path, args, cwd, env: environment, timeoutMs, maxBytes: maxReportLength, cancellation, running });
  };
  const answer = await inFolder(folder => run(versionArguments[tool.scanner], folder, versionTimeoutMs));
  if ('kind' in answer) return { ok: false, failure: answer };
  const ended = endedEarly(answer, versionTimeoutMs);
  if (ended) return failed(ended.kind, `${title}, asked for its version: ${ended.message}`);
  const said = readToolVersion(tool.scanner, answer.stdout);
  if (said === null)
    return {
      ok: false,
      failure: { kind: 'refused-version', message: `${tool.path} does not say its version as ${title} does: it is not run` },
    };
  const refused = said.version === null ? null : refusedVersion(tool.scanner, said.version);
  if (refused !== null)
    return { ok: false, failure: { kind: 'refused-version', message: `${scannerLabel(tool.scanner, said.version)} ${refused}` } };

  const scan = async (request: ScanRequest): Promise<ScanOutcome> => {
    const reference = normalReference(request.reference);
    if (reference === null) return failed('not-found', 'no registry can resolve the reference');
    const host = request.named ? null : await refusedHost(request.reference, options.allowed);
    if (host !== null) return failed('refused', host);
    if (options.cancellation.cancelled) return failed('cancelled', 'cancelled');
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
    return believed({ ...read.report, databaseAt: read.report.databaseAt ?? said.databaseAt }, tool.scanner, said.version, request);
  };
  return { ok: true, scanner: { name: tool.scanner, version: said.version, scan } };
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
      return { kind: 'timed-out', message: `it was ended after ${Math.round(timeoutMs / 1000)} s without an answer` };
    case 'too-much':
      return { kind: 'too-much', message: `it was ended: it printed more than ${maxReportLength >> 20} MB` };
    case 'not-started':
      return { kind: 'failed', message: `it could not be started: ${stderr}` };
    case 'exit':
      return signal === null ? null : { kind: 'killed', message: `it was ended by ${signal}: perhaps memory ran out` };
  }
}

/** A report is believed where it is by the scanner and the version that were asked, and about the platform that was. */
function believed(report: ScanReport, scanner: ScannerName, version: string | null, { platform, ignore }: ScanRequest): ScanOutcome {
  if (report.scanner !== scanner)
    return failed('lied', `it is run as ${scannerTitles[scanner]}, and answers as ${scannerTitles[report.scanner]}`);
  const own = report.version;
  if (own !== null && version !== null && coreOf(own) !== coreOf(version))
    return failed('lied', `it says that it is ${version}, and its report that it is ${own}: nothing of it is believed`);
  const wanted = platform?.split('/')[1] ?? null;
  if (wanted !== null && report.architecture !== null && report.architecture !== wanted)
    return failed('not-found', `the image has no ${platform}: what was scanned is ${report.architecture}`);
  // the scanner knows a copy
  const hidden = report.hidden.map(one => (ignore !== null && basename(one.by) === ignore.name ? { ...one, by: ignore.name } : one));
  return { ok: true, report: { ...report, version, hidden } };
}

function coreOf(version: string): string {
  return version.split(/[-+]/, 1)[0]!;
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
  const ofVex = vex.flatMap(file => ['--vex', file]);
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
