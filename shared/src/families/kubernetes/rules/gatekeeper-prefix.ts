import { setValue } from '../../../syntax/yaml/operations';
import { defineRule } from '../../../rule/define-rule';
import { mapOf, scalarOf, sequenceOf, stringOf } from '../../../syntax/yaml/values';

/**
 * Whether other owners may have repositories whose names begin so: an entry that ends in `/` or `:`, that has a tag or digest, or that names
 * a registry, an owner and a repository leaves no room for them.
 */
function isAmbiguous(prefix: string): boolean {
  if (/[/:]$/.test(prefix)) return false;
  const parts = prefix.split('/');
  return parts.length < 3 && !parts.at(-1)!.includes(':');
}

export const rule = defineRule({
  id: 'kubernetes/gatekeeper-prefix',
  title: 'Ambiguous repository prefix in a constraint',
  severity: 'error',
  category: 'supply-chain',
  profile: 'baseline',
  references: { cisKubernetes: ['5.5.1'], nist800190: ['3.1.5', '4.1.5'], mitre: ['T1204.003'], cwe: ['CWE-284'] },
  peers: { trivy: ['KSV-0124'] },
  messages: {
    prefix: { text: 'Prefix "{prefix}" also allows {example}' },
    everything: { text: 'An empty prefix allows every image' },
  },
  fixes: { close: { title: 'End the prefix with a slash: {prefix}/', class: 'attended' } },
  assumptions: { folder: 'Every allowed image name has a slash right after {prefix}' },
  on: {
    object(object, report) {
      if (object.kind !== 'K8sAllowedRepos' || object.group !== 'constraints.gatekeeper.sh') return;
      const parameters = mapOf(mapOf(object.node.get('spec'))?.get('parameters'));
      sequenceOf(parameters?.get('repos'))?.items.forEach((item, index) => {
        const node = scalarOf(item);
        const prefix = stringOf(node);
        if (!node || prefix === null || !isAmbiguous(prefix)) return;
        if (prefix === '') return report(node.range, 'everything');
        const path = [...object.path, 'spec', 'parameters', 'repos', index];
        const fix = report.fix('close', () => [setValue(path, `${prefix}/`)], {
          data: { prefix },
          assumes: [{ id: 'folder', data: { prefix } }],
        });
        const example = prefix.includes('.') && !prefix.includes('/') ? `${prefix}.evil.example/app` : `${prefix}-evil/app`;
        report(node.range, 'prefix', { prefix, example }, fix);
      });
    },
  },
});
