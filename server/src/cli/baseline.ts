import { lstatSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { masked, type MaskedText, plain, printable, trusted } from '../../../shared/src/early';
import { mayBeKnown, plural, printBaseline } from '../../../shared/src/formats';
import { type Baseline, type Finding, markKnown, maskAlone, parseBaseline } from '../../../shared/src/index';
import { version } from '../../../shared/host/version';
import type { Result } from '../host/node/files';
import { createFile, realPath } from '../host/node/output-file';
import { replaceFile } from '../host/node/write-file';
import type { Attempt } from './attempt';
import { eachInput, sayTroubles } from './each-input';
import type { FoundInput } from './inputs';
import { uncheckedNote } from './unchecked';
import type { Output } from './output';
import type { Reading } from './reading';
import { startRun } from './run';
import { InputError, type Arguments } from './usage';

/** Where a baseline stands unless another place is named. It is never looked for: what it hides is hidden only where somebody names it. */
const defaultFile = '.bulkhead-baseline.json';

/** A baseline that `lint` was told to compare with. */
export interface NamedBaseline {
  /** As it was named. */
  readonly file: string;
  readonly text: string;
  readonly baseline: Baseline;
}

/** Reads the baseline that a command line names; throws `InputError` where it cannot be read. */
export function readNamedBaseline(file: string, reading: Reading): NamedBaseline {
  const text = readIfThere(file, reading);
  if (text === null) throw new InputError(`${file}: does not exist`);
  const parsed = parseBaseline(text);
  if (!parsed.ok) throw new InputError(`${file}: ${parsed.message}`);
  return { file, text, baseline: parsed.value };
}

/** What is said of a baseline once files were compared with it: `known` is what was found again, by path. */
export function staleNote({ file, baseline }: NamedBaseline, known: ReadonlyMap<string, readonly string[]>): MaskedText | null {
  let stale = 0;
  for (const [path, found] of known) stale += baseline.of(path).filter(key => !found.includes(key)).length;
  return stale === 0
    ? null
    : masked`bulkhead: ${trusted(file)}: ${plural(stale, 'finding')} recorded in the file ${plain(stale === 1 ? 'is' : 'are')} no longer found; run bulkhead baseline to rewrite the file`;
}

/** `bulkhead baseline`. Gives the exit code. */
export function baseline(args: Arguments, output: Output, attempt: Attempt): number {
  const file = args.get('output-file') ?? defaultFile;
  const run = startRun(args, attempt, output);
  const old = readIfThere(file, run.reading);
  const before = old === null ? null : parseBaseline(old);
  if (before?.ok === false) throw new InputError(`${file}: ${before.message}`);
  const known = before?.value ?? null;
  if (args.has('check') && known === null) throw new InputError(`${file}: does not exist`);
  const entries = new Map<string, readonly Finding[]>();
  const troubles = eachInput(run, attempt, output, input => {
    const result = run.engine.open(input.file).lint(run.context(input));
    entries.set(input.path, result.findings.filter(mayBeKnown));
    return input.named ? uncheckedNote({ path: input.shown, text: input.file.text, result }) : null;
  });
  const isIncomplete = sayTroubles(troubles, run, output);

  let size = 0;
  let added = 0;
  for (const [path, findings] of entries) {
    size += findings.length;
    const isNew = (finding: Finding): boolean => !known?.has(path, finding);
    added += findings.filter(isNew).length;
    if (!args.has('check')) continue;
    for (const { rule } of findings.filter(isNew)) output.print(masked`${printable(trusted(path))}: new: ${trusted(rule)}\n`);
  }
  const gone = known === null ? 0 : known.size - (size - added);
  if (args.has('check')) {
    output.print(masked`${trusted(file)}: ${plural(added, 'finding')} would be added, ${gone} would be removed\n`);
    return isIncomplete ? 2 : added > 0 ? 1 : 0;
  }
  // what could not be read would be missing in it
  if (isIncomplete) return 2;
  // what is written anew without need would be a change to review
  const date = (added === 0 && gone === 0 ? known?.date : null) ?? run.today;
  const written = writeAnew(resolve(file), run.guarded, old, printBaseline(version, date, entries));
  if (!written.ok) {
    output.say(masked`bulkhead: ${trusted(file)}: not written: ${maskAlone(written.message)}`);
    return 2;
  }
  const files = [...entries.values()].filter(findings => findings.length > 0).length;
  const change = known === null ? plain('') : masked` (${added} added, ${gone} removed)`;
  output.print(masked`${trusted(file)}: ${plural(size, 'finding')} in ${plural(files, 'file')}${change}\n`);
  return 0;
}

/** Writes a file anew that had a text, or that was not there (`null`): neither through a link that leads out of the folder, nor over what came into being meanwhile. */
export function writeAnew(path: string, guarded: readonly string[], old: string | null, text: string): Result<unknown> {
  const folder = realPath(dirname(path), guarded);
  if (!folder.ok) return folder;
  if (old !== null) return replaceFile(join(folder.value, basename(path)), old, text, folder.value);
  const written = createFile(path, guarded, text);
  return written.ok && !written.value ? { ok: false, message: 'it already exists' } : written;
}

/** The findings of a file as a report shows them beside a baseline. */
export function compared({ baseline: known }: NamedBaseline, { path }: FoundInput, findings: readonly Finding[]): readonly Finding[] {
  return markKnown(known, path, findings);
}

/** How many findings of a file a baseline has. */
export function knownIn({ baseline: known }: NamedBaseline, { path }: FoundInput, findings: readonly Finding[]): number {
  return findings.filter(finding => mayBeKnown(finding) && known.has(path, finding)).length;
}

/** The text of a file that is written anew; `null`: there is none. Throws `InputError` where it cannot be read. */
export function readIfThere(file: string, reading: Reading): string | null {
  const path = resolve(file);
  const text = reading.sideText(path);
  if (text.ok) return text.value;
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return null;
  throw new InputError(`${file}: ${text.message}`);
}
