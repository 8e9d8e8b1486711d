import { addressOfDocker, isLocalAddress } from '../host/node/engines';
import type { ProcessEnd } from '../host/node/process/run-process';

/** The engine that a trial is run on, and how its client is called. */
export interface TrialEndpoint {
  readonly engine: 'docker' | 'podman';
  /** Where the engine is, as a person is shown it before anything is started. */
  readonly address: string;
  /** What is in front of every command. */
  readonly first: readonly string[];
  /** The environment of the client: what it needs to find the engine and its own files, and nothing that sends it elsewhere. */
  readonly env: NodeJS.ProcessEnv;
}

/** What is known before the engine is asked. */
export interface EndpointQuestion {
  readonly engine: TrialEndpoint['engine'];
  readonly env: NodeJS.ProcessEnv;
  /** What `--endpoint` names; `null`: the engine of this machine. */
  readonly named: string | null;
  /** An empty folder in place of the settings of Docker's client: those may put proxies into containers. */
  readonly settings: string;
  readonly platform?: NodeJS.Platform;
  /** Asks Docker's client, in the user's own environment. */
  readonly ask: (args: readonly string[]) => Promise<ProcessEnd | null>;
}

/** Variables that the client of an engine keeps. */
const kept =
  /^(?:PATH|Path|HOME|USER|LOGNAME|LANG|LC_ALL|TMPDIR|TMP|TEMP|XDG_(?:RUNTIME_DIR|CONFIG_HOME|DATA_HOME|CACHE_HOME)|DBUS_SESSION_BUS_ADDRESS|CONTAINERS_(?:CONF|CONF_OVERRIDE|STORAGE_CONF|REGISTRIES_CONF)|DISABLE_HC_SYSTEMD|SYSTEMROOT|SystemRoot|USERPROFILE|APPDATA|LOCALAPPDATA|ProgramData|ProgramFiles)$/;
/** The same for an engine elsewhere that was named: how its client shows who it is. */
const keptForNamed = /^(?:SSH_AUTH_SOCK|DOCKER_(?:CERT_PATH|TLS|TLS_VERIFY)|CONTAINER_(?:SSHKEY|TLS_\w{1,20}))$/;

const shape = /^(?:unix|npipe|tcp|ssh|fd|https?):\/\/[^\s\0]{1,500}$/;

/** The environment of an engine's client. */
export function engineEnvironment(env: NodeJS.ProcessEnv, isNamed: boolean): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => kept.test(name) || (isNamed && keptForNamed.test(name))));
}

/** Where the engine is; a text says why none may be used. An engine of another machine is only used where `--endpoint` names it. */
export async function findEndpoint(question: EndpointQuestion): Promise<TrialEndpoint | string> {
  const { engine, env, named, settings, ask, platform = process.platform } = question;
  if (named !== null && !shape.test(named)) return '--endpoint is not an address of an engine: unix:///run/docker.sock, ssh://user@host';
  const clientEnv = engineEnvironment(env, named !== null && !isLocalAddress(named));
  if (engine === 'docker') {
    const address = named ?? (await addressOfDocker(env, ask));
    if (address === null) return 'Docker does not say where its engine is';
    if (named === null && !isLocalAddress(address)) return elsewhere('Docker', address);
    return { engine, address, first: [`--host=${address}`], env: { ...clientEnv, DOCKER_CONFIG: settings } };
  }
  if (named !== null) return { engine, address: named, first: ['--remote', `--url=${named}`], env: clientEnv };
  const chosen = env['CONTAINER_CONNECTION'] || env['CONTAINER_HOST'] || '';
  if (env['CONTAINER_CONNECTION'] || !isLocalAddress(chosen || 'unix://')) return elsewhere('Podman', chosen);
  // there it is always the engine of a virtual machine, over ssh
  if (platform !== 'linux') return elsewhere('Podman', 'podman machine');
  return { engine, address: 'podman', first: ['--remote=false'], env: clientEnv };
}

function elsewhere(engine: string, address: string): string {
  return `${engine} is on another machine (${address}); --endpoint ${address} uses it all the same`;
}
