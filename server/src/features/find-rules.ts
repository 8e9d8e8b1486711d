import { findRules, otherNames } from '../../../shared/src/index';
import type { FindRulesParams, FindRulesResult } from '../../../shared/src/output/protocol/docs';
import type { ServerContext } from '../session/context';

/** All rules with what they are called elsewhere, and those that a name stands for. */
export function findRulesByName({ engine, words }: Pick<ServerContext, 'engine' | 'words'>, { name }: FindRulesParams): FindRulesResult {
  const found = typeof name === 'string' ? findRules(engine.rules, name) : { rules: [], near: null };
  return {
    rules: engine.rules.map(rule => ({ id: rule.id, title: words.ruleTitle(rule.id), names: otherNames(rule) })),
    named: found.rules,
    near: found.near,
  };
}
