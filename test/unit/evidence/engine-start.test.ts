import { describe, expect, test } from 'vitest';
import { engineStart } from '../../../shared/src/evidence/engine-start';
import { evidenceOf } from '../../../shared/src/evidence/evidence';
import { builtImage } from '../../../shared/src/evidence/known-image';
import type { Service, ServiceMount } from '../../../shared/src/evidence/service';
import { emptyWorkspace } from '../../../shared/src/workspace/workspace-index';
import { serviceOf, stageOn } from './services';

const at = (path: string, kind: ServiceMount['kind'], source: string | null = 'data'): ServiceMount => ({
  path,
  kind,
  source,
  readOnly: false,
});

/** As whom an engine can start an image: the user, or `kind: why`; behind it why its mounts may be somebody else's. */
function started(image: string, more: Partial<Service> = {}): string {
  const service = serviceOf(image, { platform: 'engine', ...more });
  const { user, owner } = engineStart(service, evidenceOf(service, { workspace: emptyWorkspace }));
  const whom = user.kind === 'settable' ? user.user : user.kind === 'root' ? `root: ${user.why.seen}` : user.kind;
  return owner === null ? whom : `${whom}, ${owner.seen}`;
}

describe('as whom an engine can start', () => {
  test.each<[what: string, image: string, more: Partial<Service>, expected: string]>([
    ['a server that has a user', 'redis:8', {}, '999:999'],
    ['one with a volume of its own', 'redis:8', { mounts: [at('/data', 'volume')] }, '999:999'],
    ['one whose data a new folder of the host holds', 'redis:8', { mounts: [at('/data', 'host', './data')] }, 'root: new-folder-of-root'],
    ['one with a volume where its image has no folder', 'redis:8', { mounts: [at('/srv/more', 'volume')] }, '999:999, no-such-folder'],
    ['settings are only read', 'redis:8', { mounts: [at('/etc/redis', 'host', './conf')] }, '999:999'],
    ['what is told to be root', 'redis:8', { user: { value: 'root' } }, '999:999'],
    ['what is somebody already', 'redis:8', { user: { value: '5:5' } }, 'kept'],
    ['what a variable decides', 'redis:8', { user: { value: null } }, 'kept'],
    ['an image that is somebody else', 'grafana/grafana:12.1.0', {}, 'kept'],
    ['another entry point', 'redis:8', { replacesEntryPoint: true, words: ['sh'] }, 'unknown'],
    ['a program of a language', 'node:24', {}, '1000:1000'],
    ['one with a mount, whose files belong to whoever made them', 'node:24', { mounts: [at('/app', 'host', '.')] }, 'unknown, folder-of-host'],
    ['one with a mount at a place that is not known', 'node:24', { hasMoreMounts: true }, 'unknown'],
    ['one with a tmpfs', 'node:24', { mounts: [at('/tmp', 'memory', null)] }, '1000:1000'],
    ['an image that nobody knows', 'example.com/web:1', {}, 'unknown'],
    ['what its Dockerfile gives a user', 'example.com/web:1', { known: builtImage(stageOn('debian:13', { user: { path: '', range: { start: 0, end: 0 }, value: 'web', uid: 7 } }), emptyWorkspace) }, 'kept'],
  ])('%s', (_, image, more, expected) => expect(started(image, more)).toBe(expected)); // prettier-ignore
});
