import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import type { Story } from '../../../shared/src/engine/stories';
import { rules } from '../../../shared/src/families/generated/index';
import { createGate } from '../../../shared/src/output/report/gate';
import { createWords } from '../../../shared/src/output/report/words';
import { firstAction, isClosedIn, storyWords } from '../../../shared/src/output/story/words';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';
import { plainContext } from '../../../tools/lint-context';

/** What an intruder makes of the findings of one container. A step that cannot be gone is a false finding. */

const engine = createEngine(rules);
const words = createWords(rules);

/** The stories of one file that is all of its workspace. */
function storiesOf(path: string, text: string): readonly Story[] {
  const store = createWorkspaceIndex({ complete: true });
  const opened = engine.open({ path, text });
  store.update(path, opened.facts());
  store.settle(true);
  return opened.stories({ ...plainContext(), workspace: store.index });
}

/** Each as `container: code > node (socket, privileged?)`; `?`: on the condition that the image runs as root. */
function lines(path: string, text: string): readonly string[] {
  return storiesOf(path, text).map(({ container, steps }) => {
    const shown = steps.map(({ to, ways }) => {
      const names = ways.map(({ move, ifRoot }) => `${move}${ifRoot ? '?' : ''}`);
      return names.length === 0 ? to : `${to} (${names.join(', ')})`;
    });
    return `${container}: ${shown.join(' > ')}`;
  });
}

const service = (...settings: string[]): string => `services:\n  web:\n${settings.map(line => `    ${line}\n`).join('')}`;
const socket = 'volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]';

describe('a service of Compose', () => {
  test.each<[what: string, settings: string[], story: string[]]>([
    ['the socket, as root', ['image: alpine:3.22', socket], ['web: code > node (socket)']],
    ['the socket, as nobody knows whom', ['image: registry.example.com/a:1', socket], ['web: code > node (socket?)']],
    ['the socket, as another user', ['image: alpine:3.22', 'user: "1000"', socket], []],
    ['privileged, and its entry point gives up root', ['image: redis:7.4', 'privileged: true'], []],
    ['privileged and the socket', ['image: alpine:3.22', 'privileged: true', socket], ['web: code > node (privileged, socket)']],
    ['a folder that root of the host runs', ['image: alpine:3.22', 'volumes: ["/etc:/e"]'], ['web: code > node (write)']],
    ['the same, to be read', ['image: alpine:3.22', 'volumes: ["/etc:/e:ro"]'], ['web: code > files (read)']],
    ['configuration of one program', ['image: alpine:3.22', 'volumes: ["/etc/nginx:/e"]'], []],
    ['a disk', ['image: alpine:3.22', 'devices: ["/dev/sda:/dev/sda"]'], ['web: code > node (device)']],
    ['processes of the host lead nowhere by themselves', ['image: alpine:3.22', 'pid: host'], []],
    // AppArmor's default profile may stop it
    ['capabilities alone are no proof', ['image: alpine:3.22', 'cap_add: [SYS_ADMIN, SYS_PTRACE]', 'pid: host'], []],
    ['an accepted risk', ['image: alpine:3.22', '# bulkhead-ignore compose/privileged -- the host is thrown away', 'privileged: true'], []],
  ])('%s', (_, settings, story) => {
    expect(lines('compose.yaml', service(...settings))).toEqual(story);
  });

  test.each<[what: string, settings: string[], story: string[]]>([
    ['an open port of the server, and its password', ['ports: ["27017:27017"]'], ['web: port (published) > data (password)']],
    ['a port of this machine alone', ['ports: ["127.0.0.1:27017:27017"]'], []],
  ])('%s', (_, settings, story) => {
    const text = service('image: mongo:8.0', 'environment: {MONGO_INITDB_ROOT_PASSWORD: sky-over-berlin-77}', ...settings);
    expect(lines('compose.yaml', text)).toEqual(story);
  });
});

test('the demo shop: what is proved of it, and no more', () => {
  const read = (name: string): string => readFileSync(`examples/shop/insecure/${name}`, 'utf8');
  expect(lines('compose.yaml', read('compose.yaml'))).toEqual(['db: port (published) > data (password)']);
  expect(lines('start.sh', read('start.sh'))).toEqual(['mail: code > node (privileged?, socket?)']);
  const hardened = (name: string): string => readFileSync(`examples/shop/hardened/${name}`, 'utf8');
  expect(lines('compose.yaml', hardened('compose.yaml'))).toEqual([]);
});

const rbac = (
  kind: string,
  rule: string,
  subject = '{kind: ServiceAccount, name: ci, namespace: shop}',
): string => `apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}
metadata: {name: a${kind === 'Role' ? ', namespace: shop' : ''}}
rules: [${rule}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}Binding
metadata: {name: b${kind === 'Role' ? ', namespace: shop' : ''}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ${kind}, name: a}
subjects: [${subject}]
---
`;
const pod = (spec: string, container = ''): string => `apiVersion: v1
kind: Pod
metadata: {name: p, namespace: shop}
spec:
  serviceAccountName: ci
${spec === '' ? '' : `  ${spec}\n`}  containers:
    - name: c
      image: node:24
${container === '' ? '' : `      ${container}\n`}`;
const secrets = '{apiGroups: [""], resources: [secrets], verbs: [get]}';
const token = 'c: code > token (token) >';

describe('a pod', () => {
  test.each<[what: string, text: string, story: string[]]>([
    ['its account reads Secrets', rbac('ClusterRole', secrets) + pod(''), [`${token} secrets (secrets)`]],
    ['one Secret by name', rbac('Role', secrets.replace('}', ', resourceNames: [tls]}')) + pod(''), []],
    ['the account of another namespace', rbac('Role', secrets, '{kind: ServiceAccount, name: ci, namespace: other}') + pod(''), []],
    ['the pod declines its token', rbac('ClusterRole', secrets) + pod('automountServiceAccountToken: false'), []],
    ['it starts pods', rbac('Role', '{apiGroups: [batch], resources: [jobs], verbs: [create]}') + pod(''), [`${token} secrets (mounts)`]],
    ['it looks at pods', rbac('Role', '{apiGroups: [""], resources: [pods], verbs: [get, list]}') + pod(''), []],
    [
      'it runs commands in pods',
      rbac('Role', '{apiGroups: [""], resources: [pods/exec], verbs: [create]}') + pod(''),
      [`${token} pods (exec)`],
    ],
    [
      'it does everything',
      rbac('ClusterRole', '{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}') + pod(''),
      [`${token} cluster (administer)`],
    ],
    [
      'everything in one namespace',
      rbac('Role', '{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}') + pod(''),
      [`${token} secrets (secrets)`],
    ],
    ['privileged', pod('', 'securityContext: {privileged: true}'), ['c: code > node (privileged)']],
    ['privileged in a sandbox', pod('runtimeClassName: gvisor', 'securityContext: {privileged: true}'), []],
    ['privileged in a user namespace', pod('hostUsers: false', 'securityContext: {privileged: true}'), []],
    ['privileged, as another user', pod('', 'securityContext: {privileged: true, runAsUser: 1000}'), []],
    [
      'a folder of the node that another container mounts',
      pod('volumes: [{name: h, hostPath: {path: /etc}}]') +
        '    - name: other\n      image: node:24\n      volumeMounts: [{name: h, mountPath: /h}]\n',
      ['other: code > node (write)'],
    ],
    [
      'a harmless part of a folder',
      pod('volumes: [{name: h, hostPath: {path: /etc}}]', 'volumeMounts: [{name: h, mountPath: /h, subPath: localtime, readOnly: true}]'),
      [],
    ],
  ])('%s', (_, text, story) => {
    expect(lines('pod.yaml', text)).toEqual(story);
  });
});

test('the words name the container, every way and its place, and the first thing to do; a secret is in none', () => {
  const text = service('image: mongo:8.0', 'environment: {MONGO_INITDB_ROOT_PASSWORD: sky-over-berlin-77}', 'ports: ["27017:27017"]');
  const [story] = storiesOf('compose.yaml', text);
  const gate = createGate({ text, findings: [] });
  const told = storyWords(story!, gate);
  expect(told).toMatchObject({ where: 'container "web"', end: 'All data on the server' });
  expect(told.steps.map(step => `${step.text}: ${step.ways.map(way => way.text).join('; ')}`)).toEqual([
    'Reaches container "web" from outside: the port is open on all interfaces',
    "Logs in to the server: the server's password is written in the file",
  ]);
  expect(firstAction(story!, words, gate)?.text).toBe('Publish the port on localhost only');
  expect(JSON.stringify(told)).not.toContain('berlin');
  const [way] = story!.steps[0]!.ways;
  expect(isClosedIn([], way!)).toBe(true);
  expect(isClosedIn([way!.finding!], way!)).toBe(false);
});
