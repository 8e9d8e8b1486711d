import { readFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { createFullEngine } from '../exercise';
import { anyFile } from '../generate/files';
import { corpusFixtures, ownFixtures, type Fixture } from '../generate/fixtures';
import { checkFile, flawKey } from './check-file';
import { minimiseText } from './minimise';
import type { FuzzOptions, FuzzResult } from './types';
import { startWatchdog } from './watchdog';

/** Milliseconds of the processor for one case: all are short. */
const patience = 8_000;

/** What the process is told. */
export interface EngineWork {
  /** Where the case at work is written, for when this process ends under it. */
  readonly current: string;
  /** `null`: try the case that stands in `current`. */
  readonly make: FuzzOptions | null;
}

/** Works for the engine target, in a process that may end where a case takes too long, or too much memory. */
export async function engineChild({ current, make }: EngineWork): Promise<FuzzResult> {
  const watchdog = startWatchdog(patience);
  let engine = createFullEngine();
  const check = (file: Fixture): readonly string[] => {
    watchdog.start();
    const flaws = checkFile(engine, file);
    watchdog.stop();
    return flaws;
  };
  if (!make) {
    const file = JSON.parse(readFileSync(current, 'utf8')) as Fixture;
    const flaws = check(file);
    return { cases: 1, failure: flaws.length > 0 ? { flaws, input: file } : null };
  }
  const files = anyFile([...ownFixtures(), ...corpusFixtures()]);
  const end = Date.now() + make.seconds * 1000;
  let cases = 0;
  for (let batch = 0; Date.now() < end && cases < make.cases; batch++) {
    // an engine is used for a while, as in an editor, then a new one
    engine = createFullEngine();
    for (const file of fc.sample(files, { seed: make.seed + batch, numRuns: 50 })) {
      if (Date.now() >= end || cases >= make.cases) break;
      writeFileSync(current, JSON.stringify(file));
      cases++;
      const flaws = check(file);
      if (flaws.length === 0) continue;
      const key = flawKey(flaws[0]!);
      const same = (text: string): boolean => check({ ...file, text }).some(flaw => flawKey(flaw) === key);
      // a flaw that only an engine with a past shows is told as it is
      engine = createFullEngine();
      const text = same(file.text) ? await minimiseText(file.text, same) : file.text;
      return { cases, failure: { flaws, input: { ...file, text } } };
    }
  }
  return { cases, failure: null };
}
