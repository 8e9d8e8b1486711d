import { isFinal, isVariable } from '../../../syntax/yaml/certainty';
import { appendItem, removeNode } from '../../../syntax/yaml/operations';
import { mainMetadataAddresses, contains, metadataIn, parseBlock } from '../../../knowledge/addresses';
import { includesPort, isNetworkPolicy, policyRules, type PolicyPeer } from '../model/network-policy';
import { cloudAssumptions } from '../fix/assumptions';
import { cloudEvidenceAmong } from '../fix/evidence';
import { objectName } from '../model/names';
import { mapOf, stringOf } from '../../../syntax/yaml/values';
import { defineRule, weighs } from '../../../rule/define-rule';

/** The address of the metadata service that a peer includes; `null` where it has none. */
function reached({ cidr, except }: PolicyPeer): string | null {
  const text = stringOf(cidr);
  const block = text === null || isVariable(text) ? null : parseBlock(text);
  if (!block) return null;
  const out = except.flatMap(item => parseBlock(item) ?? []);
  const address = mainMetadataAddresses.find(a => contains(block, parseBlock(a)!) && !out.some(o => contains(o, parseBlock(a)!)));
  return address ?? null;
}

export const rule = defineRule({
  id: 'kubernetes/metadata-egress',
  title: 'Egress reaches the cloud metadata service',
  severity: 'warning',
  category: 'network',
  profile: 'recommended',
  references: { nist800190: ['3.3.3', '3.4.2', '4.3.3', '4.4.2'], nsaCisa: ['2.0'], mitre: ['T1552.005'], cwe: ['CWE-284', 'CWE-918'] },
  peers: { kubescape: ['C-0052'] },
  supersedes: ['kubernetes/allow-all-network-policy'],
  messages: {
    block: { text: '{policy} lets its pods reach the cloud metadata service at {address}' },
    open: { text: '{policy} lets its pods reach every address on port 80, including the cloud metadata service', severity: 'info' },
  },
  fixes: { except: { title: 'Exclude the cloud metadata addresses', class: 'review' } },
  assumptions: { ...cloudAssumptions, 'no-metadata': 'No pod that the policy selects gets credentials from the metadata service' },
  on: {
    object(object, report, context) {
      if (!isNetworkPolicy(object)) return;
      const cloud = cloudEvidenceAmong(object, context);
      const policy = objectName(object);
      // what a rule without ports and peers allows no exception of another takes back: that rule is reported
      if (policyRules(object).some(rule => rule.direction === 'egress' && rule.peers === null && rule.ports === null && !rule.open)) return;
      for (const { direction, range, peers, ports, open } of policyRules(object)) {
        if (direction !== 'egress' || open || !includesPort(ports, 'TCP', 80)) continue;
        if (peers === null) report(range, 'open', { policy });
        for (const peer of peers ?? []) {
          const address = reached(peer);
          if (address === null || !isFinal(object.document, mapOf(peer.node.get('ipBlock')), 'except')) continue;
          const block = parseBlock(stringOf(peer.cidr)!)!;
          const missing = metadataIn(block).filter(one => !peer.except.some(item => item === one));
          const operations = () =>
            block.prefix === block.bits ? [removeNode(peer.path)] : missing.map(value => appendItem([...peer.blockPath, 'except'], value));
          report(
            peer.cidr!.range,
            'block',
            { policy, address },
            // most clusters outside of a cloud have no such service
            cloud.length === 0 && weighs('info'),
            report.fix('except', operations, {
              assumes: cloud.length > 0 ? cloud : [{ id: 'no-metadata' }],
              // who names the very address means it
              class: block.prefix === block.bits ? 'attended' : undefined,
            }),
          );
        }
      }
    },
  },
});
