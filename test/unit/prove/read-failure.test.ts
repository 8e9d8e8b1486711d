import { expect, test } from 'vitest';
import type { TrialSettings } from '../../../shared/src/services/prove/contract';
import { readFailure } from '../../../shared/src/services/prove/read-failure';

const strict: TrialSettings = { user: null, readOnly: true, folders: [], capabilities: [], noNewPrivileges: true, pids: 64, init: false };
const other: TrialSettings = { ...strict, user: '101:101' };
const folder = (path: string, isFolder = false): object => ({ kind: 'folder', path, isFolder });
const owners = { kind: 'capabilities', names: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'] };
const identities = { kind: 'capabilities', names: ['SETGID', 'SETUID'] };

const cases: readonly (readonly [line: string, settings: TrialSettings, expected: readonly object[]])[] = [
  ["OSError: [Errno 30] Read-only file system: '/app/state.json'", strict, [folder('/app/state.json')]],
  ["Error: EROFS: read-only file system, open '/data/app.log'", strict, [folder('/data/app.log')]],
  [
    'nginx: [emerg] mkdir() "/var/cache/nginx/client_temp" failed (30: Read-only file system)',
    strict,
    [folder('/var/cache/nginx/client_temp', true)],
  ],
  ["mkdir: cannot create directory '/data/x': Read-only file system", strict, [folder('/data/x', true)]],
  ['/entry.sh: 3: cannot create log/x.txt: Read-only file system', strict, [folder('/srv/log/x.txt')]],
  ['/entry.sh: line 3: /run/app.pid: Read-only file system', strict, [folder('/run/app.pid')]],
  ["touch: cannot touch 'ready': Read-only file system", strict, [folder('/srv/ready')]],
  ['open /data/x: Read-only file system', { ...strict, readOnly: false }, []],
  ['chown: changing ownership of /data: Operation not permitted', strict, [owners]],
  ['chown: /data: Operation not permitted', other, [{ kind: 'user' }, owners]],
  ['setgid(101) failed (1: Operation not permitted)', strict, [identities]],
  ["error: failed switching to 'redis': operation not permitted", strict, [identities]],
  ['su-exec: setgroups: Operation not permitted', other, [{ kind: 'user' }, identities]],
  ['nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)', other, [{ kind: 'low-ports' }]],
  ['(13)Permission denied: AH00072: make_sock: could not bind to address [::]:80', strict, [{ kind: 'low-ports' }]],
  ['listen tcp :80: bind: permission denied', strict, [{ kind: 'low-ports' }]],
  ['fork: retry: Resource temporarily unavailable', strict, [{ kind: 'pids' }]],
  ["RuntimeError: can't start new thread", strict, [{ kind: 'pids' }]],
  ['sudo: The "no new privileges" flag is set, which prevents sudo from running as root.', strict, [{ kind: 'escalation' }]],
  ['su: must be suid to work properly', strict, [{ kind: 'escalation' }]],
  ['open /etc/app/secret.key: permission denied', other, [{ kind: 'user' }]],
  ['open /etc/app/secret.key: permission denied', strict, [owners]],
  ['open /etc/app/secret.key: permission denied', { ...strict, capabilities: null }, []],
  ['  File "/srv/app.py", line 3\n    os.setgroups([])\nPermissionError: [Errno 1] Operation not permitted', strict, [identities]],
  ['  File "/srv/app.py", line 3\n    write(path)\nOSError: [Errno 30] Read-only file system: \'/data/x\'', strict, [folder('/data/x')]],
  ['exec format error', strict, []],
  ['GET https://www.example.com/permission 404', strict, []],
];

test.each(cases)('%s', (line, settings, expected) => {
  expect(readFailure([line, line], settings, '/srv')).toEqual(expected);
});

test('a long line costs no more than a short one', () => {
  expect(readFailure([`${'/a'.repeat(1_000_000)} Read-only file system`], strict, '/')).toEqual([]);
});
