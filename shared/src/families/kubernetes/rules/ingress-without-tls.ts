import { markOf } from '../../../rule/fix/places';
import { isFinal, isVariable } from '../../../syntax/yaml/certainty';
import { appendItem } from '../../../syntax/yaml/operations';
import { type Attachment, defineRule, type Report } from '../../../rule/define-rule';
import type { IngressView } from '../model/network-views';

/** Annotations under which controllers take a certificate. */
const certificates = [
  'alb.ingress.kubernetes.io/certificate-arn',
  'alb.ingress.kubernetes.io/listen-ports',
  'networking.gke.io/managed-certificates',
  'networking.gke.io/v1beta1.FrontendConfig',
  'ingress.gcp.kubernetes.io/pre-shared-cert',
  'traefik.ingress.kubernetes.io/router.tls',
  'traefik.ingress.kubernetes.io/router.entrypoints',
  'appgw.ingress.kubernetes.io/appgw-ssl-certificate',
  'nginx.ingress.kubernetes.io/ssl-passthrough',
  'haproxy.org/ssl-passthrough',
  'tailscale.com/funnel',
];

/** Whether TLS ends in front of the cluster or at the pods, or the Ingress serves a challenge for a certificate. */
function isElsewhere({ object }: IngressView): boolean {
  const { annotations, labels } = object;
  if (!isFinal(object.document, object.node.get('metadata'), 'annotations')) return true;
  return certificates.some(key => annotations.has(key)) || labels.has('acme.cert-manager.io/http01-solver');
}

/** Whether one of the names of certificates is for a host: itself, or `*.` in place of its first label. */
function covers(names: ReadonlySet<string>, host: string): boolean {
  const dot = host.indexOf('.');
  return names.has(host) || (dot >= 0 && names.has(`*${host.slice(dot)}`));
}

/** An item of `tls` for these hosts, whose Secret a person names. */
function nameSecret({ object }: IngressView, hosts: readonly string[], report: Pick<Report<never, 'secret'>, 'fix'>): Attachment {
  const item = { ...(hosts.length > 0 && { hosts }), secretName: markOf(1) };
  const names = hosts.length > 0 ? hosts.join(', ') : 'every host';
  return report.fix('secret', () => [appendItem([...object.path, 'spec', 'tls'], item)], {
    data: { hosts: names },
    places: [{ text: '', sample: 'web-tls' }],
    assumes: [{ id: 'certificate', data: { hosts: names } }],
  });
}

export const rule = defineRule({
  id: 'kubernetes/ingress-without-tls',
  title: 'Ingress without TLS',
  severity: 'warning',
  category: 'network',
  profile: 'recommended',
  references: { nist800190: ['3.4.2', '4.4.2'], cwe: ['CWE-319'] },
  needsWhole: true,
  peers: {
    polaris: ['tlsSettingsMissing'],
    kubescape: ['C-0263', 'C-0231', 'C-0245'],
    'kyverno-policies': ['require-ingress-https', 'ingress-host-match-tls'],
  },
  messages: {
    missing: { text: '{object} accepts requests without TLS' },
    host: { text: 'No certificate in "tls" of {object} covers {host}' },
    service: { text: '{object} lets a load balancer accept plain HTTP', severity: 'info', profile: 'strict' },
  },
  fixes: { secret: { title: 'Add TLS for {hosts} with a Secret that you name', class: 'attended' } },
  assumptions: { certificate: 'The Secret holds a certificate for {hosts}, or an annotation requests one from cert-manager' },
  on: {
    ingress(ingress, report) {
      const { object, rules, tls, spec } = ingress;
      if (isElsewhere(ingress) || (rules.length === 0 && !spec.entry('defaultBackend') && !spec.entry('backend'))) return;
      if (tls === null || tls.length === 0) {
        const hosts = rules.flatMap(({ host }) => host ?? []);
        // a rule without a host is for all, and so is the certificate
        const all = rules.some(({ host }) => host === null) || hosts.some(isVariable);
        return report(object.reportRange, 'missing', {}, nameSecret(ingress, all ? [] : [...new Set(hosts)], report));
      }
      // an item without hosts holds for the hosts of all rules
      if (tls.some(({ hosts }) => hosts.length === 0)) return;
      const names = tls.flatMap(({ hosts }) => hosts);
      if (names.some(isVariable)) return;
      const known = new Set(names);
      for (const { host, hostNode } of rules) {
        if (host === null || !hostNode || isVariable(host)) continue;
        if (!covers(known, host)) report(hostNode.range, 'host', { host }, nameSecret(ingress, [host], report));
      }
    },
    service({ type, typeNode, ports, object }, report) {
      if (type !== 'LoadBalancer' || !typeNode || !ports.some(({ port }) => port === 80) || ports.some(({ port }) => port === null)) return;
      if (!isFinal(object.document, object.node.get('metadata'), 'annotations')) return;
      if (ports.some(({ port }) => port === 443) || [...object.annotations.keys()].some(key => /(?:ssl|tls|https|cert|internal)/.test(key)))
        return;
      report(typeNode.range, 'service');
    },
  },
});
