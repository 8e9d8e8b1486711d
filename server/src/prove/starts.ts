import {
  startArguments,
  trialHosts,
  type TrialLimits,
  trialName,
  type TrialNetwork,
  volumeArguments,
  volumesOf,
} from '../../../shared/src/services/prove/arguments';
import type { TrialContainer, TrialSettings, TrialSubject } from '../../../shared/src/services/prove/contract';
import { neverCancelled } from '../../../shared/src/base/ports/cancellation';
import { isInClosedNetwork } from './closed-network';
import { callEngine, type EngineTool, isDone, stateOf } from './engine';
import { look, type Vantage } from './look';

/** What is needed to start the containers of a trial, the same for each start of it. */
export interface Starting {
  readonly tool: EngineTool;
  readonly vantage: Vantage;
  readonly subject: TrialSubject;
  /** Of each container its image's id and user, by the name of the container. */
  readonly images: ReadonlyMap<string, { readonly id: string; readonly user: string }>;
  readonly nonce: string;
  readonly limits: TrialLimits;
  /** Writes everything down before it is made, so that it can be removed after a crash. Throws where that fails. */
  readonly record: (kind: 'container' | 'volume', name: string) => void;
}

/** The containers of one start. */
export interface Started {
  /** Of the container that the trial is about. */
  readonly name: string;
  /** Why the engine would not start one of them, with its exit code; `null`: they run. */
  readonly refused: { readonly text: string; readonly code: number | null; readonly isPeer: boolean } | null;
  readonly containers: readonly string[];
  readonly volumes: readonly string[];
}

const startMs = 60_000;
const peerMs = 30_000;
const quietPeerMs = 5000;
const pollMs = 200;

export const pause = (ms: number): Promise<void> => new Promise(done => setTimeout(done, ms));

/** Starts a subject with what it depends on, the peers first. `at`: the number of the start, for names. Remove what it gives, whatever came of it. */
export async function startAll(starting: Starting, settings: TrialSettings | null, at: number): Promise<Started> {
  const { tool, subject, nonce, record } = starting;
  const containers: string[] = [];
  const volumes = new Set<string>();
  const hosts = trialHosts(subject);
  let network: TrialNetwork = { kind: 'closed' };
  let refused: Started['refused'] = null;
  for (const [index, container] of [...subject.peers, subject.container].entries()) {
    const isPeer = container !== subject.container;
    for (const volume of volumesOf(subject, container, isPeer ? null : settings, { nonce, start: at })) {
      if (volumes.has(volume.name)) continue;
      volumes.add(volume.name);
      record('volume', volume.name);
      await callEngine(tool, volumeArguments(volume.name, nonce));
    }
    const name = trialName(nonce, `s${at}-c${index}`);
    const { id: image, user: imageUser } = starting.images.get(container.name)!;
    // the sysctl is that of the network, which the first container makes
    const lowPorts = settings === null || settings.lowPorts === true;
    const names = { nonce, start: at, container: name, image, imageUser, network, hosts, lowPorts };
    const args = startArguments(tool.name, subject, container, isPeer ? null : settings, names, starting.limits);
    containers.push(name);
    record('container', name);
    const ended = await callEngine(tool, args, { ms: startMs });
    if (!isDone(ended)) {
      refused = { text: ended.stderr, code: ended.code, isPeer };
      break;
    }
    if (network.kind === 'joined' && !(await isSameNetwork(tool, network))) {
      refused = { text: subject.peers[0]!.name, code: null, isPeer: true };
      break;
    }
    if (!isPeer) break;
    const pid = await waitForPeer(starting, container, name);
    if (pid === null) {
      refused = { text: container.name, code: null, isPeer };
      break;
    }
    if (index > 0) continue;
    network = { kind: 'joined', id: name, pid };
    if (!isClosed(tool, network)) {
      refused = { text: container.name, code: null, isPeer };
      break;
    }
  }
  return { name: containers.at(-1)!, refused, containers, volumes: [...volumes] };
}

/** Podman joins a network by the number of a process, which has to be in one that is not the host's. */
const isClosed = ({ name }: EngineTool, { pid }: Extract<TrialNetwork, { kind: 'joined' }>): boolean =>
  name !== 'podman' || isInClosedNetwork(pid);

/** Whether the container that was joined still runs as it did: else the number may have been another's. */
async function isSameNetwork(tool: EngineTool, network: Extract<TrialNetwork, { kind: 'joined' }>): Promise<boolean> {
  const state = await stateOf(tool, network.id);
  return state?.isRunning === true && state.pid === network.pid && isClosed(tool, network);
}

/** Waits until a peer listens, or has run for a while; `null`: it has ended. */
async function waitForPeer({ tool, vantage }: Starting, { ports }: TrialContainer, name: string): Promise<number | null> {
  const start = Date.now();
  for (;;) {
    const state = await stateOf(tool, name);
    if (!state?.isRunning || state.pid === 0) return null;
    const seen = await look(tool, vantage, state.pid, ports, false);
    const listens =
      seen !== null && (ports.length === 0 ? seen.sockets.length > 0 : ports.every(port => seen.sockets.includes(`tcp ${port}`)));
    const waited = Date.now() - start;
    if (listens || waited > peerMs || (ports.length === 0 && waited > quietPeerMs) || tool.cancellation.cancelled) return state.pid;
    await pause(pollMs);
  }
}

/** Removes the containers and volumes of a start. What cannot be removed now is left to the journal. */
export async function removeAll(cancellable: EngineTool, { containers, volumes }: Pick<Started, 'containers' | 'volumes'>): Promise<void> {
  const tool = { ...cancellable, cancellation: neverCancelled };
  for (const name of [...containers].reverse())
    await callEngine(tool, ['rm', '--force', '--volumes', ...(tool.name === 'podman' ? ['--time=0'] : []), name]);
  if (volumes.length > 0) await callEngine(tool, ['volume', 'rm', '--force', ...volumes]);
}
