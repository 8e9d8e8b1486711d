import { describe, expect, test } from 'vitest';
import { defaultConfig } from '../../../shared/src/engine/config/effective';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { detailOf } from '../../support/detail';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';

const engine = createEngine(rules.filter(rule => rule.family === 'kubernetes'));

const pod = (image: string, more = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      image: ${image}\n${more}`;

/** What harden makes of the manifest among other files, and what it leaves of user and root filesystem, with the reason. */
function harden(manifest: string, others: Readonly<Record<string, string>>): { text: string; assumes: readonly string[]; left: string } {
  const facts = createWorkspaceIndex({ complete: true });
  const files = { ...others, 'k8s/web.yaml': manifest };
  for (const [path, text] of Object.entries(files)) facts.update(path, engine.open({ path, text }).facts());
  const context = { config: defaultConfig, today: '2026-11-24', workspace: facts.index, digest: () => null };
  const result = engine.open({ path: 'k8s/web.yaml', text: manifest }).harden(context);
  const left = result.left.find(({ finding }) => finding.rule === 'kubernetes/run-as-root' && finding.messageId !== 'group');
  return {
    text: result.text,
    assumes: result.applied.flatMap(({ fix }) => fix.assumes.map(({ id }) => id)),
    left: left ? `${left.reason}: ${detailOf(left.detail)}` : '',
  };
}

const said = { 'compose.yaml': 'services: {web: {build: app, image: registry.example.com/web}}\n', 'app/web.js': 'serve();\n' };
const linked = (dockerfile: string, more = ''): ReturnType<typeof harden> =>
  harden(pod('registry.example.com/web:1', more), { ...said, 'app/Dockerfile': dockerfile });

describe('a manifest and the Dockerfile of its image', () => {
  test('a program that carries capabilities keeps the one that a restricted pod may have', () => {
    const file = (capability: string): string => `FROM debian:13\nCOPY web /\nRUN setcap ${capability}=+ep /web\nUSER 1000\nCMD ["/web"]\n`;
    expect(linked(file('cap_net_bind_service')).text).toMatch(/add:\n\s+- NET_BIND_SERVICE/);
    expect(linked(file('cap_net_raw')).text).not.toContain('drop:');
  });

  test.each<[what: string, dockerfile: string, text: RegExp]>([
    ['a number', 'FROM debian:13\nUSER 1234:2345\nCMD ["web"]\n', /runAsUser: 1234\n\s+runAsGroup: 2345/],
    [
      'a name that the file creates',
      'FROM debian:13\nRUN useradd -u 1234 web\nUSER web\nCMD ["web"]\n',
      /runAsUser: 1234\n(?!\s+runAsGroup)/,
    ],
    ['a name that the base has', 'FROM node:24\nCOPY . .\nUSER node\nCMD ["node", "web.js"]\n', /runAsUser: 1000\n/],
    ['a user of a stage before', 'FROM debian:13 AS base\nUSER 1234\nFROM base\nCMD ["web"]\n', /runAsUser: 1234\n/],
    ['the user of its base', 'FROM grafana/grafana:12.1.0\nCOPY a /etc/grafana/\n', /runAsUser: 472\n|runAsNonRoot: true/],
    ['none: that which harden writes there', 'FROM debian:13\nCMD ["web"]\n', /runAsUser: 10001\n\s+runAsGroup: 10001/],
    ['none, on an image that has one for it', 'FROM node:24\nCOPY . .\nCMD ["node", "web.js"]\n', /runAsUser: 1000\n/],
    [
      'a server as its base starts it',
      'FROM nginx:1.29\nCOPY . /usr/share/nginx/html\n',
      /runAsUser: 101\n[^]*mountPath: \/var\/cache\/nginx/,
    ],
  ])('the user is %s', (_, dockerfile, text) => {
    const result = linked(dockerfile);
    expect(result.text).toMatch(text);
    expect(result.assumes).not.toContain('guessed-user');
    expect(result.assumes).not.toContain('built-image');
    expect(result.text).toMatch(/readOnlyRootFilesystem: true/);
  });

  test.each<[reason: RegExp, dockerfile: string]>([
    [/^needs-root: cron needs root/, 'FROM debian:13\nCMD ["cron", "-f"]\n'],
    [
      /^needs-root: its image already switches to another user/,
      'FROM debian:13\nRUN apt-get install -y gosu\nENTRYPOINT ["gosu", "web", "web"]\n',
    ],
    [
      /^needs-root: files that the process needs are in the home directory of root/,
      'FROM debian:13\nCOPY web /root/web\nCMD ["/root/web"]\n',
    ],
    [/^attended: uv keeps files in the home directory of root/, 'FROM python:3.14\nCOPY . /app\nCMD ["uv", "run", "web"]\n'],
    [/^attended: nothing is known about acme\/base, which app\/Dockerfile builds on/, 'FROM acme/base\nCMD ["web"]\n'],
    [/^unknown-image: the UID of its user web is not known/, 'FROM debian:13\nRUN useradd web\nUSER web\nCMD ["web"]\n'],
  ])('%s', (reason, dockerfile) => {
    const { left, text } = linked(dockerfile);
    expect(left).toMatch(reason);
    expect(text).not.toContain('runAsUser');
  });

  test.each<[mounts: readonly string[], dockerfile: string]>([
    [['/tmp', '/data'], 'FROM debian:13\nVOLUME /data\nUSER 1\nCMD ["web"]\n'],
    [['/tmp', '/var/lib/web'], 'FROM debian:13\nRUN mkdir -p /var/lib/web && chown 1 /var/lib/web\nUSER 1\nCMD ["web"]\n'],
    [['/tmp', '/app/uploads'], 'FROM debian:13\nWORKDIR /app\nCOPY . .\nRUN mkdir uploads && chown -R 1 uploads\nUSER 1\nCMD ["web"]\n'],
    [['/tmp', '/run/web'], 'FROM debian:13\nUSER 1\nCMD ["web", "--pidfile", "/run/web/web.pid"]\n'],
    [['/tmp', '/home/web'], 'FROM debian:13\nENV HOME=/home/web\nUSER 1\nCMD ["web"]\n'],
    [['/tmp', '/work'], 'FROM debian:13\nUSER 1\nWORKDIR /work\nCMD ["web"]\n'],
    [['/tmp', '/run'], 'FROM debian:13\nUSER 1\nRUN /usr/bin/run /run.sh\nCMD ["web", "--pid", "/run/web.pid"]\n'],
    [['/tmp', '/srv/web/logs'], 'FROM debian:13\nWORKDIR /srv/web\nCOPY . .\nUSER 1\nCMD ["web", "--logging.file.name=logs/web.log"]\n'],
    [['/tmp', '/opt/site/cache'], 'FROM debian:13\nCOPY . /opt/site\nRUN mkdir -p /opt/site/cache\nUSER 1\nCMD ["web"]\n'],
    // the code of the program
    [['/tmp'], 'FROM debian:13\nWORKDIR /app\nCOPY . .\nRUN chown -R 1 /app\nUSER 1\nCMD ["/app/web"]\n'],
  ])('mounts %j', (mounts, dockerfile) => {
    const { text } = linked(dockerfile);
    expect([...text.matchAll(/mountPath: (.*)/g)].map(match => match[1])).toEqual(mounts);
  });

  test('a root filesystem is asked about where the image switches to another user by itself', () => {
    const { text } = linked('FROM debian:13\nRUN apt-get install -y apache2\nCMD ["apache2ctl", "-D", "FOREGROUND"]\n');
    expect(text).not.toContain('readOnlyRootFilesystem');
    expect(linked('FROM nginx:1.29\nCOPY . /usr/share/nginx/html\n').text).toContain('readOnlyRootFilesystem: true');
  });

  test('another user is asked about where the program writes among files that the image has for root', () => {
    const files = {
      ...said,
      'app/Dockerfile': 'FROM python:3.13\nWORKDIR /srv/web\nCOPY . .\nCMD ["python", "web.py"]\n',
      'app/web.py': "import logging\nlogging.FileHandler('log/web.log')\n",
      'app/log/readme.py': 'x = 1\n',
    };
    const { left, text } = harden(pod('registry.example.com/web:1'), files);
    expect(left).toBe('attended: it writes to /srv/web/log, where the files from the image are owned by root');
    expect(text).not.toContain('runAsUser');
    const mounts = '      volumeMounts: [{name: log, mountPath: /srv/web/log}]\n  volumes: [{name: log, emptyDir: {}}]\n';
    expect(harden(pod('registry.example.com/web:1', mounts), files).text).toContain('runAsUser: 10001');
  });

  test('another user gets volumes for the folders that the image has for root, by the fix of the user alone', () => {
    const dockerfile = 'FROM debian:13\nRUN mkdir -p /var/lib/web\nCMD ["web", "--data-dir", "/var/lib/web"]\n';
    const manifest = pod('registry.example.com/web:1', '      securityContext: {readOnlyRootFilesystem: false}\n');
    const facts = createWorkspaceIndex({ complete: true });
    for (const [path, text] of Object.entries({ ...said, 'app/Dockerfile': dockerfile }))
      facts.update(path, engine.open({ path, text }).facts());
    const context = { config: defaultConfig, today: '2026-11-24', workspace: facts.index, digest: () => null };
    const part = engine.open({ path: 'k8s/web.yaml', text: manifest });
    const finding = part.lint(context).findings.find(({ rule }) => rule === 'kubernetes/run-as-root')!;
    expect(JSON.stringify(finding.fixes[0]!.operations())).toContain('/var/lib/web');
  });

  test('what the start script of its image does is asked about', () => {
    const files = { ...said, 'app/Dockerfile': 'FROM debian:13\nCOPY start.sh /\nCMD ["/start.sh"]\n' };
    const writes = harden(pod('registry.example.com/web:1'), { ...files, 'app/start.sh': '#!/bin/sh\necho a > /srv/config\nexec web\n' });
    expect(writes.left).toBe('attended: its start script app/start.sh writes /srv/config');
    expect(writes.text).not.toContain('readOnlyRootFilesystem');
    const starts = harden(pod('registry.example.com/web:1'), { ...files, 'app/start.sh': '#!/bin/sh\nexec web\n' });
    expect(starts.left).toBe('');
  });

  test.each<[file: string, text: string, left: string]>([
    ['app/.gitignore', 'node_modules/\n*.log\n', 'attended: it writes *.log next to its sources, and app/.gitignore excludes that file'],
    ['app/.dockerignore', 'data.db\n', 'attended: it writes data.db next to its sources, and app/.dockerignore excludes that file'],
    [
      'app/Dockerfile.dockerignore',
      'x.sqlite\n',
      'attended: it writes x.sqlite next to its sources, and app/Dockerfile.dockerignore excludes that file',
    ],
    ['app/.gitignore', 'node_modules/\nuploads/\nnpm-debug.log*\n', ''],
    ['.gitignore', '*.log\n', ''],
  ])('%s that says %j is read', (file, text, left) => {
    const files = { ...said, 'app/Dockerfile': 'FROM node:24\nWORKDIR /app\nCOPY . .\nCMD ["node", "web.js"]\n', [file]: text };
    const result = harden(pod('registry.example.com/web:1'), files);
    expect(result.left).toBe(left);
    expect(result.text.includes('readOnlyRootFilesystem')).toBe(left === '');
  });

  test('what ignore files leave out says nothing of an image without the sources beside them', () => {
    const files = { ...said, 'app/Dockerfile': 'FROM node:24\nCOPY web.js .\nCMD ["node", "web.js"]\n', 'app/.gitignore': '*.log\n' };
    expect(harden(pod('registry.example.com/web:1'), files).left).toBe('');
  });

  test('a folder that the image fills is left to a person', () => {
    const { text } = linked('FROM debian:13\nCOPY seed /data/\nVOLUME /data\nUSER 1\nCMD ["web"]\n');
    expect(text).toContain('runAsUser: 1');
    expect(text).not.toContain('readOnlyRootFilesystem');
  });

  const dockerfile = 'FROM debian:13\nUSER 1234\nCMD ["web"]\n';
  test.each<[linked: boolean | 'asked', image: string, others: Readonly<Record<string, string>>]>([
    [true, 'ghcr.io/acme/web:1', { 'services/web/Dockerfile': dockerfile, 'services/api/Dockerfile': 'FROM a\n' }],
    [true, 'ghcr.io/acme/web:1', { 'docker/web.Dockerfile': dockerfile, 'docker/api.Dockerfile': 'FROM a\n' }],
    [true, 'ghcr.io/acme/web:1', { 'docker/Dockerfile.web': dockerfile, 'docker/Dockerfile.api': 'FROM a\n' }],
    ['asked', 'ghcr.io/acme/web:1', { Dockerfile: dockerfile }],
    [false, 'ghcr.io/acme/web:1', { Dockerfile: dockerfile, 'k8s/other.yaml': pod('quay.io/acme/other:1') }],
    ['asked', 'ghcr.io/acme/web:1', { Dockerfile: dockerfile, 'k8s/other.yaml': pod('redis:8') }],
    [false, 'ghcr.io/acme/web:1', { 'a/Dockerfile': dockerfile, 'b/Dockerfile': dockerfile }],
    [false, 'ghcr.io/acme/web:1', { 'a/web/Dockerfile': dockerfile, 'b/web/Dockerfile': dockerfile }],
    [false, 'redis:8', { Dockerfile: dockerfile }],
    [false, '$(IMAGE)', { Dockerfile: dockerfile }],
  ])('a link that nothing says (%s: %s, %j)', (link, image, others) => {
    const isLinked = link === true;
    const { text, assumes, left } = harden(pod(image), others);
    expect(/runAsUser: 1234/.test(text)).toBe(isLinked);
    expect(assumes.includes('built-image')).toBe(isLinked);
    expect(left.includes('because the project has no other Dockerfile')).toBe(link === 'asked');
  });
});

describe('evidence against another user', () => {
  const volume = (path: string): string =>
    `      volumeMounts:\n        - name: data\n          mountPath: ${path}\n  volumes:\n    - name: data\n      persistentVolumeClaim:\n        claimName: data\n`;
  test.each<[reason: RegExp, image: string, more: string]>([
    [/^attended: at \/var\/lib\/postgresql\/data, initdb changes the mode/, 'postgres:17', volume('/var/lib/postgresql/data')],
    [/^$/, 'postgres:17', volume('/var/lib/postgresql')],
    [/^attended: at \/var\/lib\/rabbitmq, Erlang rejects/, 'rabbitmq:4', volume('/var/lib/rabbitmq')],
    [/^$/, 'rabbitmq:4', volume('/var/lib/rabbitmq/mnesia')],
    [/^$/, 'mysql:8.4', volume('/var/lib/mysql')],
    [/^attended: its volume "data" may contain files/, 'registry.example.com/web:1', volume('/data')],
    [/^attended: nothing is known about its image, which comes from docker\.io/, 'acme/web:1', ''],
    [/^needs-root: it runs certbot/, 'registry.example.com/web:1', '      command: [certbot, renew]\n'],
    [/^attended: nothing is known about its image, which comes from registry\.example\.com/, 'registry.example.com/web:1', ''],
    [/^attended: only its image name suggests that the image is based on redis/, 'registry.example.com/redis:8', ''],
  ])('%s: %s', (reason, image, more) => expect(harden(pod(image, more), {}).left).toMatch(reason));

  test('a database that stays root keeps what its entry point needs', () => {
    const { text } = harden(pod('postgres:17', volume('/var/lib/postgresql/data')), {});
    for (const name of ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID']) expect(text).toContain(`- ${name}\n`);
    expect(text).not.toContain('runAsNonRoot');
    expect(text).not.toContain('PGDATA');
  });
});

/** The probe that the health check of a Dockerfile becomes, as its lines, without what all have. */
function probe(dockerfile: string, more: string, field: 'readiness' | 'liveness'): string {
  const text = `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          image: registry.example.com/web:1\n${more}`;
  const facts = createWorkspaceIndex({ complete: true });
  for (const [path, other] of Object.entries({ ...said, 'app/Dockerfile': dockerfile }))
    facts.update(path, engine.open({ path, text: other }).facts());
  const context = { config: defaultConfig, today: '2026-11-24', workspace: facts.index, digest: () => null };
  const file = engine.open({ path: 'k8s/web.yaml', text });
  const finding = file.lint(context).findings.find(({ rule }) => rule === `kubernetes/missing-${field}-probe`)!;
  const fix = finding.fixes.find(({ id }) => id === 'check');
  const value = fix?.operations()[0] as { readonly value?: unknown } | undefined;
  return value ? JSON.stringify(value.value) : 'none';
}

describe('the health check of a Dockerfile becomes a probe', () => {
  const start = 'FROM node:24\nUSER 1000\nCMD ["node", "web.js"]\n';
  test.each<[what: string, dockerfile: string, readiness: string]>([
    [
      'that the kubelet asks itself where the container has the port',
      `${start}EXPOSE 8080\nHEALTHCHECK --interval=10s --timeout=3s --retries=5 CMD curl -fsS http://localhost:8080/health || exit 1\n`,
      '{"httpGet":{"path":"/health","port":8080},"periodSeconds":10,"timeoutSeconds":3,"failureThreshold":5}',
    ],
    [
      'the same of wget',
      `${start}EXPOSE 80\nHEALTHCHECK --timeout=1m30s CMD ["wget", "-qO-", "http://127.0.0.1/"]\n`,
      '{"httpGet":{"path":"/","port":80},"periodSeconds":30,"timeoutSeconds":30,"failureThreshold":3}',
    ],
    [
      'that is run where nothing says that the port is open to others',
      `${start}HEALTHCHECK --interval=500ms CMD curl -f http://localhost:9000/\n`,
      '{"exec":{"command":["/bin/sh","-c","curl -f http://localhost:9000/"]},"periodSeconds":1,"timeoutSeconds":1,"failureThreshold":3}',
    ],
    [
      'that is run where any answer is good',
      `${start}EXPOSE 8080\nHEALTHCHECK CMD curl http://localhost:8080/\n`,
      '{"exec":{"command":["/bin/sh","-c","curl http://localhost:8080/"]},"periodSeconds":30,"timeoutSeconds":30,"failureThreshold":3}',
    ],
    [
      'of a program of its own',
      `${start}HEALTHCHECK CMD ["node", "check.js"]\n`,
      '{"exec":{"command":["node","check.js"]},"periodSeconds":30,"timeoutSeconds":30,"failureThreshold":3}',
    ],
    ['not of a switched off one', `${start}HEALTHCHECK NONE\n`, 'none'],
    [
      'not of one with a credential',
      `${start}HEALTHCHECK CMD curl -f -u admin:hunter2secret http://admin:hunter2secret@localhost/\n`,
      'none',
    ],
    ['not of one with two dollars, of which Kubernetes makes one', `${start}HEALTHCHECK CMD test -d /proc/$$\n`, 'none'],
    ['not of another shell', `FROM node:24\nSHELL ["/bin/bash", "-c"]\nCMD ["node", "web.js"]\nHEALTHCHECK CMD node check.js\n`, 'none'],
    ['not of a later start', `${start}HEALTHCHECK\n`, 'none'],
  ])('%s', (_, dockerfile, readiness) => {
    expect(probe(dockerfile, '', 'readiness')).toBe(readiness);
  });

  test('the liveness probe waits for the start and is the more patient', () => {
    expect(probe(`${start}HEALTHCHECK --start-period=1m CMD ["node", "check.js"]\n`, '', 'liveness')).toBe(
      '{"exec":{"command":["node","check.js"]},"initialDelaySeconds":60,"periodSeconds":30,"timeoutSeconds":30,"failureThreshold":6}',
    );
  });

  test('none where another command starts', () => {
    expect(probe(`${start}HEALTHCHECK CMD ["node", "check.js"]\n`, '          command: [node, worker.js]\n', 'readiness')).toBe('none');
  });
});
