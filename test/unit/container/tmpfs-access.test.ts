import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { plainContext } from '../../../tools/lint-context';

// Engines mount a tmpfs as root's, with the mode of the folder that it covers (runc, crun). Docker and nerdctl take uid and gid (moby/sys/mount), and
// runc 1.1.5 an owner, but no other mode than the folder's; Podman refuses both numbers, and has U. Tried with runc 1.1.5, 1.3.3, 1.3.4 and 1.5.1, and
// with Podman 4.3.1, which `npm run containers -- commands` does again.

const engine = createEngine(rules);

/** What harden lets the user of a container do to each tmpfs that it writes, behind the size, with what it would ask accepted. */
function access(path: string, text: string): readonly string[] {
  const hardened = engine.open({ path, text }).harden(plainContext(), { accept: 'all' }).text;
  return [...hardened.matchAll(/(\/[\w/.-]+):noexec,nosuid,nodev,size=64m,?(\S*)/g)].map(match => `${match[1]} ${match[2]}`.trimEnd());
}

const command = (line: string) => access('run.sh', `${line}\n`);
const service = (keys: string) => access('compose.yaml', `services:\n  web:\n${keys.replace(/^/gm, '    ')}\n`);

describe('the options of a tmpfs', () => {
  test.each<[what: string, image: string, options: string, docker: string[], podman: string[]]>([
    // Podman has /tmp and /run by itself
    ['an image of which nothing is known', 'example.com/web:1', '', ['/tmp mode=1777'], []],
    ['the same with a user', 'example.com/web:1', '--user 1000:1000', ['/tmp mode=1777'], []],
    ['a user of the image that is known by number', 'haproxy:3.0', '', ['/var/lib/haproxy uid=99,gid=99'], ['/var/lib/haproxy U']],
    ['one that is written', 'haproxy:3.0', '--user 7:8', ['/var/lib/haproxy uid=7,gid=8'], ['/var/lib/haproxy U']],
    ['one that is written without a group', 'haproxy:3.0', '--user 7', ['/var/lib/haproxy uid=7,gid=7'], ['/var/lib/haproxy U']],
    ['one that is written by name', 'haproxy:3.0', '--user me', ['/var/lib/haproxy mode=1777'], ['/var/lib/haproxy U']],
    ['folders of the image for everybody', 'postgres:16', '', ['/tmp', '/var/run/postgresql'], ['/var/run/postgresql']],
    ['root, whose they are', 'nginx:1.29', '', ['/tmp', '/var/cache/nginx', '/var/run'], ['/var/cache/nginx']],
  ])('%s', (_, image, options, docker, podman) => {
    expect(command(`docker run -d ${options} ${image}`)).toEqual(docker);
    expect(command(`nerdctl run -d ${options} ${image}`)).toEqual(docker);
    expect(command(`podman run -d ${options} ${image}`)).toEqual(podman);
    const user = options === '' ? '' : `\nuser: "${options.slice('--user '.length)}"`;
    expect(service(`image: ${image}${user}`)).toEqual(docker);
  });
});

describe('whether a tmpfs holds what nginx caches and buffers', () => {
  test.each<[mount: string, isAsked: boolean]>([
    ['/root/nginx/conf.d:/etc/nginx/conf.d:ro', true],
    ['$DIR/nginx:/etc/nginx', true],
    ['./nginx:/etc/nginx', true],
    ['./site.conf:/etc/nginx/conf.d/default.conf:ro', false],
    ['./html:/usr/share/nginx/html:ro', false],
  ])('%s', (mount, isAsked) => {
    const text = `services:\n  web:\n    image: nginx:1.29\n    volumes:\n      - ${mount}\n`;
    const hardened = engine.open({ path: 'compose.yaml', text }).harden(plainContext()).text;
    expect(hardened.includes('/var/cache/nginx')).toBe(!isAsked);
  });
});
