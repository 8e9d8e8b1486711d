import type { RegistryFailure } from '../../../shared/src/registry/failure';
import type { RegistryClient } from '../../../shared/src/registry/client';
import type { Resolver } from '../../../shared/src/registry/resolver';
import { masked } from '../../../shared/src/early';
import { maskAlone } from '../../../shared/src/index';
import { cacheFolder, createFileCache } from '../../../shared/host/node/registry/file-cache';
import { createNodeClient, createNodeResolver, type NodeClientOptions } from '../../../shared/host/node/registry/resolver';
import type { Output } from './output';
import { UsageError, type Arguments } from './usage';

const defaultCacheMinutes = 60;

/** A resolver for a run, by the options that commands which ask registries share. Whoever runs the command line trusts its environment, helpers included. */
export function createCliResolver(args: Arguments, output: Output): Resolver {
  const minutes = args.get('cache-minutes') ?? String(defaultCacheMinutes);
  if (!/^\d{1,7}$/.test(minutes)) throw new UsageError(`--cache-minutes must be a whole number of minutes, not "${minutes}"`);
  return createNodeResolver({
    ...clientOptions(args, output),
    cache: createFileCache(cacheFolder(process.env)),
    maxAgeMs: () => Number(minutes) * 60_000,
  });
}

/** A client for a run, by the same options; it keeps nothing. `named`: registries that the command line itself names. */
export function createCliClient(args: Arguments, output: Output, named: readonly string[]): RegistryClient {
  return createNodeClient(clientOptions(args, output, named));
}

function clientOptions(args: Arguments, output: Output, named: readonly string[] = []): NodeClientOptions {
  return {
    env: process.env,
    certificateFiles: args.all('ca'),
    helpers: true,
    allowed: [...args.all('allow-registry'), ...named],
    log: args.has('verbose') ? line => output.note(masked`bulkhead: ${maskAlone(line)}`) : () => undefined,
  };
}

/** Why a look-up failed, for people. */
export function describeFailure({ message }: RegistryFailure): string {
  return message;
}
