import { dirname, join } from 'node:path';
import { type NamedTrial, type TrialFacts, type TrialPlace, withTrials } from '../../../shared/src/index';
import type { TrialSubject } from '../../../shared/src/services/prove/contract';
import { addedLines, imageTrial, placeBuilt } from '../../../shared/src/services/prove/image-trial';
import { createProcesses } from '../host/node/scanner/processes';
import { createTrialWatch, expectFew, Overdue } from './attempt';
import { readInputs, shownPath, type Input } from './inputs';
import type { Output } from './output';
import { startRun, type Run } from './run';
import type { Arguments } from './usage';

/** A Dockerfile as harden writes it once it goes by what a service was proved to need, for a second trial of that service. */
export interface Rebuilt {
  /** Knows the Dockerfile as it is then. */
  readonly run: Run;
  readonly input: Input;
  readonly dockerfile: Input;
  readonly text: string;
  readonly added: readonly string[];
  /** What harden goes by as it is written now, and, with what is found of it, once it is hardened. */
  readonly trials: (facts: TrialFacts) => readonly NamedTrial[];
}

/** Plans the second trial of a service whose Dockerfile harden gives another user, with its folders, because of the first one; `null`: it does not. */
export function planRebuilt(args: Arguments, output: Output, input: Input, subject: TrialSubject, facts: TrialFacts): Rebuilt | null {
  const { image } = subject.container;
  if (typeof image === 'string' || subject.family === 'dockerfile') return null;
  const path = join(input.base ?? dirname(input.absolute), image.dockerfile);
  const attempt = {
    watch: createTrialWatch(),
    standardInput: () => ({ ok: false as const, message: 'prove does not read standard input' }),
    expect: expectFew,
    isClean: true,
    running: createProcesses(),
  };
  try {
    const run = startRun(args, attempt, output, [input.absolute, path].map(shownPath));
    const { inputs } = readInputs(run.found, run.reading);
    const dockerfile = inputs.find(({ absolute }) => absolute === path);
    const same = inputs.find(({ absolute }) => absolute === input.absolute);
    if (!dockerfile || !same) return null;
    const context = run.context(dockerfile);
    const opened = run.engine.open(dockerfile.file);
    const place = placeBuilt(opened.trials(context), image.target);
    const trial = place && imageTrial(subject, facts, place, context.workspace.servicesOf(dockerfile.path), input.config.defaults);
    if (!trial) return null;
    const hardened = (trials: readonly NamedTrial[]): string => {
      const workspace = withTrials(context.workspace, name => trials.filter(one => one.name === name));
      return opened.harden({ ...context, workspace }, { safeOnly: false, leavesGenerated: true }).text;
    };
    const placeIn = (text: string): TrialPlace | undefined =>
      placeBuilt(run.engine.open({ ...dockerfile.file, text }).trials(context), image.target);
    const text = hardened([trial]);
    const after = placeIn(text);
    // another image would have to be fetched, and was not looked at
    const imagesIn = (written: string): readonly string[] =>
      run.engine
        .open({ ...dockerfile.file, text: written })
        .images()
        .map(({ reference }) => reference);
    const known = new Set(imagesIn(dockerfile.file.text));
    if (!imagesIn(text).every(reference => known.has(reference))) return null;
    if (!after || after.about.user === placeIn(hardened([]))?.about.user) return null;
    run.facts.replace(dockerfile, text);
    return {
      run,
      input: same,
      dockerfile,
      text,
      added: addedLines(dockerfile.file.text, text),
      trials: found => [trial, { name: after.name, about: after.about, facts: found }],
    };
  } catch (error) {
    if (error instanceof Overdue) return null;
    throw error;
  }
}
