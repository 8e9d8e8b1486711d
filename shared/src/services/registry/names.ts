import { parseUses, repositoryOf } from '../../syntax/action/reference';
import { normalizeName, parseImageReference, registryOf } from '../../syntax/image/reference';
import { isLoopback, parseAddress } from './address';
import { fail, type Outcome } from './failure';

/** Where an image is asked for. */
export interface Endpoint {
  /** As people write it: `docker.io`, `ghcr.io`, `localhost:5000`. */
  readonly registry: string;
  /** Host and port of the API. */
  readonly host: string;
  /** The key that Docker keeps credentials under. */
  readonly credentialKey: string;
  /** Path of the image at the registry: `library/node`. */
  readonly repository: string;
  /** The tag that is asked for: the one that is written, `latest` where neither tag nor digest is. `null`: only a digest is written. */
  readonly tag: string | null;
  readonly digest: string | null;
  /** Whether plain HTTP may be tried: this machine only. */
  readonly loopback: boolean;
}

/** Docker Hub's names, and the one that its credentials are kept under. */
const dockerHub = { host: 'registry-1.docker.io', credentialKey: 'https://index.docker.io/v1/' } as const;

/** Where a reference is asked for. */
export function endpointOf(text: string): Outcome<Endpoint> {
  const reference = parseImageReference(text);
  if (reference.invalid !== null) return fail('invalid-reference', `"${text}" is not an image reference`);
  const written = registryOf(reference);
  const registry = written === dockerHub.host ? 'docker.io' : written;
  const hub = registry === 'docker.io';
  // registry-1.docker.io is Docker Hub too, with the same short names
  const name = normalizeName({ registry, repository: reference.repository });
  const address = parseAddress(`https://${registry}/`);
  if (address === null) return fail('invalid-reference', `"${registry}" is not a host name`);
  return {
    ok: true,
    value: {
      registry,
      host: hub ? dockerHub.host : registry.toLowerCase(),
      credentialKey: hub ? dockerHub.credentialKey : registry,
      repository: name.slice(registry.length + 1),
      tag: reference.tag ?? (reference.digest === null ? 'latest' : null),
      digest: reference.digest,
      loopback: isLoopback(address.host),
    },
  };
}

/** What a look-up of a reference is kept under: two spellings of one tag have one key. The digest that is written does not matter. */
export function lookupKey(endpoint: Endpoint): string {
  return `${endpoint.registry}/${endpoint.repository}${endpoint.tag === null ? `@${endpoint.digest}` : `:${endpoint.tag}`}`;
}

/** What a look-up of any reference is kept under, of an image or of an action; `null`: it is neither. */
export function keyOfReference(text: string): string | null {
  const uses = parseUses(text);
  if (uses.kind === 'action') return `action ${repositoryOf(uses)}@${uses.ref}`;
  const endpoint = endpointOf(text);
  return endpoint.ok ? lookupKey(endpoint.value) : null;
}

/** Whether a value is what a look-up gives: the digest of an image, or the whole name of a commit. */
export function isPin(value: unknown): value is string {
  return typeof value === 'string' && /^(?:sha256:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{64})$/.test(value);
}
