import type { PathKind } from '../../../shared/src/services/prove/reduce';
import type { TrialObservation } from '../../../shared/src/services/prove/contract';
import type { Running } from '../host/node/process/process-tree';
import { callEngine, callProgram, type EngineTool, isDone } from './engine';
import { probeScript } from './probe-script';

/** What the probe saw of a container. */
export interface Look {
  readonly sockets: readonly string[];
  readonly answers: TrialObservation['answers'];
  readonly processes: readonly {
    readonly pid: number;
    readonly name: string;
    readonly uid: number;
    readonly gid: number;
    readonly groups: readonly number[];
    readonly threads: number;
  }[];
}

/** How the network of a container is entered: as root, as the owner of its user namespace, or not at all. */
export type Entry = 'root' | 'rootless' | 'outside';

/** What of it can be seen from here, and where `nsenter` is. */
export interface Vantage {
  readonly entry: Entry;
  readonly nsenter: string | null;
}

const lookMs = 30_000;
/** A probe ends by itself, and makes nothing. */
const quiet: Running = { started: () => undefined, ended: () => undefined };

/** Looks at a container from its network; `null`: its processes cannot be seen from here. */
export async function look(
  tool: EngineTool,
  { entry, nsenter }: Vantage,
  pid: number,
  ports: readonly number[],
  ask: boolean,
): Promise<Look | null> {
  const canEnter = nsenter !== null && entry !== 'outside';
  const request = JSON.stringify({ pid, ask: ask && canEnter, ports, mapped: entry !== 'rootless' || !canEnter });
  const node = [process.execPath, '-e', probeScript, request];
  const enter = entry === 'rootless' ? ['-t', `${pid}`, '-U', '-n', '--preserve-credentials'] : ['-t', `${pid}`, '-n'];
  const env = { ...tool.env, ELECTRON_RUN_AS_NODE: '1' };
  const [program, args] = canEnter ? [nsenter, [...enter, ...node]] : [node[0]!, node.slice(1)];
  const ended = await callProgram({ ...tool, env, running: quiet }, program, args, { ms: lookMs });
  if (!isDone(ended)) return null;
  try {
    const seen = JSON.parse(ended.stdout) as Look;
    // a machine of its own runs the engine: the number means something else here
    return seen.processes.length > 0 ? seen : null;
  } catch {
    return null;
  }
}

const mostOfFolder = 64 << 10;
const block = 512;
const atOnce = 8;

/** What paths are in a container, running or not. Those that are not there are left out. */
export async function kindsOf(tool: EngineTool, container: string, paths: readonly string[]): Promise<ReadonlyMap<string, PathKind>> {
  const kinds = new Map<string, PathKind>();
  for (let at = 0; at < paths.length; at += atOnce) {
    const some = paths.slice(at, at + atOnce);
    const found = await Promise.all(some.map(path => callEngine(tool, ['cp', `${container}:${path}`, '-'], { bytes: mostOfFolder })));
    found.forEach((ended, index) => {
      const kind = ended.how === 'too-much' ? 'filled' : isDone(ended) ? kindOf(ended.stdout) : null;
      if (kind !== null) kinds.set(some[index]!, kind);
    });
  }
  return kinds;
}

/** What a short archive is of; one that is not all of folders has content, whatever follows. */
function kindOf(tar: string): PathKind | null {
  if (tar.length < block) return null;
  const isFolder = (at: number): boolean => tar[at + 156] === '5';
  if (!isFolder(0)) return /[xgL]/.test(tar[156] ?? '') ? 'filled' : 'file';
  let kind: PathKind = 'empty';
  for (let at = block; at + block <= tar.length && tar[at] !== '\0'; at += block) {
    // what engines put into every container
    const name = tar.slice(at, tar.indexOf('\0', at));
    if (/(?:^|\/)\.containerenv$/.test(name)) continue;
    if (!isFolder(at)) return 'filled';
    kind = 'folders';
  }
  return kind;
}
