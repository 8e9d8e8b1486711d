import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type Config,
  configFileName,
  type ConfigProblem,
  emptyConfig,
  type Rule,
  type UnexplainedException,
} from '../../../shared/src/index';
import type { Watch } from '../watch/watch';
import { homeFolder } from '../../../shared/host/node/cache-folder';
import { isWithin } from '../../../shared/host/node/folders';
import { decideNow } from '../decisions/deciding';
import { findScope, type ScopeHost } from '../decisions/find-scope';
import { attempt } from '../host/node/files';
import type { Unread } from '../host/node/reader';
import { readConfig } from '../decisions/read-config';
import { parentFolder, type Reading } from './reading';

/** A configuration file that was read. */
export interface ConfigFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  readonly config: Config;
  readonly problems: readonly ConfigProblem[];
  /** Exceptions that should give a reason. */
  readonly unexplained: readonly UnexplainedException[];
  /** Why the file could not be read. */
  readonly unreadable: Unread | null;
}

/** What holds for the files of a folder. */
export interface Scope {
  readonly config: ConfigFile | null;
  /** The folder that paths are relative to and whose files are known to rules: that of the configuration, else the repository; `null` for lone files. */
  readonly base: string | null;
}

/** Finds out what holds for a folder; keeps what it found. */
export type FindScope = (folder: string) => Scope;

/** Finds out scopes as `findScope` says. `chosen` is a configuration for everything (`--config`), as an absolute path. */
export function createScopes(rules: readonly Rule[], chosen: string | null, reading: Reading, watch: Watch): FindScope {
  const scopes = new Map<string, Scope>();
  const files = new Map<string, ConfigFile>();

  const load = (path: string): ConfigFile => {
    let file = files.get(path);
    if (!file) files.set(path, (file = loadConfig(path, rules, reading, watch)));
    return file;
  };
  const host: ScopeHost<ConfigFile> = {
    home: homeFolder(process.env),
    parentOf: parentFolder,
    isIn: isWithin,
    configIn: folder => {
      const path = join(folder, configFileName);
      return isThere(path) ? load(path) : null;
    },
  };

  return folder => {
    let scope = scopes.get(folder);
    if (!scope) {
      const named = chosen === null ? null : { config: load(chosen), baseIn: (top: string | null) => top ?? chosenBase(folder) };
      const gitRoot = reading.gitRoot(folder);
      scopes.set(folder, (scope = { ...decideNow(findScope(folder, gitRoot, null, named, host)) }));
    }
    return scope;
  };
}

/** A configuration that was chosen speaks for the working directory, where the files are in it and there is no repository. */
function chosenBase(folder: string): string | null {
  return isWithin(process.cwd(), folder) ? process.cwd() : null;
}

/** Whether a path has something at it, a link that leads nowhere among others: a configuration that cannot be read is no reason to take one further up. */
function isThere(path: string): boolean {
  const stat = attempt(path, () => lstatSync(path, { throwIfNoEntry: false }));
  return stat.ok && stat.value !== undefined;
}

function loadConfig(path: string, rules: readonly Rule[], reading: Reading, watch: Watch): ConfigFile {
  const text = reading.sideText(path);
  if (!text.ok) return { path, text: '', config: emptyConfig, problems: [], unexplained: [], unreadable: text };
  const read = (file: string): string | null => {
    const found = reading.sideText(join(dirname(path), file));
    return found.ok ? found.value : null;
  };
  const { config, problems, unexplained } = decideNow(readConfig(path, text.value, rules, watch, read));
  return { path, text: text.value, config: config ?? emptyConfig, problems, unexplained, unreadable: null };
}
