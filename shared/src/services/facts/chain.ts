import type { FactLevel, ImageFacts } from '../../knowledge/image-facts';
import { encodeUtf8 } from '../registry/bytes';
import { sha256 } from '../registry/sha256';
import { claimedBases } from './claimed-bases';
import { claimedUid, readHistory } from './history';
import { chooseEntry, longestConfiguration, parseObject, platformOf, readManifest } from './manifests';
import { isObject, keysOf, Malformed, objectOf, textOf, textsOf, type JsonObject } from './members';

/** The texts that lead from a digest to the configuration of an image, byte for byte. */
export interface ImageChain {
  /** `null`: the digest is that of the manifest of one platform. */
  readonly index: string | null;
  readonly manifest: string;
  readonly configuration: string;
}

/** What others say of an image, and what anybody may write into it. */
export interface ImageClaims {
  /** When it was made (ISO 8601), as its configuration says; `null`: it does not. */
  readonly created: string | null;
  /** The image that it was built from, as annotations and labels name it; `null`: they do not. */
  readonly base: { readonly name: string; readonly digest: string | null } | null;
  /** Where its sources are; `null`: nothing says so. */
  readonly source: string | null;
  /** The lines of the Dockerfiles that it was built from, its bases included, as far as the history has them. */
  readonly history: readonly string[];
}

/** An image that was read. */
export interface ReadImage {
  readonly facts: ImageFacts;
  readonly claims: ImageClaims;
}

/** What was read, or why nothing was, as the end of a sentence about the image. */
export type Reading<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** Reads something that throws `Malformed`. */
export function reading<T>(read: () => T): Reading<T> {
  try {
    return { ok: true, value: read() };
  } catch (error) {
    if (error instanceof Malformed) return { ok: false, problem: error.message };
    throw error;
  }
}

/**
 * Reads an image from its chain. Each text has to hash to what the one before it names, the first to `digest`.
 * @param level what holds if they do
 * @param platform of an index, the platform that is asked for; `null`: the usual one
 */
export function readChain(digest: string, chain: ImageChain, level: FactLevel, platform: string | null = null): Reading<ReadImage> {
  return followChain(digest, chain, level, platform, true);
}

/** The same where the configuration was masked, so that it has no digest any more: what it says is a claim. */
export function readMaskedChain(digest: string, chain: ImageChain): Reading<ReadImage> {
  return followChain(digest, chain, 'claimed', null, false);
}

function followChain(digest: string, chain: ImageChain, level: FactLevel, platform: string | null, isWhole: boolean): Reading<ReadImage> {
  return reading(() => {
    let expected = digest;
    let chosen: string | null = null;
    const marks: JsonObject[] = [];
    if (chain.index !== null) {
      checkDigest(chain.index, expected, 'index');
      const index = readManifest(chain.index);
      if (index.kind !== 'index') throw new Malformed('its index is not one');
      const entry = chooseEntry(index.entries, platform);
      ({ digest: expected, platform: chosen } = entry);
      marks.push(index.annotations);
    }
    checkDigest(chain.manifest, expected, 'manifest');
    const manifest = readManifest(chain.manifest);
    if (manifest.kind !== 'manifest') throw new Malformed('its manifest is an index');
    marks.push(manifest.annotations);
    if (chain.configuration.length > longestConfiguration) throw new Malformed('its configuration is too long');
    if (isWhole) checkDigest(chain.configuration, manifest.configuration, 'configuration');
    const root = parseObject(chain.configuration, 'configuration');
    const built = chosen ?? platformOf(root);
    if (built === null) throw new Malformed('its configuration names no platform');
    return readConfiguration(root, marks, { level, digest, platform: built });
  });
}

function checkDigest(text: string, digest: string, what: string): void {
  const found = `sha256:${sha256(encodeUtf8(text))}`;
  if (found !== digest) throw new Malformed(`its ${what} has the digest ${found}, not ${digest}`);
}

/** Reads a configuration that nothing leads to. Throws `Malformed`. */
export function readConfigured(root: JsonObject, level: FactLevel, digest: string): ReadImage {
  const platform = platformOf(root);
  if (platform === null) throw new Malformed('its configuration names no platform');
  return readConfiguration(root, [], { level, digest, platform });
}

/** Reads a configuration, and the annotations of what leads to it. */
function readConfiguration(
  root: JsonObject,
  marks: readonly JsonObject[],
  about: Pick<ImageFacts, 'level' | 'digest' | 'platform'>,
): ReadImage {
  const settings = objectOf(root, 'config');
  const user = textOf(settings, 'User').trim();
  const history = readHistory(root);
  const health = textsOf(objectOf(settings, 'Healthcheck'), 'Test');
  const claims = claimsIn(root, [...marks, objectOf(settings, 'Labels')], history);
  return {
    facts: {
      ...about,
      user,
      claimedUid: claimedUid(history, user),
      bases: claimedBases(root, claims.base?.name ?? null),
      entrypoint: textsOf(settings, 'Entrypoint') ?? [],
      command: textsOf(settings, 'Cmd') ?? [],
      workdir: textOf(settings, 'WorkingDir') || '/',
      ports: keysOf(settings, 'ExposedPorts').map(port => (port.includes('/') ? port : `${port}/tcp`)),
      volumes: keysOf(settings, 'Volumes'),
      variables: (textsOf(settings, 'Env') ?? []).map(variable => variable.split('=', 1)[0]!),
      health: health && health.length > 0 ? health : null,
      stopSignal: textOf(settings, 'StopSignal') || null,
    },
    claims,
  };
}

/** Annotations and labels of the image specification. */
const names = {
  base: 'org.opencontainers.image.base.name',
  baseDigest: 'org.opencontainers.image.base.digest',
  source: 'org.opencontainers.image.source',
} as const;

function claimsIn(root: JsonObject, marks: readonly JsonObject[], history: readonly string[]): ImageClaims {
  const claim = (name: string): string | null => {
    // names of labels are the author's: no spelling of one is another's
    const found = marks.map(mark => mark[name]).find(value => typeof value === 'string' && value !== '' && value.length < 1000);
    return (found as string | undefined) ?? null;
  };
  const created = textOf(root, 'created');
  const base = claim(names.base);
  return {
    created: /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(created) ? created : null,
    base: base === null ? null : { name: base, digest: claim(names.baseDigest) },
    source: claim(names.source),
    history,
  };
}

/** Changes whenever more or something else is read of an image, so that nothing is kept that a later reader would not have read. */
export const readerVersion = 2;

/** Whether a value is what `readChain` reads, as far as its shape tells: what was kept may be of anybody's making. */
export function isReadImage(value: unknown): value is ReadImage {
  if (!isObject(value) || !isObject(value['facts']) || !isObject(value['claims'])) return false;
  const { facts, claims } = value;
  const isTexts = (list: unknown): boolean => Array.isArray(list) && list.every(item => typeof item === 'string');
  return (
    ['level', 'digest', 'platform', 'user', 'workdir'].every(name => typeof facts[name] === 'string') &&
    ['bases', 'entrypoint', 'command', 'ports', 'volumes', 'variables'].every(name => isTexts(facts[name])) &&
    (facts['health'] === null || isTexts(facts['health'])) &&
    isTexts(claims['history']) &&
    (claims['base'] === null || (isObject(claims['base']) && typeof claims['base']['name'] === 'string'))
  );
}
