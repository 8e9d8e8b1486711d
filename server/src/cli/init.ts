import { existsSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { posix, resolve } from 'node:path';
import { masked, type MaskedText, plain, printable, trusted } from '../../../shared/src/early';
import { configFileName } from '../../../shared/src/index';
import { imagePolicy, type Signer } from '../../../shared/src/protocol/image-policy';
import { releaseWorkflow, starterConfiguration } from '../../../shared/src/protocol/starter';
import { attempt } from '../host/node/files';
import { shownPath } from './inputs';
import type { Output } from './output';
import { createReading } from './reading';
import { UsageError, type Arguments } from './usage';

const workflowFolders = ['.github', '.github/workflows'];
const imagePolicyPath = 'image-policy.yaml';
const workflowPath = '.github/workflows/release.yml';

/** `bulkhead init`, `bulkhead init pipeline [DOCKERFILE]` and `bulkhead init image-policy REPOSITORY`. Never overwrites. Gives the exit code. */
export function init(args: Arguments, output: Output): number {
  const [what, ...rest] = args.operands;
  if (what === 'image-policy') return initImagePolicy(rest[0], args, output);
  for (const name of ['engine', 'issuer', 'subject', 'key'])
    if (args.has(name)) throw new UsageError(`--${name} is for init image-policy alone`);
  if (what === undefined) return write(configFileName, starterConfiguration, output) ? 0 : 2;
  if (what !== 'pipeline') throw new UsageError(`init writes a configuration, a "pipeline" or an "image-policy", and no "${what}"`);
  return initPipeline(rest[0] ?? 'Dockerfile', output);
}

/** Writes a policy under which images of a repository run only if they are signed. */
function initImagePolicy(repository: string | undefined, args: Arguments, output: Output): number {
  if (repository === undefined)
    throw new UsageError('name the images: a registry with the first part of their names, such as ghcr.io/acme');
  if (!/^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)+|localhost)(?::\d{1,5})?(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/.test(repository))
    throw new UsageError(`"${repository}" is no registry with the first part of names, such as ghcr.io/acme or docker.io/acme`);
  if (repository === 'docker.io') throw new UsageError('on Docker Hub, name whose images: docker.io/acme');
  const engine = args.get('engine') === 'sigstore' ? 'sigstore' : 'kyverno';
  if (!write(imagePolicyPath, imagePolicy({ engine, repository, signer: signerOf(args) }), output)) return 2;
  const look = engine === 'sigstore' ? 'mode: warn' : 'validationActions: [Audit]';
  output.say(masked`It refuses what is not signed; with ${plain(look)} it only says so`);
  return 0;
}

/** Who has to have signed, as the options say. Throws `UsageError`. */
function signerOf(args: Arguments): Signer {
  const [file, subject] = [args.get('key'), args.get('subject')];
  if ((file === undefined) === (subject === undefined))
    throw new UsageError('say who signs: --subject IDENTITY (a workflow, an address), or --key FILE');
  if (subject !== undefined) {
    if (/^[*]*$/.test(subject) || !/^[\x21-\x7e]+$/.test(subject)) throw new UsageError('--subject must name somebody, such as https://github.com/acme/web/.github/workflows/release.yml@refs/heads/main'); // prettier-ignore
    const issuer = args.get('issuer') ?? 'https://token.actions.githubusercontent.com';
    if (!/^https:\/\/[\w.-]+(?:\/[\w./-]*)?$/.test(issuer)) throw new UsageError(`--issuer must be an https address, not "${issuer}"`);
    return { issuer, subject };
  }
  const read = createReading(false, shownPath).bytes(resolve(file!));
  if (!read.ok) throw new UsageError(`--key ${file}: ${read.message}`);
  const key = Buffer.from(read.value).toString('utf8');
  if (/PRIVATE KEY-----/.test(key))
    throw new UsageError(`--key ${file}: this is the private key; cosign public-key --key FILE prints the public one`);
  if (!/^\s*-----BEGIN PUBLIC KEY-----[A-Za-z0-9+/=\s]{40,4000}-----END PUBLIC KEY-----\s*$/.test(key)) throw new UsageError(`--key ${file}: no public key in PEM`); // prettier-ignore
  return { key };
}

/** Writes a workflow that releases the image of a Dockerfile. */
function initPipeline(operand: string, output: Output): number {
  const dockerfile = posix.normalize(operand.replaceAll('\\', '/'));
  // what GitHub or a shell would read as something else than a path
  if (!/^[\w.][\w./ -]*$/.test(dockerfile) || dockerfile.startsWith('../')) throw new UsageError('name a Dockerfile below the working directory, by letters, digits, dots, blanks and hyphens'); // prettier-ignore
  if (!existsSync(resolve(dockerfile))) {
    output.say(masked`bulkhead: ${printable(trusted(dockerfile))}: does not exist; name the Dockerfile: bulkhead init pipeline FILE`);
    return 2;
  }
  const context = posix.dirname(dockerfile);
  const workflow = releaseWorkflow({ context, file: posix.basename(dockerfile) === 'Dockerfile' ? null : dockerfile });
  for (const folder of workflowFolders) {
    const isLink = existsSync(resolve(folder)) && lstatSync(resolve(folder)).isSymbolicLink();
    if (isLink) return refuse(folder, plain('is a symbolic link; nothing was written'), output);
  }
  const made = attempt(resolve(workflowFolders[1]!), () => mkdirSync(resolve(workflowFolders[1]!), { recursive: true }));
  if (!made.ok) return refuse(workflowFolders[1]!, trusted(made.message), output);
  if (!write(workflowPath, workflow, output)) return 2;
  output.say(masked`Its actions are named by tags: ${plain('bulkhead pin --write .github')} asks GitHub for their commits`);
  return 0;
}

function refuse(name: string, reason: MaskedText, output: Output): 2 {
  output.say(masked`bulkhead: ${trusted(name)}: ${reason}`);
  return 2;
}

/** Writes a new file, and says so. */
function write(name: string, text: string, output: Output): boolean {
  const path = resolve(name);
  const written = attempt(path, () => {
    try {
      writeFileSync(path, text, { flag: 'wx' });
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
      throw error;
    }
  });
  if (!written.ok || !written.value) {
    refuse(name, written.ok ? plain('already exists; nothing was written') : trusted(written.message), output);
    return false;
  }
  output.print(masked`Wrote ${trusted(name)}\n`);
  return true;
}
