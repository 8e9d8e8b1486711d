import { isFinal } from '../../../syntax/yaml/certainty';
import { mapOf } from '../../../syntax/yaml/values';
import { removeNode, setValue } from '../../../syntax/yaml/operations';
import { defineRule, noFix, violates } from '../../../rule/define-rule';
import { neededCapabilities } from '../../../knowledge/root-capabilities';
import { knownImage } from '../fix/image';
import { capabilityNames, isDangerousCapability, normalizeCapability } from '../../../knowledge/capabilities';
import { isPssControl } from '../model/pss';
import { capabilities } from '../model/security';
import { endsNonRoot } from '../fix/run-as';

export const rule = defineRule({
  id: 'kubernetes/added-capabilities',
  title: 'Capabilities added',
  severity: 'error',
  category: 'privilege',
  profile: 'baseline',
  references: {
    cisKubernetes: ['5.2.9'],
    nist800190: ['3.4.3', '4.4.3'],
    pss: ['capabilities', 'capabilities-drop-all'],
    mitre: ['T1611'],
    cwe: ['CWE-250'],
  },
  peers: {
    kubescape: ['C-0046', 'C-0200'],
    'kyverno-policies': ['disallow-capabilities', 'disallow-capabilities-strict', 'restrict-adding-capabilities'],
    trivy: ['KSV-0022', 'KSV-0106', 'KSV-0005', 'KSV-0120'],
    checkov: ['CKV_K8S_25', 'CKV_K8S_39'],
    polaris: ['insecureCapabilities', 'dangerousCapabilities'],
    kubeaudit: ['CapabilityAdded'],
    kics: ['containers_with_added_capabilities', 'containers_with_sys_admin_capabilities'],
    kubesec: ['CapSysAdmin'],
    cnspec: ['capability-sys-admin'],
  },
  messages: {
    dangerous: { text: 'Container "{container}" adds {name}, which exposes its node or the network' },
    all: { text: 'Container "{container}" adds every capability' },
    unknown: { text: 'Container "{container}" adds "{name}", which is not a capability' },
    ordinary: {
      text: 'Container "{container}" adds {name}; restricted pods may add only NET_BIND_SERVICE',
      severity: 'warning',
      profile: 'restricted',
    },
  },
  fixes: {
    remove: { title: 'capabilities.add: remove {name}', class: 'attended' },
    rename: { title: 'capabilities.add: use {name}', class: 'attended' },
  },
  assumptions: { unneeded: 'Nothing in the container uses {name}' },
  on: {
    container(container, report, context) {
      const needs = neededCapabilities(knownImage(container, context)?.profile ?? null) ?? [];
      const own = mapOf(container.securityContext?.get('capabilities'));
      const least =
        capabilities(container, 'drop').items.some(({ name }) => name === 'ALL') || !isFinal(container.pod.object.document, own, 'drop');
      for (const { name, node, path } of capabilities(container, 'add').items) {
        if (name === 'NET_BIND_SERVICE') continue;
        const needed = needs.includes(name) && !isDangerousCapability(name);
        // What an image cannot do without that has to stay root, and no more: that it is root is said already.
        if (needed && least && !endsNonRoot(container, context)) continue;
        const known = capabilityNames.includes(name);
        const message = name === 'ALL' ? 'all' : !known ? 'unknown' : isDangerousCapability(name) ? 'dangerous' : 'ordinary';
        const restricted = isPssControl('capabilities_restricted', context.kubernetesMinor) && violates('restricted');
        const meant = normalizeCapability(name);
        const rename =
          message === 'unknown' &&
          (capabilityNames.includes(meant) || meant === 'ALL') &&
          report.fix('rename', () => [setValue(path, meant)], { data: { name: meant } });
        const assumes = [{ id: 'unneeded', data: { name } }];
        const remove = report.fix('remove', () => [removeNode(path, true)], { data: { name }, assumes });
        report(
          node.range,
          message,
          { name },
          message === 'ordinary' ? restricted : violates('baseline'),
          rename,
          remove,
          needed && noFix('needs-root', 'the image needs this capability while it runs as root'),
        );
      }
    },
  },
});
