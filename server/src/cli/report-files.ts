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
import { writeAll } from '../host/node/files';
import { identityOf, realPath, writeOutput } from '../host/node/output-file';
import type { lintFormats } from './commands';
import { printAll, type Output } from './output';
import type { Run } from './run';
import { UsageError, type Arguments } from './usage';

/** The reports of a run: what each says, and where it goes. */
export interface Reports {
  /** All formats as one. */
  readonly one: ReportFormat;
  /** What the parts of files depend on. */
  readonly key: readonly string[];
  /** Throws `UsageError` where a report would be written over one of the files that it is about, or another report. */
  refuseInputs(run: Run): void;
  /** Prints and writes the reports; gives what could not be written. */
  print(run: Run, head: ReportHead, parts: readonly FilePart[], end: ReportEnd): readonly MaskedText[];
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
    if (name !== 'text' && statistics) throw new UsageError('--statistics is a separate format and cannot be combined with --format');
    if (name !== 'text' && name !== 'concise' && text.maxFindings !== undefined)
      throw new UsageError(`--max-findings is for the formats text and concise, not for ${name}, which always lists all findings`);
    const options = file === null && !args.has('output-file') ? text : { ...text, colour: false };
    return { format: statistics ? statisticsFormat(options) : formatOf(name, options), name, file, appends: false };
  });
  const own = args.get('output-file');
  const open = targets.filter(({ file }) => file === null).length;
  if (open > 1) throw new UsageError('only one --format can go to standard output; give the others a file, such as --format sarif=FILE');
  if (own !== undefined && open === 0)
    throw new UsageError('--output-file is for a --format that names no file, but here every format names a file');
  const summary = args.get('summary');
  const all = [
    ...targets.map(target => (target.file === null && own !== undefined ? { ...target, file: own } : target)),
    ...(summary === undefined ? [] : [{ format: jobSummaryFormat, name: 'summary', file: summary, appends: true }]),
  ];
  const files = all.flatMap(({ file }) => (file === null ? [] : resolve(file)));
  const { one, each } = severalFormats(all.map(({ format }) => format));
  return {
    one,
    key: [...all.map(({ name, file }) => `${name} ${file === null && output.colour}`), `${statistics}`],
    refuseInputs: run => refuseInputs(run, files),
    print: (run, head, parts, end) =>
      all.flatMap(({ file, appends }, index) => put(file, run, appends, each[index]!.whole(head, parts, end), output)),
  };
}

/** Where one report goes: to a file, or (`null`) to standard output. */
export function printTo(
  file: string | null,
  output: Output,
): Pick<Reports, 'refuseInputs'> & { print(run: Run, pieces: Iterable<MaskedText>): readonly MaskedText[] } {
  return {
    refuseInputs: run => refuseInputs(run, file === null ? [] : [resolve(file)]),
    print: (run, pieces) => put(file, run, false, pieces, output),
  };
}

/** Files are told apart by what they are, too: one may have another name, in capitals or behind a link. */
function refuseInputs({ found: { found } }: Run, files: readonly string[]): void {
  const targets = new Map(files.map(file => [keyOf(file), file] as const));
  if (targets.size < files.length) throw new UsageError('two reports cannot go to the same file');
  // what is not there yet is no input, but the name of standard input may be that of a file to come
  const areNew = files.every(file => identityOf(file) === null);
  for (const { absolute, streamed } of found) {
    const file = areNew && streamed === null ? undefined : targets.get(keyOf(absolute));
    if (file !== undefined) throw new UsageError(`a report cannot be written to ${file}, which is one of the files to check`);
  }
}

function keyOf(file: string): string {
  const real = realPath(file, []);
  return identityOf(file) ?? (real.ok ? real.value : file);
}

function put(file: string | null, { guarded }: Run, appends: boolean, pieces: Iterable<MaskedText>, output: Output): readonly MaskedText[] {
  // to be opened anew, as a file, is not in the nature of every stream
  if (file === null || /^\/(?:dev\/(?:stdout|fd\/1)|proc\/self\/fd\/1)$/.test(file)) {
    printAll(pieces, output);
    return [];
  }
  const written = writeOutput(resolve(file), guarded, appends ? 'append' : 'anew', descriptor =>
    printAll(pieces, { print: text => writeAll(descriptor, Buffer.from(text)) }),
  );
  return written.ok ? [] : [masked`${trusted(file)}: not written: ${maskAlone(written.message)}`];
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
