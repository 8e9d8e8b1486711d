import { readFileSync } from 'node:fs';
import { podman, prefix, run, usualCapabilities } from './engine';
import type { Probe } from './manifest';
import type { RunningContainer } from './pod';
import type { Check, ComposeService, Service } from './service';

/** What a container is like from inside, where it lived long enough to be looked at. */
export interface Shape {
  readonly user: number;
  readonly group: number;
  readonly readOnly: boolean;
  /** Those in the bounding set: `all` are the usual ones. */
  readonly capabilities: string;
  readonly volumes: readonly string[];
}

/** What became of a service in one way of starting it. */
export interface Outcome {
  readonly starts: boolean;
  readonly answers: boolean;
  readonly writes: boolean;
  /** Milliseconds until it ended on its stop signal; `null` where it had to be killed, or there was nothing to stop. */
  readonly stopped: number | null;
  readonly shapes: readonly Shape[];
  readonly problem: string | null;
}

/** The outcome of what never started. */
export const failed = (problem: string): Outcome => ({ starts: false, answers: false, writes: false, stopped: null, shapes: [], problem });

/** How long a container may take to stop. */
const grace = 5;

/** Starts an image as Docker does: its own user, the usual capabilities, and any port. */
export function startDocker(image: string, title: string, { environment, volumes, init }: ComposeService): RunningContainer {
  const name = `${prefix}-${title}`;
  const options = ['--network', 'none', '--sysctl', 'net.ipv4.ip_unprivileged_port_start=0'];
  for (const [variable, value] of Object.entries(environment)) options.push('--env', `${variable}=${value}`);
  // Named volumes take the content and the owner of what the image has there.
  for (const volume of volumes) options.push('--volume', `${prefix}-${title}-${volume}`);
  if (init) options.push('--init');
  const { code, err } = podman(['run', '--detach', '--pull=never', '--name', name, ...options, image]);
  if (code !== 0) throw new Error(`it does not start: ${err.trim().split('\n').slice(-3).join(' | ')}`);
  return { name, spec: { name: 'docker' }, mounts: volumes.map(volume => volume.split(':')[1]!) };
}

interface State {
  readonly Running: boolean;
  readonly Pid: number;
  readonly ExitCode: number;
  readonly OOMKilled: boolean;
}

const stateOf = (name: string): State => JSON.parse(podman(['inspect', '--format', '{{json .State}}', name]).out) as State;

const logOf = (name: string): string => {
  const { out, err } = podman(['logs', name]);
  return out + err;
};

const tail = (text: string): string => text.trim().split('\n').slice(-4).join(' | ').slice(0, 600);

const sleep = (milliseconds: number): Promise<void> => new Promise(done => setTimeout(done, milliseconds));

/** Whether a check holds now; else what there is instead. */
function holds(check: Check, service: Service, { name }: RunningContainer, pid: number): string | null {
  if ('log' in check) return logOf(name).includes(check.log) ? null : `no line of its output holds ${JSON.stringify(check.log)}`;
  if ('file' in check) {
    try {
      const text = readFileSync(`/proc/${pid}/root${check.file}`, 'utf8');
      return text.includes(check.expect ?? '') ? null : `${check.file} holds ${JSON.stringify(tail(text))}`;
    } catch (error) {
      return `${check.file}: ${(error as NodeJS.ErrnoException).code}`;
    }
  }
  if ('exec' in check) {
    const { out, err } = podman(['exec', name, ...check.exec], 30);
    return out.includes(check.expect) ? null : `${check.exec[0]} gives ${JSON.stringify(tail(out + err))}`;
  }
  const path = check.get ?? check.post ?? '/';
  const body = check.post === undefined ? [] : ['--data-binary', check.body ?? ''];
  const url = `http://127.0.0.1:${check.port ?? service.port}${path}`;
  const { code, out } = run('nsenter', ['-t', `${pid}`, '-n', 'curl', '-sS', '--noproxy', '*', '--max-time', '10', ...body, url]);
  if (code === 0 && out.includes(check.expect)) return null;
  return code === 0 ? `${path} gives ${JSON.stringify(tail(out))}` : `no response on port ${check.port ?? service.port}`;
}

/** Waits until a check holds, or the container has ended; `null` or what is wrong. */
export async function wait(
  check: Check,
  service: Service,
  containers: readonly RunningContainer[],
  seconds: number,
): Promise<string | null> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    let problem: string | null = 'nothing runs';
    for (const container of containers) {
      const state = stateOf(container.name);
      if (!state.Running && !service.finishes)
        return `${container.spec.name} has ended with ${state.ExitCode}: ${tail(logOf(container.name))}`;
      problem = holds(check, service, container, state.Pid);
      if (problem === null) return null;
    }
    if (Date.now() > end) return `${problem}; it says: ${tail(logOf(containers[0]!.name))}`;
    await sleep(150);
  }
}

/** What the kernel says of a running container. */
export function shapeOf({ name, mounts }: RunningContainer): Shape | null {
  const { Pid } = stateOf(name);
  if (Pid === 0) return null;
  try {
    const status = readFileSync(`/proc/${Pid}/status`, 'utf8');
    const number = (field: string): number => Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
    const bounding = BigInt(`0x${/^CapBnd:\s+(\w+)/m.exec(status)![1]}`);
    const root = /^\S+ \S+ \S+ \S+ \/ (\S+)/m.exec(readFileSync(`/proc/${Pid}/mountinfo`, 'utf8'))![1]!;
    return {
      user: number('Uid'),
      group: number('Gid'),
      readOnly: /^ro(?:,|$)/.test(root),
      capabilities: namesOf(bounding),
      volumes: mounts,
    };
  } catch {
    // It ended in between.
    return null;
  }
}

/** Numbers of capabilities, as `linux/capability.h` has them. */
const numbers: Readonly<Record<string, number>> = {
  CHOWN: 0, DAC_OVERRIDE: 1, FOWNER: 3, FSETID: 4, KILL: 5, SETGID: 6, SETUID: 7, SETPCAP: 8, NET_BIND_SERVICE: 10, NET_RAW: 13, SYS_CHROOT: 18, MKNOD: 27, AUDIT_WRITE: 29, SETFCAP: 31,
}; // prettier-ignore

function namesOf(set: bigint): string {
  const names = usualCapabilities.filter(name => (set >> BigInt(numbers[name]!)) & 1n);
  return names.length === usualCapabilities.length ? 'all' : names.length === 0 ? 'none' : names.join(' ');
}

/** Runs the health check of an image, or the probes of a pod, which a service that is probed must have; `null` or what is wrong. */
function askHealth({ name, spec }: RunningContainer): string | null {
  if (spec.name === 'docker') {
    const { code, out, err } = podman(['healthcheck', 'run', name], 30);
    return code === 0 ? null : `its health check fails with ${code}: ${tail(out + err)}`;
  }
  const probes = [spec.livenessProbe, spec.readinessProbe];
  for (const probe of probes) {
    const problem = probe ? probeProblem(name, probe) : 'it has no probes';
    if (problem !== null) return problem;
  }
  return null;
}

/** Does what a kubelet does for a probe; `null` or what is wrong. */
function probeProblem(name: string, { exec, httpGet, tcpSocket }: Probe): string | null {
  if (exec) {
    const { code, out, err } = podman(['exec', name, ...exec.command], 30);
    return code === 0 ? null : `${exec.command.join(' ')} fails with ${code}: ${tail(out + err)}`;
  }
  const port = httpGet?.port ?? tcpSocket?.port;
  if (port === undefined) return 'it has no probes';
  const ask = httpGet
    ? `exec 3<>/dev/tcp/127.0.0.1/${port}; printf 'GET ${httpGet.path} HTTP/1.0\\r\\nHost: pod\\r\\n\\r\\n' >&3; read -r line <&3; [[ $line =~ ^HTTP/1..\\ [23] ]]`
    : `</dev/tcp/127.0.0.1/${port}`;
  const { code } = run('nsenter', ['-t', `${stateOf(name).Pid}`, '-n', 'timeout', '10', 'bash', '-c', ask]);
  return code === 0 ? null : httpGet ? `a request for ${httpGet.path} at port ${port} fails` : `nothing takes a connection on port ${port}`;
}

/** Waits for a job to end; `null` or what is wrong. */
async function waitForEnd({ name }: RunningContainer): Promise<string | null> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(150)) {
    const { Running, ExitCode } = stateOf(name);
    if (!Running) return ExitCode === 0 ? null : `it ends with ${ExitCode}: ${tail(logOf(name))}`;
  }
  return 'it does not end';
}

/** Stops a container as Docker and a kubelet do, and gives the milliseconds that it took; `null` where it had to be killed. */
export function stop({ name }: RunningContainer): number | null {
  const start = Date.now();
  podman(['stop', '-t', String(grace + 3), name]);
  const took = Date.now() - start;
  return stateOf(name).ExitCode === 137 ? null : took;
}

/** Tries what has been started: whether it answers and writes, and stops where it must. Removes it. */
export async function tryOut(service: Service, containers: readonly RunningContainer[], mustStop: boolean): Promise<Outcome> {
  try {
    const [first, ...others] = service.checks;
    const unanswered = await wait(first!, service, containers, 60);
    const shapes = containers.flatMap(container => shapeOf(container) ?? []);
    const outcome = { starts: true, answers: false, writes: false, stopped: null, shapes };
    if (unanswered !== null) return { ...outcome, starts: containers.every(({ name }) => stateOf(name).Running), problem: unanswered };
    const unhealthy = mustStop && service.probed ? askHealth(containers[0]!) : null;
    if (unhealthy !== null) return { ...outcome, answers: true, problem: unhealthy };
    for (const check of others) {
      const problem = await wait(check, service, containers, 10);
      if (problem !== null) return { ...outcome, answers: true, problem };
    }
    if (service.finishes) {
      const problem = await waitForEnd(containers[0]!);
      return { ...outcome, answers: problem === null, writes: problem === null, problem };
    }
    const stops = containers.map(stop);
    const stopped = stops.some(took => took === null) ? null : Math.max(...(stops as number[]));
    const late = mustStop && (stopped === null || stopped > grace * 1000);
    return { ...outcome, answers: true, writes: true, stopped, problem: late ? `it does not stop within ${grace} s` : null };
  } finally {
    remove(containers);
  }
}

/** Removes containers, those first that share the network of others; with their volumes, if these are nobody else's. */
export function remove(containers: readonly RunningContainer[], volumes = true): void {
  for (const { name } of [...containers].reverse()) podman(['rm', '-f', '-t', '0', ...(volumes ? ['--volumes'] : []), name]);
}
