import type { Cancellation } from '../../../../shared/src/base/ports/cancellation';
import { findOnPath, withoutFolders } from '../../../../shared/host/node/find-program';
import { parentPort } from 'node:worker_threads';
import type { AskEngines, EngineAnswer } from '../../lookups/local-images';
import { tellProcesses } from './scanner/processes';
import { pathOf } from './workspace-files';
import { inFolder } from './process/own-folder';
import type { Running } from './process/process-tree';
import { runProcess, type ProcessEnd } from './process/run-process';

/** How the engines of containers on this machine are asked. */
export interface EngineOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Folders that somebody else may have filled: a program in one is not run because it is on the path. */
  readonly outside: readonly string[];
  readonly cancellation: Cancellation;
  readonly running: Running;
}

const timeoutMs = 20_000;
const maxBytes = 32 << 20;
/** So many images are asked for at once: a command line has an end. */
const mostAtOnce = 50;

/**
 * Asks Docker and Podman which of some images they have. None is started, pulled or run; an engine of another machine is not asked, which `note` hears of. Never
 * rejects.
 */
export async function inspectImages(
  references: readonly string[],
  options: EngineOptions,
  note: (line: string) => void,
): Promise<readonly EngineAnswer[]> {
  const env = withoutFolders(options.env, options.outside);
  const ask = async (path: string, args: readonly string[]): Promise<ProcessEnd | null> => {
    const { cancellation, running } = options;
    const ended = await inFolder(cwd => runProcess({ path, args, cwd, env, timeoutMs, maxBytes, cancellation, running }));
    return 'how' in ended && ended.how === 'exit' ? ended : null;
  };
  const inspect = async (engine: EngineAnswer['engine'], path: string, first: readonly string[]): Promise<EngineAnswer> => {
    const images: Record<string, unknown>[] = [];
    for (let at = 0; at < references.length; at += mostAtOnce) {
      // those that it does not have make it fail, and are left out
      const ended = await ask(path, [...first, 'image', 'inspect', ...references.slice(at, at + mostAtOnce)]);
      images.push(...objectsIn(ended?.stdout ?? ''));
    }
    return { engine, images };
  };
  const find = (name: string): string | null => findOnPath(name, options.env, options.outside).path;
  if (references.length === 0) return [];
  const [docker, podman] = [find('docker'), find('podman')];
  const asked: Promise<EngineAnswer>[] = [];
  const address = docker === null ? null : await addressOfDocker(env, args => ask(docker, args));
  if (docker !== null && address !== null) {
    if (isLocalAddress(address)) asked.push(inspect('Docker', docker, []));
    else note('Docker is not asked what it has: it is on another machine');
  }
  if (podman !== null) {
    // these would win over the option
    if (isLocalAddress(env['CONTAINER_HOST'] || 'unix://') && !env['CONTAINER_CONNECTION'])
      asked.push(inspect('Podman', podman, ['--remote=false']));
    else note('Podman is not asked what it has: it is on another machine');
  }
  return await Promise.all(asked);
}

/** Asks the engines for a language server. Its supervisor hears of each process, and ends those that are left when the server ends. */
export const askEngines: AskEngines = (references, { folders, cancellation, note }) =>
  inspectImages(
    references,
    {
      env: process.env,
      outside: folders.flatMap(folder => pathOf(folder) ?? []),
      cancellation,
      running: tellProcesses(news => parentPort?.postMessage(news)),
    },
    note,
  );

/** Whether an address is that of a socket or a pipe of this machine. */
export function isLocalAddress(address: string): boolean {
  return /^(?:unix|npipe):\/\//.test(address);
}

/** Where the engine is that the client of Docker would ask, by its environment, else by its context; `null`: it does not say. */
export async function addressOfDocker(
  env: NodeJS.ProcessEnv,
  ask: (args: readonly string[]) => Promise<ProcessEnd | null>,
): Promise<string | null> {
  if (env['DOCKER_HOST']) return env['DOCKER_HOST'];
  const ended = await ask(['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}']);
  return (ended?.code === 0 && ended.stdout.trim()) || null;
}

function objectsIn(text: string): readonly Record<string, unknown>[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.filter((one): one is Record<string, unknown> => typeof one === 'object' && one !== null) : [];
  } catch {
    return [];
  }
}
