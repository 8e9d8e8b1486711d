import {
  type Baseline,
  type Config,
  configFileName,
  createWorkspaceIndex,
  type EffectiveConfig,
  type Engine,
  type Finding,
  type LintContext,
  markKnown,
  newSilences,
  type NewSilence,
  type OpenedFile,
  parseBaseline,
  peerSettingsAbove,
  type WorkspaceIndex,
} from '../../../shared/src/index';
import { decideNow } from '../decisions/deciding';
import { findScope } from '../decisions/find-scope';

/** Where a file is in its repository, and what decides there what holds for it. Paths are relative to the top, with `/`; `''` is the top. */
export interface TrackedPlace {
  readonly path: string;
  /** The folder that the user has opened, where it lies within the repository: no configuration above it counts. */
  readonly workspace: string | null;
  /** The configuration that the user has named, and the folder that it speaks for; `null`: the nearest one holds. */
  readonly chosen: { readonly path: string; readonly base: string } | null;
  /** The baseline that the user has named. */
  readonly baseline: string | null;
  /** What comes of a configuration together with the user's own settings, for a path below it. */
  readonly effective: (config: Config | null, path: string) => EffectiveConfig | 'excluded';
}

/** A file as it is, and what lint says of it: suppressed findings too, and none where the file is excluded. */
export interface SilencedFile {
  readonly opened: OpenedFile;
  readonly context: LintContext;
  readonly excluded: boolean;
  readonly findings: readonly Finding[];
  readonly place: TrackedPlace;
}

/** What a comparison with an earlier state needs. */
export interface SilencingSources {
  readonly engine: Engine;
  /** The texts of files in that state; `null`: there was none. */
  readonly read: (paths: readonly string[]) => Promise<ReadonlyMap<string, string | null>>;
  /** Reads a configuration; `null`: nothing is left of it. */
  readonly parse: (path: string, text: string) => Config | null;
}

type Texts = ReadonlyMap<string, string | null>;
type ConfigAt = (path: string) => { readonly config: Config | null } | null;

/** What has been silenced since an earlier state, of each file in its order. Rejects where that state cannot be read. */
export async function findSilenced(
  files: readonly SilencedFile[],
  { engine, read, parse }: SilencingSources,
): Promise<readonly (readonly NewSilence[])[]> {
  if (files.length === 0) return [];
  const texts = await read([...new Set(files.flatMap(({ place }) => sourcesOf(place)))]);
  const configs = new Map<string, ReturnType<ConfigAt>>();
  const configAt: ConfigAt = path => {
    let found = configs.get(path);
    if (found === undefined) {
      const text = texts.get(path) ?? null;
      configs.set(path, (found = text === null ? null : { config: parse(path, text) }));
    }
    return found;
  };
  return files.map(file => silencedIn(file, engine, texts, configAt));
}

const parentOf = (folder: string): string | null => (folder === '' ? null : folder.slice(0, Math.max(0, folder.lastIndexOf('/'))));
const isIn = (folder: string, place: string): boolean => folder === '' || place === folder || place.startsWith(`${folder}/`);
const configIn = (folder: string): string => (folder === '' ? configFileName : `${folder}/${configFileName}`);

/** Everything that decides what is said of a file. */
function sourcesOf({ path, chosen, baseline }: TrackedPlace): readonly string[] {
  const configs: string[] = [];
  if (chosen) configs.push(chosen.path);
  else for (let folder = parentOf(path); folder !== null; folder = parentOf(folder)) configs.push(configIn(folder));
  return [path, ...configs, ...peerSettingsAbove(path), ...(baseline === null ? [] : [baseline])];
}

/** What held for a file. */
interface InForce {
  /** As its configuration calls it. */
  readonly path: string;
  readonly config: EffectiveConfig | 'excluded';
  /** What the settings of other tools said. */
  readonly settings: WorkspaceIndex;
  readonly baseline: Baseline | null;
}

function inForce(
  { path, workspace, chosen, baseline, effective }: TrackedPlace,
  engine: Engine,
  texts: Texts,
  configAt: ConfigAt,
): InForce {
  const named = chosen && { config: configAt(chosen.path), baseIn: () => chosen.base };
  const host = { parentOf, isIn, configIn: (folder: string) => configAt(configIn(folder)), home: null };
  const { config, base } = decideNow(findScope(parentOf(path) ?? '', '', workspace, named, host));
  const folder = base !== null && isIn(base, path) ? base : '';
  const above = folder === '' ? 0 : folder.length + 1;
  const settings = createWorkspaceIndex({ complete: false });
  for (const file of peerSettingsAbove(path)) {
    const text = texts.get(file) ?? null;
    if (text !== null && isIn(folder, file)) settings.update(file.slice(above), engine.open({ path: file.slice(above), text }).facts());
  }
  const known = baseline === null ? null : parseBaseline(texts.get(baseline) ?? '');
  const below = path.slice(above);
  return {
    path: below,
    config: effective(config?.config ?? null, below),
    settings: settings.index,
    baseline: known?.ok ? known.value : null,
  };
}

function silencedIn(
  { opened, context, excluded, findings, place }: SilencedFile,
  engine: Engine,
  texts: Texts,
  configAt: ConfigAt,
): readonly NewSilence[] {
  const then = inForce(place, engine, texts, configAt);
  const lint = (text: string) => ({ text, config: then.config, findings: lintUnder(then, engine, text, context) });
  const { text } = opened.file;
  const asConfigured = lint(text);
  const before = texts.get(place.path) ?? null;
  return newSilences({
    now: { text, config: excluded ? 'excluded' : context.config, findings },
    asConfigured,
    before: before === null ? null : before === text ? asConfigured : lint(before),
  });
}

/** What lint says of a text under what held earlier. What other files say is taken as it is now: it silences nothing. */
function lintUnder({ path, config, settings, baseline }: InForce, engine: Engine, text: string, context: LintContext): readonly Finding[] {
  if (config === 'excluded') return [];
  const peerSettings = (file: string): unknown => settings.peerSettings(file);
  const workspace = Object.defineProperty(Object.create(context.workspace) as WorkspaceIndex, 'peerSettings', { value: peerSettings });
  const { findings } = engine.open({ path, text }).lint({ ...context, config, workspace });
  return baseline ? markKnown(baseline, path, findings) : findings;
}
