import { expect, test } from 'vitest';
import { cannotText, trialFacts, trialJson, type TrialReport, trialText } from '../../../shared/src/services/prove/report';
import type { TrialVerdict } from '../../../shared/src/services/prove/search';
import { maskAlone } from '../../../shared/src/output/report/gate';
import { observation, subject } from './observed';

const settings = {
  user: null,
  readOnly: true,
  folders: [
    { path: '/run', kind: 'memory', learned: 'diff' },
    { path: '/srv/content', kind: 'volume', learned: 'diff' },
  ],
  capabilities: ['SETGID', 'SETUID'],
  noNewPrivileges: true,
  pids: 64,
  init: true,
} as const;

const partly: TrialVerdict = {
  kind: 'partly',
  level: 'answered',
  settings,
  needs: ['user'],
  reasons: [{ what: 'ended', detail: '1' }],
  complaints: ['cannot write /x: Permission denied'],
  edits: [{ path: '/etc/app', kind: 'volume', learned: 'diff' }],
  notTried: ['later', 'requests'],
  isBounded: false,
};

const report = (verdict: TrialVerdict): TrialReport => ({
  version: '0.2.0',
  path: 'compose.yaml',
  subject: { ...subject, leftOut: ['ports'] },
  date: '2026-12-01',
  how: 'podman 4.3.1, runc 1.1.5, linux/amd64, cgroup v2',
  image: { id: 'sha256:1', digest: 'sha256:2', platform: 'linux/amd64' },
  verdict,
  history: [
    { settings: null, purpose: 'baseline', observed: observation({}), written: { folders: [], unmountable: [] }, kinds: new Map() },
    {
      settings,
      purpose: 'all',
      observed: observation({ outcome: 'ended', exitCode: 1 }),
      written: { folders: [], unmountable: [] },
      kinds: new Map(),
    },
    { settings, purpose: 'halves', observed: observation({}), written: { folders: [], unmountable: [] }, kinds: new Map() },
  ],
  durationMs: 12_345,
  watchedSeconds: 6,
  rebuilt: null,
  unseen: null,
  mask: maskAlone,
});

test('a report says what was started, what it works with, what stays off and what was not tried', () => {
  expect(trialText(report(partly))).toBe(`web (compose.yaml): partly proved: it responded
  image         registry.example.com/web:1, sha256:2
  engine        podman 4.3.1, runc 1.1.5, linux/amd64, cgroup v2
  starts        3 in 12.3 s
    1. as written: ready after 0.4 s, listens on tcp 8080
    2. all hardening at once: it exited with code 1
    3. some of the settings: works
  left out      ports
The container worked with these settings
  user          the image's default
  file system   read-only, writable: /run, /srv/content (a volume)
  capabilities  SETGID, SETUID
  privileges    no new privileges
  processes     at most 64
  init          yes: its first process does not exit on the stop signal
Hardening not applied because it breaks the service
    a user other than root
    the last failure: it exited with code 1
The container changes files in these paths, but works even if it cannot change them: /etc/app
The container logs these messages and keeps running
    cannot write /x: Permission denied
Not tried
    what it does more than 6 seconds after it is ready, such as nightly jobs and log rotation
    requests such as uploads (only the first page on each port was requested), and what the program does silently in the background: use --exercise COMMAND to test these
`);
});

test('a report of a rebuilt image has the starts of both, with what harden adds to the Dockerfile in between', () => {
  const first = report(partly);
  const both: TrialReport = {
    ...first,
    rebuilt: { dockerfile: 'Dockerfile', added: ['USER 10001:10001'], history: first.history, durationMs: 1000 },
  };
  expect(trialText(both)).toContain(`
  starts        6 in 13.3 s
    1. as written: ready after 0.4 s, listens on tcp 8080
    2. all hardening at once: it exited with code 1
    3. some of the settings: works
    then rebuilt from the hardened Dockerfile:
       USER 10001:10001
    4. as written: ready after 0.4 s, listens on tcp 8080
    5. all hardening at once: it exited with code 1
    6. some of the settings: works
`);
  const { starts, rebuilt, durationMs } = JSON.parse(trialJson(both)) as Record<string, unknown>;
  expect(starts).toHaveLength(6);
  expect({ rebuilt, durationMs }).toEqual({
    rebuilt: { dockerfile: 'Dockerfile', added: ['USER 10001:10001'], after: 3 },
    durationMs: 13_345,
  });
  expect(trialFacts(both)?.starts).toBe(6);
});

test('a report of what cannot be proved has the reason and the end of its log', () => {
  const text = trialText(report({ kind: 'cannot', reason: 'does-not-start', what: '1' }));
  expect(text).toMatch(/^web \(compose\.yaml\): cannot be proved: it does not start on its own \(1\)\n/);
  expect(text).toContain('\n    2026-12-01 10:00:00 listening on 8080\n');
});

test('no line of a log can steer a terminal', () => {
  expect(trialText(report({ ...partly, complaints: ['\u001b[2Jgone: Permission denied'] }))).not.toContain('\u001b');
  expect(cannotText('a\nb', [{ reason: 'unclear', what: 'x\u001b[1m', range: null }], maskAlone)).toMatch(/^a b: [^\n]*$/);
});

test('JSON has the same, in words of closed lists', () => {
  expect(JSON.parse(trialJson(report(partly)))).toMatchObject({
    schemaVersion: 1,
    verdict: 'partly',
    level: 'answered',
    needs: ['user'],
    notTried: ['later', 'requests'],
    settings: {
      capabilities: ['SETGID', 'SETUID'],
      folders: [
        { path: '/run', kind: 'memory' },
        { path: '/srv/content', kind: 'volume' },
      ],
    },
    starts: [{ purpose: 'baseline' }, { purpose: 'all' }, { purpose: 'halves', result: 'works' }],
  });
});

test('what follows are facts of this digest; nothing follows where nothing was proved', () => {
  expect(trialFacts(report({ ...partly, kind: 'proved', needs: [], settings: { ...settings, user: '101:102' } }))).toMatchObject({
    origin: 'own',
    digest: 'sha256:2',
    starts: 3,
    user: { uid: 101, gid: 102 },
    folders: [
      { path: '/run', kind: 'memory' },
      { path: '/srv/content', kind: 'volume' },
    ],
  });
  expect(trialFacts(report({ kind: 'cannot', reason: 'flaky', what: '' }))).toBeNull();
});
