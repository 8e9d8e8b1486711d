import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, podman, prefix, run, scratch } from './engine';
import { makeImages } from './images';

const cli = join(__dirname, '../../dist/cli.js');
const written = '/var/cache/notes/started';

/**
 * Starts the `podman run` line of `commands/`, as it is written and as harden leaves it: with options that Podman takes, and a tmpfs that the user of the
 * container may write to. Gives what is wrong; nothing where it runs and writes both times.
 */
export async function tryCommands(): Promise<readonly string[]> {
  const folder = join(scratch, 'commands');
  mkdirSync(folder, { recursive: true });
  cpSync(join(__dirname, 'commands'), folder, { recursive: true });
  makeImages(['python:3.13-slim']);
  const image = `localhost/${prefix}/commands`;
  build(folder, image);
  const failures: string[] = [];
  for (const way of ['as written', 'hardened']) {
    if (way === 'hardened') run(process.execPath, [cli, 'harden', '--write', 'run.sh'], { cwd: folder });
    const line = /^podman run (.*) localhost\/keeps-notes$/m.exec(readFileSync(join(folder, 'run.sh'), 'utf8'))?.[1] ?? '';
    const name = `${prefix}-commands`;
    // Podman's own tmpfs are what a cluster does not have; here they are part of what it is asked for
    const options = line.replace('--name notes', `--name ${name}`).split(' ');
    const { code, err } = podman(['run', '--pull=never', '--network', 'none', ...options, image]);
    let found = '';
    for (let tries = 0; code === 0 && found === '' && tries < 100; tries++) {
      found = podman(['exec', name, 'cat', written]).out;
      if (found === '') await new Promise(done => setTimeout(done, 100));
    }
    const log = podman(['logs', name]);
    podman(['rm', '-f', '-t', '0', name]);
    const isHardened = way === 'as written' || (line.includes('--read-only') && line.includes('--tmpfs /var/cache/notes:'));
    if (found === '' || !isHardened) failures.push(`commands, ${way}: podman run ${line}: ${(err + log.err).trim().split('\n').at(-1)}`);
    else console.log(`commands, ${way}: starts and writes`);
  }
  for (const failure of failures) console.log(failure);
  return failures;
}
