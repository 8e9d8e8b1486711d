import { withoutEnd } from '../base/text/ends';

/** Files that hold credentials by custom, the last part of a path; globs as they are written. */
const credentials =
  /^(?:\.env(?:\.[\w-]+)?|\.env\*|\.netrc|_netrc|\.npmrc|\.pypirc|\.git-credentials|\.dockercfg|\.pgpass|\.my\.cnf|\.htpasswd|\.s3cfg|\.boto|\.vault-token|kubeconfig|credentials(?:\.(?:json|ya?ml|csv|properties))?|client_secrets?\.json|service-?account(?:[-_.]?key)?\.json|id_(?:rsa|dsa|ecdsa|ed25519)\*?|[\w*.-]+\.(?:pem|key|p12|pfx|jks|keystore|kdbx|ppk|tfstate|tfvars|ovpn)|(?:terraform\.)?tfstate)$/i;
const folders = /(?:^|\/)(?:\.aws|\.azure|\.config\/gcloud|\.ssh|\.gnupg|\.kube|\.docker\/config\.json)(?:\/|$)/i;
/** Templates without values, and keys and certificates that everybody may see. */
const harmless =
  /(?:^\.env\.(?:[cm]?[jt]s|sh|py|rb|php|example|sample|template|dist|defaults?|schema|test|testing|ci)$)|(?:^|[-_.\d])(?:ca|cacerts?|certs?|crt|chain|fullchain|bundle|pub|public|release|archive|gpg|signing|cosign|root|roots|test|dummy|example|dh|dhparams?|ffdhe\d*)(?=[-_.\d]|$)|truststore/i;
/** What is in those folders but is not a secret. */
const open = /^(?:known_hosts|authorized_keys|config\.d|ssh_config|.*\.pub)$/i;

/** Whether a file or folder holds credentials, as far as its path (of either kind, globs included) says. */
export function isSecretFile(name: string): boolean {
  const path = withoutEnd(name, '/');
  const last = path.slice(path.lastIndexOf('/') + 1);
  return (folders.test(path) && !open.test(last)) || (credentials.test(last) && !harmless.test(last));
}

/** Variables that say where programs look for credentials. */
export const credentialPlaces: ReadonlySet<string> = new Set([
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'KUBECONFIG',
  'DOCKER_CONFIG',
  'NETRC',
]);
