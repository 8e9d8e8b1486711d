import { mayGain } from '../../../syntax/yaml/certainty';
import { defineRule, noFix } from '../../../rule/define-rule';
import { itemsOf, mapOf, stringOf } from '../../../syntax/yaml/values';

export const rule = defineRule({
  id: 'kubernetes/mesh-allow-all',
  title: 'Mesh authorization policy that allows everything',
  severity: 'warning',
  category: 'network',
  profile: 'recommended',
  references: { nist800190: ['3.3.3', '4.3.3'], cwe: ['CWE-284', 'CWE-862'] },
  messages: { all: { text: '{object} allows every request: this rule names no caller, path or condition' } },
  on: {
    object({ group, kind, node, document }, report) {
      if (group !== 'security.istio.io' || kind !== 'AuthorizationPolicy') return;
      const spec = mapOf(node.get('spec'));
      const action = spec?.entry('action');
      if (!spec || (action ? stringOf(action.value) !== 'ALLOW' : mayGain(document, spec))) return;
      for (const { map } of itemsOf(spec.get('rules')))
        if (map.entries.length === 0 && !mayGain(document, map)) report(map.range, 'all', {}, noFix('needs-value'));
    },
  },
});
