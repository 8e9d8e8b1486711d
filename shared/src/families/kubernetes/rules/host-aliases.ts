import { defineRule } from '../../../rule/define-rule';
import { sequenceOf } from '../../../syntax/yaml/values';

export const rule = defineRule({
  id: 'kubernetes/host-aliases',
  title: 'Pod edits /etc/hosts',
  severity: 'info',
  category: 'isolation',
  profile: 'strict',
  references: { nist800190: ['3.4.3', '4.4.3'], cwe: ['CWE-15'] },
  peers: { trivy: ['KSV-0007'], kubesec: ['HostAliases'], cnspec: ['hostalias'] },
  messages: { aliases: { text: "{object} maps host names to fixed addresses, bypassing the cluster's DNS" } },
  on: {
    pod(pod, report) {
      const entry = pod.node.entry('hostAliases');
      const aliases = entry && sequenceOf(entry.value);
      if (!aliases || aliases.items.length === 0) return;
      report((entry.key ?? aliases).range, 'aliases');
    },
  },
});
