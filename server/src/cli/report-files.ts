import { closeSync, lstatSync, openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { masked, type MaskedText, trusted } from '../../../shared/src/early';
import {
  conciseFormat,
  type FilePart,
  githubFormat,
  gitlabFormat,
  jobSummaryFormat,
  jsonFormat,
  junitFormat,
  markdownFormat,
  rdjsonFormat,
  type ReportEnd,
  type ReportFormat,
  type ReportHead,
  sarifFormat,
  severalFormats,
  statisticsFormat,
  textFormat,
  type TextOptions,
} from '../../../shared/src/formats';
import { maskAlone } from '../../../shared/src/index';
import type { lintFormats } from './commands';
import type { FoundInput } from './inputs';
import { printAll, type Output } from './output';
import { UsageError, type Arguments } from './usage';

/** The reports of a run: what each says, and where it goes. */
export interface Reports {
  /** All formats as one. */
  readonly one: ReportFormat;
  /** What the parts of files depend on. */
  readonly key: readonly string[];
  /** Throws `UsageError` where a report would be written over one of the files that it is about. */
  refuseInputs(found: readonly FoundInput[]): void;
  /** Prints and writes the reports; gives what could not be written. */
  print(head: ReportHead, parts: readonly FilePart[], end: ReportEnd): readonly MaskedText[];
}

interface Target {
  readonly format: ReportFormat;
  readonly name: string;
  /** `null`: standard output. */
  readonly file: string | null;
  /** Whether what the file holds stays. */
  readonly appends: boolean;
}

/** Reads `--format`, `--output-file`, `--summary` and what shapes text. Throws `UsageError`. */
export function readReports(args: Arguments, output: Output): Reports {
  const text = { colour: output.colour, quiet: args.has('quiet'), ...maxFindingsOf(args) };
  const statistics = args.has('statistics');
  const targets = (args.has('format') ? args.all('format') : ['text']).map((value): Target => {
    const [name = '', ...path] = value.split('=');
    const file = path.length > 0 ? path.join('=') : null;
    if (file === '') throw new UsageError(`--format ${name}= needs a file`);
    if (name !== 'text' && statistics) throw new UsageError('--statistics is a format of its own and cannot be combined with --format');
    if (name !== 'text' && name !== 'concise' && text.maxFindings !== undefined)
      throw new UsageError(`--max-findings is for the formats text and concise, not for ${name}: a program gets all`);
    const options = file === null && !args.has('output-file') ? text : { ...text, colour: false };
    return { format: statistics ? statisticsFormat(options) : formatOf(name, options), name, file, appends: false };
  });
  const own = args.get('output-file');
  const open = targets.filter(({ file }) => file === null).length;
  if (open > 1) throw new UsageError('only one --format can go to standard output; give the others a file, such as --format sarif=FILE');
  if (own !== undefined && open === 0) throw new UsageError('--output-file is for the --format without a file; here each has one');
  const summary = args.get('summary');
  const all = [
    ...targets.map(target => (target.file === null && own !== undefined ? { ...target, file: own } : target)),
    ...(summary === undefined ? [] : [{ format: jobSummaryFormat, name: 'summary', file: summary, appends: true }]),
  ];
  const files = all.flatMap(({ file }) => (file === null ? [] : resolve(file)));
  if (new Set(files).size < files.length) throw new UsageError('two reports cannot go to the same file');
  const { one, each } = severalFormats(all.map(({ format }) => format));
  return {
    one,
    key: [...all.map(({ name, file }) => `${name} ${file === null && output.colour}`), `${statistics}`],
    refuseInputs: found => refuseInputs(found, files),
    print: (head, parts, end) =>
      all.flatMap(({ file, appends }, index) => put(file, appends, each[index]!.whole(head, parts, end), output)),
  };
}

/** Where one report goes: to a file, or (`null`) to standard output. */
export function printTo(
  file: string | null,
  output: Output,
): Pick<Reports, 'refuseInputs'> & { print(pieces: Iterable<MaskedText>): readonly MaskedText[] } {
  return {
    refuseInputs: found => refuseInputs(found, file === null ? [] : [resolve(file)]),
    print: pieces => put(file, false, pieces, output),
  };
}

function refuseInputs(found: readonly FoundInput[], files: readonly string[]): void {
  const inputs = new Set(found.map(({ absolute }) => absolute));
  for (const file of files) {
    if (inputs.has(file)) throw new UsageError(`a report cannot be written to ${file}, which is one of the files to check`);
  }
}

function put(file: string | null, appends: boolean, pieces: Iterable<MaskedText>, output: Output): readonly MaskedText[] {
  if (file !== null) return writeReport(file, appends, pieces);
  printAll(pieces, output);
  return [];
}

function maxFindingsOf(args: Arguments): Pick<TextOptions, 'maxFindings'> {
  const count = args.get('max-findings');
  if (count === undefined) return {};
  if (!/^\d{1,9}$/.test(count)) throw new UsageError(`--max-findings must be a number, not "${count}"`);
  return { maxFindings: Number(count) };
}

function formatOf(name: string, text: TextOptions): ReportFormat {
  switch (name as (typeof lintFormats)[number]) {
    case 'text':
      return textFormat(text);
    case 'concise':
      return conciseFormat(text);
    case 'json':
      return jsonFormat;
    case 'sarif':
      return sarifFormat;
    case 'github':
      return githubFormat;
    case 'gitlab':
      return gitlabFormat;
    case 'junit':
      return junitFormat;
    case 'rdjson':
      return rdjsonFormat;
    case 'markdown':
      return markdownFormat;
  }
}

/** Writes a report; gives why it could not be written. A link is not followed: what is checked out may hold one in its place. */
function writeReport(file: string, appends: boolean, pieces: Iterable<MaskedText>): readonly MaskedText[] {
  try {
    const isDevice = resolve(file).startsWith('/dev/');
    if (!isDevice && lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink())
      return [masked`${trusted(file)}: not written: it is a link`];
    const descriptor = openSync(file, appends ? 'a' : 'w');
    try {
      printAll(pieces, { print: text => writeAll(descriptor, text) });
    } finally {
      closeSync(descriptor);
    }
    return [];
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return [masked`${trusted(file)}: not written: ${maskAlone(code ?? String(error))}`];
  }
}

function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
}
