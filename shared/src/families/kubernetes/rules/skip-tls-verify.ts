import { removeNode } from '../../../yaml/operations';
import { defineRule } from '../../../rule/define-rule';
import { booleanOf, itemsOf, mapOf, stringOf } from '../../../yaml/values';
import type { Path, YamlMap } from '../../../yaml/types';

export const rule = defineRule({
  id: 'kubernetes/skip-tls-verify',
  title: 'TLS verification skipped',
  severity: 'error',
  category: 'network',
  profile: 'baseline',
  references: { nist800190: ['3.3.5', '4.3.5'], mitre: ['T1552.007'], cwe: ['CWE-295'] },
  peers: {
    semgrep: ['skip-tls-verify-cluster', 'skip-tls-verify-service'],
  },
  messages: {
    service: { text: 'The API server does not verify who answers for {object}' },
    cluster: { text: 'Whoever answers for cluster "{cluster}" is not verified, yet gets the credentials' },
  },
  fixes: { check: { title: 'Verify the certificate', class: 'attended' } },
  assumptions: { known: 'The certificate is from a well-known authority, or from one named next to this setting' },
  on: {
    object(object, report) {
      const { kind, node, path } = object;
      if (kind !== 'APIService' && kind !== 'Config') return;
      const check = (map: YamlMap | null, at: Path, field: string, message: 'service' | 'cluster', data: Record<string, string>): void => {
        const value = map?.get(field);
        if (!value || booleanOf(value) !== true) return;
        report(
          value.range,
          message,
          data,
          report.fix('check', () => [removeNode([...at, field])], { assumes: [{ id: 'known' }] }),
        );
      };
      if (kind === 'APIService') return check(mapOf(node.get('spec')), [...path, 'spec'], 'insecureSkipTLSVerify', 'service', {});
      for (const { index, map } of itemsOf(node.get('clusters')))
        check(mapOf(map.get('cluster')), [...path, 'clusters', index, 'cluster'], 'insecure-skip-tls-verify', 'cluster', {
          cluster: stringOf(map.get('name')) ?? '-',
        });
    },
  },
});
