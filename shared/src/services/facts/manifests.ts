import { isObject, listOf, Malformed, memberOf, objectOf, textOf, type JsonObject } from './members';

/** More bytes of a configuration are not read: those of images have 3 to 15 kB. */
export const longestConfiguration = 4 << 20;

const digestPattern = /^sha256:[0-9a-f]{64}$/;

const configurationTypes: readonly string[] = [
  '',
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
];

/** What an index says of one image in it. */
interface Entry {
  readonly digest: string;
  readonly platform: string;
}

/** A manifest or an index, taken apart as far as facts need it. */
export type ManifestParts =
  | { readonly kind: 'index'; readonly entries: readonly Entry[]; readonly annotations: JsonObject }
  | { readonly kind: 'manifest'; readonly configuration: string; readonly annotations: JsonObject };

/** The object that a text is. Throws `Malformed`. */
export function parseObject(text: string, what: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Malformed(`its ${what} is not JSON`);
  }
  if (!isObject(value)) throw new Malformed(`its ${what} is not a JSON object`);
  return value;
}

/** The digest of a descriptor. Throws `Malformed`. */
export function digestOf(descriptor: JsonObject): string {
  const digest = textOf(descriptor, 'digest');
  if (!digestPattern.test(digest)) throw new Malformed('"digest" is not a SHA-256 digest');
  return digest;
}

/** Takes a manifest or an index apart. Throws `Malformed`; of what is both, too, since programs would disagree which it is (CVE-2021-41190). */
export function readManifest(text: string): ManifestParts {
  const root = parseObject(text, 'manifest');
  if (memberOf(root, 'schemaVersion') === 1) throw new Malformed('its manifest is of schema 1, which has no stable digest');
  const annotations = objectOf(root, 'annotations');
  const isIndex = memberOf(root, 'manifests') !== null;
  const hasConfiguration = memberOf(root, 'config') !== null || memberOf(root, 'layers') !== null;
  if (isIndex && hasConfiguration) throw new Malformed('its manifest is an index as well');
  if (isIndex) return { kind: 'index', entries: listOf(root, 'manifests').flatMap(readEntry), annotations };
  const configuration = objectOf(root, 'config');
  if (!configurationTypes.includes(textOf(configuration, 'mediaType')))
    throw new Malformed('it is not an image of a container, but another kind of artifact');
  return { kind: 'manifest', configuration: digestOf(configuration), annotations };
}

/** An image of an index. Attestations are entries too, of a platform that is unknown; an index within the index is nothing that engines run. */
function readEntry(value: unknown): readonly Entry[] {
  if (!isObject(value)) throw new Malformed('"manifests" has something that is not a descriptor');
  if (objectOf(value, 'annotations')['vnd.docker.reference.type'] !== undefined) return [];
  if (/\.(?:index|manifest\.list)\./.test(textOf(value, 'mediaType'))) return [];
  const platform = platformOf(objectOf(value, 'platform'));
  return platform === null ? [] : [{ digest: digestOf(value), platform }];
}

/** A platform as people write it: `linux/arm64/v8`; `null`: it is unknown. */
export function platformOf(value: JsonObject): string | null {
  const [os, architecture, variant] = [textOf(value, 'os'), textOf(value, 'architecture'), textOf(value, 'variant')];
  if (os === '' || architecture === '' || os === 'unknown' || architecture === 'unknown') return null;
  return `${os}/${architecture}${variant === '' ? '' : `/${variant}`}`;
}

/** What most machines run, the likeliest first. */
const usual: readonly string[] = ['linux/amd64', 'linux/arm64', 'linux/arm64/v8'];

/**
 * The image of an index that facts are taken from. Without a wish that follows from the index alone, and cannot be chosen by who passes facts on: linux/amd64, else
 * linux/arm64, else the first of Linux, else the first. Throws `Malformed` where there is none.
 * @param wanted a platform, with its variant or without; `null`: no matter which
 */
export function chooseEntry(entries: readonly Entry[], wanted: string | null): Entry {
  const platforms = entries.map(({ platform }) => platform).join(', ');
  if (wanted !== null) {
    const found = entries.find(({ platform }) => platform === wanted) ?? entries.find(({ platform }) => platform.startsWith(`${wanted}/`));
    if (!found) throw new Malformed(`it has no image for ${wanted}, but for ${platforms || 'no platform'}`);
    return found;
  }
  const found =
    usual.flatMap(name => entries.find(({ platform }) => platform === name) ?? [])[0] ??
    entries.find(({ platform }) => platform.startsWith('linux/')) ??
    entries[0];
  if (!found) throw new Malformed('its index has no image of a platform');
  return found;
}
