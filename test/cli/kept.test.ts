import { createHmac } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { bulkhead, type Ran, today } from './cli';

const temporary: string[] = [];
afterAll(() => temporary.forEach(folder => rmSync(folder, { recursive: true, force: true })));
function fresh(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-kept-'));
  temporary.push(folder);
  return folder;
}

const pod = (image: string): string =>
  `    spec:\n      containers:\n        - name: app\n          image: ${image}\n          ports: [{containerPort: 80}]\n`;
const deployment = (name: string, image: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  selector: {matchLabels: {app: ${name}}}\n  template:\n    metadata: {labels: {app: ${name}}}\n${pod(image)}`;
const policy = `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: all, namespace: shop}\nspec: {podSelector: {}, policyTypes: [Ingress, Egress]}\n`;

const files: Readonly<Record<string, string>> = {
  '.bulkhead.yaml': 'images:\n  registry.example/acme/web: web/Dockerfile\n',
  'web/Dockerfile': '# one\n# two\nFROM node:20.11.0-alpine\nWORKDIR /app\nCOPY . .\nUSER root\nCMD ["node", "a.js"]\n',
  'web/a.js': `const fs = require('node:fs');\nfs.writeFileSync('/srv/pages/index.html', 'a');\n`,
  'deploy/web.yaml': deployment('web', 'registry.example/acme/web:1'),
  'deploy/db.yaml': `${deployment('db', 'postgres:16.2')}---\napiVersion: v1\nkind: Service\nmetadata: {name: db, namespace: shop}\nspec: {selector: {app: db}, ports: [{port: 5432}]}\n`,
  'deploy/policy.yaml': policy,
  'notes.yaml': 'a: 1\n',
  'start.sh': '#!/bin/sh\ndocker run --privileged -d registry.example/acme/web:1\n',
};

interface Place {
  readonly folder: string;
  readonly cache: string;
  readonly put: (path: string, content: string | Uint8Array) => void;
  readonly remove: (path: string) => void;
}

function place(): Place {
  const folder = fresh();
  const put: Place['put'] = (path, content) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  for (const [path, content] of Object.entries(files)) put(path, content);
  return { folder, cache: fresh(), put, remove: path => rmSync(join(folder, path)) };
}

function lint({ folder, cache }: Place, ...args: readonly string[]): Ran {
  const ran = bulkhead(['lint', ...today, ...args], { cwd: folder, env: { XDG_CACHE_HOME: cache } });
  return { ...ran, stdout: ran.stdout.replace(/"durationMs": \d+/, '') };
}

const packsOf = ({ cache }: Place): readonly string[] =>
  readdirSync(join(cache, 'bulkhead/kept'))
    .filter(name => /^(facts|lint)-/.test(name))
    .map(name => join(cache, 'bulkhead/kept', name));

/** Changes what is kept, with the same length; `sealed`: as only the user could. */
function poison(own: Place, from: string, to: string, sealed: boolean): number {
  const key = readFileSync(join(own.cache, 'bulkhead/kept/key'));
  let changed = 0;
  for (const path of packsOf(own)) {
    const bytes = readFileSync(path);
    for (let at = bytes.indexOf(from, 32); at >= 0; at = bytes.indexOf(from, at + 1)) {
      bytes.write(to, at);
      changed++;
    }
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (sealed) createHmac('sha256', key).update(name).update(bytes.subarray(32)).digest().copy(bytes);
    writeFileSync(path, bytes);
  }
  return changed;
}

const formats = ['text', 'json', 'sarif'];

describe('what lint has kept', () => {
  /** Each on top of those before: what other files say, what a Dockerfile is built with, what is configured. */
  const changes: readonly (readonly [string, (own: Place) => void])[] = [
    ['nothing has changed', () => {}],
    ['a policy goes', ({ remove }) => remove('deploy/policy.yaml')],
    ['a policy comes', ({ put }) => put('deploy/other.yaml', policy)],
    ['the user of an image changes', ({ put }) => put('web/Dockerfile', files['web/Dockerfile']!.replace('root', '1000'))],
    ['it changes back', ({ put }) => put('web/Dockerfile', files['web/Dockerfile']!)],
    [
      'the line of a related place moves, and its offset does not',
      ({ put }) => put('web/Dockerfile', files['web/Dockerfile']!.replace('one\n', 'one ')),
    ],
    ['a file that a build would copy comes', ({ put }) => put('.env', 'A=1\n')],
    ['it is ignored', ({ put }) => put('.dockerignore', '.env\n')],
    ['a rule is switched off', ({ put }) => put('.bulkhead.yaml', `${files['.bulkhead.yaml']}rules: {kubernetes/run-as-root: off}\n`)],
    ['the configuration is wrong', ({ put }) => put('.bulkhead.yaml', 'rules: [')],
    ['the configuration goes', ({ remove }) => remove('.bulkhead.yaml')],
    ['a file is no text any more', ({ put }) => put('deploy/db.yaml', Buffer.from('kind: Pod\napiVersion: v1\nx: \xff\n', 'latin1'))],
    ['files come and go', ({ put, remove }) => (remove('deploy/web.yaml'), put('deploy/new/web.yaml', files['deploy/web.yaml']!))],
  ];

  it.each(formats)('says the same as a run without it, whatever changes, in %s', format => {
    const own = place();
    lint(own, '--format', format);
    for (const [what, change] of changes) {
      change(own);
      const expected = lint(own, '--format', format, '--no-cache');
      expect(lint(own, '--format', format), what).toEqual(expected);
      expect(lint(own, '--format', format), `${what}, once more`).toEqual(expected);
    }
  });

  it('differs by the settings that reports depend on', () => {
    const own = place();
    const runs = [
      [],
      ['--profile', 'strict'],
      ['--rule', 'kubernetes/run-as-root=error'],
      ['--no-suppress'],
      ['deploy'],
      ['notes.yaml'],
      ['--today', '2031-01-01'],
    ];
    for (const args of runs) lint(own, ...args);
    for (const args of runs) expect(lint(own, ...args)).toEqual(lint(own, ...args, '--no-cache'));
    expect(new Set(runs.map(args => lint(own, ...args).stdout)).size).toBeGreaterThan(4);
  });

  it('is used, and believed only where it is sealed', () => {
    const own = place();
    const expected = lint(own);
    expect(expected.stdout).toContain('runs as root');
    expect(poison(own, 'runs as root', 'runs as moon', true)).toBeGreaterThan(0);
    expect(lint(own).stdout).toBe(expected.stdout.replaceAll('runs as root', 'runs as moon'));
    expect(poison(own, 'runs as moon', 'runs as king', false)).toBeGreaterThan(0);
    expect(lint(own)).toEqual(expected);
  });

  it.each<[string, (path: string) => void]>([
    ['damaged', path => writeFileSync(path, readFileSync(path).fill(7, 40, 60))],
    ['cut off', path => writeFileSync(path, readFileSync(path).subarray(0, 50))],
    ['empty', path => writeFileSync(path, '')],
  ])('is made anew where it is %s', (_, spoil) => {
    const own = place();
    const expected = lint(own);
    packsOf(own).forEach(spoil);
    expect(lint(own)).toEqual(expected);
    expect(poison(own, 'runs as root', 'runs as moon', true)).toBeGreaterThan(0);
  });

  test.skipIf(process.platform === 'win32')('is not believed in a folder that others may write to', () => {
    const own = place();
    const expected = lint(own);
    poison(own, 'runs as root', 'runs as moon', true);
    chmodSync(join(own.cache, 'bulkhead/kept'), 0o777);
    expect(lint(own)).toEqual(expected);
  });

  it('does not come with a repository', () => {
    const own = place();
    const location = ['--cache-location', 'kept'];
    const expected = lint(own, ...location);
    expect(readdirSync(join(own.folder, 'kept')).length).toBe(2);
    // somebody else has made and sealed it
    expect(lint({ ...own, cache: fresh() }, ...location)).toEqual(expected);
    expect(lint(own, ...location)).toEqual(expected);
  });

  test.skipIf(process.platform === 'win32')('says where a folder that was named cannot be used', () => {
    const own = place();
    mkdirSync(join(own.folder, 'shared'));
    chmodSync(join(own.folder, 'shared'), 0o777);
    const { stdout, stderr, code } = lint(own, '--cache-location', 'shared');
    expect(stderr).toBe(
      'bulkhead: --cache-location shared is not used: it must be a directory that you own and that no one else can write to\n',
    );
    expect({ stdout, code }).toEqual({ stdout: lint(own, '--no-cache').stdout, code: 1 });
    expect(readdirSync(join(own.folder, 'shared'))).toEqual([]);
  });

  it('is not there with --no-cache', () => {
    const own = place();
    lint(own, '--no-cache');
    expect(readdirSync(own.cache).flatMap(name => readdirSync(join(own.cache, name)))).not.toContain('kept');
  });

  it('is the same for harden, and follows what lint --fix and harden write', () => {
    const own = place();
    const harden = (...args: readonly string[]): Ran =>
      bulkhead(['harden', ...today, ...args], { cwd: own.folder, env: { XDG_CACHE_HOME: own.cache } });
    lint(own);
    expect(harden()).toEqual(harden('--no-cache'));
    expect(lint(own, '--fix')).toEqual(lint(own, '--no-cache'));
    harden('--write');
    expect(lint(own)).toEqual(lint(own, '--no-cache'));
    expect(harden()).toEqual(harden('--no-cache'));
  });
});
