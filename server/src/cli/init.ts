import { existsSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { posix, resolve } from 'node:path';
import { masked, type MaskedText, plain, printable, trusted } from '../../../shared/src/early';
import { configFileName } from '../../../shared/src/index';
import { releaseWorkflow, starterConfiguration } from '../../../shared/src/protocol/starter';
import { attempt } from '../host/node/files';
import type { Output } from './output';
import { UsageError, type Arguments } from './usage';

const workflowFolders = ['.github', '.github/workflows'];
const workflowPath = '.github/workflows/release.yml';

/** `bulkhead init` and `bulkhead init pipeline [DOCKERFILE]`. Never overwrites. Gives the exit code. */
export function init({ operands: [what, ...rest] }: Arguments, output: Output): number {
  if (what === undefined) return write(configFileName, starterConfiguration, output) ? 0 : 2;
  if (what !== 'pipeline') throw new UsageError(`init writes a configuration, or a "pipeline", and no "${what}"`);
  return initPipeline(rest[0] ?? 'Dockerfile', output);
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
