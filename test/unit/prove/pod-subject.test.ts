import { describe, expect, it } from 'vitest';
import { trialNames } from '../../../shared/src/services/prove/subject/subject';
import { isSubject, provable, refusedIn, subjectIn } from '../../support/trials';

interface Given {
  readonly pod?: string;
  readonly container?: string;
  readonly more?: string;
}

const indent = (text: string, by: number): string =>
  text === ''
    ? ''
    : text
        .split('\n')
        .map(line => `${' '.repeat(by)}${line}\n`)
        .join('');

const pod = ({ pod: spec = '', container = '', more = '' }: Given): string =>
  `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, labels: { a: b } }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web }, annotations: { x: y } }
    spec:
${indent(spec, 6)}      containers:
        - name: app
          image: example.com/web:1
${indent(container, 10)}${indent(more, 8)}`;

describe('what no trial of a pod gives, one at a time', () => {
  it.each<[Given, string]>([
    [{ pod: 'hostNetwork: true' }, 'needs-host: hostNetwork'],
    [{ pod: 'hostPID: true' }, 'needs-host: hostPID'],
    [{ pod: 'hostIPC: true' }, 'needs-host: hostIPC'],
    [{ pod: 'shareProcessNamespace: true' }, 'unclear: shareProcessNamespace'],
    [{ pod: 'runtimeClassName: kata' }, 'needs-host: runtimeClassName'],
    [{ pod: 'os: { name: windows }' }, 'engine: windows'],
    [{ pod: 'initContainers: [{ name: a, image: b }]' }, 'unclear: initContainers'],
    [{ pod: 'securityContext: { sysctls: [{ name: a, value: b }] }' }, 'needs-host: sysctls'],
    [{ pod: 'securityContext: { seLinuxOptions: { type: spc_t } }' }, 'needs-host: seLinuxOptions'],
    [{ pod: 'securityContext: { seccompProfile: { type: Unconfined } }' }, 'needs-host: seccompProfile Unconfined'],
    [{ pod: 'surprise: 1' }, 'unclear: surprise'],
    [{ container: 'securityContext: { privileged: true }' }, 'needs-host: privileged'],
    [{ container: 'securityContext: { procMount: Unmasked }' }, 'needs-host: procMount Unmasked'],
    [
      { container: 'securityContext: { seccompProfile: { type: Localhost, localhostProfile: x } }' },
      'needs-host: seccompProfile Localhost',
    ],
    [{ container: 'securityContext: { appArmorProfile: { type: Unconfined } }' }, 'needs-host: appArmorProfile Unconfined'],
    [{ container: 'securityContext: { capabilities: { add: [SYS_ADMIN] } }' }, 'needs-host: SYS_ADMIN'],
    [{ container: 'securityContext: { capabilities: { add: [ALL] } }' }, 'needs-host: ALL'],
    [{ container: 'securityContext: { runAsGroup: 5 }' }, 'unclear: runAsGroup'],
    [{ container: 'securityContext: { runAsUser: "0" }' }, 'unclear: runAsUser'],
    [{ container: 'securityContext: { windowsOptions: { hostProcess: true } }' }, 'needs-host: windowsOptions'],
    [{ container: 'volumeDevices: [{ name: a, devicePath: /dev/x }]' }, 'needs-host: volumeDevices'],
    [
      { container: 'volumeMounts: [{ name: v, mountPath: /x }]', pod: 'volumes: [{ name: v, hostPath: { path: / } }]' },
      'needs-host: hostPath v',
    ],
    [
      { container: 'volumeMounts: [{ name: v, mountPath: /x }]', pod: 'volumes: [{ name: v, secret: { secretName: s } }]' },
      'needs-secret: secret v',
    ],
    [
      { container: 'volumeMounts: [{ name: v, mountPath: /x }]', pod: 'volumes: [{ name: v, configMap: { name: c } }]' },
      'not-here: configMap v',
    ],
    [{ container: 'volumeMounts: [{ name: v, mountPath: /x }]', pod: 'volumes: [{ name: v, csi: { driver: d } }]' }, 'not-here: csi v'],
    [
      { container: 'volumeMounts: [{ name: v, mountPath: /x, subPath: ../y }]', pod: 'volumes: [{ name: v, emptyDir: {} }]' },
      'unclear: volumeMounts v',
    ],
    [{ container: 'volumeMounts: [{ name: v, mountPath: /proc }]', pod: 'volumes: [{ name: v, emptyDir: {} }]' }, 'unclear: mount /proc'],
    [{ container: 'volumeMounts: [{ name: v, mountPath: "/a:b" }]', pod: 'volumes: [{ name: v, emptyDir: {} }]' }, 'unclear: mount /a:b'],
    [{ container: 'env: [{ name: A, valueFrom: { configMapKeyRef: { name: c, key: k } } }]' }, 'not-here: env A'],
    [{ container: 'env: [{ name: A, valueFrom: { secretKeyRef: { name: s, key: k } } }]' }, 'needs-secret: env A'],
    [{ container: 'env: [{ name: A, value: "${A}" }]' }, 'unclear: env A'],
    [{ container: 'envFrom: [{ secretRef: { name: s } }]' }, 'needs-secret: envFrom s'],
    [{ container: 'envFrom: [{ configMapRef: { name: c } }]' }, 'not-here: envFrom c'],
    [{ container: 'lifecycle: { postStart: { exec: { command: [x] } } }' }, 'unclear: postStart'],
    [{ container: 'workingDir: -x' }, 'unclear: working directory -x'],
    [{ container: 'command: "x"' }, 'unclear: command'],
    [{ container: 'surprise: 1' }, 'unclear: surprise'],
    [
      {
        container: 'volumeMounts: [{ name: v, mountPath: /x }]',
        pod: 'volumes: [{ name: v, emptyDir: {} }]',
        more: '- { name: side, image: s, volumeMounts: [{ name: v, mountPath: /y }] }',
      },
      'unclear: volume v (app, side)',
    ],
    [{ more: '- { name: side, image: s, securityContext: { privileged: true } }' }, 'needs-host: privileged'],
  ])('%j', (given, reason) => {
    expect(refusedIn(subjectIn('kubernetes', pod(given), { name: 'app' }))).toContain(reason);
  });

  it.each([
    [pod({}).replace('example.com/web:1', '"--privileged"'), 'unclear: --privileged'],
    [pod({}).replace('example.com/web:1', '"{{ .Values.image }}"'), 'unclear: {{ }}'],
    ['apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n', 'not-here: app'],
  ])('%s', (text, reason) => {
    expect(refusedIn(subjectIn('kubernetes', text, { name: 'app' })).join()).toContain(reason);
  });
});

it('takes over what a trial can have', () => {
  const text = pod({
    pod: `securityContext: { runAsUser: 1000, runAsGroup: 1000, fsGroup: 2000, supplementalGroups: [5], seccompProfile: { type: RuntimeDefault } }
terminationGracePeriodSeconds: 5
serviceAccountName: web
volumes: [{ name: tmp, emptyDir: {} }, { name: data, persistentVolumeClaim: { claimName: data } }, { name: unused, hostPath: { path: / } }]`,
    container: `command: [/start, "$(A)", "$$(A)"]
args: [serve]
workingDir: /app
env:
  - { name: A, value: one }
  - { name: B, value: "$(A)-two" }
  - { name: DB_PASSWORD, valueFrom: { secretKeyRef: { name: s, key: password } } }
  - { name: POD, valueFrom: { fieldRef: { fieldPath: metadata.name } } }
ports: [{ containerPort: 8080 }, { containerPort: 53, protocol: UDP }]
readinessProbe: { exec: { command: [check, "$(A)"] } }
livenessProbe: { httpGet: { path: /, port: 8080 } }
resources: { limits: { memory: 1Gi } }
volumeMounts: [{ name: tmp, mountPath: /tmp/ }, { name: data, mountPath: /data, readOnly: true }]
securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: { drop: [ALL], add: [NET_BIND_SERVICE] } }`,
    more: '- { name: side, image: side, env: [{ name: PASSWORD, valueFrom: { secretKeyRef: { name: s, key: password } } }] }',
  });
  const { container, peers, platform, volumeGroup, leftOut } = provable('kubernetes', text, { name: 'web/app' });
  const password = container.environment[2]!.value;
  expect(container).toMatchObject({
    entrypoint: ['/start', 'one', '$(A)'],
    command: ['serve'],
    workdir: '/app',
    user: '1000:1000',
    groups: ['2000', '5'],
    readOnly: true,
    noNewPrivileges: true,
    capabilities: ['NET_BIND_SERVICE'],
    stopGrace: 5,
    health: ['check', 'one'],
    ports: [8080],
    mounts: [
      { path: '/tmp', kind: 'memory', readOnly: false },
      { path: '/data', kind: 'memory', readOnly: true },
    ],
  });
  expect(container.environment.map(({ name, value, isStandIn }) => [name, value, isStandIn])).toEqual([
    ['A', 'one', false],
    ['B', 'one-two', false],
    ['DB_PASSWORD', password, true],
    ['POD', 'app', true],
  ]);
  expect(peers.map(({ name, environment }) => [name, environment[0]!.value])).toEqual([['side', password]]);
  expect([platform, volumeGroup]).toEqual(['pod', 2000]);
  expect(leftOut).toEqual(['persistentVolumeClaim data', 'resources', 'serviceAccountName']);
});

it('reads settings from the ConfigMaps of the same file and namespace', () => {
  const map = (more: string): string =>
    `---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: c${more} }\ndata: { MODE: fast, k: one }\n`;
  const text = pod({
    container:
      'env: [{ name: A, valueFrom: { configMapKeyRef: { name: c, key: k } } }, { name: MODE, value: own }]\nenvFrom: [{ configMapRef: { name: c }, prefix: X_ }, { configMapRef: { name: c } }]',
  });
  expect(provable('kubernetes', text + map('')).container.environment.map(({ name, value }) => `${name}=${value}`)).toEqual([
    'A=one',
    'MODE=own',
    'X_MODE=fast',
    'X_k=one',
    'k=one',
  ]);
  expect(refusedIn(subjectIn('kubernetes', text + map(', namespace: other')))).toContain('not-here: env A');
});

it('starts sidecars before, and asks which container is meant', () => {
  const text = pod({ pod: 'initContainers: [{ name: mesh, image: mesh, restartPolicy: Always }]', more: '- { name: side, image: side }' });
  expect(provable('kubernetes', text, { name: 'app' }).peers.map(({ name }) => name)).toEqual(['mesh', 'side']);
  expect(isSubject(subjectIn('kubernetes', text))).toBe(false);
  expect(provable('kubernetes', pod({})).container.name).toBe('app');
});

it('says what of a file can be asked for', () => {
  expect(trialNames('kubernetes', 'web.yaml', pod({ more: '- { name: side, image: s }' }))).toEqual(['web/app', 'web/side']);
  expect(trialNames('compose', 'compose.yaml', 'services: { a: { image: a }, b: { image: b } }')).toEqual(['a', 'b']);
  expect(trialNames('run', 'run.sh', 'docker run -d --name a nginx\n')).toEqual(['a']);
  expect(trialNames('dockerfile', 'Dockerfile', 'FROM a AS x\nFROM x AS y\n')).toEqual(['x', 'y']);
  expect(trialNames('workflow', 'ci.yml', 'jobs: {}')).toEqual([]);
});

it('never throws on what is half typed', () => {
  const text = pod({ container: 'env: [{ name: A, value: b }]\nvolumeMounts: [{ name: v, mountPath: /x }]' });
  for (let end = 0; end < text.length; end += 7) subjectIn('kubernetes', text.slice(0, end), { name: 'app' });
});
