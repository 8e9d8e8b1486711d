import { findDataSecrets } from '../../../knowledge/secrets/in-data';
import { masks, defineRule, noFix } from '../../../rule/define-rule';
import { dataOf, partRange } from '../model/data';

export const rule = defineRule({
  id: 'kubernetes/secret-in-config-map',
  title: 'Secret in a ConfigMap',
  severity: 'error',
  category: 'secrets',
  profile: 'baseline',
  references: { cisKubernetes: ['5.4.2'], nist800190: ['3.1.4', '4.1.4'], mitre: ['T1552.007'], cwe: ['CWE-312', 'CWE-522'] },
  peers: {
    trivy: ['KSV-0109', 'KSV-01010'],
    polaris: ['sensitiveConfigmapContent'],
    kubescape: ['C-0012'],
  },
  messages: {
    secret: { text: '{object} holds a secret under {key}, where anyone can read it' },
    shaped: { text: '{object} contains what looks like a secret under {key}: {kind}' },
  },
  on: {
    object(object, report) {
      if (object.kind !== 'ConfigMap' || object.group !== '') return;
      for (const { key, text, node } of dataOf(object, 'data')) {
        for (const { title, range } of findDataSecrets(key, text)) {
          const at = partRange(object.document, node, range);
          const data = { key, kind: title };
          report(
            at,
            title === 'secret' ? 'secret' : 'shaped',
            data,
            noFix('manual', 'the value must be rotated and moved to a Secret'),
            // where only its first line is found, the others must not be printed either
            masks(at.end - at.start === range.end - range.start ? at : node.range),
          );
        }
      }
    },
  },
});
