import { isRecord } from '../../base/json';
import { budgets } from '../../base/limits/budgets';
import { profiles, severities, type Profile, type Severity } from '../../base/terms/types';

/** The editor's settings under `bulkhead.`, per resource. What a `.bulkhead.yaml` says wins over them, so that the editor agrees with CI. */
export interface Settings {
  /** Whether documents are checked at all. */
  readonly enable: boolean;
  /** `onType`: with each change; `onSave`: when the document is opened and saved. */
  readonly run: 'onType' | 'onSave';
  /** The profile where the configuration file names none; `null`: the default profile. */
  readonly profile: Profile | null;
  /** Severity by rule id, `off` included, where the configuration file does not set the rule. */
  readonly rules: Readonly<Record<string, Severity | 'off'>>;
  /** Globs of paths, relative to the workspace folder, that are not checked. */
  readonly exclude: readonly string[];
  /** A configuration file to use instead of the nearest `.bulkhead.yaml`: relative to the workspace folder. `null`: the nearest. */
  readonly configPath: string | null;
  /**
   * A file that `bulkhead baseline` wrote: what it has is not shown. Relative to the folder that its paths are relative to, or absolute; it holds for that folder
   * alone. Of the user, never of a workspace. `null`: none.
   */
  readonly baseline: string | null;
  /** The Kubernetes version (`1.30`) where the configuration file names none. */
  readonly kubernetesVersion: string | null;
  /** Bytes of text above which a document is not checked. */
  readonly maxFileSize: number;
  /** Rules that fix-all, fix on save and harden leave alone. */
  readonly fixAllExclude: readonly string[];
  /** Whether the light bulb offers to suppress a finding. */
  readonly suppressActions: boolean;
  /** Whether stages and containers show the user that they start as. */
  readonly inlayHints: boolean;
  /** Whether a lens above the file says how much harden can do. */
  readonly codeLens: boolean;
  /** Whether findings explain themselves on hover. */
  readonly hover: boolean;
  /** Whether other manifests of the workspace are read, for rules that need them. */
  readonly indexWorkspace: boolean;
  /** Whether registries may be asked for digests when somebody wants one: `off` removes the actions. */
  readonly registryLookup: 'onRequest' | 'off';
  /** Minutes for which a look-up of a digest holds. */
  readonly registryCacheMinutes: number;
  /** Whether images may be scanned when somebody asks: `off` removes the actions, and what scans have found. */
  readonly scanRun: 'onRequest' | 'off';
  /** The scanner that is run, absolute: `trivy`, `grype` or `dockle` by its name; `null`: Trivy or Grype on the path. */
  readonly scanPath: string | null;
  /** Whether the scanner may bring its database up to date first. */
  readonly scanUpdate: boolean;
  /** Registries of a private network that scanners may ask, though a file names them. */
  readonly scanRegistries: readonly string[];
  /** VEX documents that are passed to scanners, relative to the workspace folder. */
  readonly scanVex: readonly string[];
}

/** What is in force where the editor says nothing. */
export const defaultSettings: Settings = {
  enable: true,
  run: 'onType',
  profile: null,
  rules: {},
  exclude: [],
  configPath: null,
  baseline: null,
  kubernetesVersion: null,
  maxFileSize: budgets.textLength,
  fixAllExclude: [],
  suppressActions: true,
  inlayHints: false,
  codeLens: false,
  hover: true,
  indexWorkspace: true,
  registryLookup: 'onRequest',
  registryCacheMinutes: 60,
  scanRun: 'onRequest',
  scanPath: null,
  scanUpdate: true,
  scanRegistries: [],
  scanVex: [],
};

/**
 * Reads what an editor sent for the section `bulkhead`. Members of the wrong type count as absent, so that a slip in the settings never
 * switches the server off. Nested names (`fixAll.exclude`, `codeAction.suppress`, `hover.enable`, `workspace.index`) arrive as nested objects.
 */
export function readSettings(value: unknown): Settings {
  const at = (...names: readonly string[]): unknown => {
    let node = value;
    for (const name of names) node = isRecord(node) ? node[name] : undefined;
    return node;
  };
  const size = at('maxFileSize');
  const minutes = at('registry', 'cacheMinutes');
  const severityOf = (raw: unknown): Severity | 'off' | undefined => [...severities, 'off' as const].find(level => level === raw);
  const rules: Record<string, Severity | 'off'> = {};
  const rawRules = at('rules');
  if (isRecord(rawRules)) {
    for (const [rule, raw] of Object.entries(rawRules)) {
      const severity = severityOf(raw);
      if (severity !== undefined) rules[rule] = severity;
    }
  }
  return {
    enable: boolean(at('enable'), defaultSettings.enable),
    run: at('run') === 'onSave' ? 'onSave' : 'onType',
    profile: profiles.find(profile => profile === at('profile')) ?? null,
    rules,
    exclude: strings(at('exclude')),
    configPath: text(at('configPath')),
    baseline: text(at('baseline')),
    kubernetesVersion: text(at('kubernetesVersion')),
    maxFileSize: typeof size === 'number' && size > 0 ? size : budgets.textLength,
    fixAllExclude: strings(at('fixAll', 'exclude')),
    suppressActions: boolean(at('codeAction', 'suppress'), defaultSettings.suppressActions),
    inlayHints: boolean(at('inlayHints'), defaultSettings.inlayHints),
    codeLens: boolean(at('codeLens'), defaultSettings.codeLens),
    hover: boolean(at('hover', 'enable'), defaultSettings.hover),
    indexWorkspace: boolean(at('workspace', 'index'), defaultSettings.indexWorkspace),
    registryLookup: at('registry', 'lookup') === 'off' ? 'off' : 'onRequest',
    registryCacheMinutes: typeof minutes === 'number' && minutes >= 0 ? minutes : defaultSettings.registryCacheMinutes,
    scanRun: at('scan', 'run') === 'off' ? 'off' : 'onRequest',
    scanPath: text(at('scan', 'path')),
    scanUpdate: boolean(at('scan', 'update'), defaultSettings.scanUpdate),
    scanRegistries: strings(at('scan', 'registries')),
    scanVex: strings(at('scan', 'vex')),
  };
}

function boolean(value: unknown, otherwise: boolean): boolean {
  return typeof value === 'boolean' ? value : otherwise;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}
