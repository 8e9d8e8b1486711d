import { findDataSecrets } from '../../../knowledge/secrets/in-data';
import { decodeLatin1 } from '../../../base/text/base64';
import { isSecretLiteral } from '../../../knowledge/secrets/detect';
import { masks, defineRule, noFix } from '../../../rule/define-rule';
import { dataOf, partRange, type DataEntry } from '../model/data';
import { itemsOf, mapOf, scalarOf, stringOf } from '../../../syntax/yaml/values';
import type { KubernetesObject } from '../model/types';

const logins = ['password', 'token', 'client-key-data'];

/** Whether SOPS or a like tool has encrypted the values, or the Secret is one that Helm keeps its releases in. */
function isSealed({ node }: KubernetesObject): boolean {
  return node.entry('sops') !== undefined || stringOf(node.get('type')) === 'helm.sh/release.v1';
}

/** Keys by which Kubernetes itself knows secrets. */
const known = new Set(['password', 'token', 'tls.key', 'ssh-privatekey', 'auth', '.dockercfg', 'token-secret']);

function secretIn({ key, text }: DataEntry): { readonly range: { readonly start: number; readonly end: number } } | null {
  const [found] = findDataSecrets(key, text);
  if (found) return found;
  return known.has(key) && isSecretLiteral(text) ? { range: { start: 0, end: text.length } } : null;
}

/** Whether a value can be used: not encrypted, not for a person or tool to fill in, no certificate or public key. */
function isGivenAway(entry: DataEntry): boolean {
  const { text } = entry;
  return text !== '' && !text.startsWith('ENC[') && secretIn(entry) !== null;
}

export const rule = defineRule({
  id: 'kubernetes/secret-in-manifest',
  title: 'Secret data committed in a manifest',
  severity: 'warning',
  category: 'secrets',
  profile: 'recommended',
  references: { cisKubernetes: ['5.4.2'], nist800190: ['3.1.4', '4.1.4'], mitre: ['T1552.001'], cwe: ['CWE-312', 'CWE-798'] },
  peers: {
    kics: ['using_kubernetes_native_secret_management'],
    kubescape: ['C-0208', 'C-0234'],
    semgrep: ['secrets-in-config-file'],
  },
  messages: {
    encoded: { text: '{object} reveals the value of {key}: base64 hides nothing' },
    plain: { text: '{object} reveals the value of {key}' },
    login: { text: 'This kubeconfig reveals {key} of user "{user}"' },
  },
  on: {
    object(object, report) {
      const { kind, document, node } = object;
      if (object.group !== '' || (kind !== 'Secret' && kind !== 'Config')) return;
      const advice = noFix('manual', 'the value must be rotated and kept outside the repository');
      if (kind === 'Config') {
        for (const { map } of itemsOf(node.get('users'))) {
          for (const key of logins) {
            const value = scalarOf(mapOf(map.get('user'))?.get(key));
            if (!value || !isSecretLiteral(stringOf(value) ?? '')) continue;
            report(value.range, 'login', { key, user: stringOf(map.get('name')) ?? '-' }, advice, masks(value.range));
          }
        }
        return;
      }
      if (isSealed(object)) return;
      for (const entry of dataOf(object, 'data')) {
        if (!isSecretLiteral(entry.text) || !isGivenAway({ ...entry, text: decodeLatin1(entry.text.replace(/\s+/g, '')) ?? '' })) continue;
        const range = partRange(document, entry.node, { start: 0, end: entry.text.length });
        report(range, 'encoded', { key: entry.key }, advice, masks(entry.node.range));
      }
      for (const entry of dataOf(object, 'stringData')) {
        const secret = isGivenAway(entry) && secretIn(entry);
        if (!secret) continue;
        const range = partRange(document, entry.node, secret.range);
        report(range, 'plain', { key: entry.key }, advice, masks(entry.node.range));
      }
    },
  },
});
