import type { RegistryFailure } from '../../../shared/src/services/registry/failure';
import type { RegistryClient } from '../../../shared/src/services/registry/client';
import { createMemoryCache, type Resolver } from '../../../shared/src/services/registry/resolver';
import { masked } from '../../../shared/src/early';
import { maskAlone } from '../../../shared/src/index';
import { liesIn } from '../../../shared/host/node/folders';
import { cacheFolder, createFileCache } from '../../../shared/host/node/registry/file-cache';
import { createNodeClient, createNodeResolver, type NodeClientOptions } from '../../../shared/host/node/registry/resolver';
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
