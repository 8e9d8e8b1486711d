import {
  type BuildContext,
  type Config,
  defaultConfig,
  effectiveConfig,
  type EffectiveConfig,
  emptyConfig,
  matchGlobs,
  type RuleSetting,
} from '../../shared/src/index';
import type { Settings } from '../../shared/src/protocol/settings';
import { readBuildContext, type Unread } from './build-context';
import type { ConfigFile, ConfigFiles } from './config-files';
import type { Documents } from './documents';
import type { Folders } from './folders';
import type { WorkspaceFiles } from './lsp/files';
import { baseName, joinUri, parentUri, relativePath } from './lsp/uri';
import type { SettingsStore } from './settings';

/** Everything beside its text that decides how a document is checked. Equal identity means that nothing changed. */
export interface Scope {
  readonly settings: Settings;
  /** The workspace folder that holds the document. */
  readonly folder: string | null;
  /** The folder that the workspace index covers and that `path` is relative to: of the nearest configuration, else the git root, else the workspace folder. */
  readonly base: string | null;
  readonly path: string;
  readonly configFile: ConfigFile | null;
  readonly config: EffectiveConfig;
  /** The folder that a Dockerfile is built with; `null` where nothing is known of it. */
  readonly buildContext: BuildContext | null;
  /** What should have been read for this and could not be. */
  readonly unread: readonly Unread[];
  /** Why the document is not checked; `null` when it is. */
  readonly off: { readonly state: 'disabled' | 'excluded'; readonly reason: string } | null;
}

/** Finds out scopes and keeps them until something that they depend on changes. */
export interface Scopes {
  /** The scope, where it is known already. */
  peek(uri: string): Scope | undefined;
  /** Never rejects. */
  resolve(uri: string): Promise<Scope>;
  /** Settings, configurations or folders changed: everything is found out again. */
  invalidate(): void;
  drop(uri: string): void;
}

/** What scopes are made of. */
export interface ScopeSources {
  readonly settings: SettingsStore;
  readonly configs: ConfigFiles;
  readonly folders: Folders;
  readonly files: WorkspaceFiles;
  readonly documents: Documents;
  /** Whether files beside the documents and configurations may be read. */
  readonly allowed: boolean;
}

/** Creates the store of scopes. */
export function createScopes(sources: ScopeSources): Scopes {
  const known = new Map<string, Scope>();
  const pending = new Map<string, Promise<Scope>>();
  const gitRoots = new Map<string, Promise<string | null>>();
  let generation = 0;

  const gitRoot = (folder: string): Promise<string | null> => {
    let root = gitRoots.get(folder);
    if (!root) gitRoots.set(folder, (root = findGitRoot(folder, sources.files)));
    return root;
  };

  const resolve = async (uri: string): Promise<Scope> => {
    for (;;) {
      const started = generation;
      const scope = await findScope(uri, sources, gitRoot);
      // what changed while this was found out may have changed the answer
      if (started !== generation) continue;
      known.set(uri, scope);
      return scope;
    }
  };

  return {
    peek: uri => known.get(uri),
    resolve: uri => {
      const done = known.get(uri);
      if (done) return Promise.resolve(done);
      let running = pending.get(uri);
      if (!running) pending.set(uri, (running = resolve(uri).finally(() => pending.delete(uri))));
      return running;
    },
    invalidate: () => {
      generation++;
      known.clear();
      gitRoots.clear();
    },
    drop: uri => void known.delete(uri),
  };
}

async function findScope(uri: string, sources: ScopeSources, gitRoot: (folder: string) => Promise<string | null>): Promise<Scope> {
  const settings = await sources.settings.of(uri);
  const folder = sources.folders.of(uri);
  const parent = parentUri(uri);
  const repository = parent && (await gitRoot(parent));
  const configFile = await findConfig(uri, folder, repository, settings, sources.configs);
  // a configuration that the settings name speaks for the workspace folder, wherever it stands
  const ofConfig = configFile === null ? null : settings.configPath === null ? parentUri(configFile.uri) : folder;
  const base = ofConfig ?? repository ?? folder;
  const path = (base && relativePath(base, uri)) ?? baseName(uri);
  const build = sources.allowed ? await readBuildContext(uri, base, path, sources) : null;
  const unreadConfig = configFile?.unreadable == null ? [] : [{ name: baseName(configFile.uri), problem: configFile.unreadable }];
  const config = effectiveConfig(withSettings(configFile?.config ?? emptyConfig, settings), path);
  return {
    settings,
    folder,
    base,
    path,
    buildContext: build?.context ?? null,
    unread: [...unreadConfig, ...(build?.unread ?? [])],
    configFile,
    config: config === 'excluded' ? defaultConfig : config,
    off: whyOff((folder && relativePath(folder, uri)) ?? path, settings, config === 'excluded'),
  };
}

/** The nearest configuration, inside the workspace folder and inside the repository, as the command line looks for it. */
async function findConfig(
  uri: string,
  folder: string | null,
  repository: string | null,
  settings: Settings,
  configs: ConfigFiles,
): Promise<ConfigFile | null> {
  const root = folder ?? parentUri(uri);
  if (settings.configPath !== null && root !== null) {
    const uri = joinUri(root, settings.configPath);
    // the settings may name one that lies outside
    return configs.at(uri, relativePath(root, uri) === null ? null : root);
  }
  const isInner = repository !== null && (folder === null || relativePath(folder, repository) !== null);
  return configs.nearest(uri, isInner ? repository : folder);
}

async function findGitRoot(start: string, files: WorkspaceFiles): Promise<string | null> {
  let folder: string | null = start;
  for (let depth = 0; folder !== null && depth < 64; depth++) {
    if (await files.exists(joinUri(folder, '.git'))) return folder;
    folder = parentUri(folder);
  }
  return null;
}

function whyOff(path: string, settings: Settings, excluded: boolean): Scope['off'] {
  if (!settings.enable) return { state: 'disabled', reason: 'the setting bulkhead.enable is off' };
  if (excluded) return { state: 'excluded', reason: 'excluded by the configuration file' };
  if (matchGlobs(settings.exclude, path)) return { state: 'excluded', reason: 'excluded by the setting bulkhead.exclude' };
  return null;
}

/** Kept by identity: the engine caches by the identity of what is in force. */
const merged = new WeakMap<Config, WeakMap<Settings, Config>>();

/** The configuration with the editor's settings where it says nothing itself: what CI says wins. */
function withSettings(config: Config, settings: Settings): Config {
  let bySettings = merged.get(config);
  if (!bySettings) merged.set(config, (bySettings = new WeakMap()));
  let result = bySettings.get(settings);
  if (!result) {
    const rules: Record<string, RuleSetting> = {};
    for (const [rule, severity] of Object.entries(settings.rules)) rules[rule] = { severity: severity === 'off' ? null : severity };
    result = {
      ...config,
      profile: config.profile ?? settings.profile,
      rules: { ...rules, ...config.rules },
      kubernetesMinor: config.kubernetesMinor ?? minorOf(settings.kubernetesVersion),
    };
    bySettings.set(settings, result);
  }
  return result;
}

/** The minor release of a version such as `1.30`; `null` for anything else. */
function minorOf(version: string | null): number | null {
  const match = /^v?1\.(\d{1,3})(?:\.\d+)?$/.exec(version ?? '');
  return match ? Number(match[1]) : null;
}
