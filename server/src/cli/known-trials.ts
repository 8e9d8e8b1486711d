import { join } from 'node:path';
import { masked, type MaskedText, trusted } from '../../../shared/src/early';
import { evidencePath, type KnownTrial, maskAlone, type NamedTrial, readEvidence } from '../../../shared/src/index';
import { openOwnTrials } from '../host/node/kept/own-trials';
import { type FoundInput, shownPath } from './inputs';
import type { Reading } from './reading';

/** What a run knows of trials. */
export interface KnownTrials {
  /** The trials of something that an input calls by a name: those of this user before those that are committed. */
  of(input: FoundInput, name: string): readonly KnownTrial[];
  /** Whether there is any of an input. */
  hasAny(input: FoundInput): boolean;
}

/**
 * Creates what knows the trials of a run.
 * @param trusts whether those that came with the files are taken, too; what is wrong with them is said once
 */
export function createKnownTrials(
  reading: Reading,
  { guarded, trusts }: { readonly guarded: readonly string[]; readonly trusts: boolean },
  say: (line: MaskedText) => void,
): KnownTrials {
  const kept = openOwnTrials(guarded, process.env);
  const known = new Map<string, readonly NamedTrial[]>();
  const committedFor = ({ base, path }: FoundInput): readonly NamedTrial[] => {
    if (!trusts || base === null) return [];
    const file = join(base, evidencePath(path));
    const text = reading.sideText(file);
    const warn = (problem: string): void => say(masked`bulkhead: ${trusted(shownPath(file))}: ${maskAlone(problem)}`);
    return text.ok ? readEvidence(text.value, 'claimed', warn) : [];
  };
  const allOf = (input: FoundInput): readonly NamedTrial[] => {
    let trials = known.get(input.absolute);
    if (!trials) known.set(input.absolute, (trials = [...kept.of(input.absolute), ...committedFor(input)]));
    return trials;
  };
  return {
    of: (input, name) => allOf(input).filter(trial => trial.name === name),
    hasAny: input => allOf(input).length > 0,
  };
}
