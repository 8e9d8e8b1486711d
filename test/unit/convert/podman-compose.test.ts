import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { readCommands } from '../../../shared/src/services/convert/read-commands';
import { toCompose } from '../../../shared/src/services/convert/to-compose';
import type { RunContainer } from '../../../shared/src/families/run/model/types';
import { seenFields } from '../../support/container-fields';

// There and back by another translator: a command becomes a Compose file, and podman-compose makes a command of that. Both have to be the same
// container. (Version 1.0.3 loses the values of sysctls, groups, limits of processes and the modes of two namespaces, whoever wrote the file.)

const isThere = ['podman', 'podman-compose'].every(program => spawnSync(program, ['--version']).status === 0);
if (!isThere) console.log('skipped: podman and podman-compose are not installed');

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) {
    // even a dry run makes the network of its project
    spawnSync('podman', ['network', 'rm', '-f', `${basename(folder).toLowerCase()}_default`]);
    rmSync(folder, { recursive: true, force: true });
  }
});

function containerOf(text: string): RunContainer {
  const read = readCommands(text);
  if (!read.ok) throw new Error(`${read.message}: ${text}`);
  return read.containers[0]!;
}

/** What podman-compose would run for the Compose file of a command. */
function thereAndBack(command: string): string {
  const read = readCommands(command);
  if (!read.ok) throw new Error(read.message);
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-convert-'));
  folders.push(folder);
  writeFileSync(join(folder, 'compose.yaml'), toCompose(read).text);
  const { stdout, stderr } = spawnSync('podman-compose', ['--dry-run', '-f', 'compose.yaml', 'up', '-d'], {
    cwd: folder,
    encoding: 'utf8',
  });
  const line = `${stdout}\n${stderr}`.split('\n').find(each => each.startsWith('podman run '));
  if (line === undefined) throw new Error(`${stdout}${stderr}`);
  return line.replace(/ --label (?:io\.podman|com\.docker)\.compose\.\S+/g, '');
}

describe.skipIf(!isThere)('podman-compose makes the same container of what a command was converted to', () => {
  test.each([
    'podman run -d --name web -p 127.0.0.1:8080:80 -p 53:53/udp --restart unless-stopped docker.io/library/nginx:1.29.1',
    'podman run -d --user 999:999 --read-only --tmpfs /tmp:size=64m,noexec --cap-drop ALL --cap-add CHOWN --security-opt no-new-privileges:true docker.io/library/redis:8 --save 60',
    'podman run -d -e A=b -e EMPTY= -e C=d=e --label a=b --hostname h --workdir /w docker.io/library/busybox:1.37 sleep 60',
    'podman run -d -v /srv/data:/data:ro -v /srv/other:/other --device /dev/fuse --init --privileged docker.io/library/busybox:1.37',
    'podman run -d -m 512m --cpus 0.5 --shm-size 64m --ulimit nofile=1024:2048 docker.io/library/busybox:1.37',
    'podman run -d --stop-signal SIGINT --pid host docker.io/library/busybox:1.37 sh -x',
  ])('%s', { timeout: 60_000 }, command => {
    const [before, after] = [seenFields(containerOf(command)), seenFields(containerOf(thereAndBack(command)))];
    expect(after).toEqual(before);
  });
});
