import { removeNode } from '../../../syntax/yaml/operations';
import { isInsecureVariable } from '../../../knowledge/insecure-options';
import { defineRule, noFix } from '../../../rule/define-rule';
import { booleanOf, itemsOf, mapOf, stringOf } from '../../../syntax/yaml/values';
import type { Path, YamlMap } from '../../../syntax/yaml/types';

/** Options of clients in a pod that skip the check of a certificate, as a word of its own. */
const insecureOption =
  /^--?(?:insecure-skip-tls-verify|kubelet-insecure-tls|insecure-skip-verify|tls-skip-verify|skip-tls-verify|tls-insecure-skip-verify|tls\.insecure-skip-verify)(?:=true)?$/;

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
    variable: { text: '{name} makes container "{container}" trust anyone who claims to be the server' },
    option: { text: '"{option}" makes container "{container}" trust anyone who claims to be the server' },
    service: { text: 'The API server does not verify the identity of the server that handles requests for {object}' },
    cluster: { text: 'The server of cluster "{cluster}" is not verified, yet gets the credentials' },
  },
  fixes: {
    verify: { title: 'Remove {name}', class: 'attended' },
    check: { title: 'Verify the server certificate', class: 'attended' },
  },
  assumptions: { known: 'The certificate is from a well-known certificate authority, or from one named next to this setting' },
  on: {
    container({ env, command, args }, report) {
      for (const { name, nameNode, value, path } of env) {
        if (value === null || !isInsecureVariable('tls', name, value)) continue;
        const fix = report.fix('verify', () => [removeNode(path)], { data: { name } });
        report(nameNode.range, 'variable', { name }, fix);
      }
      for (const word of [...(command ?? []), ...(args ?? [])]) {
        const option = stringOf(word) ?? '';
        if (!word.shared && insecureOption.test(option)) report(word.range, 'option', { option }, noFix('manual'));
      }
    },
    object(object, report) {
      const { kind, node, path } = object;
      if (kind !== 'APIService' && kind !== 'Config') return;
      const check = (map: YamlMap | null, at: Path, field: string, message: 'service' | 'cluster', data: Record<string, string>): void => {
        const value = map?.get(field);
        if (!value || booleanOf(value) !== true) return;
        const fix = report.fix('check', () => [removeNode([...at, field])], { assumes: [{ id: 'known' }] });
        report(value.range, message, data, fix);
      };
      if (kind === 'APIService') return check(mapOf(node.get('spec')), [...path, 'spec'], 'insecureSkipTLSVerify', 'service', {});
      for (const { index, map } of itemsOf(node.get('clusters')))
        check(mapOf(map.get('cluster')), [...path, 'clusters', index, 'cluster'], 'insecure-skip-tls-verify', 'cluster', {
          cluster: stringOf(map.get('name')) ?? '-',
        });
    },
  },
});
