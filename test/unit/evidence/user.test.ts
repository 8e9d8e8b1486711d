import { describe, expect, test } from 'vitest';
import { reason } from '../../../shared/src/base/terms/evidence';
import { findImageProfile } from '../../../shared/src/knowledge/image-profiles';
import { decideRunAs, type RunFacts } from '../../../shared/src/evidence/user';

const facts = (image: string | null, more: Partial<RunFacts> = {}): RunFacts => ({
  profile: image === null ? null : findImageProfile(image),
  image,
  keepsEntryPoint: true,
  where: 'pod',
  programs: [],
  obstacle: null,
  named: null,
  ...more,
});

describe('as which user an image may run', () => {
  test.each<[what: string, of: RunFacts, expected: object]>([
    ['a user of its own', facts('grafana/grafana:12.1.0'), { kind: 'user', user: { origin: 'image', uid: 472 } }],
    ['a user that it has for that', facts('redis:8'), { kind: 'user', user: { origin: 'profile', uid: 999, gid: null } }],
    ['a server in a pod', facts('httpd:2.4'), { kind: 'user', user: { uid: 33 } }],
    ['the same from Alpine', facts('httpd:2.4-alpine'), { kind: 'user', user: { uid: 82 } }],
    [
      'the same in a Dockerfile',
      facts('httpd:2.4', { where: 'image' }),
      { kind: 'root', why: { seen: 'image-starts-as-root', data: { image: 'httpd' } } },
    ],
    ['any user', facts('debian:13'), { kind: 'user', user: { origin: 'any', uid: null } }],
    ['nothing known, in a pod', facts(null), { kind: 'user', user: { origin: 'any' } }],
    ['nothing known, in a Dockerfile', facts(null, { where: 'image' }), { kind: 'unknown' }],
    ['before its user', facts('mcr.microsoft.com/dotnet/aspnet:6.0'), { kind: 'user', user: { origin: 'any' } }],
    ['a name without a number', facts('jetty:12'), { kind: 'unknown', why: { seen: 'uid-unknown' } }],
    ['what the file names', facts('debian:13', { named: { text: 'a', uid: 7, gid: null } }), { user: { origin: 'named', uid: 7 } }],
    ['what the file leaves open', facts('debian:13', { named: 'unclear' }), { kind: 'unknown' }],
    [
      'a program that needs root',
      facts('debian:13', { programs: ['wg-quick'] }),
      { kind: 'root', why: { seen: 'program-needs-root', data: { program: 'wg-quick' } } },
    ],
    ['a process manager', facts('debian:13', { programs: ['supervisord'] }), { kind: 'root' }],
    ['an image that needs root', facts('linuxserver/plex'), { kind: 'root', why: { seen: 'image-needs-root' } }],
    ['what else needs root', facts('debian:13', { obstacle: reason('onbuild') }), { kind: 'root', why: { seen: 'onbuild' } }],
  ])('%s', (_, of, expected) => expect(decideRunAs(of)).toMatchObject(expected));
});
