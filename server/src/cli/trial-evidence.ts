import { dirname, join } from 'node:path';
import { masked, type MaskedText, plain, trusted } from '../../../shared/src/early';
import { evidencePath, maskAlone, type NamedTrial, printEvidence, readEvidence, withTrial } from '../../../shared/src/index';
import { openOwnTrials } from '../host/node/kept/own-trials';
import { createFolder } from '../host/node/output-file';
import { readIfThere, writeAnew } from './baseline';
import { type FoundInput, type Input, shownPath } from './inputs';
import type { Output } from './output';
import type { Reading } from './reading';
import type { Run } from './run';

/** Says which trials of an input no longer count, and why. */
export function sayOutdated(run: Run, input: Input, output: Output): void {
  if (!run.trials.hasAny(input)) return;
  for (const { name, outdated } of run.engine.open(input.file).trials(run.context(input)))
    if (outdated)
      output.say(
        masked`bulkhead: ${trusted(input.shown)}: the trial run of ${maskAlone(name)} on ${maskAlone(outdated.date)} is no longer valid: ${plain(changes[outdated.change])}`,
      );
}

const changes = {
  image: 'its image has changed',
  digest: 'its digest has changed, or is not known',
  build: 'the Dockerfile of its image has changed',
  command: 'its command has changed',
  environment: 'its environment has changed',
  options: 'its options have changed',
  mounts: 'its mounts have changed',
  user: 'its user has changed',
} as const;

/** Keeps trials of one name that were made here for this user, so that lint and harden take them. Gives whether they were kept. */
export function saveTrials(input: Pick<FoundInput, 'absolute'>, trials: readonly NamedTrial[], guarded: readonly string[]): boolean {
  const kept = openOwnTrials(guarded, process.env);
  return kept.set(input.absolute, withTrial(kept.of(input.absolute), ...trials));
}

/** Writes them into the file that is committed; those that found the same before change nothing. Gives why it was not written; `null`: it was. */
export function commitTrials(
  { base, path, absolute }: Pick<FoundInput, 'absolute' | 'base' | 'path'>,
  trials: readonly NamedTrial[],
  { guarded, reading }: { readonly guarded: readonly string[]; readonly reading: Reading },
): MaskedText | null {
  const file = join(base ?? dirname(absolute), evidencePath(path));
  const old = readIfThere(file, reading);
  const before = old === null ? [] : readEvidence(old, 'claimed', () => undefined);
  const text = printEvidence(withTrial(before, ...trials));
  if (text === old) return null;
  const folder = createFolder(dirname(file), guarded);
  const written = folder.ok ? writeAnew(file, guarded, old, text) : folder;
  return written.ok ? null : masked`${trusted(shownPath(file))}: not written: ${maskAlone(written.message)}`;
}
