import { resolve } from 'node:path';
import { readScanReport, refusedVersion, type ScannerName, scannerLabel, type ScanReport, vexProblem } from '../../../shared/src/index';
import { knownRegistries } from '../../../shared/host/node/registry/credentials';
import { neverCancelled } from '../../../shared/src/base/ports/cancellation';
import type { ScannerOptions } from '../host/node/scanner/scanner';
import { endpointOf } from '../../../shared/src/services/registry/names';
import { createKeptScans, openScanPacks } from '../host/node/scanner/kept-scans';
import { decodeText, type Result } from '../host/node/files';
import type { VexDocument } from '../lookups/scanner';
import type { Attempt } from './attempt';
import { shownPath } from './inputs';
import { keptFolder } from './kept/open';
import type { Output } from './output';
import type { Reading } from './reading';
import { createCliClient } from './resolver';
import { InputError, UsageError, type Arguments } from './usage';

const defaultTimeoutSeconds = 300;

/** A report that was given instead of a scan. */
export interface GivenReport {
  /** As a person knows it. */
  readonly path: string;
  readonly report: ScanReport;
}

/** How the command line has a scanner run. `guarded`: the folders whose programs are not run. Throws `UsageError`. */
export function scannerOptions(args: Arguments, { running }: Attempt, guarded: readonly string[]): Omit<ScannerOptions, 'kept'> {
  const seconds = args.get('timeout') ?? String(defaultTimeoutSeconds);
  if (!/^[1-9]\d{0,5}$/.test(seconds)) throw new UsageError(`--timeout must be a number of seconds, not "${seconds}"`);
  const platform = args.get('platform');
  if (platform !== undefined && !/^[a-z0-9]{1,20}\/[a-z0-9]{1,20}(?:\/[a-z0-9]{1,20})?$/.test(platform))
    throw new UsageError(`--platform must be an operating system and an architecture such as linux/arm64, not "${platform}"`);
  return {
    path: args.get('tool') ?? null,
    scanner: (args.get('scanner') as ScannerName | undefined) ?? null,
    env: process.env,
    outside: guarded,
    update: !args.has('no-update'),
    timeoutMs: Number(seconds) * 1000,
    allowed: [...args.all('allow-registry'), ...knownRegistries(process.env, () => undefined)],
    // a signal ends the whole run
    cancellation: neverCancelled,
    running,
  };
}

/** What earlier scans have found, as the arguments say. */
export function keptScans(args: Arguments, guarded: readonly string[], output: Output): ScannerOptions['kept'] {
  const folder = keptFolder(args, guarded, () => undefined); // the run has said what is wrong with it
  if (folder === null) return null;
  const client = createCliClient(args, guarded, output, []);
  return {
    scans: createKeptScans(openScanPacks(process.env, folder)),
    digestOf: async reference => {
      const endpoint = endpointOf(reference);
      const answer = endpoint.ok ? await client.manifest(endpoint.value, neverCancelled) : endpoint;
      return answer.ok ? answer.value.digest : null;
    },
  };
}

/** Reads the VEX documents that `--vex` names. Throws `InputError` where one is none. */
export function readVex(args: Arguments, reading: Reading): readonly VexDocument[] {
  return args.all('vex').map(file => {
    const name = shownPath(resolve(file));
    const text = readText(file, reading);
    if (!text.ok) throw new InputError(`--vex: ${name}: ${text.message}`);
    const problem = vexProblem(text.value);
    if (problem !== null) throw new InputError(`--vex: ${name} ${problem}`);
    return { name, text: text.value };
  });
}

function readText(file: string, reading: Reading): Result<string> {
  const bytes = reading.bytes(resolve(file));
  return bytes.ok ? decodeText(bytes.value) : bytes;
}

/** Reads the reports that `--input` names. Throws `InputError` where one is none, or of a scanner that is not to be believed. */
export function readGivenReports(args: Arguments, reading: Reading): readonly GivenReport[] {
  return args.all('input').map(file => {
    const path = shownPath(resolve(file));
    const text = readText(file, reading);
    if (!text.ok) throw new InputError(`${path}: ${text.message}`);
    const read = readScanReport(text.value);
    if (!read.ok) throw new InputError(`${path}: the report ${read.message}`);
    const { scanner, version } = read.report;
    const refused = version === null ? null : refusedVersion(scanner, version);
    if (refused !== null) throw new InputError(`${path}: ${scannerLabel(scanner, version)} ${refused}`);
    return { path, report: read.report };
  });
}
