import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../../shared/src/engine/config/effective';
import { detailOf } from '../../support/detail';
import { createEngine } from '../../../shared/src/engine/create-engine';
import type { LintContext } from '../../../shared/src/engine/types';
import { rule as missingInit } from '../../../shared/src/families/dockerfile/rules/missing-init';
import { rule as shellForm } from '../../../shared/src/families/dockerfile/rules/shell-form';
import { rule } from '../../../shared/src/families/dockerfile/rules/root-user';
import { createWorkspaceIndex, emptyWorkspace } from '../../../shared/src/workspace/workspace-index';
import { indexOf } from '../program/image-writes';

const engine = createEngine([rule]);
const context = { config: defaultConfig, today: '2026-11-24', workspace: emptyWorkspace, digest: () => null };

/** How the user of a Dockerfile is offered: `id:class` of each fix, or the reason why there is none. */
function offers(text: string, more: Partial<LintContext> = {}): readonly string[] {
  const [found] = engine.open({ path: 'Dockerfile', text }).lint({ ...context, ...more }).findings;
  if (!found) return [];
  return found.fixes.length > 0 ? found.fixes.map(fix => `${fix.id}:${fix.class}`) : [found.left?.reason ?? ''];
}

describe('the folders that it is given', () => {
  const text = (workdir: string): string =>
    `FROM python:3.13 AS base\nARG ROOT=/srv/app\nENV HOME_OF=\${ROOT}\nWORKDIR ${workdir}\nFROM base\nRUN mkdir -p var\nCMD ["serve"]\n`;
  it.each([
    ['by their own names', '/srv/app', 'chown -R 10001 /srv/app/var'],
    ['from where it works, where a variable says that', '${ROOT}', 'chown -R 10001 var'],
  ])('%s', (_, workdir, expected) => {
    const opened = engine.open({ path: 'Dockerfile', text: text(workdir) });
    expect(opened.harden(context).text).toContain(`${expected}\nUSER 10001`);
  });
});

describe('a folder that an argument of the build moves', () => {
  it.each([
    ['by the argument', 'ARG STATE=/var/lib/app\nRUN mkdir -p $STATE /var/lib/app', 'chown -R 10001 "$STATE"'],
    ['by the variable that is made of it', 'ARG NAME=app\nENV DATA_DIR=/var/lib/$NAME', 'chown -R 10001 "$DATA_DIR"'],
    ['below it', 'ARG ROOT=/var/lib/app\nENV CACHE_DIR=/var/lib/app/x\nRUN mkdir -p /var/lib/app/x', 'chown -R 10001 "$ROOT/x"'],
    ['whose variable gets another value', 'ARG A=/var/lib/a\nENV DATA_DIR=$A\nENV DATA_DIR=/var/lib/b', 'chown -R 10001 "$A" /var/lib/b'],
    ['without a value', 'ARG A\nENV DATA_DIR=/var/lib/b', 'chown -R 10001 /var/lib/b'],
    ['that no argument moves', 'ENV BASE=/var/lib/b\nENV DATA_DIR=$BASE', 'chown -R 10001 /var/lib/b'],
  ])('%s', (_, lines, expected) => {
    const opened = engine.open({ path: 'Dockerfile', text: `FROM debian:13\n${lines}\nCOPY serve /bin/serve\nCMD ["serve"]\n` });
    expect(opened.harden(context).text).toContain(`${expected}\nUSER 10001`);
  });
});

it('asks for a stage that is built by its name, and that others are built on', () => {
  const workspace = createWorkspaceIndex({ complete: true });
  const compose = 'services:\n  web:\n    build: {context: ., target: web}\n';
  workspace.update('compose.yaml', engine.open({ path: 'compose.yaml', text: compose }).facts());
  const text = (base: string): string => `FROM node:24 AS web\nCMD ["serve"]\nFROM ${base} AS more\nUSER root\nRUN npm i -g x\nUSER 1000\n`;
  expect(offers(text('web'), { workspace: workspace.index })[0]).toBe('user:attended');
  expect(offers(text('node:24'), { workspace: workspace.index })[0]).toBe('user:review');
});

it('leaves a stage alone on which another one goes on with steps of root', () => {
  const workspace = createWorkspaceIndex({ complete: true });
  const compose = 'services:\n  web:\n    build: {context: ., target: web}\n';
  workspace.update('compose.yaml', engine.open({ path: 'compose.yaml', text: compose }).facts());
  const text = (lines: string): string => `FROM node:24 AS web\nCMD ["node", "a.js"]\nFROM web AS more\n${lines}\nFROM more\nUSER 1000\n`;
  expect(offers(text('RUN apt-get update'), { workspace: workspace.index })).toEqual(['anyway:attended']);
  expect(offers(text('USER root\nRUN apt-get update'), { workspace: workspace.index })[0]).toBe('user:attended');
  expect(offers(text('COPY b.js .'), { workspace: workspace.index })[0]).toBe('user:attended');
});

/** Debian with packages. */
const debian = (packages: string): string => `FROM debian:13\nRUN apt-get update && apt-get install -y ${packages}\n`;

describe('the user of a stage', () => {
  const created = ['user:review', 'by-name:attended', 'by-number:attended'];
  const doubtful = ['user:attended', 'by-name:attended', 'by-number:attended'];
  it.each<[string, string, readonly string[]]>([
    ['starts a program that nobody reads', 'FROM debian:13\nCOPY a /a\nCMD ["/a"]\n', doubtful],
    ['leaves PHP to a user already', 'FROM php:8.4-fpm\nCOPY . .\n', ['user:review', 'by-name:attended']],
    ['sets up the server that does', 'FROM php:8.4-fpm\nCOPY pool.conf /usr/local/etc/php-fpm.d/\n', ['user:attended', 'by-name:attended']],
    ['has folders prepared for what nobody reads', 'FROM debian:13\nRUN mkdir /data\nCOPY a /a\nCMD ["/a"]\n', created],
    ['may have to write what is mounted', 'FROM debian:13\nCOPY a /a\nWORKDIR /io\nCMD ["/a"]\n', doubtful],
    [
      'runs a program that nothing brings',
      'FROM python:3.13\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt\nCMD ["python", "-m", "unittest", "discover", "--start-directory", "/tests"]\n',
      doubtful,
    ],
    [
      'runs a program that is copied',
      'FROM python:3.13\nCOPY tests /tests\nCMD ["python", "-m", "unittest", "discover", "--start-directory", "/tests"]\n',
      ['user:review', 'by-name:attended', 'by-number:attended'],
    ],
    ['works in a folder that was made', 'FROM debian:13\nRUN mkdir /io\nCOPY a /a\nWORKDIR /io\nCMD ["/a"]\n', doubtful],
    ['works in a folder that is filled', 'FROM debian:13\nWORKDIR /io\nCOPY a .\nCMD ["./a"]\n', doubtful],
    ['keeps files at home', 'FROM debian:13\nCOPY a /bin/ollama\nCMD ["ollama", "serve"]\n', doubtful],
    ['keeps its plugins at home', 'FROM debian:13\nRUN vagrant plugin install a\nENTRYPOINT ["vagrant"]\n', doubtful],
    ['runs in an environment that lies at home', 'FROM python:3.13\nCOPY . /app\nCMD ["uv", "run", "app"]\n', doubtful],
    ['runs what lies beside it', 'FROM node:24\nCOPY . /app\nCMD ["npx", "next", "start"]\n', ['user:review', 'by-name:attended']],
    ['serves a program that is not here', 'FROM python:3.13\nCOPY . /app\nCMD ["streamlit", "run", "app.py"]\n', doubtful],
    ['runs a Tomcat for others', 'FROM eclipse-temurin:21\nCMD ["catalina.sh", "run"]\n', doubtful],
    ['runs a Tomcat', 'FROM eclipse-temurin:21\nCOPY a.war /opt/tomcat/webapps/\nCMD ["catalina.sh", "run"]\n', created],
    [
      'starts a Windows service',
      'FROM mcr.microsoft.com/windows/servercore:ltsc2025\nCMD ["C:\\\\ServiceMonitor.exe", "a"]\n',
      ['needs-root'],
    ],
    ['has a service of Windows from its image', 'FROM mcr.microsoft.com/windows/servercore/iis\nCOPY a C:/inetpub\n', ['needs-root']],
    [
      'starts a server as its package set it up',
      `${debian('mosquitto')}CMD ["mosquitto", "-c", "/etc/mosquitto/mosquitto.conf"]\n`,
      created,
    ],
    ['reads what its package keeps to itself', `${debian('redis-server')}CMD ["redis-server", "/etc/redis/redis.conf"]\n`, doubtful],
    [
      'brings a configuration of its own',
      `${debian('redis-server')}COPY redis.conf /etc/redis/redis.conf\nCMD ["redis-server", "/etc/redis/redis.conf"]\n`,
      created,
    ],
    ['starts it without any', `${debian('redis-server')}CMD ["redis-server"]\n`, created],
    ['reads it unasked', `${debian('coturn')}CMD ["turnserver", "-n"]\n`, doubtful],
    ['is given another', `${debian('coturn')}COPY t.conf /srv/t.conf\nCMD ["turnserver", "-c", "/srv/t.conf"]\n`, created],
    ['reads whatever it is given, and has its folders built in', `${debian('prometheus')}CMD ["prometheus", "--web.port=90"]\n`, created],
    [
      'gives a folder to another user',
      `${debian('mosquitto')}RUN mkdir /run/mosquitto && chown mosquitto: /run/mosquitto\nCMD ["mosquitto"]\n`,
      doubtful,
    ],
    ['the same by install', 'FROM debian:13\nRUN install -d -o games -g games /srv/scores\nCOPY a /a\nCMD ["/a"]\n', doubtful],
    [
      'gives it to the user that it gets',
      'FROM node:24\nRUN mkdir /srv/box && chown -R node:node /srv/box\nCOPY a.js /a.js\nCMD ["node", "/a.js"]\n',
      ['user:review', 'by-name:attended'],
    ],
    ['installs a server for its start script', `${debian('nginx gunicorn')}COPY start.sh /\nCMD ["/start.sh"]\n`, doubtful],
    ['installs no server', `${debian('gunicorn')}COPY start.sh /\nCMD ["/start.sh"]\n`, created],
    [
      'edits what its package keeps to itself',
      `${debian('redis-server')}RUN echo 'appendonly yes' >> /etc/redis/redis.conf\nCMD ["redis-server", "/etc/redis/redis.conf"]\n`,
      doubtful,
    ],
    ['prepares programs for visitors', 'FROM debian:13\nCOPY www /www\nRUN chmod +x /www/cgi-bin/*\nCMD ["/a"]\n', doubtful],
    ['runs programs for visitors', 'FROM debian:13\nCOPY a /a\nCOPY cgi-bin /srv/cgi-bin\nCMD ["/a"]\n', doubtful],
    ['starts a daemon of containers', 'FROM debian:13\nENTRYPOINT ["dockerd-entrypoint.sh"]\n', ['anyway:attended']],
  ])('%s', (_, text, expected) => expect(offers(text)).toEqual(expected));

  it.each<[string, readonly unknown[]]>([
    ['COPY src/ /var/www/html/\n', ['/var/www/html', 80]],
    ['WORKDIR /srv\nCOPY src/ ./\n', ['/srv', 80]],
    ['COPY src/ ./\n', ['/var/www/html', 80]],
    ['COPY src/ /srv\nEXPOSE 8080\n', ['/srv']],
  ])('assumes what is owned by root, and the port of the image: %j', (rest, expected) => {
    const { findings } = engine.open({ path: 'Dockerfile', text: `FROM php:8.3-apache\n${rest}` }).lint(context);
    const assumed = findings[0]!.fixes[0]!.assumes.filter(({ id }) => id === 'read-only' || id === 'low-port');
    expect(assumed.map(({ data }) => data?.['directory'] ?? data?.['port'])).toEqual(expected);
  });

  it('comes with a twin of the image where nothing is built on it', () => {
    const start = 'ENTRYPOINT ["/a"]\n';
    expect(offers(`FROM nginx:1.31-alpine\nCOPY a /a\n${start}`)).toContain('twin:attended');
    expect(offers(`FROM nginx:1.31-alpine\nRUN apk add bash\nCOPY a /a\n${start}`)).not.toContain('twin:attended');
    expect(offers(`FROM nginx:1.31-alpine\nENV DOCKER_HOST=unix:///tmp/docker.sock\nCOPY a /a\n${start}`)).toEqual(['anyway:attended']);
  });
});

describe('how process 1 stops', () => {
  const engineOf = createEngine([missingInit, shellForm]);
  const told = (text: string): readonly string[] =>
    engineOf
      .open({ path: 'Dockerfile', text })
      .lint(context)
      .findings.map(
        ({ messageId, fixes }) => `${messageId}: ${fixes.flatMap(fix => [fix.id, ...fix.assumes.map(({ id }) => id)]).join(' ')}`,
      );
  it.each<[string, readonly string[]]>([
    ['FROM python:3.13\nCMD ["python", "a.py"]\n', ['signal: interrupt unhandled init']],
    ['FROM python:3.13\nCMD python -u a.py\n', ['shell: exec', 'signal: interrupt unhandled init']],
    ['FROM python:3.13\nCMD ["python", "-m", "http.server"]\n', ['signal: interrupt unhandled init']],
    ['FROM python:3.13\nCMD ["python", "-m", "uvicorn", "a:app"]\n', []],
    ['FROM python:3.13\nCMD ["gunicorn", "a:app"]\n', []],
    ['FROM python:3.13\nSTOPSIGNAL SIGINT\nCMD ["python", "a.py"]\n', []],
    ['FROM node:24\nCMD ["node", "a.js"]\n', ['signal: init']],
    ['FROM node:24\nCMD node a.js\n', ['shell: exec handler', 'signal: init']],
    ['FROM node:24\nRUN apt-get update && apt-get install -y tini\nUSER node\nCMD ["node", "a.js"]\n', ['signal: present']],
    ['FROM node:24-alpine\nRUN apk add --no-cache dumb-init\nENTRYPOINT ["dumb-init", "--"]\nCMD ["node", "a.js"]\n', []],
    ['FROM debian:13\nCMD /a -b\n', ['shell: exec signals']],
    ['FROM debian:13\nCMD ["sh", "-c", "/a $B"]\n', ['wrapped: exec init']],
    ['FROM debian:13\nCMD ["sh", "-c", "exec /a $B"]\n', []],
    ['FROM debian:13\nCMD ["bash", "-c", "/a $B"]\n', []],
    ['FROM debian:13\nCMD ["sh", "-c", "while /a; do sleep 1; done"]\n', []],
    ['FROM debian:13\nCMD ["sh", "-c", "! /a"]\n', []],
    ['FROM debian:13\nCMD ["sh", "-c", ". /a"]\n', []],
  ])('%j', (text, expected) => expect(told(text)).toEqual(expected));
});

describe('what lies around the Dockerfile', () => {
  const python = 'FROM python:3.13\nWORKDIR /app\nCOPY . .\n';
  const seen = (text: string, gitignore: string, dockerignore: string | null = null): string => {
    const file = (path: string, held: string | null): { path: string; text: string } | null =>
      held === null ? null : { path, text: held };
    const buildContext = { ignore: file('.dockerignore', dockerignore), untracked: file('.gitignore', gitignore), secrets: [], open: [] };
    const workspace = indexOf({ Dockerfile: text, 'a.py': '', 'app.py': '', 'data/app.py': '' });
    const [found] = engine.open({ path: 'Dockerfile', text }).lint({ ...context, workspace, buildContext: () => buildContext }).findings;
    const [fix] = found?.fixes ?? [];
    const [doubt] = fix?.assumes.filter(({ evidence }) => evidence) ?? [];
    const own = fix?.operations().map(operation => /chown -R \S+ (.*)/.exec('text' in operation ? operation.text : '')?.[1] ?? '');
    return doubt ? `${fix!.class}: ${detailOf(doubt.data?.['seen'])}` : `${fix?.class}: ${own?.join('')}`;
  };
  const plain = `${python}CMD ["python", "a.py"]\n`;
  it.each<[string, string, string, string]>([
    ['names folders', plain, 'uploads/\n/data/*\n**/tmp\nnode_modules\nbuild/\n!keep\n#logs\n', 'review: /app/uploads /app/data /app/tmp'],
    ['names folders of databases', plain, 'storage/*.sqlite3\n', 'review: /app/storage'],
    ['names a database', plain, '*.db\n', 'attended: it writes *.db next to its sources, and .gitignore excludes that file'],
    ['names a log', plain, 'hits.log\nnpm-debug.log\n', 'attended: it writes hits.log next to its sources, and .gitignore excludes that file'],
    ['names nothing that runs', plain, 'npm-error.log\ndist/\n*.py\nsrc/a/b/c/tmp\n$x/logs\n', 'review: '],
    ['comes from a collection', plain, '*.py[cod]\n*.log\nlogs\ndb.sqlite3\nuploads\n', 'review: /app/uploads'],
    ['speaks of sources that are not in the image', 'FROM python:3.13\nWORKDIR /app\nCMD ["serve"]\nRUN pip install a\n', 'uploads\n', 'review: '],
    ['speaks of what has no folder', 'FROM python:3.13\nCOPY . /\nCMD ["python", "/a.py"]\n', 'uploads\n', 'review: '],
    ['is of an image without a shell', 'FROM gcr.io/distroless/python3\nWORKDIR /app\nCOPY . .\nCMD ["a.py"]\n', 'uploads\n', 'attended: it writes to /app/uploads, which is owned by root'],
    ['is of files that are given away', `${python}RUN chown -R 1000 /app\nCMD ["python", "a.py"]\n`, 'uploads\n', 'review: '],
  ])('an ignore file %s', (_, text, ignore, expected) => expect(seen(text, ignore)).toBe(expected)); // prettier-ignore

  it.each<[string, string, Readonly<Record<string, string>>]>([
    ['has nothing of what the file copies', 'no folders', {}],
    ['has all that the file copies', '/app/uploads', { 'a.py': '', 'lib/b.py': '' }],
    ['is not the one that a build names', 'no folders', { 'a.py': '', 'lib/b.py': '', 'compose.yaml': 'services: {web: {build: web}}\n' }],
    [
      'is the one that a build names',
      '/app/uploads',
      { 'a.py': '', 'compose.yaml': 'services: {web: {build: {context: ., dockerfile: web/Dockerfile}}}\n' },
    ],
  ])('an ignore file at the top counts only for its own context, which %s: %s', (_, expected, files) => {
    const text = 'FROM python:3.13\nWORKDIR /app\nCOPY a.py .\nCOPY lib lib\nCMD ["python", "a.py"]\n';
    const buildContext = {
      ignore: { path: '.dockerignore', text: 'x' },
      untracked: { path: '.gitignore', text: 'uploads\n' },
      secrets: [],
      open: [],
    };
    const workspace = indexOf({ 'web/Dockerfile': text, ...files });
    const hardened = engine.open({ path: 'web/Dockerfile', text }).harden({ ...context, workspace, buildContext: () => buildContext }).text;
    expect(/mkdir -p (\S+)/.exec(hardened)?.[1] ?? 'no folders').toBe(expected);
  });

  it.each<[what: string, pod: string, hardened: boolean]>([
    [
      'works on its node',
      '      volumeMounts: [{ name: logs, mountPath: /host }]\n  volumes: [{ name: logs, hostPath: { path: /var/log } }]\n',
      false,
    ],
    ['is root', '      securityContext: { runAsUser: 0 }\n', false],
    ['says who it is', '      securityContext: { runAsUser: 1000 }\n  hostPID: true\n', true],
    ['says nothing', '', true],
  ])('a pod that runs its image and %s', (_what, pod, hardened) => {
    const text = 'FROM gcr.io/distroless/static-debian12\nCOPY agent /agent\nCMD ["/agent"]\n';
    const manifest = `apiVersion: v1\nkind: Pod\nmetadata: { name: agent }\nspec:\n  containers:\n    - name: agent\n      image: acme/agent:1\n${pod}`;
    const workspace = indexOf({ Dockerfile: text, 'build.sh': 'docker build -t acme/agent:1 .\n', 'pod.yaml': manifest });
    const result = engine.open({ path: 'Dockerfile', text }).harden({ ...context, workspace }).text;
    expect(result.includes('USER 65532')).toBe(hardened);
  });

  it('reads both ignore files', () => expect(seen(plain, 'logs\n', 'uploads\n')).toBe('review: /app/logs /app/uploads'));

  it.each<[string, string]>([
    ['CMD python manage.py migrate && gunicorn a', 'attended: it migrates a database, which may be a file next to the sources'],
    ['CMD ["alembic", "upgrade", "head"]', 'attended: it migrates a database, which may be a file next to the sources'],
    ['ENV DATABASE_URL=postgres://db/a\nCMD flask db upgrade && flask run', 'review: '],
    ['CMD ["gunicorn", "--pid", "/run/g.pid", "a:app"]', 'attended: it writes /run/g.pid, which is in a root-owned directory'],
    ['ENV PIDFILE=/var/run/a.pid\nCMD ["a"]', 'attended: it writes /var/run/a.pid, which is in a root-owned directory'],
    ['CMD ["a", "--pidfile=/var/run/a/b.pid"]', 'review: /var/run/a'],
  ])('a program that writes: %s', (start, expected) => expect(seen(`${python}${start}\n`, '')).toBe(expected));

  it.each<[string, string]>([
    ['CMD ["gunicorn", "--access-logfile", "logs/access.log", "a:app"]', 'review: /app/logs'],
    ['CMD gunicorn --log-file=./var/log/a.log a:app', 'review: /app/var/log'],
    ['CMD ["python", "data/app.py", "--config", "data/a.yaml", "../tmp/a.log"]', 'review: '],
  ])('an argument that names a file in a folder: %s', (start, expected) => expect(seen(`${python}${start}\n`, '')).toBe(expected));

  it.each<[string, string | null]>([
    ['#!/bin/sh\nset -e\nexec node a.js\n', null],
    ['#!/bin/sh\ncat > config.json <<END\n> x\nEND\nnode a.js\n', 'its start script start.sh writes config.json'],
    ['#!/bin/sh\ncat <<END\nchown a b\n <p> > b\nEND\necho a > /tmp/b 2>&1 >/dev/null\n# rm > a\nmkdir -p /tmp/x\n', null],
    ['if [ "$(id -u)" = 0 ]; then chown -R a /data; fi\nexec "$@"\n', 'its start script start.sh runs chown'],
    ['for a in b; do sed  -i s/a/b/ "$a"; done\n', 'its start script start.sh runs sed -i'],
    ['echo $$ >> "${PIDFILE}"\n', 'its start script start.sh writes ${PIDFILE}'],
    ['[ "$a" -gt 3 ] && echo "a -> b" || node a.js 2> /dev/stderr\n', null],
  ])('a start script: %j', (script, expected) => {
    const workspace = createWorkspaceIndex({ complete: true });
    workspace.update('start.sh', engine.open({ path: 'start.sh', text: script }).facts());
    const text = 'FROM node:24\nWORKDIR /app\nCOPY . .\nCMD ["./start.sh"]\n';
    const [found] = engine.open({ path: 'Dockerfile', text }).lint({ ...context, workspace: workspace.index }).findings;
    expect(detailOf(found!.fixes[0]!.assumes.find(({ evidence }) => evidence)?.data?.['seen']) || null).toBe(expected);
    expect(found!.fixes[0]!.class).toBe(expected === null ? 'review' : 'attended');
  });
});

describe('a program alone, of which nothing is read', () => {
  const agent = 'FROM scratch\nCOPY agent /\nENTRYPOINT ["/agent"]\n';
  const daemonSet = (hostPID: boolean): string =>
    `apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: agent}\nspec:\n  selector: {matchLabels: {app: agent}}\n  template:\n    metadata: {labels: {app: agent}}\n    spec:\n      hostPID: ${hostPID}\n      containers: [{name: agent, image: 'ghcr.io/acme/agent:1.4'}]\n`;
  it.each([
    ['beside a workload that works on its node', true, 'attended'],
    ['beside another', false, 'review'],
  ])('%s', (_, hostPID, expected) => {
    const workspace = createWorkspaceIndex({ complete: true });
    workspace.update('deploy/agent.yaml', engine.open({ path: 'deploy/agent.yaml', text: daemonSet(hostPID) }).facts());
    expect(offers(agent, { workspace: workspace.index })[0]).toMatch(new RegExp(`:${expected}$`));
  });
});
