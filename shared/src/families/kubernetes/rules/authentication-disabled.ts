import { openedBy, permitsNoPassword } from '../../../knowledge/open-access';
import { defineRule, noFix } from '../../../rule/define-rule';
import { isFinal, mayChange, mayGain } from '../../../syntax/yaml/certainty';
import { itemsOf, mapOf, scalarOf, stringOf } from '../../../syntax/yaml/values';

export const rule = defineRule({
  id: 'kubernetes/authentication-disabled',
  title: 'Authentication disabled',
  severity: 'warning',
  category: 'network',
  profile: 'recommended',
  references: { nist800190: ['3.4.3', '4.4.3'], mitre: ['T1078.001'], cwe: ['CWE-306'] },
  messages: {
    variable: { text: '{name} of container "{container}" lets in anyone who can reach {program}' },
    key: { text: '{name} lets in anyone who can reach {program}' },
  },
  on: {
    container({ env, node, pod: { object } }, report) {
      const mayHavePassword =
        !isFinal(object.document, node, 'envFrom') ||
        node.get('envFrom') !== undefined ||
        !isFinal(object.document, node, 'env') ||
        itemsOf(node.get('env')).some(({ map }) => mayGain(object.document, map) || mayChange(map.get('name'))) ||
        env.some(({ name }) => /PASSWORD(?:_FILE)?$/.test(name) && !permitsNoPassword(name));
      for (const { name, nameNode, value } of env) {
        if (value === null || (permitsNoPassword(name) && mayHavePassword)) continue;
        const program = openedBy(name, value);
        if (program !== null)
          report(nameNode.range, 'variable', { name, program }, noFix('manual', 'after the change, clients must log in'));
      }
    },
    object({ group, kind, node }, report) {
      if (group !== '' || kind !== 'ConfigMap') return;
      for (const { name, key, value } of mapOf(node.get('data'))?.members() ?? []) {
        const text = stringOf(scalarOf(value));
        const program = text === null || text.includes('\n') || permitsNoPassword(name) ? null : openedBy(name, text);
        if (key && program !== null) report(key.range, 'key', { name, program }, noFix('manual', 'after the change, clients must log in'));
      }
    },
  },
});
