import { dirname } from 'node:path';
import { masked, type MaskedText, plain, printable, trusted } from '../../../shared/src/early';
import { anyAtLeast, type FilePart, partOf, type ReportedFile, type ReportedProblem, sumFindings } from '../../../shared/src/formats';
import {
  filledIn,
  hasScanFinding,
  isAbout,
  type LintResult,
  maskAlone,
  normalReference,
  refusalTexts,
  reportFixes,
  scanFindings,
  type ScanFailure,
  type ScannerName,
  scannerNote,
  scannerTitles,
  scanNotes,
  type ScannedPlace,
  type ScanReport,
  type Severity,
} from '../../../shared/src/index';
import type { RegistryClient } from '../../../shared/src/services/registry/client';
import { endpointOf } from '../../../shared/src/services/registry/names';
import { findIgnoreFile } from '../host/node/scanner/ignore-file';
import { openScanner, type ScannerOptions } from '../host/node/scanner/scanner';
import type { ScanRequest } from '../lookups/scanner';
import type { Attempt } from './attempt';
import { eachInput } from './each-input';
import { shownPath, type Input } from './inputs';
import { reportHead } from './lint';
import type { Output } from './output';
import { createCliClient } from './resolver';
import { readReports } from './report-files';
import { sayNotes, startRun, type Run } from './run';
import { adviceOn } from './scan-advice';
import { keptScans, readGivenReports, readVex, scannerOptions, type GivenReport } from './scan-options';
import { readOperands } from './operands';
import { UsageError, type Arguments } from './usage';

/** The name under which images stand that the command line names. */
const commandLine = 'command line';

/** An image to be scanned. */
interface Wanted {
  readonly request: ScanRequest;
  /** The file that hides something, as a person knows it. */
  readonly ignoredBy: string | null;
}

/** A file with its images; or those of the command line. */
interface Work {
  readonly path: string;
  readonly text: string;
  readonly input: Input | null;
  readonly places: readonly {
    readonly reference: string;
    readonly range: { readonly start: number; readonly end: number };
    readonly builder?: boolean;
  }[];
}

/** `bulkhead scan`. Gives the exit code. */
export async function scan(args: Arguments, output: Output, attempt: Attempt): Promise<number> {
  const reports = readReports(args, output);
  const { images, paths } = readOperands(args.operands, 'scan');
  if (args.has('input') && args.has('advise')) throw new UsageError('--input scans nothing and cannot be combined with --advise');
  if (args.has('input') && images.length > 0) throw new UsageError('--input scans nothing and cannot be combined with an image');
  const run = startRun(args, attempt, output, images.length > 0 && paths.length === 0 ? null : paths);
  const given = readGivenReports(args, run.reading);
  const options = { ...scannerOptions(args, attempt, run.guarded), kept: keptScans(args, run.guarded, output) };
  const vex = readVex(args, run.reading);
  reports.refuseInputs(run);

  const { works, left, troubles } = readImages(run, attempt, output, images, args.has('lint'));
  const wanted = wantedOf(run, works, args, vex);
  const { known, earlier, advice, problems } =
    given.length > 0 ? lookUp(wanted, given) : await scanAll(wanted, options, tagClient(args, run.guarded, images, output), output);
  const used = new Set(known.values());
  const unused = given.filter(({ report }) => !used.has(report));

  const head = reportHead(run, null);
  const files = works.map(work => reportedFile(run, work, { known, earlier }, args.has('lint')));
  files.push(...unused.map(reportedInput));
  files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const parts = files.map((file): FilePart => partOf(reports.one, head, file));
  const trouble: MaskedText[] = [...troubles.trouble];
  // a report without findings says little where nothing was looked at
  if (known.size === 0 && wanted.size > 0 && problems.length > 0)
    output.say(plain('bulkhead: no image was scanned: what follows does not cover images'));
  trouble.push(...reports.print(run, head, parts, { durationMs: Math.round(performance.now() - run.started), problems, isTried: false }));

  if (!args.has('quiet')) {
    const all: readonly (readonly [string, ScanReport, string | null])[] = [
      ...[...known].map(([reference, report]) => [reference, report, wanted.get(reference)?.ignoredBy ?? null] as const),
      ...unused.map(({ report, path }) => [report.artifact || path, report, null] as const),
    ];
    sayOf(all, output);
    if (earlier.size > 0) {
      const since = new Date(Math.min(...earlier.values())).toISOString().slice(0, 16).replace('T', ' ');
      const what = `${earlier.size} of ${known.size} ${known.size === 1 ? 'image' : 'images'} not scanned again: image, scanner and database are the same as at ${since} UTC`;
      output.say(masked`bulkhead: ${trusted(what)} (to scan anyway, use --no-cache)`);
    }
    for (const [reference, words] of advice) output.say(masked`bulkhead: ${maskAlone(reference)}: ${maskAlone(words)}`);
    for (const line of left) output.say(line);
    sayNotes(run.found, run.reading, output);
  }
  for (const { path, message } of problems) output.say(masked`bulkhead: ${maskAlone(path)}: not scanned: ${maskAlone(message)}`);
  for (const { shown, message } of troubles.problems) output.say(masked`bulkhead: ${trusted(shown)}: ${trusted(message)}`);
  for (const [path, { message }] of run.reading.unread) trouble.push(masked`${trusted(shownPath(path))}: ${trusted(message)}`);
  for (const line of trouble) output.say(masked`bulkhead: ${line}`);
  if (problems.length > 0 || troubles.problems.length > 0 || trouble.length > 0) return 2;
  const failOn = args.get('fail-on') ?? 'warning';
  return failOn !== 'never' && anyAtLeast(sumFindings(parts), failOn as Severity) ? 1 : 0;
}

/** What scans came to. */
interface Scanned {
  /** By reference. */
  readonly known: ReadonlyMap<string, ScanReport>;
  /** When earlier scans were made that still hold, in milliseconds since 1970, by reference. */
  readonly earlier: ReadonlyMap<string, number>;
  /** What a newer tag would leave, by reference. */
  readonly advice: ReadonlyMap<string, string>;
  readonly problems: readonly ReportedProblem[];
}

/** Takes for each image the first of the given reports that is about it. */
function lookUp(wanted: ReadonlyMap<string, Wanted>, given: readonly GivenReport[]): Scanned {
  const known = new Map<string, ScanReport>();
  for (const reference of wanted.keys()) {
    const own = given.find(({ report }) => isAbout(report, reference));
    if (own) known.set(reference, own.report);
  }
  return { known, earlier: new Map(), advice: new Map(), problems: [] };
}

/** Scans one image after the other: a scanner takes a whole machine. `client`: asked for newer tags, which are scanned too; `null`: no advice is wanted. */
async function scanAll(
  wanted: ReadonlyMap<string, Wanted>,
  options: ScannerOptions,
  client: RegistryClient | null,
  output: Output,
): Promise<Scanned> {
  const known = new Map<string, ScanReport>();
  const earlier = new Map<string, number>();
  const advice = new Map<string, string>();
  const problems: ReportedProblem[] = [];
  const opened = wanted.size === 0 ? null : await openScanner(options);
  if (opened?.ok === false) {
    const { kind, message } = opened.failure;
    const instead = kind === 'not-installed' ? ' (--input FILE reads a report that is there already)' : '';
    problems.push({ path: wanted.size === 1 ? [...wanted.keys()][0]! : `${wanted.size} images`, message: message + instead });
  } else if (opened) {
    const { scanner } = opened;
    for (const [reference, { request }] of wanted) {
      output.progress(known.size + problems.length, wanted.size, 'images');
      const outcome = await scanner.scan(request);
      if (!outcome.ok) {
        problems.push({ path: reference, message: wordsOf(outcome.failure, scanner.name) });
        continue;
      }
      known.set(reference, outcome.report);
      if (outcome.keptFrom !== null) earlier.set(reference, outcome.keptFrom);
      const words = client && (await adviceOn(request, outcome.report, scanner, client));
      if (words !== null) advice.set(reference, words);
    }
  }
  return { known, earlier, advice, problems };
}

/** Who is asked for newer tags, where advice is wanted: with the registries that the command line itself names. */
function tagClient(args: Arguments, guarded: readonly string[], images: readonly string[], output: Output): RegistryClient | null {
  if (!args.has('advise')) return null;
  const named = images.map(image => endpointOf(image)).flatMap(endpoint => (endpoint.ok ? endpoint.value.registry : []));
  return createCliClient(args, guarded, output, named);
}

/** Reads the files, and what they name; with what of it cannot be scanned, a line each. */
function readImages(run: Run, attempt: Attempt, output: Output, images: readonly string[], withLint: boolean) {
  const works: Work[] = [];
  const left: MaskedText[] = [];
  const troubles = eachInput(run, attempt, output, input => {
    const all = run.engine
      .open(input.file)
      .images()
      .filter(({ kind }) => kind !== 'action')
      .map(place => ({ ...place, reference: filledIn(place.reference, input.path, run.context(input).workspace) }));
    const places = all.filter(({ reference }) => normalReference(reference) !== null);
    for (const place of all) {
      if (places.includes(place)) continue;
      const why = place.refused === 'variable' ? 'it is composed from variables' : refusalTexts[place.refused ?? 'invalid'];
      left.push(masked`bulkhead: ${trusted(input.shown)}: ${maskAlone(place.reference)}: not scanned: ${trusted(why)}`);
    }
    if (places.length > 0 || withLint) works.push({ path: input.shown, text: input.file.text, input, places });
  });
  if (images.length > 0) {
    let start = 0;
    const places = images.map(reference => {
      const range = { start, end: start + reference.length };
      start = range.end + 1;
      return { reference, range };
    });
    works.push({ path: commandLine, text: `${images.join('\n')}\n`, input: null, places });
  }
  return { works, left, troubles };
}

/** Every image once, with what its scan is to leave out: by the file that names it first. */
function wantedOf(run: Run, works: readonly Work[], args: Arguments, vex: ScanRequest['vex']): ReadonlyMap<string, Wanted> {
  const wanted = new Map<string, Wanted>();
  const platform = args.get('platform') ?? null;
  // what somebody names by hand may be anywhere
  const named = new Set(works.flatMap(({ input, places }) => (input === null ? places.map(({ reference }) => reference) : [])));
  const readIgnoreFile = (path: string): ReturnType<Run['reading']['sideText']> => {
    const text = run.reading.sideText(path);
    // what is there and cannot be read does not count, and a person should know
    if (!text.ok && text.shortfall !== null) run.reading.unread.set(path, text);
    return text;
  };
  for (const { input, places } of works) {
    const folder = input === null ? process.cwd() : dirname(input.absolute);
    const root = input?.scope.base ?? (input === null ? folder : input.root);
    const found = args.has('no-ignore') ? null : findIgnoreFile(folder, root, readIgnoreFile);
    const ignore = found?.ignore ?? null;
    for (const { reference } of places) {
      if (wanted.has(reference)) continue;
      const request = { reference, named: named.has(reference), ignore, vex, platform };
      wanted.set(reference, { request, ignoredBy: found && shownPath(found.path) });
    }
  }
  return wanted;
}

function reportedFile(
  run: Run,
  { path, text, input, places }: Work,
  { known, earlier }: Pick<Scanned, 'known' | 'earlier'>,
  withLint: boolean,
): ReportedFile {
  const scanned = places.flatMap((place): ScannedPlace | [] => {
    const report = known.get(place.reference);
    return report ? { ...place, report, scannedAt: earlier.get(place.reference) ?? null } : [];
  });
  const own = scanFindings(text, input?.path ?? path, scanned);
  if (!input) return { path, text, result: resultOf(own), fixes: () => [], related: () => null };
  const opened = run.engine.open(input.file);
  const linted = withLint ? opened.lint(run.context(input)) : null;
  const findings = [...(linted?.findings ?? []), ...own].sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
  return {
    path,
    text,
    result: linted ? { ...linted, findings } : resultOf(own),
    fixes: reportFixes(opened, linted?.findings ?? [], run.words),
    related: other => run.facts.related(input, other),
  };
}

/** A report that is about no image that a file names. */
function reportedInput({ path, report }: GivenReport): ReportedFile {
  const place = { reference: report.artifact || path, range: { start: 0, end: 0 }, report };
  return { path, text: '', result: resultOf(scanFindings('', path, [place])), fixes: () => [], related: () => null };
}

function resultOf(findings: LintResult['findings']): LintResult {
  return { family: 'none', checked: true, findings, limited: null, fragments: 0, isFresh: () => true };
}

/** Says what was scanned and by whom, and what the findings do not say. */
function sayOf(all: readonly (readonly [reference: string, report: ScanReport, ignoredBy: string | null])[], output: Output): void {
  for (const [reference, report, ignoredBy] of all) {
    const own = {
      ...report,
      hidden: report.hidden.map(one => ({ ...one, by: ignoredBy !== null && one.by.startsWith('.trivyignore') ? ignoredBy : one.by })),
    };
    for (const note of scanNotes(own, hasScanFinding(report)))
      output.say(masked`bulkhead: ${maskAlone(printable(reference))}: ${maskAlone(note)}`);
  }
  for (const line of new Set(all.map(([, report]) => scannerNote(report, Date.now())))) output.say(masked`bulkhead: ${maskAlone(line)}`);
}

function wordsOf({ kind, message }: ScanFailure, scanner: ScannerName): string {
  return kind === 'refused' ? message : `${scannerTitles[scanner]}: ${message}`;
}
