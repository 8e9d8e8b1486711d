import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readScanReport, refusedVersion, type ScannerName, scannerLabel, type ScanReport } from '../../../shared/src/index';
import { knownRegistries } from '../../../shared/host/node/registry/credentials';
import { neverCancelled } from '../../../shared/src/ports/cancellation';
import type { ScannerOptions } from '../host/node/scanner/scanner';
import { decodeText } from '../host/node/files';
import type { Attempt } from './attempt';
import { shownPath } from './inputs';
import type { Reading } from './reading';
import { InputError, UsageError, type Arguments } from './usage';

const defaultTimeoutSeconds = 300;

/** A report that was given instead of a scan. */
export interface GivenReport {
  /** As a person knows it. */
  readonly path: string;
  readonly report: ScanReport;
}

/** How the command line has a scanner run: options of `ScannerOptions` and the VEX documents, as absolute paths. `root`: the folder whose programs are not run. Throws `UsageError`. */
export function scannerOptions(args: Arguments, { running }: Attempt, root: string): ScannerOptions & { readonly vex: readonly string[] } {
  const seconds = args.get('timeout') ?? String(defaultTimeoutSeconds);
  if (!/^[1-9]\d{0,5}$/.test(seconds)) throw new UsageError(`--timeout must be a number of seconds, not "${seconds}"`);
  const platform = args.get('platform');
  if (platform !== undefined && !/^[a-z0-9]{1,20}\/[a-z0-9]{1,20}(?:\/[a-z0-9]{1,20})?$/.test(platform))
    throw new UsageError(`--platform must be a system and an architecture such as linux/arm64, not "${platform}"`);
  const vex = args.all('vex').map(file => resolve(file));
  const missing = vex.find(file => !existsSync(file));
  if (missing !== undefined) throw new UsageError(`--vex: ${shownPath(missing)} does not exist`);
  return {
    path: args.get('tool') ?? null,
    scanner: (args.get('scanner') as ScannerName | undefined) ?? null,
    env: process.env,
    outside: [root],
    update: !args.has('no-update'),
    timeoutMs: Number(seconds) * 1000,
    allowed: [...args.all('allow-registry'), ...knownRegistries(process.env, () => undefined)],
    // a signal ends the whole run
    cancellation: neverCancelled,
    running,
    vex,
  };
}

/** Reads the reports that `--input` names. Throws `InputError` where one is none, or of a scanner that is not to be believed. */
export function readGivenReports(args: Arguments, reading: Reading): readonly GivenReport[] {
  return args.all('input').map(file => {
    const path = shownPath(resolve(file));
    const bytes = reading.bytes(resolve(file));
    const text = bytes.ok ? decodeText(bytes.value) : bytes;
    if (!text.ok) throw new InputError(`${path}: ${text.message}`);
    const read = readScanReport(text.value);
    if (!read.ok) throw new InputError(`${path}: the report ${read.message}`);
    const { scanner, version } = read.report;
    const refused = version === null ? null : refusedVersion(scanner, version);
    if (refused !== null) throw new InputError(`${path}: ${scannerLabel(scanner, version)} ${refused}`);
    return { path, report: read.report };
  });
}
