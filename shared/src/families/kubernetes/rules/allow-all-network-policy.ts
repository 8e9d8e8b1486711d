import { isFinal, mayGain } from '../../../syntax/yaml/certainty';
import { parseBlock } from '../../../knowledge/addresses';
import { isNetworkPolicy, policyRules, type PolicyPeer } from '../model/network-policy';
import { objectName } from '../model/names';
import { mapOf, stringOf } from '../../../syntax/yaml/values';
import { defineRule, weighs } from '../../../rule/define-rule';

/** Whether a peer is every address of a family, none left out. */
function isAnywhere({ cidr, except }: PolicyPeer): boolean {
  return cidr !== null && except.length === 0 && parseBlock(stringOf(cidr) ?? '')?.prefix === 0;
}

/** Whether a peer is every pod of the cluster. */
function isEveryPod({ namespaceSelector, podSelector, cidr }: PolicyPeer): boolean {
  return cidr === null && namespaceSelector?.entries.length === 0 && (podSelector === null || podSelector.entries.length === 0);
}

export const rule = defineRule({
  id: 'kubernetes/allow-all-network-policy',
  title: 'NetworkPolicy that allows everything',
  severity: 'warning',
  category: 'network',
  profile: 'baseline',
  references: {
    cisKubernetes: ['5.3.2'],
    nist800190: ['3.3.3', '3.4.2', '4.3.3', '4.4.2'],
    nsaCisa: ['2.0'],
    mitre: ['T1046'],
    cwe: ['CWE-284'],
  },
  peers: {
    trivy: ['KUBE-0001', 'KUBE-0002', 'KSV-0038'],
    kubeaudit: ['AllowAllIngressNetworkPolicyExists', 'AllowAllEgressNetworkPolicyExists'],
    'kyverno-policies': ['restrict-networkpolicy-empty-podselector'],
  },
  messages: {
    everything: { text: '{policy} allows all {direction} traffic: this rule restricts neither peers nor ports' },
    anywhere: { text: '{policy} allows {direction} traffic {preposition} every address, on every port' },
    nobody: { text: 'A peer must select pods, namespaces or addresses: the API server rejects a peer that selects none' },
    namespaces: { text: '{policy} allows {direction} traffic {preposition} every pod in the cluster', severity: 'info', profile: 'strict' },
  },
  on: {
    object(object, report) {
      if (!isNetworkPolicy(object)) return;
      // a policy about who may come in says besides that all may go out
      const limitsIngress = policyRules(object).some(({ direction, peers, open }) => direction === 'ingress' && peers !== null && !open);
      for (const { direction, range, peers, ports, open } of policyRules(object)) {
        if (ports !== null || open) continue;
        const data = { policy: objectName(object), direction };
        if (peers === null) report(range, 'everything', data, direction === 'egress' && limitsIngress && weighs('info'));
        const preposition = direction === 'ingress' ? 'from' : 'to';
        for (const peer of peers ?? []) {
          if (isAnywhere(peer) && isFinal(object.document, mapOf(peer.node.get('ipBlock')), 'except'))
            report(peer.cidr!.range, 'anywhere', { ...data, preposition });
          else if (peer.node.entries.length === 0) report(peer.node.range, 'nobody');
          else if (
            isEveryPod(peer) &&
            isFinal(object.document, peer.node, 'podSelector') &&
            !mayGain(object.document, peer.namespaceSelector)
          )
            report(peer.namespaceSelector!.range, 'namespaces', { ...data, preposition });
        }
      }
    },
  },
});
