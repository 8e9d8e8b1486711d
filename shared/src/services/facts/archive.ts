import { keyOfReference } from '../registry/names';
import { encodeUtf8 } from '../registry/bytes';
import { sha256 } from '../registry/sha256';
import { parseImageReference } from '../../syntax/image/reference';
import { readChain, readConfigured, reading, type ImageChain, type ReadImage, type Reading } from './chain';
import { chooseEntry, parseObject, readManifest } from './manifests';
import { isObject, listOf, Malformed, memberOf, objectOf, textOf, type JsonObject } from './members';

/** An image of an OCI layout or of an archive of `docker save`. */
export interface ArchivedImage extends ReadImage {
  /** As the archive calls it: references with a tag. */
  readonly names: readonly string[];
}

/** The files of an archive or of a layout that are texts, by their names; `null`: there is none. */
export type ArchiveTexts = (name: string) => string | null;

/** Why an image of an archive was not read. */
export interface ArchiveProblem {
  readonly names: readonly string[];
  readonly problem: string;
}

/** The images of an archive, and what is wrong with others of it. */
export interface ArchivedImages {
  readonly images: readonly ArchivedImage[];
  readonly problems: readonly ArchiveProblem[];
}

const blobName = (digest: string): string => `blobs/sha256/${digest.slice('sha256:'.length)}`;

/**
 * Reads the images of an OCI layout (`index.json`), else of an archive of `docker save` (`manifest.json`). Facts of a layout are `verified` as those of their digest; a
 * name is a claim, and of an older archive everything is, since it has no manifest.
 */
export function readArchive(texts: ArchiveTexts, platform: string | null): Reading<ArchivedImages> {
  return reading(() => {
    const [index, saved] = [texts('index.json'), texts('manifest.json')];
    const tags = saved === null ? [] : savedImages(saved);
    if (index !== null) return readLayout(parseObject(index, 'index'), texts, tags, platform);
    if (saved === null) throw new Malformed('it has neither index.json nor manifest.json, as an image has');
    return gather(tags, ({ configuration, names }) => ({ names, read: readSaved(configuration, texts) }));
  });
}

function gather<T>(
  items: readonly T[],
  read: (item: T) => { readonly names: readonly string[]; readonly read: Reading<ReadImage> },
): ArchivedImages {
  const images: ArchivedImage[] = [];
  const problems: ArchiveProblem[] = [];
  for (const item of items) {
    const { names, read: made } = read(item);
    if (made.ok) images.push({ ...made.value, names });
    else problems.push({ names, problem: made.problem });
  }
  return { images, problems };
}

/** What `manifest.json` says of an image: the file of its configuration, and its names. */
interface SavedImage {
  readonly configuration: string;
  readonly names: readonly string[];
}

function savedImages(text: string): readonly SavedImage[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    throw new Malformed('its manifest.json is not JSON');
  }
  return listOf({ images: list }, 'images').map(item => {
    if (!isObject(item)) throw new Malformed('its manifest.json has something that is not an image');
    const names = listOf(item, 'RepoTags').filter((name): name is string => typeof name === 'string' && isName(name));
    return { configuration: textOf(item, 'Config'), names };
  });
}

/** Whether a text is the whole name of an image: some programs write a tag alone. */
function isName(text: string): boolean {
  return /[/:]/.test(text) && parseImageReference(text).invalid === null && keyOfReference(text) !== null;
}

function readSaved(name: string, texts: ArchiveTexts): Reading<ReadImage> {
  return reading(() => {
    const text = texts(name);
    if (text === null) throw new Malformed('its configuration is not in the archive');
    const digest = `sha256:${sha256(encodeUtf8(text))}`;
    const hex = /(?:^|\/)([0-9a-f]{64})(?:\.json)?$/.exec(name)?.[1];
    if (hex !== undefined && digest !== `sha256:${hex}`) throw new Malformed(`its configuration has the digest ${digest}`);
    return readConfigured(parseObject(text, 'configuration'), 'claimed', digest);
  });
}

function readLayout(index: JsonObject, texts: ArchiveTexts, saved: readonly SavedImage[], platform: string | null): ArchivedImages {
  const wanted = listOf(index, 'manifests').filter(
    (value): value is JsonObject => isObject(value) && objectOf(value, 'annotations')['vnd.docker.reference.type'] === undefined,
  );
  return gather(wanted, descriptor => {
    const annotations = objectOf(descriptor, 'annotations');
    const named = [annotations['io.containerd.image.name'], annotations['org.opencontainers.image.ref.name']];
    const names = named.filter((name): name is string => typeof name === 'string' && isName(name)).slice(0, 1);
    const configurations = new Set<string>();
    const read = reading(() => {
      const { digest, chain, chosen } = chainOf(descriptor, texts, platform);
      configurations.add(blobName(`sha256:${sha256(encodeUtf8(chain.configuration))}`));
      const made = readChain(digest, chain, 'verified', chosen);
      if (!made.ok) throw new Malformed(made.problem);
      return made.value;
    });
    const tags = saved.filter(({ configuration }) => configurations.has(configuration)).flatMap(one => one.names);
    return { names: [...new Set([...names, ...tags])], read };
  });
}

/** The texts that lead from a descriptor to a configuration. An archive may lack other platforms: of those that are there one is taken as ever. */
function chainOf(
  descriptor: JsonObject,
  texts: ArchiveTexts,
  platform: string | null,
): { readonly digest: string; readonly chain: ImageChain; readonly chosen: string | null } {
  const digest = textOf(descriptor, 'digest');
  if (!/^sha256:[0-9a-f]{64}$/.test(digest)) throw new Malformed('"digest" is not a SHA-256 digest');
  const get = (wanted: string): string => {
    const text = texts(blobName(wanted));
    if (text === null) throw new Malformed(`${wanted} is not in the archive`);
    return text;
  };
  const first = get(digest);
  const parts = readManifest(first);
  if (parts.kind === 'manifest')
    return { digest, chain: { index: null, manifest: first, configuration: get(parts.configuration) }, chosen: null };
  const entry = chooseEntry(
    parts.entries.filter(one => texts(blobName(one.digest)) !== null),
    platform,
  );
  const manifest = get(entry.digest);
  const inner = readManifest(manifest);
  if (inner.kind === 'index') throw new Malformed('its manifest is an index');
  return { digest, chain: { index: first, manifest, configuration: get(inner.configuration) }, chosen: entry.platform };
}

/** What an engine says of an image that it has (`docker image inspect`), as a configuration has it. Its word is a claim, or that of who serves it. */
export function readInspected(value: unknown, digest: string, level: 'as-served' | 'claimed'): Reading<ReadImage> {
  return reading(() => {
    if (!isObject(value)) throw new Malformed('the engine gave no object');
    const root: JsonObject = {
      os: memberOf(value, 'Os'),
      architecture: memberOf(value, 'Architecture'),
      variant: memberOf(value, 'Variant'),
      created: memberOf(value, 'Created'),
      config: memberOf(value, 'Config'),
      history: memberOf(value, 'History'),
    };
    return readConfigured(root, level, digest);
  });
}
