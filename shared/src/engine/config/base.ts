import { isWithin, severities, type Profile, type Severity } from '../../base/terms/types';
import type { Rule } from '../../rule/define-rule';
import type { Config, ConfigBase, ConfigSection, RuleSetting } from './types';

/** What a configuration that is extended keeps those that extend it from: it is theirs to be stricter, not to be less so. */
export interface Locks {
  /** Why a setting of a rule is less than what is locked; `null`: it is not. */
  rule(rule: Rule, severity: RuleSetting['severity']): string | null;
  /** Why no exception may be made of a rule; `null`: one may. */
  exception(rule: string): string | null;
  profile(profile: Profile): string | null;
  /** Why a key may not be set at all. */
  key(name: LockedKey): string | null;
}

/** Keys that can be locked beside rules. */
export const lockedKeys = ['profile', 'exclude', 'trustedRegistries', 'requireReason'] as const;
export type LockedKey = (typeof lockedKeys)[number];

/** The locks of a configuration, for those that extend it. */
export function locksOf({ file }: Pick<ConfigBase, 'file'>, base: Config): Locks {
  const locked = new Set(base.locked ?? []);
  const by = `is locked by ${file}`;
  return {
    rule: (rule, severity) => {
      const written = base.rules[rule.id]?.severity ?? 'default';
      if (!locked.has(rule.id) || severity === 'default' || written === null) return null;
      const weightOf = (word: Severity | 'on' | 'default'): Severity => (word === 'on' || word === 'default' ? rule.severity : word);
      const least = weightOf(written);
      const isLess = severity === null || severities.indexOf(weightOf(severity)) < severities.indexOf(least);
      return isLess ? `"${rule.id}" ${by}: at least ${least}` : null;
    },
    exception: rule => (locked.has(rule) ? `"${rule}" ${by}: no exception can be made` : null),
    profile: profile => {
      const least = base.profile ?? 'recommended';
      return locked.has('profile') && profile !== least && isWithin(profile, least) ? `profile ${by}: at least ${least}` : null;
    },
    key: name => (locked.has(name) ? `${name} ${by}` : null),
  };
}

/** A configuration upon the one that it extends: whatever it says comes later, so that it wins. */
export function extendConfig(base: Config, own: Config): Config {
  const { overrides, exclude, trustedSigners, rulesVersion, customRules, extends: _extends, locked: _locked, ...section } = own;
  const everywhere: ConfigSection & { readonly files: readonly string[] } = { ...section, files: ['**'] };
  const signers = trustedSigners ?? base.trustedSigners;
  const version = rulesVersion ?? base.rulesVersion;
  const { locked: _of, ...rest } = base;
  const custom = [...(base.customRules ?? []), ...(customRules ?? [])];
  return {
    ...rest,
    overrides: [...base.overrides, everywhere, ...overrides],
    exclude: [...base.exclude, ...exclude],
    ...(signers && { trustedSigners: signers }),
    ...(version && { rulesVersion: version }),
    ...(custom.length > 0 && { customRules: custom }),
  };
}
