import {
  type Baseline,
  type BuildContext,
  type Config,
  configFileName,
  defaultConfig,
  effectiveConfig,
  type EffectiveConfig,
  emptyConfig,
  matchGlobs,
  parseKubernetesVersion,
  type Repository,
  type RuleSetting,
} from '../../../shared/src/index';
import type { Settings } from '../../../shared/src/output/protocol/settings';
import { readBaseline, type FoundBaseline } from './baseline-files';
import { readBuildContext, type Unread } from '../documents/build-context';
import type { ConfigFile, ConfigFiles } from './config-files';
import { decideLater } from '../decisions/deciding';
import type { Documents } from '../documents/documents';
import { findRepository, findScope, type ChosenConfig, type ScopeHost, type TreeHost } from '../decisions/find-scope';
import type { Folders } from './folders';
import type { WorkspaceFiles } from '../lsp/files';
import { baseName, joinUri, parentUri, relativePath } from '../lsp/uri';
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
  /** The repository that the document is in; `null` where none is known. */
  readonly repository: Repository | null;
  /** The folder of its working tree. */
  readonly top: string | null;
  /** The folder that a Dockerfile is built with; `null` where nothing is known of it. */
  readonly buildContext: BuildContext | null;
  /** What the user's baseline has; `null`: there is none that holds here. */
  readonly baseline: Baseline | null;
  /** What should have been read for this and could not be. */
  readonly unread: readonly Unread[];
  /** Why the document is not checked; `null` when it is. */
  readonly off: { readonly state: 'disabled' | 'excluded'; readonly reason: string } | null;
  /** Whether the configuration leaves the document out. */
  readonly excluded: boolean;
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
  /** The user's home folder, where the host has one. */
  readonly home: string | null;
  /** Whether files beside the documents and configurations may be read. */
  readonly allowed: boolean;
}

/** Creates the store of scopes. */
export function createScopes(sources: ScopeSources): Scopes {
  const known = new Map<string, Scope>();
  const pending = new Map<string, Promise<Scope>>();
  const gitRoots = new Map<string, Promise<string | null>>();
  const owners = new Map<string, Promise<string | null>>();
  const baselines = new Map<string, Promise<FoundBaseline>>();
  let generation = 0;

  const gitRoot = (folder: string): Promise<string | null> => {
    let root = gitRoots.get(folder);
    if (!root) gitRoots.set(folder, (root = decideLater(findRepository(folder, treeOf(sources)))));
    return root;
  };

  const ownerOf = async (top: string): Promise<string | null> => {
    if (!sources.allowed) return null;
    let owner = owners.get(top);
    if (!owner) owners.set(top, (owner = Promise.resolve(sources.files.owner?.(top) ?? null)));
    return await owner;
  };

  const baselineIn = async ({ baseline }: Settings, base: string | null): Promise<FoundBaseline | null> => {
    // it lies in the workspace, and hides findings
    if (baseline === null || base === null || !sources.allowed) return null;
    const key = `${base} ${baseline}`;
    let found = baselines.get(key);
    if (!found) baselines.set(key, (found = readBaseline(baseline, base, sources)));
    return await found;
  };

  const resolve = async (uri: string): Promise<Scope> => {
    for (;;) {
      const started = generation;
      const scope = await makeScope(uri, sources, { gitRoot, ownerOf, baselineIn });
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
      owners.clear();
      baselines.clear();
    },
    drop: uri => void known.delete(uri),
  };
}

/** What scopes share. */
interface Shared {
  readonly gitRoot: (folder: string) => Promise<string | null>;
  readonly ownerOf: (top: string) => Promise<string | null>;
  readonly baselineIn: (settings: Settings, base: string | null) => Promise<FoundBaseline | null>;
}

async function makeScope(uri: string, sources: ScopeSources, { gitRoot, ownerOf, baselineIn }: Shared): Promise<Scope> {
  const settings = await sources.settings.of(uri);
  const folder = sources.folders.of(uri);
  const parent = parentUri(uri);
  const repository = parent && (await gitRoot(parent));
  const chosen = chosenConfig(folder ?? parent, folder, settings, sources);
  const { config: configFile, base } = parent
    ? await decideLater(findScope(parent, repository, folder, chosen, hostOf(sources)))
    : { config: null, base: folder };
  const path = (base && relativePath(base, uri)) ?? baseName(uri);
  const build = sources.allowed ? await readBuildContext(uri, base, path, sources) : null;
  const found = await baselineIn(settings, base);
  const below = repository !== null && base !== null ? relativePath(repository, base) : null;
  const unreadConfig = configFile?.unreadable == null ? [] : [{ name: baseName(configFile.uri), problem: configFile.unreadable }];
  const config = effectiveConfig(withSettings(configFile?.config ?? emptyConfig, settings), path);
  return {
    settings,
    folder,
    base,
    path,
    repository: below === null ? null : { folder: below === '' ? '' : `${below}/`, owner: await ownerOf(repository!) },
    top: repository,
    buildContext: build?.context ?? null,
    baseline: found?.baseline ?? null,
    unread: [...unreadConfig, ...(found?.unread ? [found.unread] : []), ...(build?.unread ?? [])],
    configFile,
    config: config === 'excluded' ? defaultConfig : config,
    off: whyOff((folder && relativePath(folder, uri)) ?? path, settings, config === 'excluded'),
    excluded: config === 'excluded',
  };
}

/** The configuration that the settings name, which may lie outside. It speaks for the workspace folder. */
function chosenConfig(
  root: string | null,
  folder: string | null,
  { configPath }: Settings,
  { configs }: ScopeSources,
): ChosenConfig<ConfigFile> | null {
  if (configPath === null || root === null) return null;
  const uri = joinUri(root, configPath);
  return { config: configs.at(uri, relativePath(root, uri) === null ? null : root), baseIn: () => folder };
}

function treeOf({ files }: ScopeSources): TreeHost {
  return { parentOf: parentUri, isRepository: folder => files.exists(joinUri(folder, '.git')) };
}

function hostOf({ configs, home }: ScopeSources): ScopeHost<ConfigFile> {
  return {
    home,
    parentOf: parentUri,
    isIn: (folder, place) => relativePath(folder, place) !== null,
    configIn: (folder, root) => configs.at(joinUri(folder, configFileName), root),
  };
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
export function withSettings(config: Config, settings: Settings): Config {
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
      kubernetesMinor: config.kubernetesMinor ?? parseKubernetesVersion(settings.kubernetesVersion ?? ''),
    };
    bySettings.set(settings, result);
  }
  return result;
}
