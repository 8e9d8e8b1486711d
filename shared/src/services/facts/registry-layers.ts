import type { Cancellation } from '../../base/ports/cancellation';
import type { RegistryClient } from '../registry/client';
import type { Endpoint } from '../registry/names';
import { type LayerBlob, type LayerSource, Unread } from './layers';
import { isObject, listOf, Malformed, memberOf, objectOf, textOf } from './members';
import { digestOf, parseObject } from './manifests';

/** The layers that a manifest lists, with the digests of their archives that the configuration has. Throws `Malformed`. */
export function layersIn(manifest: string, configuration: string): readonly LayerBlob[] {
  const files = objectOf(parseObject(configuration, 'configuration'), 'rootfs');
  const diffIds = listOf(files, 'diff_ids');
  const layers = listOf(parseObject(manifest, 'manifest'), 'layers');
  return layers.map((layer, at) => {
    if (!isObject(layer)) throw new Malformed('"layers" has something that is not a descriptor');
    const size = memberOf(layer, 'size');
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) throw new Malformed('"size" is not a number of bytes');
    const diffId = diffIds.length === layers.length ? diffIds[at] : null;
    return { digest: digestOf(layer), mediaType: textOf(layer, 'mediaType'), size, diffId: typeof diffId === 'string' ? diffId : null };
  });
}

/** What is asked for first, and at most at a time. */
const [firstPart, largestPart] = [512 << 10, 4 << 20];

/** Registries that have sent a whole blob when they were asked for a part. */
export type WholeHosts = Set<string>;

/** Reads layers at a registry: one part with each request. One that sends no parts is asked once for each layer, and what it sends is taken. */
export function registryLayers(
  client: Pick<RegistryClient, 'part'>,
  endpoint: Endpoint,
  wholeHosts: WholeHosts,
  limits: { readonly now: () => number; readonly end: number },
  cancellation: Cancellation,
): LayerSource {
  return {
    read: async function* ({ digest, size }, most) {
      let at = 0;
      for (let length = firstPart; at < size && at < most; length = Math.min(length * 2, largestPart)) {
        const asked = { start: at, length: Math.min(wholeHosts.has(endpoint.host) ? most : length, size - at, most - at) };
        const timeoutMs = Math.max(1, limits.end - limits.now());
        const got = await client.part(endpoint, digest, { ...asked, most: Math.min(size + 1, most), timeoutMs }, cancellation);
        if (!got.ok) throw new Unread(got.failure.kind === 'timeout' ? 'the limit of time was met' : got.failure.message);
        const { bytes, isWhole } = got.value;
        if (bytes.length === 0) return;
        at += bytes.length;
        yield bytes;
        if (!isWhole) continue;
        wholeHosts.add(endpoint.host);
        return;
      }
    },
  };
}
