import { isWithin, type Severity } from '../base/terms/types';
import type { Rule } from '../rule/define-rule';
import { isNewest, severitiesAt } from './config/severities';
import type { EffectiveConfig } from './config/types';

/** A rule with the settings in force. */
export interface ActiveRule {
  readonly rule: Rule;
  readonly severity: Severity | 'default';
  readonly options: Readonly<Record<string, unknown>>;
  /** Whether every message counts, whatever its profile: the configuration names the rule. */
  readonly forced: boolean;
}

/** The options of a rule that has none. */
export const noOptions: ActiveRule['options'] = {};

/** Whether a rule has nothing to say of what does not run, or runs for a test. */
function isBeside({ category }: Rule, { aside, rulesVersion }: EffectiveConfig): boolean {
  if (aside === 'tests' && isNewest(rulesVersion)) return category !== 'secrets';
  return aside != null && aside !== 'development' && category === 'correctness';
}

/**
 * The rules that a configuration switches on, each with its severity and options.
 * @param isDefined whether the configuration defines them itself, for files that it names: they hold there, and are worth what it says
 */
export function activeRules(rules: readonly Rule[], config: EffectiveConfig, isDefined = false): readonly ActiveRule[] {
  const active: ActiveRule[] = [];
  const weigh = severitiesAt(config.rulesVersion);
  for (const rule of rules) {
    const setting = config.rules[rule.id];
    if (setting?.severity === null) continue;
    const forced = isDefined || (setting !== undefined && setting.severity !== 'default');
    if (!forced && isBeside(rule, config)) continue;
    const wanted =
      forced ||
      isWithin(rule.profile, config.profile) ||
      Object.values(rule.messages).some(m => m.profile && isWithin(m.profile, config.profile));
    if (!wanted) continue;
    const defaults = Object.fromEntries(Object.entries(rule.options).map(([name, option]) => [name, option.default]));
    const given = { ...defaults, ...setting?.options };
    const options = Object.keys(given).length === 0 ? noOptions : given;
    const chosen = setting?.severity ?? 'default';
    const severity = chosen === 'on' ? weigh(rule) : chosen === 'default' && isDefined ? rule.severity : chosen;
    active.push({ rule, severity, options, forced });
  }
  return active;
}
