import { decodeBase64 } from '../../base/text/base64';
import { decodeUtf8 } from './bytes';
import { upTo, withoutEnd } from '../../base/text/ends';
import { jsonObject, isRecord } from '../../base/json';

/** What a registry is told of who asks. */
export type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** A refresh token for the token service. */
  | { readonly kind: 'identity'; readonly token: string };

/** What a Docker or Podman configuration says about credentials. */
export interface DockerConfig {
  readonly auths: ReadonlyMap<string, Credentials>;
  /** Name of the helper for a host. */
  readonly helpers: ReadonlyMap<string, string>;
  /** Name of the helper for all other hosts. */
  readonly store: string | null;
  /** The registries that it names, each as a host: where a helper keeps the credentials, an entry is empty. */
  readonly hosts: readonly string[];
}

/** Where the credentials for a registry come from. */
export type CredentialSource =
  | { readonly kind: 'stored'; readonly credentials: Credentials }
  /** `docker-credential-<name> get` with `key` on standard input. */
  | { readonly kind: 'helper'; readonly name: string; readonly key: string };

/** Names that may become part of a program's name. */
const helperName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** Reads `config.json` of Docker, `auth.json` of Podman. `null`: the text is not a JSON object; members of the wrong kind count as absent. */
export function parseDockerConfig(text: string): DockerConfig | null {
  const root = jsonObject(text.replace(/^\ufeff/, ''));
  if (!root) return null;
  const auths = new Map<string, Credentials>();
  for (const [key, entry] of entriesOf(root['auths'])) {
    const credentials = isRecord(entry) ? readEntry(entry) : null;
    if (credentials) auths.set(key, credentials);
  }
  const helpers = new Map<string, string>();
  for (const [key, name] of entriesOf(root['credHelpers'])) if (typeof name === 'string' && helperName.test(name)) helpers.set(key, name);
  const store = root['credsStore'];
  const hosts = [...entriesOf(root['auths']), ...entriesOf(root['credHelpers'])].map(([key]) => upTo(hostOfKey(key), '/'));
  return { hosts, auths, helpers, store: typeof store === 'string' && helperName.test(store) ? store : null };
}

function readEntry(entry: Record<string, unknown>): Credentials | null {
  const identity = entry['identitytoken'];
  if (typeof identity === 'string' && identity !== '') return { kind: 'identity', token: identity };
  const { auth, username, password } = entry;
  if (typeof auth === 'string' && auth !== '') {
    const bytes = decodeBase64(auth);
    const text = bytes && decodeUtf8(bytes);
    const colon = text?.indexOf(':') ?? -1;
    // old versions of Docker padded the password with NUL
    if (text && colon > 0) return passwordOf(text.slice(0, colon), withoutEnd(text.slice(colon + 1), '\0'));
  }
  return typeof username === 'string' && username !== '' && typeof password === 'string' ? passwordOf(username, password) : null;
}

/** Docker keeps a refresh token as the password of a user of this name. */
function passwordOf(username: string, password: string): Credentials {
  return username === '<token>' ? { kind: 'identity', token: password } : { kind: 'password', username, password };
}

/**
 * Where the credentials for a registry come from: its own helper, the stored entry, the helper for all. `repository` is for Podman, whose keys
 * may name a part of a registry (`quay.io/team`): the longest fits best. `null`: nowhere.
 */
export function credentialSourceOf(config: DockerConfig, key: string, repository = ''): CredentialSource | null {
  const host = hostOfKey(key);
  for (const [name, helper] of config.helpers) if (hostOfKey(name) === host) return { kind: 'helper', name: helper, key };
  const parts = repository === '' ? [] : repository.split('/');
  for (let length = parts.length; length > 0; length--) {
    const found = config.auths.get([host, ...parts.slice(0, length)].join('/'));
    if (found) return { kind: 'stored', credentials: found };
  }
  const exact = config.auths.get(key);
  if (exact) return { kind: 'stored', credentials: exact };
  // keys of old versions have a scheme and a path
  for (const [name, credentials] of config.auths) if (isWholeHost(name) && hostOfKey(name) === host) return { kind: 'stored', credentials };
  return config.store === null ? null : { kind: 'helper', name: config.store, key };
}

/** Host of a key: `https://index.docker.io/v1/` and `docker.io` are one. */
function hostOfKey(key: string): string {
  const host = upTo(key.replace(/^https?:\/\//i, ''), '/').toLowerCase();
  return host === 'index.docker.io' || host === 'registry-1.docker.io' ? 'docker.io' : host;
}

/** Whether a key speaks of all of a registry. */
function isWholeHost(key: string): boolean {
  return /^https?:\/\//i.test(key) || !key.includes('/') || /^[^/]+\/v[12]\/?$/.test(key);
}

/** Reads the answer of a helper. `null`: it has none for this registry, or the answer is not one. */
export function parseHelperAnswer(text: string): Credentials | null {
  const { Username: username, Secret: secret } = jsonObject(text) ?? {};
  return typeof username === 'string' && username !== '' && typeof secret === 'string' && secret !== ''
    ? passwordOf(username, secret)
    : null;
}

/** Finds credentials. Asked only when a registry wants some; never rejects. */
export interface CredentialStore {
  /** `key` and `repository` are those of the endpoint; `null`: none are kept. */
  find(key: string, repository: string): Promise<Credentials | null>;
}

function entriesOf(value: unknown): readonly [string, unknown][] {
  return isRecord(value) ? Object.entries(value) : [];
}
