import type { FixDefaults } from '../../rule/define-rule';
import { matchGlobs } from '../../base/text/glob';
import { exceptionsOf } from './answers';
import { asideOf } from './test-data';
import type { Config, ConfigSection, Overrides, EffectiveConfig, RuleSetting } from './types';

/** The release that manifests are judged by where nothing says otherwise. */
export const defaultKubernetesMinor = 37;

const fixDefaults: FixDefaults = {
  // above the UIDs that hosts give to people, so that a process that escapes is nobody there
  uid: 10001,
  gid: 10001,
  tmpSize: null,
  tmpfsSize: '64m',
  pidsLimit: null,
  memoryLimit: null,
  memoryRequest: null,
  cpuRequest: null,
  cpuLimit: null,
  storageLimit: null,
};

/** What is in force without a configuration file. */
export const defaultConfig: EffectiveConfig = {
  profile: 'recommended',
  rules: {},
  exceptions: [],
  trustedRegistries: [],
  kubernetesMinor: defaultKubernetesMinor,
  defaults: fixDefaults,
  peerDirectives: true,
  requireReason: false,
};

/** A section of a configuration that sets nothing. */
export const emptySection: ConfigSection = {
  profile: null,
  rules: {},
  exceptions: [],
  trustedRegistries: null,
  kubernetesMinor: null,
  defaults: {},
  peerDirectives: null,
  requireReason: null,
};

/** A configuration that sets nothing. */
export const emptyConfig: Config = { ...emptySection, overrides: [], exclude: [] };

/** What was merged already: by configuration, by command line, by which overrides matched. The engine caches by identity. */
const merged = new WeakMap<Config, WeakMap<Overrides, Map<string, EffectiveConfig>>>();
const noOverrides: Overrides = {};

/**
 * What is in force for a file: defaults (in tests the profile `baseline`), then the configuration, then its overrides that match in their order, then `overrides` from outside.
 * `path` is relative to the folder of the configuration, with `/`. Two files under the same settings get the very same object.
 */
export function effectiveConfig(config: Config | null, path: string, overrides: Overrides = noOverrides): EffectiveConfig | 'excluded' {
  const from = config ?? emptyConfig;
  if (matchGlobs(from.exclude, path)) return 'excluded';
  const matching = from.overrides.filter(override => matchGlobs(override.files, path));
  const aside = asideOf(path);
  const custom = (from.customRules ?? []).filter(({ files }) => files === null || matchGlobs(files, path));
  const places = [...matching.map(override => from.overrides.indexOf(override)), ...custom.map(({ id }) => id)];
  const key = `${aside} ${places.join()}`;
  let byOverrides = merged.get(from);
  if (!byOverrides) merged.set(from, (byOverrides = new WeakMap()));
  let byMatch = byOverrides.get(overrides);
  if (!byMatch) byOverrides.set(overrides, (byMatch = new Map<string, EffectiveConfig>()));
  let result = byMatch.get(key);
  if (!result) {
    const start: EffectiveConfig = {
      ...defaultConfig,
      ...(aside && { aside, ...(aside !== 'development' && { profile: 'baseline' as const }) }),
      ...(from.rulesVersion !== undefined && { rulesVersion: from.rulesVersion }),
      ...(from.pinMinAge !== undefined && { pinMinAge: from.pinMinAge }),
      ...(custom.length > 0 && { customRules: custom }),
    };
    const answered = exceptionsOf(from);
    const whole = applyOverrides([from, ...matching].reduce(applySection, start), overrides);
    result = answered.length > 0 ? { ...whole, exceptions: [...whole.exceptions, ...answered] } : whole;
    byMatch.set(key, result);
  }
  return result;
}

function applySection(config: EffectiveConfig, section: ConfigSection): EffectiveConfig {
  return {
    ...config,
    ...profileOf(section.profile),
    rules: mergeRules(config.rules, section.rules),
    exceptions: section.exceptions.length > 0 ? [...config.exceptions, ...section.exceptions] : config.exceptions,
    trustedRegistries: section.trustedRegistries ?? config.trustedRegistries,
    kubernetesMinor: section.kubernetesMinor ?? config.kubernetesMinor,
    defaults: { ...config.defaults, ...section.defaults },
    peerDirectives: section.peerDirectives ?? config.peerDirectives,
    requireReason: section.requireReason ?? config.requireReason,
    ...fileSize(section.maxFileSize ?? config.maxFileSize),
    ...((section.podPaths || config.podPaths) && { podPaths: { ...config.podPaths, ...section.podPaths } }),
  };
}

/** A profile that is configured holds in tests, too, as everywhere. */
function profileOf(profile: EffectiveConfig['profile'] | null): Partial<EffectiveConfig> {
  return profile === null ? {} : { profile, aside: null };
}

function fileSize(maxFileSize: number | undefined): Pick<EffectiveConfig, 'maxFileSize'> {
  return maxFileSize === undefined ? {} : { maxFileSize };
}

function applyOverrides(config: EffectiveConfig, { profile, rules, kubernetesMinor, maxFileSize }: Overrides): EffectiveConfig {
  return {
    ...config,
    ...profileOf(profile ?? null),
    rules: rules ? mergeRules(config.rules, rules) : config.rules,
    kubernetesMinor: kubernetesMinor ?? config.kubernetesMinor,
    ...fileSize(maxFileSize ?? config.maxFileSize),
  };
}

/** The later setting wins; one that only gives options leaves the severity as it was. */
function mergeRules(
  first: Readonly<Record<string, RuleSetting>>,
  then: Readonly<Record<string, RuleSetting>>,
): Readonly<Record<string, RuleSetting>> {
  const result: Record<string, RuleSetting> = { ...first };
  for (const [id, setting] of Object.entries(then)) {
    const before = result[id];
    const options = { ...before?.options, ...setting.options };
    result[id] = {
      severity: setting.severity === 'default' ? (before?.severity ?? 'default') : setting.severity,
      ...(Object.keys(options).length > 0 && { options }),
    };
  }
  return result;
}
