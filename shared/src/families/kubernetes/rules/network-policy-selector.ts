import { isVariable, mayGain } from '../../../syntax/yaml/certainty';
import { appendItem, renameKey } from '../../../syntax/yaml/operations';
import { dnsRule, openShiftDnsRule } from '../fix/network-policy';
import { allowsDns, includesPort, isNetworkPolicy, isolates, policyRules } from '../model/network-policy';
import { objectName } from '../model/names';
import { mapOf, scalarOf, sequenceOf, stringOf } from '../../../syntax/yaml/values';
import type { KubernetesObject } from '../model/types';
import { defineRule } from '../../../rule/define-rule';

/** Where to say that a policy forgets DNS: its `Egress`, else its `egress` key. */
function egressRange(object: KubernetesObject) {
  const spec = mapOf(object.node.get('spec'));
  const type = sequenceOf(spec?.get('policyTypes'))?.items.find(item => stringOf(item) === 'Egress');
  return scalarOf(type)?.range ?? spec?.entry('egress')?.key?.range ?? object.reportRange;
}

export const rule = defineRule({
  id: 'kubernetes/network-policy-selector',
  title: 'NetworkPolicy selector that cannot match, or policy that blocks DNS',
  severity: 'warning',
  category: 'network',
  profile: 'recommended',
  references: {
    cisKubernetes: ['5.3.2'],
    nist800190: ['3.3.3', '4.3.3'],
    nsaCisa: ['2.0'],
    links: ['https://kubernetes.io/docs/concepts/services-networking/network-policies/'],
  },
  needsWhole: true,
  messages: {
    name: { text: 'Namespaces do not have the label "name" by default; they have "kubernetes.io/metadata.name"' },
    dns: { text: '{policy} denies egress, and no policy allows DNS for its pods' },
    protocol: { text: 'DNS uses UDP, and TCP for long responses: {missing} is not allowed on port 53' },
  },
  fixes: {
    rename: { title: 'Select the namespace by kubernetes.io/metadata.name', class: 'review' },
    dns: { title: 'Allow DNS', class: 'review' },
    protocol: { title: 'Allow {missing} on port 53 too', class: 'review' },
  },
  assumptions: {
    namespace: 'The name of the namespace equals the value of the label',
    kube: 'Cluster DNS is kube-dns or CoreDNS in kube-system',
    'open-shift': 'Cluster DNS is OpenShift DNS, which the policy names',
  },
  on: {
    object(object, report, { workspace }) {
      if (!isNetworkPolicy(object)) return;
      const rules = policyRules(object);
      for (const { peers, ports, path, direction, open } of rules) {
        for (const { namespaceSelector, path: peer } of peers ?? []) {
          const labels = mapOf(namespaceSelector?.get('matchLabels'));
          const entry = labels?.entry('name');
          const value = stringOf(entry?.value);
          if (!entry?.key || value === null || isVariable(value)) continue;
          const namespace = workspace.object('Namespace', null, value);
          if (namespace?.type === 'namespace' && (namespace.labels.open || namespace.labels.values['name'] !== undefined)) continue;
          const labelPath = [...peer, 'namespaceSelector', 'matchLabels', 'name'];
          const rename = () => [renameKey(labelPath, 'kubernetes.io/metadata.name')];
          report(entry.key.range, 'name', {}, report.fix('rename', rename, { assumes: [{ id: 'namespace' }] }));
        }
        const asked = direction === 'egress' && !open ? ports?.find(({ port }) => port === 53) : undefined;
        if (!asked) continue;
        const missing = (['UDP', 'TCP'] as const).find(protocol => !includesPort(ports, protocol, 53));
        const elsewhere = missing && rules.some(r => r.direction === 'egress' && includesPort(r.ports, missing, 53));
        if (!missing || elsewhere) continue;
        const operations = () => [appendItem([...path, 'ports'], { port: 53, protocol: missing })];
        const place = asked.node.entry('protocol') ?? asked.node.entry('port');
        report(place?.value?.range ?? asked.node.range, 'protocol', { missing }, report.fix('protocol', operations, { data: { missing } }));
      }
      if (!isolates(mapOf(object.node.get('spec'))).egress || rules.some(allowsDns)) return;
      // pods are reached by the names of their Services; whether anything runs under a policy that denies all, only workloads tell
      const reachesPods = rules.some(r => r.direction === 'egress' && r.peers?.some(peer => peer.podSelector ?? peer.namespaceSelector));
      if (!workspace.isIndexed('workload', object.namespace) && !(workspace.complete && reachesPods)) return;
      if (rules.some(r => r.direction === 'egress' && (r.open || r.ports?.some(({ port }) => port === 53)))) return;
      if (!object.complete || mayGain(object.document, mapOf(object.node.get('spec'))?.get('egress'))) return;
      const policies = workspace.policiesFor({ namespace: object.namespace, labels: { values: {}, open: true } });
      if (policies.some(({ dns, egress }) => dns && egress)) return;
      const isOpenShift = /\bopenshift-[a-z]/.test(object.document.text.slice(object.node.range.start, object.node.range.end));
      const allow = () => [appendItem([...object.path, 'spec', 'egress'], isOpenShift ? openShiftDnsRule : dnsRule)];
      const fix = report.fix('dns', allow, { assumes: [{ id: isOpenShift ? 'open-shift' : 'kube' }] });
      report(egressRange(object), 'dns', { policy: objectName(object) }, fix);
    },
  },
});
