import { defineRule } from '../../../rule/define-rule';
import { mapOf, scalarOf, stringOf } from '../../../syntax/yaml/values';

/** Annotations that ingress-nginx put into its configuration as they were (CVE-2025-1097, -1098, -24514; with -1974 anybody could). */
const injected = new Set(['auth-url', 'auth-tls-match-cn', 'mirror-target', 'mirror-host']);

export const rule = defineRule({
  id: 'kubernetes/ingress-snippet',
  title: 'Ingress annotation that injects configuration',
  severity: 'error',
  category: 'network',
  profile: 'baseline',
  references: { nist800190: ['3.4.4', '4.4.4'], mitre: ['T1190', 'T1552.007'], cwe: ['CWE-15', 'CWE-78'] },
  peers: {
    checkov: ['CKV_K8S_152', 'CKV_K8S_153', 'CKV_K8S_154'],
    kubescape: ['C-0059'],
    'kyverno-policies': ['check-ingress-nginx-controller-version-and-annotation-policy'],
    trivy: ['KCV-0093'],
  },
  messages: {
    snippet: { text: '{annotation} injects text into the nginx configuration (CVE-2021-25742)' },
    allowed: { text: 'Every Ingress may inject text into the nginx configuration', severity: 'warning' },
    injection: { text: '{annotation} contains characters that let its value break out of its place in the nginx configuration' },
  },
  on: {
    object(object, report) {
      const { kind } = object;
      if (kind !== 'Ingress' && kind !== 'ConfigMap') return;
      if (kind === 'ConfigMap') {
        const allow = scalarOf(mapOf(object.node.get('data'))?.get('allow-snippet-annotations'));
        if (allow && stringOf(allow) === 'true') report(allow.range, 'allowed');
        return;
      }
      for (const { name, key, value } of mapOf(object.metadata?.get('annotations'))?.members() ?? []) {
        const slash = name.indexOf('/');
        if (!key || slash < 0 || !name.slice(0, slash).includes('nginx')) continue;
        const annotation = name.slice(slash + 1);
        if (/-snippets?$/.test(annotation)) report(key.range, 'snippet', { annotation });
        else if (value && injected.has(annotation) && /[\n\r;|{}"`\\]/.test(stringOf(value) ?? ''))
          report(value.range, 'injection', { annotation });
      }
    },
  },
});
