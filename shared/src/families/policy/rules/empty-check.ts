import { defineRule, type Report } from '../../../rule/define-rule';
import { mayGain } from '../../../syntax/yaml/certainty';
import type { MaybeNode } from '../../../syntax/yaml/lookup';
import { mapOf, sequenceOf } from '../../../syntax/yaml/values';
import type { Cel } from '../../../syntax/cel/types';
import { expressionsOf, parsed, validationsOf } from '../model/expressions';
import { keyRange, mapAt, textAt } from '../model/spots';
import type { RuleView } from '../model/types';

type OwnReport = Report<'constant' | 'nothing' | 'pattern' | 'any', never>;

/** Whether an expression holds whatever is asked about. */
function isAlways(node: Cel): boolean {
  if (node.is === 'literal') return node.value === true;
  if (node.is === 'binary')
    return node.operator === '||'
      ? isAlways(node.left) || isAlways(node.right)
      : node.operator === '&&' && isAlways(node.left) && isAlways(node.right);
  return node.is === 'call' && node.name === 'all' && node.of?.is === 'list' && node.of.items.length === 0;
}

/** Whether a pattern says nothing of what it is laid over: maps within maps, and never a value. */
function isEmpty(node: MaybeNode, depth = 0): boolean {
  const map = mapOf(node);
  if (map) return depth < 20 && map.entries.every(({ value }) => isEmpty(value, depth + 1));
  return sequenceOf(node)?.items.every(item => isEmpty(item, depth + 1)) ?? false;
}

function checkPatterns({ at, policy }: RuleView, report: OwnReport): void {
  const validate = mapAt(at, 'validate');
  const pattern = validate?.map.get('pattern');
  if (pattern && !mayGain(policy.document, pattern) && isEmpty(pattern)) report(keyRange(validate, 'pattern')!, 'pattern');
  for (const item of sequenceOf(validate?.map.get('anyPattern'))?.items ?? [])
    if (item && !mayGain(policy.document, item) && isEmpty(item)) report(item.range, 'any');
}

export const rule = defineRule({
  id: 'policy/empty-check',
  title: 'Check that always passes',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  references: { nist800190: ['3.3.5', '4.3.5'], cwe: ['CWE-571', 'CWE-693'] },
  messages: {
    constant: { text: '{object} rejects nothing here: the expression is always true' },
    nothing: { text: '{object} rejects nothing: it has no validation' },
    pattern: { text: '{object} rejects nothing here: the pattern requires nothing' },
    any: { text: '{object} rejects nothing here: this pattern requires nothing, and a request passes if any pattern matches' },
  },
  on: {
    rule: (rule, report) => checkPatterns(rule, report),
    policy(policy, report) {
      const checks = new Set(validationsOf(policy).flatMap(each => textAt(each, 'expression')?.node ?? []));
      for (const expression of checks.size > 0 ? expressionsOf(policy) : []) {
        const { tree } = checks.has(expression.spot.node) ? parsed(expression) : { tree: null };
        if (tree && isAlways(tree)) report(expression.spot.range, 'constant');
      }
      const list = sequenceOf(policy.spec?.map.get('validations'));
      if (list?.items.length === 0 && !mayGain(policy.document, list) && !policy.spec?.map.entry('auditAnnotations'))
        report(keyRange(policy.spec, 'validations')!, 'nothing');
    },
  },
});
