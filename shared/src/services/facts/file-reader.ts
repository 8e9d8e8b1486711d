import type { Cancellation } from '../../base/ports/cancellation';
import type { LayerHost } from '../../base/ports/layer-host';
import type { ImageFacts } from '../../knowledge/image-facts';
import type { ImageFiles } from '../../knowledge/image-files';
import type { RegistryClient } from '../registry/client';
import { fail, type Outcome } from '../registry/failure';
import type { Endpoint } from '../registry/names';
import type { Turns } from '../registry/turns';
import { reading, type ImageChain } from './chain';
import { filesOf, pathOf, progressOf, type FileQuestion } from './file-facts';
import { readLayers, usualLimits, type LayerBlob, type LayerLimits, type LayerSource } from './layers';
import { objectOf, textsOf } from './members';
import { parseObject } from './manifests';
import { layersIn, registryLayers, type WholeHosts } from './registry-layers';

/** What layers said, and whether they would say the same another time. */
export interface ReadFiles {
  readonly files: ImageFiles;
  readonly isFinal: boolean;
}

/**
 * Reads the files of an image, wherever its layers are.
 * @param layers as `layersIn` has them of the manifest
 * @param named other paths whose owner is asked for
 */
export async function readFiles(
  facts: ImageFacts,
  configuration: string,
  layers: readonly LayerBlob[],
  source: LayerSource,
  host: LayerHost,
  { named = [], limits = usualLimits }: { readonly named?: readonly string[]; readonly limits?: LayerLimits } = {},
): Promise<ReadFiles> {
  const variables = reading(() => textsOf(objectOf(parseObject(configuration, 'configuration'), 'config'), 'Env') ?? []);
  const question: FileQuestion = { facts, path: pathOf(variables.ok ? variables.value : []), named };
  const read = await readLayers(layers, source, host, tree => progressOf(question, tree), limits);
  return { files: filesOf(question, read), isFinal: read.isFinal };
}

/** What is asked besides what the configuration names. */
interface Asked {
  readonly digest: string;
  readonly platform: string | null;
  readonly paths: readonly string[];
}

type FileReader = (
  endpoint: Endpoint,
  facts: ImageFacts,
  chain: ImageChain,
  asked: Asked,
  turns: Turns,
  cancellation: Cancellation,
  done: (read: ReadFiles) => void,
) => Promise<Outcome<ImageFiles>>;

/** Creates what reads the files of images at registries, each once. */
export function createFileReader(
  client: Pick<RegistryClient, 'part'>,
  { host, limits = usualLimits }: { readonly host: LayerHost; readonly limits?: LayerLimits },
): FileReader {
  const running = new Map<string, Promise<Outcome<ReadFiles>>>();
  const wholeHosts: WholeHosts = new Set();
  return async (endpoint, facts, { manifest, configuration }, { digest, platform, paths }, turns, cancellation, done) => {
    const key = JSON.stringify([endpoint.host, endpoint.repository, digest, platform, paths]);
    const read = async (): Promise<Outcome<ReadFiles>> => {
      if (facts.platform.startsWith('windows/')) return fail('unsupported', 'Windows layers are not read');
      const layers = reading(() => layersIn(manifest, configuration));
      if (!layers.ok) return fail('unsupported', layers.problem);
      const until = { now: () => host.now(), end: host.now() + limits.milliseconds };
      const source = registryLayers(client, endpoint, wholeHosts, until, cancellation);
      const value = await readFiles(facts, configuration, layers.value, source, host, { named: paths, limits });
      return cancellation.cancelled ? fail('cancelled', 'cancelled') : { ok: true, value };
    };
    let reads = running.get(key);
    if (!reads) running.set(key, (reads = turns(read)));
    const outcome = await reads;
    if (!outcome.ok) return outcome;
    done(outcome.value);
    return { ok: true, value: outcome.value.files };
  };
}
