import type { RegistryFailure } from '../../../shared/src/services/registry/failure';
import type { RegistryClient } from '../../../shared/src/services/registry/client';
import { createMemoryCache, type Resolver } from '../../../shared/src/services/registry/resolver';
import { masked } from '../../../shared/src/early';
import { createFactLookup, createMemoryFactCache, type FactLookup, maskAlone } from '../../../shared/src/index';
import { userCacheFolder } from '../../../shared/host/node/cache-folder';
import { nodeLayerHost } from '../../../shared/host/node/layer-host';
import { liesIn } from '../../../shared/host/node/folders';
import { cacheFolder, createFileCache } from '../../../shared/host/node/registry/file-cache';
import {
  createNodeClient,
  createNodeRegistry,
  createNodeResolver,
  type NodeClientOptions,
} from '../../../shared/host/node/registry/resolver';
import { createFactCache } from '../host/node/kept/fact-cache';
import { createAttestationCache, createLayerFactCache } from './file-caches';
import type { Output } from './output';
import { UsageError, type Arguments } from './usage';

const defaultCacheMinutes = 60;

/**
 * A resolver for a run, by the options that commands which ask registries share. Whoever runs the command line trusts its environment, helpers included, but for
 * what lies in the folders that are checked (`guarded`).
 */
export function createCliResolver(args: Arguments, guarded: readonly string[], output: Output): Resolver {
  const minutes = args.get('cache-minutes') ?? String(defaultCacheMinutes);
  if (!/^\d{1,7}$/.test(minutes)) throw new UsageError(`--cache-minutes must be a whole number of minutes, not "${minutes}"`);
  const folder = cacheFolder(process.env);
  return createNodeResolver({
    ...clientOptions(args, guarded, output),
    cache: guarded.some(one => liesIn(folder, one)) ? createMemoryCache() : createFileCache(folder),
    maxAgeMs: () => Number(minutes) * 60_000,
  });
}

/** So long a tag counts as what it was, where only facts depend on it: their age is shown. */
const factDays = 30;

/** A look-up of facts for a run, and who it asks. `keeps`: whether anything is kept between runs, or used of earlier ones. */
export function createCliFacts(
  args: Arguments,
  guarded: readonly string[],
  output: Output,
  { named, keeps }: { readonly named: readonly string[]; readonly keeps: boolean },
): { readonly lookup: FactLookup; readonly client: RegistryClient } {
  const [digests, facts] = [cacheFolder(process.env), userCacheFolder('facts', process.env)];
  const isKept = keeps && !guarded.some(one => liesIn(digests, one) || liesIn(facts, one));
  const { client, resolver } = createNodeRegistry({
    ...clientOptions(args, guarded, output, named),
    cache: isKept ? createFileCache(digests) : createMemoryCache(),
    maxAgeMs: () => factDays * 24 * 3_600_000,
  });
  const cache = isKept
    ? { ...createFactCache(facts), files: createLayerFactCache(facts), attested: createAttestationCache(facts) }
    : createMemoryFactCache();
  return { client, lookup: createFactLookup({ client, resolver, cache, layers: { host: nodeLayerHost } }) };
}

/** A client for a run, by the same options; it keeps nothing. `named`: registries that the command line itself names. */
export function createCliClient(args: Arguments, guarded: readonly string[], output: Output, named: readonly string[]): RegistryClient {
  return createNodeClient(clientOptions(args, guarded, output, named));
}

function clientOptions(args: Arguments, guarded: readonly string[], output: Output, named: readonly string[] = []): NodeClientOptions {
  const warn = (line: string): void => output.note(masked`bulkhead: ${maskAlone(line)}`);
  return {
    env: process.env,
    certificateFiles: args.all('ca'),
    outside: () => guarded,
    warn,
    allowed: [...args.all('allow-registry'), ...named],
    log: args.has('verbose') ? warn : () => undefined,
  };
}

/** Why a look-up failed, for people. */
export function describeFailure({ message }: RegistryFailure): string {
  return message;
}
