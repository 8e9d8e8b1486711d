import { existsSync } from 'node:fs';
import { posix, resolve } from 'node:path';
import { masked, plain, printable, trusted } from '../../../shared/src/early';
import { gitlabPipeline, gitlabPipelinePath } from '../../../shared/src/formats';
import { configFileName, githubPipeline } from '../../../shared/src/index';
import { pipelinePath, startOf, starterConfiguration } from '../../../shared/src/output/protocol/starter';
import { createFolder } from '../host/node/output-file';
import type { Attempt } from './attempt';
import type { HookAgent } from './hook-agents';
import { initAgent } from './init-agent';
import { guardedFolders, shownPath } from './inputs';
import { initImagePolicy, initNetworkPolicy } from './init-policies';
import { refuseNew, writeNew } from './write-new';
import type { Output } from './output';
import { createReading } from './reading';
import { UsageError, type Arguments } from './usage';

/** What each option of `init` is for. */
const optionsFor: Readonly<Record<string, readonly string[]>> = {
  pipeline: ['gitlab'],
  agent: ['hook'],
  'image-policy': ['engine', 'identity', 'issuer', 'key', 'enforce', 'no-transparency-log', 'output-file'],
  'network-policy': ['namespace', 'output-file'],
};

/** `bulkhead init` and what it may be followed by. Never overwrites. Gives the exit code. */
export function init(args: Arguments, output: Output, attempt: Attempt): number {
  const [what, ...rest] = args.operands;
  for (const name of new Set(Object.values(optionsFor).flat())) {
    if (!args.has(name) || optionsFor[what ?? '']?.includes(name)) continue;
    const users = Object.keys(optionsFor).filter(one => optionsFor[one]!.includes(name));
    throw new UsageError(`--${name} is only for init ${users.join(' and ')}`);
  }
  if (what === 'image-policy') return initImagePolicy(rest, args, output, attempt);
  if (what === 'network-policy') return initNetworkPolicy(rest, args, output, attempt);
  if (rest.length > (what === 'pipeline' ? 1 : 0)) throw new UsageError(`init ${what} does not take the argument "${rest.at(-1)}"`);
  const reading = createReading(false, shownPath);
  const guarded = guardedFolders([], reading);
  if (what === 'agent') return initAgent(args.all('hook') as readonly HookAgent[], reading, guarded, output);
  if (what === undefined) return writeNew(configFileName, guarded, starterConfiguration, output) ? 0 : 2;
  if (what !== 'pipeline')
    throw new UsageError(
      `init writes a configuration, a "pipeline", an "image-policy", a "network-policy" or files for an "agent", not "${what}"`,
    );
  return initPipeline(rest[0] ?? 'Dockerfile', args.has('gitlab'), guarded, output);
}

/** Writes what releases the image of a Dockerfile and scans again what runs: for GitHub, with what keeps digests fresh, or for GitLab. */
function initPipeline(operand: string, isGitlab: boolean, guarded: readonly string[], output: Output): number {
  const dockerfile = posix.normalize(operand.replaceAll('\\', '/'));
  const start = startOf(dockerfile);
  if (start === null) throw new UsageError('name a Dockerfile under the working directory, using only letters, digits, dots, spaces and hyphens'); // prettier-ignore
  if (!existsSync(resolve(dockerfile))) {
    output.say(masked`bulkhead: ${printable(trusted(dockerfile))}: does not exist; name the Dockerfile: bulkhead init pipeline FILE`);
    return 2;
  }
  if (isGitlab) {
    if (!writeNew(gitlabPipelinePath, guarded, gitlabPipeline(start), output)) return 2;
    output.say(
      masked`The pipeline's images are referenced by tag: run ${plain('bulkhead pin --write .gitlab-ci.yml')} to look up their digests in registries`,
    );
    return 0;
  }
  const made = createFolder(resolve(posix.dirname(pipelinePath)), guarded);
  if (!made.ok) return refuseNew(pipelinePath, masked`not written: ${trusted(made.message)}`, output);
  const { files, updater } = githubPipeline(dockerfile, name => existsSync(resolve(name)))!;
  const written = files.map(([name, text]) => writeNew(name, guarded, text, output));
  if (!written.includes(true)) return 2;
  if (updater !== null)
    output.say(
      masked`${trusted(updater)} was left unchanged: configure it to update digests (Dependabot: docker, docker-compose and github-actions; Renovate: docker:pinDigests)`,
    );
  output.say(
    masked`The workflow's actions are referenced by tag: run ${plain('bulkhead pin --write .github')} to look up their commits on GitHub`,
  );
  return written.includes(false) ? 2 : 0;
}
