import type { Cancellation } from '../../../shared/src/base/ports/cancellation';
import { inFolder } from '../host/node/process/own-folder';
import type { Running } from '../host/node/process/process-tree';
import { type ProcessEnd, type ProcessRequest, runProcess } from '../host/node/process/run-process';

/** An engine of this machine, and how its client is called. */
export interface EngineTool {
  readonly name: 'podman' | 'docker';
  /** Absolute. */
  readonly path: string;
  /** Options before every command: the endpoint. */
  readonly first: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cancellation: Cancellation;
  readonly running: Running;
}

/** How a container is, as its engine says. */
export interface ContainerState {
  readonly isRunning: boolean;
  /** 0: none. */
  readonly pid: number;
  readonly exitCode: number;
}

/** What an image says of itself. */
export interface TrialImage {
  readonly id: string;
  /** What it was pulled by, else its own hash. */
  readonly digest: string;
  readonly platform: string;
  readonly user: string;
  readonly workdir: string;
  readonly ports: readonly number[];
  readonly volumes: readonly string[];
  /** The words of its health check; `null`: none. */
  readonly health: readonly string[] | null;
}

/** How a call is limited, and ended before its time. */
type CallLimits = { readonly ms?: number; readonly bytes?: number } & Pick<ProcessRequest, 'endKindly' | 'hear'>;

const callMs = 60_000;
const callBytes = 8 << 20;

/** Calls the client of an engine. Never rejects. */
export async function callEngine(tool: EngineTool, args: readonly string[], limits: CallLimits = {}): Promise<ProcessEnd> {
  return await callProgram(tool, tool.path, [...tool.first, ...args], limits);
}

/** Runs a program beside an engine's client, under the same limits. Never rejects. */
export async function callProgram(
  { env, cancellation, running }: Omit<EngineTool, 'name' | 'path' | 'first'>,
  path: string,
  args: readonly string[],
  { ms = callMs, bytes = callBytes, endKindly, hear }: CallLimits = {},
): Promise<ProcessEnd> {
  const ended = await inFolder(cwd =>
    runProcess({
      path,
      args,
      cwd,
      env,
      timeoutMs: ms,
      maxBytes: bytes,
      cancellation,
      running,
      ...(endKindly && { endKindly }),
      ...(hear && { hear }),
    }),
  );
  return 'how' in ended ? ended : { how: 'not-started', code: null, signal: null, stdout: '', stderr: ended.message };
}

/** Whether a call did what it was to do. */
export const isDone = ({ how, code }: ProcessEnd): boolean => how === 'exit' && code === 0;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

type Values = Readonly<Record<string, unknown>>;

const valuesOf = (value: unknown): Values => (typeof value === 'object' && value !== null ? (value as Values) : {});
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const wordsOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter(word => typeof word === 'string') : []);

/** The state of a container; `null`: there is none of that name. */
export async function stateOf(tool: EngineTool, name: string): Promise<ContainerState | null> {
  let ended = await callEngine(tool, ['container', 'inspect', '--format', '{{json .State}}', name]);
  // a busy engine fails now and then, which says nothing of a container
  for (let more = 2; more > 0 && !isDone(ended) && !/no such/i.test(ended.stderr); more--)
    ended = await callEngine(tool, ['container', 'inspect', '--format', '{{json .State}}', name]);
  if (!isDone(ended)) return null;
  const { Running, Pid, ExitCode } = valuesOf(parsed(ended.stdout));
  return { isRunning: Running === true, pid: typeof Pid === 'number' ? Pid : 0, exitCode: typeof ExitCode === 'number' ? ExitCode : -1 };
}

/** What an image says of itself; `null`: the engine does not have it. */
export async function imageOf(tool: EngineTool, reference: string): Promise<TrialImage | null> {
  const ended = await callEngine(tool, ['image', 'inspect', reference]);
  const [first] = isDone(ended) ? ((parsed(ended.stdout) as readonly unknown[] | null) ?? []) : [];
  if (first === undefined) return null;
  const image = valuesOf(first);
  const config = valuesOf(image['Config']);
  const [test] = [wordsOf(valuesOf(config['Healthcheck'])['Test'] ?? valuesOf(image['HealthCheck'] ?? image['Healthcheck'])['Test'])];
  const id = textOf(image['Id']).replace(/^(?!sha256:)/, 'sha256:');
  return {
    id,
    digest: /@(sha256:[0-9a-f]{64})$/.exec(wordsOf(image['RepoDigests'])[0] ?? '')?.[1] ?? id,
    platform: `${textOf(image['Os'])}/${textOf(image['Architecture'])}`,
    user: textOf(config['User']),
    workdir: textOf(config['WorkingDir']) || '/',
    ports: Object.keys(valuesOf(config['ExposedPorts'])).flatMap(port => (/^\d+\/tcp$/.test(port) ? [parseInt(port, 10)] : [])),
    volumes: Object.keys(valuesOf(config['Volumes'])),
    health: test[0] === 'CMD' ? test.slice(1) : test[0] === 'CMD-SHELL' ? ['/bin/sh', '-c', test[1] ?? ''] : null,
  };
}

/** The engine in words: `podman 4.3.1, runc 1.1.5, linux/amd64`. `null`: it does not answer; `why` has what it says. */
export async function versionOf(
  tool: EngineTool,
): Promise<{ readonly how: string | null; readonly rootless: boolean; readonly why: string }> {
  const ended = await callEngine(tool, ['info', '--format', '{{json .}}'], { ms: 30_000 });
  if (!isDone(ended)) return { how: null, rootless: false, why: ended.stderr };
  const info = valuesOf(parsed(ended.stdout));
  if (tool.name === 'docker') {
    const runtime = textOf(info['DefaultRuntime']);
    const isRootless = wordsOf(info['SecurityOptions']).some(option => option.includes('rootless'));
    const version = textOf(info['ServerVersion']);
    if (version === '') return { how: null, rootless: false, why: wordsOf(info['ServerErrors'])[0] ?? ended.stderr };
    return {
      how: `docker ${version}, ${runtime}, ${textOf(info['OSType'])}/${textOf(info['Architecture'])}, cgroup v${textOf(info['CgroupVersion'])}`,
      rootless: isRootless,
      why: '',
    };
  }
  const host = valuesOf(info['host']);
  const runtime = valuesOf(host['ociRuntime']);
  const number =
    textOf(runtime['version'])
      .split(/\s+/)
      .find(word => /^\d+\.\d/.test(word)) ?? '';
  const isRootless = valuesOf(host['security'])['rootless'] === true;
  const version = textOf(valuesOf(info['version'])['Version']);
  const words = `podman ${version}${isRootless ? ' (rootless)' : ''}, ${textOf(runtime['name'])} ${number}, ${textOf(host['os'])}/${textOf(host['arch'])}, cgroup ${textOf(host['cgroupVersion'])}`;
  return { how: words, rootless: isRootless, why: '' };
}
