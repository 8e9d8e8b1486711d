import {
  type Config,
  configFileName,
  type ConfigProblem,
  emptyConfig,
  type Rule,
  type UnexplainedException,
} from '../../../shared/src/index';
import type { Documents } from '../documents/documents';
import type { WorkspaceFiles } from '../lsp/files';
import type { Watch } from '../watch/watch';
import type { Log } from '../lsp/log';
import { baseName, canonicalUri, joinUri, parentUri } from '../lsp/uri';
import { decideLater } from '../decisions/deciding';
import { maxSideBytes } from '../decisions/limits';
import { readConfig } from '../decisions/read-config';

/** A configuration file in force. */
export interface ConfigFile {
  /** Canonical. */
  readonly uri: string;
  /** What holds: the file's own content or, while that has problems, its last good one. */
  readonly config: Config;
  readonly problems: readonly ConfigProblem[];
  /** Exceptions that should give a reason. */
  readonly unexplained: readonly UnexplainedException[];
  /** Why the file, which is there, could not be read; it goes on from its name. */
  readonly unreadable: string | null;
}

/** Reads configuration files; keeps them until they change. */
export interface ConfigFiles {
  /** The configuration at a URI; no link leads to one outside of `root`, or of its own folder where that is `null`. */
  at(uri: string, root: string | null): Promise<ConfigFile | null>;
  /** A file was changed, created, deleted, or edited in the editor. Says whether it was a configuration that may count. */
  changed(uri: string): boolean;
}

/** Whether a URI names a configuration file. */
export function isConfigUri(uri: string): boolean {
  return baseName(uri) === configFileName;
}

/** What configurations are read with. */
export interface ConfigSources {
  readonly documents: Documents;
  readonly files: WorkspaceFiles;
  readonly watch: Watch;
  readonly log: Log;
  /** Whether the workspace is trusted: what it has answered is a claim. */
  readonly allowed: boolean;
}

/** Reads configurations for a set of rules, from open documents first. */
export function createConfigFiles(rules: readonly Rule[], { documents, files, watch, log, allowed }: ConfigSources): ConfigFiles {
  const cache = new Map<string, Promise<ConfigFile | null>>();
  const lastGood = new Map<string, Config>();
  /** The configurations that extend a file. */
  const bases = new Map<string, readonly string[]>();

  const load = async (uri: string, root: string): Promise<ConfigFile | null> => {
    const open = documents.find(uri)?.getText();
    const read = open === undefined ? await files.read(uri, { root, maxBytes: maxSideBytes }) : { text: open };
    if (read.text === null) {
      // one that is there and cannot be read is no reason to take one further up
      const config = lastGood.get(uri) ?? emptyConfig;
      if (read.problem !== null) log.warn(`${uri} ${read.problem}`);
      else lastGood.delete(uri);
      return read.problem === null ? null : { uri, config, problems: [], unexplained: [], unreadable: read.problem };
    }
    const { text } = read;
    const readBase = async (file: string): Promise<string | null> => {
      const base = canonicalUri(joinUri(parentUri(uri) ?? uri, file));
      bases.set(base, [...(bases.get(base) ?? []), uri]);
      return documents.find(base)?.getText() ?? (await files.read(base, { root, maxBytes: maxSideBytes })).text;
    };
    const { config: written, problems, unexplained } = await decideLater(readConfig(uri, text, rules, watch, readBase));
    const config = written && !allowed ? { ...written, answers: [] } : written;
    if (config && problems.length === 0) lastGood.set(uri, config);
    if (problems.length > 0) log.warn(`${uri}: ${problems[0]!.message}${problems.length > 1 ? `, and ${problems.length - 1} more` : ''}`);
    return { uri, config: lastGood.get(uri) ?? config ?? emptyConfig, problems, unexplained, unreadable: null };
  };

  const at = (uri: string, root: string | null): Promise<ConfigFile | null> => {
    const key = canonicalUri(uri);
    let file = cache.get(key);
    if (!file) cache.set(key, (file = load(key, root ?? parentUri(key) ?? key)));
    return file;
  };

  return {
    at,
    changed: uri => {
      const key = canonicalUri(uri);
      const known = [key, ...(bases.get(key) ?? [])].filter(one => cache.delete(one)).length > 0;
      bases.delete(key);
      return known || isConfigUri(uri);
    },
  };
}
