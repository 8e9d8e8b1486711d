import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { isApiClient } from '../../../shared/src/knowledge/api-clients';
import { findCapability, isDangerousCapability } from '../../../shared/src/knowledge/capabilities';
import { endOfLife } from '../../../shared/src/knowledge/end-of-life';
import { findDangerousPath, findRuntimeSocket, normalizeHostPath, socketsBelow } from '../../../shared/src/knowledge/host-paths';
import { findDeprecatedImage, findImageProfile } from '../../../shared/src/knowledge/image-profiles';
import { apiDeprecation, isServed } from '../../../shared/src/knowledge/kubernetes-apis';
import { osFamilyFacts, osOfTag } from '../../../shared/src/knowledge/os-families';
import { findStandard, standardLink, standardTitle } from '../../../shared/src/knowledge/standards';
import { rules } from '../../../shared/src/families/generated/index';

const folder = resolve(import.meta.dirname, '../../../shared/src/knowledge/data');

it('stays small, and every file says when its facts were collected', () => {
  let size = 0;
  for (const name of readdirSync(folder)) {
    const text = readFileSync(join(folder, name));
    size += name.endsWith('.sources.json') ? 0 : gzipSync(text).length;
    const data = JSON.parse(text.toString()) as Record<string, unknown>;
    expect(data['retrieved'] ?? data['minor']).toBeDefined();
    expect(data['sources'] ?? data['source'] ?? name).toBeDefined();
  }
  expect(size).toBeLessThan(150_000);
});

const root = { name: 'root', uid: 0 };

describe('image profiles', () => {
  it.each([
    [
      'node:20',
      {
        os: 'debian',
        packageManager: 'apt-get',
        shell: 'bash',
        defaultUser: root,
        otherUsers: [{ name: 'node', uid: 1000 }],
        nonRoot: 'app-decides',
      },
    ],
    ['docker.io/library/node:20-alpine3.19', { os: 'alpine', packageManager: 'apk', shell: 'sh' }],
    ['public.ecr.aws/docker/library/node', { name: 'node' }],
    ['mirror.gcr.io/library/busybox', { name: 'busybox' }],
    ['php:8.3-fpm-alpine', { os: 'alpine', otherUsers: [{ name: 'www-data', uid: 82 }], runAs: { uid: 82 } }],
    ['php:8.3-cli', { kind: 'runtime' }],
    [
      'gcr.io/distroless/static-debian12:nonroot',
      { os: 'distroless', shell: 'none', defaultUser: { uid: 65532, numeric: true }, nonRoot: 'already' },
    ],
    ['gcr.io/distroless/static', { defaultUser: root, nonRoot: 'app-decides' }],
    ['gcr.io/distroless/base:debug', { shell: '/busybox/sh' }],
    ['mcr.microsoft.com/dotnet/aspnet:8.0-jammy-chiseled', { os: 'distroless', defaultUser: { name: 'app', uid: 1654, numeric: true } }],
    ['mcr.microsoft.com/dotnet/sdk:10.0', { os: 'ubuntu' }],
    ['mcr.microsoft.com/dotnet/sdk:8.0', { os: 'debian' }],
    ['nextcloud:32-fpm-alpine', { runAs: { uid: 82, gid: 82, fsGroup: 82 }, privilegeDrop: { to: { uid: 82 } } }],
    ['wordpress:7-fpm-alpine', { runAs: { uid: 82 }, privilegeDrop: { capabilities: ['CHOWN', 'KILL', 'SETGID', 'SETUID'] } }],
    ['wordpress:7-apache', { privilegeDrop: { capabilities: ['CHOWN', 'SETGID', 'SETUID'] } }],
    ['php:8.4-fpm', { privilegeDrop: { capabilities: ['KILL', 'SETGID', 'SETUID'] } }],
    ['drupal:12-fpm', { runAs: { uid: 33 } }],
    ['denoland/deno:alpine', { runAs: { uid: 1000 } }],
    ['redis:8-alpine', { runAs: { uid: 999, gid: 1000, fsGroup: 1000 } }],
    ['postgres:16-alpine', { runAs: { uid: 70 }, isDatabase: true, privilegeDrop: { to: { uid: 70 } } }],
    [
      'nginx',
      {
        nonRoot: 'needs-root-or-replacement',
        portsBelow1024: [80],
        unprivilegedReplacement: ['nginxinc/nginx-unprivileged', 'cgr.dev/chainguard/nginx'],
      },
    ],
    ['eclipse-temurin:21-jre', { isJvm: true, isDatabase: false, os: 'ubuntu' }],
    ['elasticsearch:8.19.0', { isJvm: true, isDatabase: true }],
    ['ubuntu:22.04', { otherUsers: [{ name: 'www-data' }, { name: 'nobody' }] }],
    ['ubuntu:24.04', { otherUsers: [{ name: 'ubuntu', uid: 1000 }, { name: 'www-data' }, { name: 'nobody' }] }],
    ['amazonlinux:2', { packageManager: 'yum' }],
    ['amazonlinux:2023', { packageManager: 'dnf' }],
    ['python:3.12-windowsservercore', { os: 'windows', packageManager: 'none', defaultUser: null }],
    ['caddy:2', { fileCapabilities: ['NET_BIND_SERVICE'] }],
    ['scratch', { os: 'scratch', shell: 'none' }],
  ])('%s', (reference, facts) => expect(findImageProfile(reference)).toMatchObject(facts));

  it.each(['ghcr.io/acme/shop:1.2.3', 'acme/node', 'localhost:5000/node', 'NODE', '', 'constructor', '__proto__'])(
    'knows nothing of %s',
    reference => expect(findImageProfile(reference)).toBeNull(),
  );

  it('marks what a mount would hide', () => {
    const paths = findImageProfile('nginx:1.27')!.writablePaths;
    expect(paths.find(({ path }) => path === '/var/cache/nginx')).toEqual({ path: '/var/cache/nginx', hasContent: false, inferred: false });
    expect(paths.find(({ path }) => path === '/etc/nginx/conf.d')?.hasContent).toBe(true);
  });

  it.each([
    ['nextcloud:32', true],
    ['nextcloud:32-apache', true],
    ['nextcloud:32-fpm', false],
    ['drupal:12-fpm-alpine', false],
  ])('%s has an Apache that writes: %s', (reference, has) =>
    expect(findImageProfile(reference)!.writablePaths.some(({ path }) => path.endsWith('apache2'))).toBe(has),
  );

  it.each([
    ['grafana/grafana:11.2.0', false],
    ['grafana/grafana:13.1', false],
    ['grafana/grafana:13.2.1', true],
    ['grafana/grafana:13', true],
    ['grafana/grafana', true],
  ])('%s replaces plug-ins that it brings: %s', (reference, has) =>
    expect(findImageProfile(reference)!.writablePaths.some(({ path }) => path.endsWith('plugins-bundled'))).toBe(has),
  );

  it.each([
    ['bitnami/redis:7', 'bitnami/*'],
    ['k8s.gcr.io/pause:3.1', 'k8s.gcr.io/*'],
    ['gcr.io/distroless/base-debian11', 'gcr.io/distroless/*-debian11'],
    ['gcr.io/distroless/base-debian13', undefined],
    ['redis', undefined],
  ])('%s is given up under %s', (reference, name) => expect(findDeprecatedImage(reference)?.name).toBe(name));

  it('knows families', () => {
    expect(osFamilyFacts('alpine')).toMatchObject({ userTool: 'adduser', users: { nobody: 65534 } });
    expect(osOfTag('3.12-slim-bookworm')).toEqual({ family: 'debian', token: 'bookworm' });
    expect(osOfTag('1.2.3')).toBeNull();
  });
});

/** A reference, and what is known of its end: product, cycle, kind, and the part of the reference that says so. */
type EndOfLifeRow = [reference: string, product?: string, cycle?: string, kind?: string, place?: string];

describe('end of life on 2026-11-24', () => {
  it.each<EndOfLifeRow>([
    ['node:20', 'Node.js', '20', 'ended', '20'],
    ['node:20-bookworm', 'Node.js', '20', 'ended', '20'],
    ['node:22-alpine3.19', 'Alpine Linux', '3.19', 'ended', 'alpine3.19'],
    ['node:22-bullseye', 'Debian', '11', 'ended', 'bullseye'],
    ['python:2', 'Python', '2.7', 'ended', '2'],
    ['debian:buster-20240101-slim', 'Debian', '10', 'ended', 'buster'],
    ['ubuntu:focal', 'Ubuntu', '20.04', 'ended', 'focal'],
    ['rust:1.80', 'Rust', '1.80', 'superseded', '1.80'],
    ['nginx:1.25-alpine', 'nginx', '1.25', 'superseded', '1.25'],
    ['grafana/grafana:13.0.1'],
    ['grafana/grafana:9.5.2', 'Grafana', '9.5', 'ended', '9.5.2'],
    ['registry.access.redhat.com/ubi7/ubi-minimal:7.9', 'Red Hat Enterprise Linux', '7', 'ended', 'ubi7'],
    ['centos:centos7', 'CentOS', '7', 'ended', 'centos7'],
    ['mcr.microsoft.com/dotnet/aspnet:6.0', 'Microsoft .NET', '6', 'ended', '6.0'],
    ['ghcr.io/acme/x:alpine3.12', 'Alpine Linux', '3.12', 'ended', 'alpine3.12'],
    // older than all that is known, the oldest of which has ended
    [`elasticsearch:5@sha256:${'0'.repeat(64)}`, 'Elasticsearch', '5', 'ended', '5'],
    ['redis:3.2-alpine', 'Redis', '3', 'ended', '3.2'],
    ['rockylinux:7'],
    ['mcr.microsoft.com/mssql/server:2017-latest'],
    ['amazonlinux:1', 'Amazon Linux', '2018.03', 'ended', '1'],
    ...[
      'node:22-bookworm',
      'python:3',
      'debian:12',
      'node',
      'node:latest',
      'node:lts',
      'alpine:edge',
      'acme/node:1',
      'redhat/ubi8',
      'mcr.microsoft.com/windows/servercore:1809',
      'NODE:20',
    ].map((reference): EndOfLifeRow => [reference]),
  ])('%s: %s %s', (reference, product, cycle, kind, place) => {
    const found = endOfLife(reference, '2026-11-24');
    expect([found?.product, found?.cycle, found?.kind, found && reference.slice(found.range.start, found.range.end)]).toEqual([
      product,
      cycle,
      kind,
      place ?? null,
    ]);
  });

  it('counts the last day of support as supported', () => {
    expect(endOfLife('node:20', '2026-04-30')).toBeNull();
    expect(endOfLife('node:20', '2026-05-01')).toMatchObject({ date: '2026-04-30', supported: ['26', '25', '24'] });
  });
});

describe('Kubernetes APIs', () => {
  it.each([
    ['batch/v1beta1', 'CronJob', { deprecatedIn: 21, removedIn: 25, replacement: 'batch/v1', schema: 'same', availableIn: 21 }],
    ['policy/v1beta1', 'PodDisruptionBudget', { schema: 'selector', removedIn: 25 }],
    ['extensions/v1beta1', 'Deployment', { schema: 'defaults', replacement: 'apps/v1', removedIn: 16 }],
    ['networking.k8s.io/v1beta1', 'Ingress', { schema: 'changed', removedIn: 22 }],
    ['policy/v1beta1', 'PodSecurityPolicy', { replacement: null, removedIn: 25 }],
    ['v1', 'Endpoints', { deprecatedIn: 33, removedIn: null, replacement: 'discovery.k8s.io/v1', newKind: 'EndpointSlice' }],
    ['cert-manager.io/v1alpha2', 'Issuer', { removedIn: null, component: 'cert-manager', componentVersion: '1.6' }],
  ])('%s %s', (apiVersion, kind, facts) => expect(apiDeprecation(apiVersion, kind)).toMatchObject(facts));

  it('knows what is served', () => {
    expect(apiDeprecation('apps/v1', 'Deployment')).toBeNull();
    expect(isServed('batch', 'v1beta1', 'CronJob', 24)).toBe(true);
    expect(isServed('batch', 'v1beta1', 'CronJob', 25)).toBe(false);
    expect(isServed('apps', 'v1', 'Deployment', 37)).toBe(true);
    expect(isServed('example.com', 'v1', 'Deployment', 37)).toBeNull();
  });
});

describe('capabilities and host paths', () => {
  it('knows capabilities with and without CAP_', () => {
    expect(findCapability('cap_sys_admin')).toMatchObject({ name: 'SYS_ADMIN', escape: true, baseline: false });
    expect(['NET_BIND_SERVICE', 'CHOWN', 'NET_RAW', 'SYS_ADMIN', 'ALL', 'WHATEVER'].map(isDangerousCapability)).toEqual([
      false,
      false,
      true,
      true,
      true,
      true,
    ]);
  });

  it.each([
    ['/', '/'],
    ['/etc/', '/etc'],
    ['//etc/../etc/shadow', '/etc/shadow'],
    ['/etc/kubernetes/azure.json', '/etc/kubernetes'],
    ['/var/run', '/var/run'],
    ['/run/x', undefined],
    ['/run/', '/var/run'],
    ['/etc/localtime', undefined],
    ['/etc/kubernetes/features.d', undefined],
    ['/etc/kubernetes/pki/ca.key', '/etc/kubernetes'],
    ['/var/lib/kubelet/device-plugins', undefined],
    ['/dev/shm', undefined],
    ['/dev/sda1', '/dev'],
    ['/homework', undefined],
    ['/data', undefined],
    ['/var/lib/kubelet/pods', '/var/lib/kubelet'],
    ['/sys/kernel/tracing', '/sys/kernel/debug'],
    ['/sys/kernel/uevent_helper', '/sys'],
  ])('%s gives away %s', (path, listed) => {
    const found = findDangerousPath(path)?.path;
    expect(found === '/run' ? '/var/run' : found).toBe(listed);
  });

  it('knows sockets and the folders that hold them', () => {
    expect(findRuntimeSocket('/var/run/docker.sock')?.runtime).toBe('Docker Engine');
    expect(findRuntimeSocket('/run/user/1000/podman/podman.sock')?.runtime).toBe('Podman');
    expect(findRuntimeSocket('/var/run')).toBeNull();
    expect(socketsBelow('/var/run').map(({ runtime }) => runtime)).toContain('CRI-O');
    expect(socketsBelow('/data')).toEqual([]);
    expect(normalizeHostPath('/var/run/./x/..//y/')).toBe('/run/y');
  });
});

it('names the items of standards', () => {
  expect(standardTitle('cwe', 'CWE-250')).toMatch(/privilege/);
  expect(standardTitle('cisKubernetes', '5.1.1')).not.toBeNull();
  expect(standardTitle('cwe', 'toString')).toBeNull();
  expect(standardLink('mitre', 'T1204.003')).toBe('https://attack.mitre.org/techniques/T1204/003/');
  expect(findStandard('cisKubernetes').version).toBe('1.12');
});

it('titles what rules refer to, and pairs the risks of NIST SP 800-190 with their countermeasures', () => {
  const keys = ['cisDocker', 'cisKubernetes', 'nist800190', 'nsaCisa', 'pss', 'mitre', 'cwe'] as const;
  const untitled = rules.flatMap(({ id, references }) =>
    keys.flatMap(key => (references[key] ?? []).filter(item => standardTitle(key, item) === null).map(item => `${id} ${key} ${item}`)),
  );
  expect(untitled).toEqual([]);
  const alone = rules.flatMap(({ id, references: { nist800190: items = [] } }) =>
    items.filter(item => !items.includes(`${item.startsWith('3') ? 4 : 3}${item.slice(1)}`)).map(item => `${id} ${item}`),
  );
  expect(alone).toEqual([]);
});

it('knows clients of the Kubernetes API', () => {
  const clients = [
    'quay.io/argoproj/argocd:v3',
    'bitnami/kubectl',
    'registry.k8s.io/ingress-nginx/controller:v1',
    'calico/node:v3',
    'acme/foo-operator:1',
    'grafana/agent',
  ];
  expect(clients.filter(image => !isApiClient(image))).toEqual([]);
  const others = ['node:20', 'nginx', 'postgres:16', 'ghcr.io/acme/shop:1.2.3', 'acme/agent', 'acme/dashboard', 'redis', 'toString', ''];
  expect(others.filter(isApiClient)).toEqual([]);
});
