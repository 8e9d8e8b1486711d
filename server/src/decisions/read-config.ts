import {
  type Base,
  type Config,
  type ConfigProblem,
  extendConfig,
  locksOf,
  parseConfig,
  type Rule,
  sha256,
  type UnexplainedException,
} from '../../../shared/src/index';
import type { Watch } from '../watch/watch';
import { ask, type Answer, type Deciding } from './deciding';

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
  problems: [{ range: { start: 0, end: 0 }, message: 'the file takes too long to read' }],
  unexplained: [],
};

/** Reads a configuration under watch, without the one that it extends. `place` is what the watch calls it: a path, or a URI. */
export function readOwnConfig(place: string, text: string, rules: readonly Rule[], watch: Watch, base: Base | null = null): ReadConfig {
  return watch.run(
    { path: place, text },
    () => parseConfig(text, rules, base),
    () => unfinished,
  );
}

/**
 * Reads a configuration with the one that it extends, which is a file of the repository and must be what the digest says: it is never fetched.
 * @param read the text of a file by its path relative to the folder of the configuration; `null`: it cannot be read
 */
export function* readConfig(
  place: string,
  text: string,
  rules: readonly Rule[],
  watch: Watch,
  read: (file: string) => Answer<string | null>,
): Deciding<ReadConfig> {
  const alone = readOwnConfig(place, text, rules, watch);
  const named = alone.config?.extends;
  if (!named) return alone;
  const { file, range } = named;
  const wrong = (message: string): ReadConfig => ({ ...alone, problems: [...alone.problems, { range, message }] });
  const shared = yield* ask(read(file));
  if (shared === null) return wrong(`${file} cannot be read`);
  const digest = sha256(new TextEncoder().encode(shared));
  if (named.sha256 === null) return wrong(`extends needs "sha256": the digest of ${file} is ${digest}`);
  if (named.sha256 !== digest) return wrong(`${file} does not match sha256: its digest is ${digest}`);
  const base = readOwnConfig(`${place} ${file}`, shared, rules, watch);
  if (!base.config || base.problems[0]) return wrong(`${file}: ${base.problems[0]?.message ?? 'it is not a configuration'}`);
  if (base.config.extends) return wrong(`${file} itself extends another configuration`);
  const upon = readOwnConfig(place, text, rules, watch, {
    locks: locksOf(named, base.config),
    customRules: base.config.customRules ?? [],
  });
  return upon.config ? { ...upon, config: extendConfig(base.config, upon.config) } : upon;
}
