import { setValue } from '../../../syntax/yaml/operations';
import { defineRule, type Report } from '../../../rule/define-rule';
import { booleanOf, itemsOf, mapOf, scalarOf, stringOf } from '../../../syntax/yaml/values';
import type { Path, YamlMap } from '../../../syntax/yaml/types';
import type { KubernetesObject } from '../model/types';

type MeshReport = Report<'inbound' | 'outbound' | 'unverified', 'strict' | 'mutual' | 'verify'>;

/** Where a map of TLS settings switches the encryption off. */
function checkMode(
  map: YamlMap | null,
  path: Path,
  id: 'inbound' | 'outbound',
  fix: 'strict' | 'mutual',
  value: string,
  report: MeshReport,
): void {
  const mode = scalarOf(map?.get('mode'));
  if (!mode || stringOf(mode) !== 'DISABLE') return;
  report(
    mode.range,
    id,
    {},
    report.fix(fix, () => [setValue([...path, 'mode'], value)], { assumes: [{ id: 'sidecars' }] }),
  );
}

/** The policy of a DestinationRule, of one of its subsets, or of a port. */
function checkTraffic(policy: YamlMap | null, path: Path, report: MeshReport): void {
  const tls = mapOf(policy?.get('tls'));
  checkMode(tls, [...path, 'tls'], 'outbound', 'mutual', 'ISTIO_MUTUAL', report);
  const skip = tls?.get('insecureSkipVerify');
  if (skip && booleanOf(skip) === true)
    report(
      skip.range,
      'unverified',
      {},
      report.fix('verify', () => [setValue([...path, 'tls', 'insecureSkipVerify'], false)]),
    );
  for (const { index, map } of itemsOf(policy?.get('portLevelSettings'))) checkTraffic(map, [...path, 'portLevelSettings', index], report);
}

function check({ kind, node, path }: KubernetesObject, report: MeshReport): void {
  const spec = mapOf(node.get('spec'));
  const own = [...path, 'spec'];
  if (kind === 'DestinationRule') {
    checkTraffic(mapOf(spec?.get('trafficPolicy')), [...own, 'trafficPolicy'], report);
    for (const { index, map } of itemsOf(spec?.get('subsets')))
      checkTraffic(mapOf(map.get('trafficPolicy')), [...own, 'subsets', index, 'trafficPolicy'], report);
    return;
  }
  checkMode(mapOf(spec?.get('mtls')), [...own, 'mtls'], 'inbound', 'strict', 'STRICT', report);
  for (const { name, value } of mapOf(spec?.get('portLevelMtls'))?.entries ?? [])
    checkMode(mapOf(value), [...own, 'portLevelMtls', name], 'inbound', 'strict', 'STRICT', report);
}

export const rule = defineRule({
  id: 'kubernetes/mesh-encryption-disabled',
  title: 'Service mesh encryption disabled',
  severity: 'warning',
  category: 'network',
  profile: 'recommended',
  references: { nist800190: ['3.3.5', '4.3.5'], cwe: ['CWE-319'] },
  peers: { 'kyverno-policies': ['enforce-strict-mtls', 'enforce-tls-hosts-host-subnets'] },
  messages: {
    inbound: { text: '{object} lets the mesh use plain text: callers are not identified, and others can eavesdrop' },
    outbound: { text: '{object} sends in plain text what the mesh would otherwise encrypt' },
    unverified: { text: '{object} trusts anyone who claims to be the server', severity: 'error' },
  },
  fixes: {
    strict: { title: 'Require mutual TLS', class: 'attended' },
    mutual: { title: "Use the mesh's mutual TLS", class: 'attended' },
    verify: { title: 'Verify the server certificate', class: 'attended' },
  },
  assumptions: { sidecars: 'Callers and the services they call are all part of the mesh' },
  on: {
    object(object, report) {
      const { group, kind } = object;
      if (group === 'security.istio.io' ? kind === 'PeerAuthentication' : group === 'networking.istio.io' && kind === 'DestinationRule')
        check(object, report);
    },
  },
});
