import { describe, expect, test } from 'vitest';
import { hardened } from '../program/image-writes';

// A volume that harden adds must not hide what the pod mounts in the same folder: the runtime puts mounts in order by their names, and /var/run leads to /run.

const pod = (...mounts: readonly string[]): string =>
  [
    ...['apiVersion: v1', 'kind: Pod', 'metadata: {name: web}', 'spec:', '  containers:', '    - name: web', '      image: nginx:1.29'],
    ...['      volumeMounts:', ...mounts.map((path, at) => `        - {name: v${at}, mountPath: ${path}}`)],
    ...['  volumes:', ...mounts.map((_, at) => `    - {name: v${at}, emptyDir: {}}`), ''],
  ].join('\n');

describe('the folder for process ids of a server', () => {
  test.each<[string, readonly string[], string | null]>([
    ['by the name that it has', ['/srv/pages'], '/var/run'],
    ['that the pod has by that name', ['/var/run'], null],
    ['that the pod has by its other name', ['/run'], null],
    ['in which the pod mounts something', ['/var/run/nginx'], '/var/run'],
    ['in which the pod mounts something by its other name', ['/run/nginx'], '/run'],
  ])('%s', (_, mounts, expected) => {
    const after = hardened('web.yaml', { 'web.yaml': pod(...mounts) });
    const added = [...after.matchAll(/mountPath: (\S+)/g)]
      .map(match => match[1]!)
      .filter(path => !mounts.some(one => path.startsWith(one)));
    expect(added.filter(path => /^\/(?:var\/)?run$/.test(path))).toEqual(expected === null ? [] : [expected]);
    expect(after).toContain('readOnlyRootFilesystem: true');
  });
});

describe('the same in a Compose file, as a tmpfs', () => {
  test.each<[string, string, string | null]>([
    ['by the name that it has', '/srv/pages', '/var/run'],
    ['that the service has by its other name', '/run', null],
    ['in which the service mounts something', '/var/run/php', '/var/run'],
    ['in which the service mounts something by its other name', '/run/php', '/run'],
  ])('%s', (_, mount, expected) => {
    const text = `services:\n  web:\n    image: nginx:1.29\n    volumes: [own:${mount}]\nvolumes: {own: {}}\n`;
    const after = hardened('compose.yaml', { 'compose.yaml': text });
    expect([...after.matchAll(/- ((?:\/var)?\/run):/g)].map(match => match[1])).toEqual(expected === null ? [] : [expected]);
    expect(after).toContain('read_only: true');
  });
});
