import { describe, expect, test } from 'vitest';
import { defaultConfig } from '../../../shared/src/engine/config/effective';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { detailOf } from '../../support/detail';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';

const engine = createEngine(rules.filter(rule => rule.family === 'compose' || rule.family === 'dockerfile'));

const service = (more = ''): string => `services:\n  web:\n    build: .\n${more}`;

/** What harden makes of a service that is built from a Dockerfile among other files, and why it leaves its root filesystem and capabilities. */
function harden(files: Readonly<Record<string, string>>, more = ''): { text: string; left: Readonly<Record<string, string>> } {
  const facts = createWorkspaceIndex({ complete: true });
  const all = { ...files, 'compose.yaml': service(more) };
  for (const [path, text] of Object.entries(all)) facts.update(path, engine.open({ path, text }).facts());
  const context = { config: defaultConfig, today: '2026-11-24', workspace: facts.index, digest: () => null };
  const result = engine.open({ path: 'compose.yaml', text: service(more) }).harden(context);
  return {
    text: result.text,
    left: Object.fromEntries(result.left.map(({ finding, reason, detail }) => [finding.rule, `${reason}: ${detailOf(detail)}`])),
  };
}

describe('a service and the Dockerfile of its image', () => {
  test.each<[seen: string, files: Readonly<Record<string, string>>]>([
    [
      'app.py writes notes.db next to its sources',
      {
        Dockerfile: 'FROM python:3.14\nWORKDIR /app\nCOPY . .\nCMD ["python", "app.py"]\n',
        'app.py': "import sqlite3\ndb = sqlite3.connect('notes.db')\n",
      },
    ],
    [
      'it writes *.log next to its sources, and .gitignore excludes that file',
      { Dockerfile: 'FROM python:3.14\nWORKDIR /app\nCOPY . .\nCMD ["python", "app.py"]\n', '.gitignore': 'node_modules/\n*.log\n' },
    ],
    ['supervisord needs root', { Dockerfile: 'FROM debian:13\nCMD ["/usr/bin/supervisord", "-n"]\n' }],
    [
      'its image already switches to another user',
      { Dockerfile: 'FROM debian:13\nRUN apt-get install -y gosu\nENTRYPOINT ["gosu", "web", "web"]\n' },
    ],
    [
      'its start script start.sh writes /srv/config',
      { Dockerfile: 'FROM debian:13\nCOPY start.sh /\nCMD ["/start.sh"]\n', 'start.sh': '#!/bin/sh\necho a > /srv/config\nexec web\n' },
    ],
    [
      'its start script start.sh runs /etc/cont-init.d/first',
      {
        Dockerfile: 'FROM debian:13\nCOPY start.sh /\nCOPY etc/ /etc/\nCMD ["/start.sh"]\n',
        'start.sh': '#!/bin/sh\nbash /etc/cont-init.d/first\nexec web\n',
      },
    ],
  ])('keeps a writable root filesystem until somebody agrees: %s', (seen, files) => {
    const { text, left } = harden(files);
    expect(left['compose/writable-root-filesystem']).toBe(`attended: ${seen}`);
    expect(text).not.toContain('read_only');
  });

  test('keeps its capabilities where its start script runs another that is not read', () => {
    const { text, left } = harden({
      Dockerfile: 'FROM debian:13\nCOPY start.sh /\nCOPY etc/ /etc/\nCMD ["/start.sh"]\n',
      'start.sh': '#!/bin/sh\nbash /etc/cont-init.d/first\nexec web\n',
    });
    expect(left['compose/capabilities-not-dropped']).toBe('attended: its start script start.sh runs /etc/cont-init.d/first');
    expect(text).not.toContain('cap_drop');
  });

  test('a name may be pulled on purpose, as far as is known', () => {
    const { text, left } = harden({ Dockerfile: 'FROM debian:13\nUSER 1000\n' }, '    image: acme/web\n');
    expect(left['compose/pulled-before-built']).toMatch(/^attended/);
    expect(text).not.toContain('pull_policy');
  });

  test.each<[target: string, capability: string, start: string, added: string | null]>([
    ['/usr/bin/web', 'cap_net_bind_service=+ep', '["web"]', 'NET_BIND_SERVICE'],
    ['/usr/bin/probe', 'cap_net_raw,cap_net_admin+eip', '["/usr/bin/probe"]', 'NET_RAW'],
    ['/usr/bin/web', 'cap_net_bind_service=ep', '["/start.sh"]', 'NET_BIND_SERVICE'],
    // another program than the one that starts, and one that asks for what it may have
    ['/bin/ping', 'cap_net_raw+ep', '["web"]', null],
    ['/usr/bin/web', 'cap_net_bind_service=+p', '["web"]', null],
  ])('a program with capabilities of its own keeps them: %s, %s, started by %s', (target, capability, start, added) => {
    const { text } = harden({
      Dockerfile: `FROM debian:13\nCOPY web start.sh /\nRUN setcap ${capability} ${target}\nUSER 1000\nCMD ${start}\n`,
    });
    expect(/cap_add:\n\s+- (.*)/.exec(text)?.[1] ?? null).toBe(added);
    expect(text.includes('no-new-privileges')).toBe(added !== 'NET_RAW');
    expect(text).toContain('cap_drop:');
  });

  test.each([
    ['', 'NET_BIND_SERVICE'],
    ['RUN setcap -r /usr/local/bin/frankenphp\n', null],
  ])('a program that is shipped with capabilities keeps them, unless they are taken away: %j', (more, added) => {
    const { text } = harden({
      Dockerfile: `FROM debian:13\nCOPY --from=dunglas/frankenphp:1 /usr/local/bin/frankenphp /usr/local/bin/\n${more}USER 33\nENTRYPOINT ["entry"]\nCMD ["frankenphp", "run"]\n`,
    });
    expect(text).toContain('cap_drop:');
    expect(/cap_add:\n\s+- (.*)/.exec(text)?.[1] ?? null).toBe(added);
  });

  test('a start script may need capabilities, one that is replaced does not', () => {
    const files = {
      Dockerfile: 'FROM debian:13\nCOPY start.sh /\nENTRYPOINT ["/start.sh"]\n',
      'start.sh': '#!/bin/sh\nchown -R web /srv\nexec setpriv --reuid web web\n',
    };
    expect(harden(files).left['compose/capabilities-not-dropped']).toBe('attended: its start script start.sh runs chown');
    const replaced = harden(files, '    entrypoint: ["/usr/bin/web"]\n');
    expect(replaced.left['compose/capabilities-not-dropped']).toBeUndefined();
    expect(replaced.text).toContain('cap_drop:\n      - ALL\n');
  });

  test('a volume of the image stays writable', () => {
    const { text, left } = harden({ Dockerfile: 'FROM debian:13\nVOLUME /data\nCMD ["web", "--db", "/data/web.db"]\n' });
    expect(left['compose/writable-root-filesystem']).toBeUndefined();
    expect(text).toContain('read_only: true\n    tmpfs:\n      - /tmp:noexec,nosuid,nodev,size=64m\n');
  });

  test('what only reads its files gets a read-only root filesystem and no capabilities', () => {
    const { text } = harden({
      Dockerfile: 'FROM python:3.14\nWORKDIR /app\nCOPY . .\nCMD ["python", "app.py"]\n',
      'app.py': "print(open('notes.txt').read())\n",
    });
    expect(text).toContain('read_only: true');
    expect(text).toContain('cap_drop:\n      - ALL\n');
  });
});

test.each<[image: string, volume: string, user: string | null]>([
  ['postgres:16', '/var/lib/postgresql/data', '999:999'],
  ['influxdb:2.7', '/var/lib/influxdb2', '1000:1000'],
  // what only root has made stays root's in a new volume
  ['minio/minio', '/data', null],
  ['registry:2', '/var/lib/registry', null],
])('%s is told to start as a user that its image has', (image, volume, user) => {
  const text = `services:\n  data:\n    image: ${image}\n    volumes: [data:${volume}]\nvolumes: {data: }\n`;
  const context = {
    config: defaultConfig,
    today: '2026-11-24',
    workspace: createWorkspaceIndex({ complete: true }).index,
    digest: () => null,
  };
  const result = engine.open({ path: 'compose.yaml', text }).harden(context);
  expect(/user: "(.*)"/.exec(result.text)?.[1] ?? null).toBe(user);
  const left = result.left.find(({ finding }) => finding.rule === 'compose/root-user');
  if (user === null) expect(detailOf(left?.detail)).toMatch(/^its image has no user \d+: a new volume at \/.* is owned by root$/);
});

test('the folder of what MySQL sorts is limited only where that is agreed to', () => {
  const text = 'services:\n  db:\n    image: mysql:8.4\n    user: "999:999"\n    volumes: [data:/var/lib/mysql]\nvolumes: {data: }\n';
  const context = {
    config: defaultConfig,
    today: '2026-11-24',
    workspace: createWorkspaceIndex({ complete: true }).index,
    digest: () => null,
  };
  const opened = engine.open({ path: 'compose.yaml', text });
  expect(opened.harden(context).text).not.toContain('read_only');
  expect(opened.harden(context, { accept: new Set(['compose/writable-root-filesystem']) }).text).toContain(
    '- /tmp:noexec,nosuid,nodev,size=64m',
  );
});
