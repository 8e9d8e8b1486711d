import { type Config, configFileName, type ConfigProblem, emptyConfig, parseConfig, type Rule } from '../../shared/src/index';
import type { Documents } from './documents';
import type { WorkspaceFiles } from './lsp/files';
import type { Watch } from './watch/watch';
import type { Log } from './lsp/log';
import { baseName, canonicalUri, joinUri, parentUri } from './lsp/uri';
import { maxSideBytes } from './limits';

/** A configuration file in force. */
export interface ConfigFile {
  /** Canonical. */
  readonly uri: string;
  /** What holds: the file's own content or, while that has problems, its last good one. */
  readonly config: Config;
  readonly problems: readonly ConfigProblem[];
  /** Why the file, which is there, could not be read; it goes on from its name. */
  readonly unreadable: string | null;
}

/** Finds and reads configuration files; keeps them until they change. */
export interface ConfigFiles {
  /** The nearest configuration of a document upward, `limit` (a folder's URI) included; up to the root without one. */
  nearest(uri: string, limit: string | null): Promise<ConfigFile | null>;
  /** The configuration at a URI; no link leads to one outside of `root`, or of its own folder where that is `null`. */
  at(uri: string, root: string | null): Promise<ConfigFile | null>;
  /** A file was changed, created, deleted, or edited in the editor. Says whether it was a configuration that may count. */
  changed(uri: string): boolean;
}

/** Deeper folders than this are a loop or a joke. */
const maxDepth = 64;

/** Whether a URI names a configuration file. */
export function isConfigUri(uri: string): boolean {
  return baseName(uri) === configFileName;
}

/** What configurations are read with. */
export interface ConfigSources {
  readonly documents: Documents;
  readonly files: WorkspaceFiles;
  /** The user's home folder: like at the root of a disk, a file left there speaks for no project. */
  readonly home: string | null;
  readonly watch: Watch;
  readonly log: Log;
}

/** Reads configurations for a set of rules, from open documents first. */
export function createConfigFiles(rules: readonly Rule[], { documents, files, home, watch, log }: ConfigSources): ConfigFiles {
  const cache = new Map<string, Promise<ConfigFile | null>>();
  const lastGood = new Map<string, Config>();

  const load = async (uri: string, root: string): Promise<ConfigFile | null> => {
    const open = documents.find(uri)?.getText();
    const read = open === undefined ? await files.read(uri, { root, maxBytes: maxSideBytes }) : { text: open };
    if (read.text === null) {
      // one that is there and cannot be read is no reason to take one further up
      const config = lastGood.get(uri) ?? emptyConfig;
      if (read.problem !== null) log.warn(`${uri} ${read.problem}`);
      else lastGood.delete(uri);
      return read.problem === null ? null : { uri, config, problems: [], unreadable: read.problem };
    }
    const { text } = read;
    const { config, problems } = watch.run(
      { path: uri, text },
      () => parseConfig(text, rules),
      () => ({ config: null, problems: [{ range: { start: 0, end: 0 }, message: 'reading it takes too long' }] }),
    );
    if (config && problems.length === 0) lastGood.set(uri, config);
    if (problems.length > 0) log.warn(`${uri}: ${problems[0]!.message}${problems.length > 1 ? `, and ${problems.length - 1} more` : ''}`);
    return { uri, config: lastGood.get(uri) ?? config ?? emptyConfig, problems, unreadable: null };
  };

  const at = (uri: string, root: string | null): Promise<ConfigFile | null> => {
    const key = canonicalUri(uri);
    let file = cache.get(key);
    if (!file) cache.set(key, (file = load(key, root ?? parentUri(key) ?? key)));
    return file;
  };

  return {
    at,
    nearest: async (uri, limit) => {
      const last = limit === null ? null : canonicalUri(limit).replace(/\/$/, '');
      let folder = parentUri(uri);
      for (let depth = 0; folder !== null && depth < maxDepth; depth++) {
        const outer = parentUri(folder);
        const counts = folder === last || depth === 0 || (folder !== home && outer !== null);
        const file = counts ? await at(joinUri(folder, configFileName), limit) : null;
        if (file) return file;
        if (folder === last) return null;
        folder = outer;
      }
      return null;
    },
    changed: uri => {
      const known = cache.delete(canonicalUri(uri));
      return known || isConfigUri(uri);
    },
  };
}
