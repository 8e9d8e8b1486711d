import { describe, expect, it, test } from 'vitest';
import { bulkhead, folder, today } from './cli';

const { path: cwd } = folder({
  'compose.yaml': 'services:\n  web:\n    image: nginx:1.29.1\n    ports: ["80:80"]\n  db:\n    image: postgres:16.4\n',
});
const command = 'docker run -d --name db -p 5432:5432 -e POSTGRES_PASSWORD=s3cr3t-Pa55 -v pgdata:/var/lib/postgresql/data postgres:16.4';

const composeFile = `# To do:
# - -e POSTGRES_PASSWORD: the value is a secret and is not written here; set POSTGRES_PASSWORD in the environment, or in a .env file that Git ignores
# Left out:
# - -d: start the service with "docker compose up -d"
services:
  db:
    image: postgres:16.4
    container_name: db
    ports:
      - "127.0.0.1:5432:5432"
    environment:
      POSTGRES_PASSWORD: \${POSTGRES_PASSWORD:?set POSTGRES_PASSWORD}
    volumes:
      - pgdata:/var/lib/postgresql/data
    user: "999:999"
    read_only: true
    tmpfs:
      - /tmp:noexec,nosuid,nodev,size=64m
      - /var/run/postgresql:noexec,nosuid,nodev,size=64m
    cap_drop:
      - ALL
    security_opt:
      - no-new-privileges:true
    pids_limit: 1024
volumes:
  pgdata:
    name: pgdata
`;

describe('bulkhead convert', () => {
  test.each<[from: string, args: readonly string[], input: string]>([
    ['words', ['--', ...command.split(' ')], ''],
    ['one argument', [command], ''],
    ['standard input', ['-'], `${command}\n`],
    ['a page', ['-'], `$ ${command.replaceAll(' -', ' \\\r\n  -').replace('--name', '\u2013name')}\r\n`],
  ])('makes a Compose file of %s', (from, args, input) => {
    const ran = bulkhead(['convert', ...today, ...args], { cwd, input });
    expect(ran.code).toBe(0);
    // how the text was read is no matter of the file
    expect(ran.stdout).toBe(composeFile);
    expect(ran.stderr).toContain(from === 'a page' ? '3 notes:' : '2 notes:');
    expect(ran.stderr).toMatch(/^left for you to resolve:\n {2}compose\.yaml:6:3: .* \[compose\/missing-memory-limit\]/m);
  });

  it('makes a hardened command', () => {
    const ran = bulkhead(['convert', ...today, '--to', 'command', '--', ...command.split(' ')], { cwd });
    expect(ran.stdout).toBe(`docker run -d \\
  --name db \\
  -p 127.0.0.1:5432:5432 \\
  -e POSTGRES_PASSWORD=s3cr3t-Pa55 \\
  -v pgdata:/var/lib/postgresql/data \\
  --user 999:999 \\
  --read-only \\
  --tmpfs /tmp:noexec,nosuid,nodev,size=64m \\
  --tmpfs /var/run/postgresql:noexec,nosuid,nodev,size=64m \\
  --cap-drop ALL \\
  --security-opt no-new-privileges \\
  --pids-limit 1024 \\
  postgres:16.4
`);
    expect(ran.stderr).toContain('[run/secret-in-environment]');
    expect(ran.stderr).not.toContain('s3cr3t-Pa55');
  });

  it.each([
    ['a command', ['--to', 'kubernetes', '--', ...command.split(' ')], '', ['PersistentVolumeClaim', 'Deployment', 'Service']],
    ['a service', ['compose.yaml', '--service', 'web'], '', ['Deployment', 'Service']],
    ['a service of standard input', ['-', '--service', 'a'], 'services: {a: {image: x}}', ['Deployment']],
  ])('makes manifests of %s', (_, args, input, kinds) => {
    const ran = bulkhead(['convert', ...today, ...args], { cwd, input });
    expect(ran.code).toBe(0);
    expect([...ran.stdout.matchAll(/^kind: (.*)$/gm)].map(([, kind]) => kind)).toEqual(kinds);
    expect(ran.stdout).toContain('allowPrivilegeEscalation: false');
    expect(ran.stdout).not.toContain('s3cr3t-Pa55');
  });

  it('prints JSON', () => {
    const ran = bulkhead(['convert', ...today, '--format', 'json', command], { cwd });
    const report = JSON.parse(ran.stdout) as { text: string; notes: { id: string }[]; left: { rule: string }[] };
    expect(report).toMatchObject({ schemaVersion: 1, target: 'compose', fileName: 'compose.yaml', text: composeFile });
    expect(report.notes.map(({ id }) => id)).toEqual(['detach', 'secret']);
    expect(report.left.map(({ rule }) => rule)).toEqual(['compose/missing-memory-limit', 'compose/missing-digest']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
  });

  it('shows no piece of a secret in a long line, wherever it is cut', () => {
    for (let fill = 34; fill < 80; fill += 11) {
      const ran = bulkhead(
        ['convert', `docker run -e DB_PASSWORD=hunter22-hunter22 -e A=${'x'.repeat(fill)} --nme y --label a=${'b'.repeat(200)} nginx`],
        { cwd },
      );
      expect(ran.stderr).toMatch(/^bulkhead: Unknown flag --nme; did you mean --name\?\n {2}.*--nme.*\n {2,}\^{5}\n$/);
      expect(ran.stderr).not.toMatch(/unter22/);
    }
  });

  test.each<[args: readonly string[], input: string, said: string]>([
    [
      ['--', 'docker', 'run', '-e', 'TOKEN=ghp_0123456789abcdefghij0123456789abcdef', '--nme', 'db', 'nginx'],
      '',
      'bulkhead: Unknown flag --nme; did you mean --name?\n  docker run -e TOKEN=******** --nme db nginx\n                               ^^^^^\n',
    ],
    [
      ['docker run -name db nginx'],
      '',
      'bulkhead: Unknown flag -n; did you mean --name?\n  docker run -name db nginx\n             ^^^^^\n',
    ],
    [['docker run --name'], '', 'bulkhead: --name needs a value\n  docker run --name\n             ^^^^^^\n'],
    [['docker run -d'], '', 'bulkhead: The command does not name an image\n  docker run -d\n         ^^^\n'],
    [['docker run -m 1x nginx'], '', 'bulkhead: -m does not take "1x"\n  docker run -m 1x nginx\n             ^^^^^\n'],
    [
      ['docker run --rm --restart always nginx'],
      '',
      'bulkhead: --restart does not go with --rm\n  docker run --rm --restart always nginx\n                  ^^^^^^^^^^^^^^^^\n',
    ],
    [
      ['-'],
      'echo hi',
      'bulkhead: There is no "docker run", "docker create", "podman run" or "nerdctl run" in the text, or a quote in it is left open\n',
    ],
    [['-'], '', 'bulkhead: There is no "docker run"'],
    [[], '', 'bulkhead: convert needs a command after --, - for standard input, or a Compose file; see bulkhead convert --help\n'],
    [
      ['docker', 'run', '-d', 'nginx'],
      '',
      'bulkhead: unknown option -d of convert; put the command and its arguments after --; see bulkhead convert --help\n',
    ],
    [
      ['--to', 'kubernets', '-'],
      '',
      'bulkhead: --to must be one of command, compose, kubernetes, not "kubernets"; did you mean kubernetes?',
    ],
    [['compose.yaml'], '', 'bulkhead: Which service? The file has 2: web, db\n'],
    [['compose.yaml', '--service', 'wb'], '', 'bulkhead: There is no service "wb" in the file; it has web, db\n'],
    [
      ['compose.yaml', '--to', 'compose'],
      '',
      'bulkhead: a Compose service can only be converted to manifests (--to kubernetes), not to compose',
    ],
    [['docker run nginx', '--service', 'web'], '', 'bulkhead: --service is for Compose files'],
    [['nowhere.yaml'], '', 'bulkhead: nowhere.yaml: does not exist\n'],
    [['-'], 'services:\n  a:\n    image: x\n    restart: 5\n', 'bulkhead: Compose refuses the file: '],
  ])('refuses %j', (args, input, said) => {
    const ran = bulkhead(['convert', ...args], { cwd, input });
    expect(ran.stdout).toBe('');
    expect(ran.stderr.startsWith(said), ran.stderr).toBe(true);
    expect(ran.code).toBe(2);
  });
});
