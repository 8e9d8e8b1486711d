import { type Config, type ConfigProblem, parseConfig, type Rule, type UnexplainedException } from '../../../shared/src/index';
import type { Watch } from '../watch/watch';

/** What a configuration says: nothing where there are problems that leave nothing of it. */
export interface ReadConfig {
  readonly config: Config | null;
  readonly problems: readonly ConfigProblem[];
  /** Exceptions that should give a reason. */
  readonly unexplained: readonly UnexplainedException[];
}

/** Nobody may think that a configuration is in force which has not been read to its end. */
const unfinished: ReadConfig = {
  config: null,
  problems: [{ range: { start: 0, end: 0 }, message: 'reading it takes too long' }],
  unexplained: [],
};

/** Reads a configuration under watch. `place` is what the watch calls it: a path, or a URI. */
export function readConfig(place: string, text: string, rules: readonly Rule[], watch: Watch): ReadConfig {
  return watch.run(
    { path: place, text },
    () => parseConfig(text, rules),
    () => unfinished,
  );
}
