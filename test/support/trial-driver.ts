import { neverCancelled } from '../../shared/src/base/ports/cancellation';
import { runProcess } from '../../server/src/host/node/process/run-process';
import { openJournal } from '../../server/src/prove/journal';
import {
  buildArguments,
  startArguments,
  trialImage,
  trialName,
  volumeArguments,
  volumesOf,
} from '../../shared/src/services/prove/arguments';
import type { TrialBuild, TrialSubject } from '../../shared/src/services/prove/contract';

/** The orders of a driver. */
export interface DriverOrders {
  readonly folder: string;
  readonly kind: 'docker' | 'podman';
  /** The program, and what is in front of every command. */
  readonly engine: readonly string[];
  readonly image: string;
  readonly subject: TrialSubject;
  readonly build: TrialBuild;
  /** The folder that is built. */
  readonly context: string;
  /** Kills itself at its step of this number; `null`: goes to the end and leaves everything. */
  readonly killAt: number | null;
}

/** Goes through the steps of a small trial, and ends in the middle of one as `kill -9` ends it. Prints the names of the steps. */
async function drive({ folder, kind: program, engine, image, subject, build, context, killAt }: DriverOrders): Promise<void> {
  let at = 0;
  const step = (name: string): void => {
    process.stdout.write(`${name}\n`);
    if (at++ === killAt) process.kill(process.pid, 'SIGKILL');
  };
  const journal = openJournal(folder, program, null);
  if (!journal) throw new Error('no journal');
  const { nonce } = journal;
  step('opened');
  const ask = async (what: string, args: readonly string[]): Promise<string> => {
    const [path = '', ...first] = engine;
    const request = { path, args: [...first, ...args], cwd: folder, env: process.env, timeoutMs: 60_000, maxBytes: 1 << 20 };
    const ended = runProcess({
      ...request,
      cancellation: neverCancelled,
      running: journal.running,
    });
    step(`${what}: asked`);
    const { code, stdout, stderr } = await ended;
    if (code !== 0) throw new Error(stderr);
    step(`${what}: made`);
    return stdout.trim();
  };
  const make = async (kind: 'container' | 'volume' | 'image', name: string, args: readonly string[]): Promise<string> => {
    if (!journal.note(kind, name)) throw new Error('not noted');
    step(`${kind}: noted`);
    return await ask(kind, args);
  };
  const containers = [...subject.peers, subject.container];
  const volumes = new Set(
    containers.flatMap(container => volumesOf(subject, container, null, { nonce, start: 1 }).map(({ name }) => name)),
  );
  for (const name of volumes) await make('volume', name, volumeArguments(name, nonce));
  let id = '';
  let pid = 0;
  for (const [index, container] of containers.entries()) {
    const name = trialName(nonce, `c${index}`);
    const network = id === '' ? ({ kind: 'closed' } as const) : ({ kind: 'joined', id, pid } as const);
    const names = { nonce, start: 1, container: name, image, network, hosts: containers.map(one => one.name), lowPorts: false };
    const made = await make('container', name, startArguments(program, subject, container, null, names));
    pid = Number(await ask('process', ['inspect', '--format', '{{.State.Pid}}', name]));
    id = made;
  }
  const tag = trialImage(nonce, 'c0');
  const args = buildArguments(program, build, tag, { nonce, dockerfile: `${context}/Dockerfile`, context, hasNetwork: false });
  await make('image', tag, args ?? []);
  process.stdout.write('done\n');
}

void drive(JSON.parse(process.argv[2] ?? '') as DriverOrders);
