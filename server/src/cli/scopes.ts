import { lstatSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { type Config, configFileName, type ConfigProblem, emptyConfig, parseConfig, type Rule } from '../../../shared/src/index';
import type { Watch } from '../watch/watch';
import { attempt } from '../host/node/files';
import type { Unread } from '../host/node/reader';
import type { Reading } from './reading';

/** A configuration file that was read. */
export interface ConfigFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  readonly config: Config;
  readonly problems: readonly ConfigProblem[];
  /** Why the file could not be read. */
  readonly unreadable: Unread | null;
}

/** What holds for the files of a folder. */
export interface Scope {
  readonly config: ConfigFile | null;
  /** The root of the git repository, where there is one. */
  readonly gitRoot: string | null;
  /** The folder that paths are relative to and whose files are known to rules: that of the configuration, else the repository; `null` for lone files. */
  readonly base: string | null;
}

/** Finds out what holds for a folder; keeps what it found. */
export type FindScope = (folder: string) => Scope;

/**
 * Looks for configurations from a folder upward, as far as the root of its repository; outside of one, as far as the user's home or the root of the disk,
 * neither of which counts: a file left there speaks for no project. `chosen` is a configuration for everything (`--config`), as an absolute path.
 */
export function createScopes(rules: readonly Rule[], chosen: string | null, reading: Reading, watch: Watch): FindScope {
  const scopes = new Map<string, Scope>();
  const files = new Map<string, ConfigFile>();

  const load = (path: string): ConfigFile => {
    let file = files.get(path);
    if (!file) files.set(path, (file = loadConfig(path, rules, reading, watch)));
    return file;
  };
  const configOf = (folder: string, gitRoot: string | null): ConfigFile | null => {
    for (let at = folder; ; at = dirname(at)) {
      const last = at === gitRoot || at === dirname(at);
      const path = join(at, configFileName);
      const counts = gitRoot !== null || at === folder || (at !== homedir() && at !== dirname(at));
      if (counts && isThere(path)) return load(path);
      if (last) return null;
    }
  };

  return folder => {
    let scope = scopes.get(folder);
    if (!scope) {
      const gitRoot = reading.gitRoot(folder);
      const config = chosen === null ? configOf(folder, gitRoot) : load(chosen);
      const base = chosen === null && config ? dirname(config.path) : (gitRoot ?? (config && chosenBase(folder)));
      scopes.set(folder, (scope = { config, gitRoot, base }));
    }
    return scope;
  };
}

/** A configuration that was chosen speaks for the working directory, where the files are in it and there is no repository. */
function chosenBase(folder: string): string | null {
  const below = relative(process.cwd(), folder);
  return below === '..' || /^\.\.[\\/]/.test(below) ? null : process.cwd();
}

/** Whether a path has something at it, a link that leads nowhere among others: a configuration that cannot be read is no reason to take one further up. */
function isThere(path: string): boolean {
  const stat = attempt(path, () => lstatSync(path, { throwIfNoEntry: false }));
  return stat.ok && stat.value !== undefined;
}

/** Nobody may think that a configuration is in force which has not been read to its end. */
const unfinished: ConfigProblem = { range: { start: 0, end: 0 }, message: 'reading it takes too long' };

function loadConfig(path: string, rules: readonly Rule[], reading: Reading, watch: Watch): ConfigFile {
  const text = reading.sideText(path);
  if (!text.ok) return { path, text: '', config: emptyConfig, problems: [], unreadable: text };
  const { config, problems } = watch.run(
    { path, text: text.value },
    () => parseConfig(text.value, rules),
    () => ({ config: null, problems: [unfinished] }),
  );
  return { path, text: text.value, config: config ?? emptyConfig, problems, unreadable: null };
}
