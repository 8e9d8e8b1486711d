import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  credentialSourceOf,
  parseDockerConfig,
  parseHelperAnswer,
  type Credentials,
  type CredentialStore,
  type DockerConfig,
} from '../../../src/registry/credentials';
import { codeOf } from '../error-code';

/** Where credentials are looked for, and what may be run. */
export interface CredentialOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Whether programs may be run (`docker-credential-*`): not for a workspace that nobody trusts. */
  readonly helpers: boolean;
  /** Takes a line for what goes wrong; it holds no credentials. */
  readonly log: (line: string) => void;
}

/** Files that may hold credentials, in the order in which they are asked: Docker's, then Podman's. */
export function credentialFiles(env: NodeJS.ProcessEnv): readonly string[] {
  const home = env['HOME'] || homedir();
  const runtime = env['XDG_RUNTIME_DIR'];
  return [
    join(env['DOCKER_CONFIG'] || join(home, '.docker'), 'config.json'),
    ...(env['REGISTRY_AUTH_FILE']
      ? [env['REGISTRY_AUTH_FILE']]
      : [
          ...(runtime ? [join(runtime, 'containers/auth.json')] : []),
          join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'containers/auth.json'),
        ]),
  ];
}

/** Finds credentials as Docker and Podman keep them. Files are read when a registry wants credentials, and nothing is kept. */
export function createCredentialStore(options: CredentialOptions): CredentialStore {
  const { env, helpers, log } = options;
  return {
    find: async (key, repository) => {
      for (const config of configurations(env, log)) {
        const source = credentialSourceOf(config, key, repository);
        if (source === null) continue;
        if (source.kind === 'stored') return source.credentials;
        if (helpers) {
          const found = await askHelper(source.name, source.key, env, log);
          if (found) return found;
        } else log(`docker-credential-${source.name} is not run: the workspace is not trusted`);
      }
      return null;
    },
  };
}

/** The registries that the user is logged in to, or has a helper for: hosts, with their port where they have one. */
export function knownRegistries(env: NodeJS.ProcessEnv, log: (line: string) => void): readonly string[] {
  return [...configurations(env, log)].flatMap(({ hosts }) => hosts);
}

function* configurations(env: NodeJS.ProcessEnv, log: (line: string) => void): Generator<DockerConfig> {
  const inline = env['DOCKER_AUTH_CONFIG'];
  if (inline) {
    const config = parseDockerConfig(inline);
    if (config) yield config;
    else log('DOCKER_AUTH_CONFIG is not a JSON object');
  }
  for (const path of credentialFiles(env)) {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'ENOTDIR') log(`${path} cannot be read (${codeOf(error) ?? 'unknown'})`);
      continue;
    }
    const config = parseDockerConfig(text);
    if (config) yield config;
    else log(`${path} is not a JSON object`);
  }
}

const helperTimeoutMs = 10_000;
const longestAnswer = 1 << 20;

/** Runs a helper: the key on standard input, the answer on standard output (docker-credential-helpers' protocol). What it prints is never logged. */
function askHelper(name: string, key: string, env: NodeJS.ProcessEnv, log: (line: string) => void): Promise<Credentials | null> {
  return new Promise(resolve => {
    const program = `docker-credential-${name}`;
    let answer = '';
    // no shell; and not in the workspace, where Windows would look for the program first
    const child = spawn(program, ['get'], {
      cwd: homedir(),
      env,
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: helperTimeoutMs,
      windowsHide: true,
    });
    child.on('error', error => {
      log(`${program} cannot be run (${codeOf(error) ?? 'unknown'})`);
      resolve(null);
    });
    child.stdout.on('data', (chunk: Buffer) => {
      answer += chunk.toString('utf8');
      if (answer.length > longestAnswer) child.kill();
    });
    child.on('close', (code, signal) => {
      if (signal !== null) log(`${program} took too long`);
      else if (code !== 0 && !answer.includes('credentials not found')) log(`${program} failed with code ${code}`);
      resolve(code === 0 ? parseHelperAnswer(answer) : null);
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(key);
  });
}
