import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import {
  credentialSourceOf,
  parseDockerConfig,
  parseHelperAnswer,
  type Credentials,
  type CredentialStore,
  type DockerConfig,
} from '../../../src/services/registry/credentials';
import { homeFolder } from '../cache-folder';
import { codeOf } from '../error-code';
import { findOnPath, leftOut, withoutFolders } from '../find-program';

/** Where credentials are looked for, and what may be run. */
export interface CredentialOptions {
  readonly env: NodeJS.ProcessEnv;
  /** The folders whose programs are not run (`docker-credential-*`) though the path leads there; `null`: none is run, since nobody trusts the workspace. */
  readonly outside: (() => readonly string[]) | null;
  /** Takes a line for what goes wrong; it holds no credentials. */
  readonly log: (line: string) => void;
  /** The same for what a person should know unasked. */
  readonly warn?: (line: string) => void;
}

/** Files that may hold credentials, in the order in which they are asked: Docker's, then Podman's. */
export function credentialFiles(env: NodeJS.ProcessEnv): readonly string[] {
  const home = homeFolder(env);
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
  const { env, outside, log } = options;
  const warned = new Set<string>();
  const warn = (line: string): void => {
    if (!warned.has(line)) (options.warn ?? log)(line);
    warned.add(line);
  };
  return {
    find: async (key, repository) => {
      for (const config of configurations(env, log)) {
        const source = credentialSourceOf(config, key, repository);
        if (source === null) continue;
        if (source.kind === 'stored') return source.credentials;
        if (outside !== null) {
          const found = await askHelper(source.name, source.key, outside(), { env, log, warn });
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
function askHelper(
  name: string,
  key: string,
  outside: readonly string[],
  { env, log, warn }: { readonly env: NodeJS.ProcessEnv } & Record<'log' | 'warn', (line: string) => void>,
): Promise<Credentials | null> {
  const program = `docker-credential-${name}`;
  const { path, left } = findOnPath(program, env, outside);
  if (path === null) {
    if (left === null) log(`${program} cannot be run (ENOENT)`);
    else warn(leftOut(left));
    return Promise.resolve(null);
  }
  return new Promise(resolve => {
    let answer = '';
    // no shell; and not in the workspace
    const child = spawn(path, ['get'], {
      cwd: parse(path).root,
      env: withoutFolders(env, outside),
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
