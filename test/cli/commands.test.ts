import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { built, root } from '../support/built';
import { bulkhead, folder, privilegedPod } from './cli';

const { path: cwd } = folder({ 'a.yaml': privilegedPod });

/** An option error of a command leads to the help of that command. */
const helpOf = (name: string): string => (['lint', 'rules', 'explain'].includes(name) ? `${name} ` : '');

describe('help', () => {
  test.each<[args: string[], code: number, said: RegExp]>([
    [
      ['--help'],
      0,
      /^Container hardening[\s\S]* lint \[PATH\.\.\.\] [\s\S]* harden [\s\S]* pin [\s\S]* convert [\s\S]* rules [\s\S]* explain \[RULE\|FILE\[:NAME\]\] [\s\S]* init [\s\S]* lsp /,
    ],
    [[], 2, /Usage: bulkhead COMMAND/],
    [['help'], 0, /Usage: bulkhead COMMAND/],
    [['lint', '--help'], 0, /Usage: bulkhead lint[\s\S]*--fail-on SEVERITY[\s\S]*Exit code 0/],
    [['harden', '-h'], 0, /--safe-only/],
    [['help', 'harden'], 0, /--safe-only/],
    [['pin', '--help'], 0, /--check/],
    [['convert', '--help'], 0, /--to TARGET/],
    [['rules', '--help'], 0, /--format/],
    [['explain', '--help'], 0, /bulkhead explain \[RULE\|FILE\[:NAME\]\]/],
    [['init', '--help'], 0, /\.bulkhead\.yaml/],
    [['lsp', '--help'], 0, /--stdio/],
  ])('%j', (args, code, said) => {
    const ran = bulkhead(args, { cwd });
    expect(ran).toMatchObject({ code, stderr: '' });
    expect(ran.stdout).toMatch(said);
  });

  test('--version', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(bulkhead(['--version'], { cwd })).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  test.each<[args: string[], said: string]>([
    [['lnt'], 'unknown command "lnt"; did you mean lint?'],
    [['pim'], 'unknown command "pim"; did you mean pin?'],
    [['--frobnicate'], 'unknown option "--frobnicate"'],
    [['constructor'], 'unknown command "constructor"'],
    [['lint', '--formt', 'json'], 'unknown option --formt of lint; did you mean --format?'],
    [
      ['lint', '--format', 'jsn'],
      '--format must be one of text, concise, json, sarif, github, gitlab, junit, rdjson, markdown, not "jsn"; did you mean json?',
    ],
    [['lint', '--__proto__'], 'unknown option --__proto__ of lint'],
    [['rules', 'x'], 'rules takes no argument, not "x"'],
    [['explain'], 'explain needs RULE, or --file FILE'],
    [['explain', 'a', 'b'], 'explain takes one argument, not "b"'],
    [['explain', 'kubernetes/privilegd'], 'unknown rule "kubernetes/privilegd"; did you mean kubernetes/privileged?'],
    [['explain', 'privilegd'], 'unknown rule "privilegd"; did you mean privileged?'],
  ])('%j is invalid usage', (args, said) => {
    expect(bulkhead(args, { cwd })).toEqual({ code: 2, stdout: '', stderr: `bulkhead: ${said}; see bulkhead ${helpOf(args[0]!)}--help\n` });
  });
});

describe('rules', () => {
  test('as JSON: every rule with its metadata', () => {
    const { stdout, code } = bulkhead(['rules', '--format', 'json'], { cwd });
    expect(code).toBe(0);
    const { rules } = JSON.parse(stdout) as { rules: { id: string; peers: object }[] };
    expect(rules.map(rule => rule.id)).toEqual(rules.map(rule => rule.id).sort());
    expect(rules.find(rule => rule.id === 'kubernetes/privileged')).toMatchObject({
      family: 'kubernetes',
      severity: 'error',
      profile: 'baseline',
      category: 'privilege',
    });
    expect(Object.keys(rules.find(rule => rule.id === 'kubernetes/privileged')?.peers ?? {}).length).toBeGreaterThan(0);
  });
  test('as text and Markdown', () => {
    expect(bulkhead(['rules'], { cwd }).stdout).toMatch(/^kubernetes\/privileged +error +baseline +\S/m);
    expect(bulkhead(['rules', '--format', 'markdown'], { cwd }).stdout).toMatch(/^\| `kubernetes\/privileged` \|/m);
  });
});

test('explain prints the page of a rule', () => {
  const { stdout, code } = bulkhead(['explain', 'kubernetes/privileged'], { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^# /);
  expect(stdout).toMatch(/^Rule: kubernetes\/privileged$/m);
  expect(stdout).toMatch(/^Suppress: # bulkhead-ignore kubernetes\/privileged -- reason$/m);
});

test('explain takes what other tools call a rule, and lists the rules where several have the name', () => {
  for (const name of ['KSV-0017', 'KSV017', 'CKV_K8S_16'])
    expect(bulkhead(['explain', name], { cwd })).toEqual(bulkhead(['explain', 'kubernetes/privileged'], { cwd }));
  const { stdout, code } = bulkhead(['explain', 'latest-tag'], { cwd });
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^\d rules have this name; .*\n\n(?:compose\/latest-tag .*\n)?dockerfile\/latest-tag .*\nkubernetes\/latest-tag .*\nrun\/latest-tag .*\n$/,
  );
});

test('init writes a configuration that is valid and changes nothing, once', () => {
  const { path: empty, read } = folder({ 'a.yaml': privilegedPod });
  const before = bulkhead(['lint'], { cwd: empty });
  expect(bulkhead(['init'], { cwd: empty })).toEqual({ code: 0, stdout: 'Wrote .bulkhead.yaml\n', stderr: '' });
  const text = read('.bulkhead.yaml');
  expect(bulkhead(['lint'], { cwd: empty })).toEqual(before);
  expect(bulkhead(['init'], { cwd: empty })).toEqual({
    code: 2,
    stdout: '',
    stderr: 'bulkhead: .bulkhead.yaml: already exists; nothing was written\n',
  });
  expect(read('.bulkhead.yaml')).toBe(text);
});

describe('init image-policy', () => {
  const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const pod = (image: string): string => privilegedPod.replace(/image: .*/, `image: ${image}`);
  const strict = ['lint', '--profile', 'strict', '--fail-on', 'hint', 'image-policy.yaml'];

  test('writes a policy for what is named, once, and says how to go on', () => {
    const { path: cwd, read } = folder({ 'cosign.pub': pem });
    expect(bulkhead(['init', 'image-policy', 'registry.example.com:5000/acme', '--key', 'cosign.pub'], { cwd })).toEqual({
      code: 0,
      stdout: 'Wrote image-policy.yaml\n',
      stderr: 'The policy only reports at first: a comment in it says how to enforce it\n',
    });
    expect(globs(read('image-policy.yaml'))).toEqual(['registry.example.com:5000/acme/*']);
    expect(bulkhead(strict, { cwd })).toMatchObject({ code: 0 });
    expect(bulkhead(['init', 'image-policy', 'ghcr.io/acme', '--key', 'cosign.pub'], { cwd }).code).toBe(2);
  });

  test('without a repository it is about what is built here and run here', () => {
    const { path: cwd, read } = folder({
      'cosign.pub': pem,
      'web/Dockerfile': 'FROM scratch\n',
      'web.yaml': pod('ghcr.io/acme/web:1'),
      'db.yaml': pod('postgres:16'),
      'hub.yaml': pod('acme/api:1'),
    });
    expect(bulkhead(['init', 'image-policy', '--key', 'cosign.pub'], { cwd })).toMatchObject({
      code: 0,
      stderr:
        'The policy only reports at first: a comment in it says how to enforce it\nThe policy does not cover docker.io/acme/api, docker.io/library/postgres\n',
    });
    expect(globs(read('image-policy.yaml'))).toEqual(['ghcr.io/acme/web', 'ghcr.io/acme/web:*', 'ghcr.io/acme/web@*']);
    expect(
      bulkhead(
        [...strict, 'web.yaml'].filter(arg => arg !== 'web.yaml'),
        { cwd },
      ),
    ).toMatchObject({ code: 0 });
    expect(bulkhead(['init', 'image-policy', 'ghcr.io/acme/web', '--key', 'cosign.pub', '--output-file', 'named.yaml'], { cwd }).code).toBe(
      0,
    );
    expect(globs(read('named.yaml'))).toEqual(globs(read('image-policy.yaml')));
  });

  test('without a signer it asks the configuration, image by image', () => {
    const { path: cwd, read } = folder({
      '.bulkhead.yaml': `trustedSigners:
  - {images: [ghcr.io/acme], key: cosign.pub}
  - {images: [docker.io/acme], identity: 'release@example.com', issuer: 'https://login.example.com'}
`,
      'cosign.pub': pem,
      'all.yaml': [pod('ghcr.io/acme/web:1'), pod('ghcr.io/acme/api'), pod('acme/cli:1'), pod('postgres:16')].join('---\n'),
    });
    expect(bulkhead(['init', 'image-policy', '--engine', 'sigstore'], { cwd })).toMatchObject({
      code: 0,
      stderr:
        'The policy only reports at first: a comment in it says how to enforce it\nThe policy does not cover docker.io/library/postgres\n',
    });
    expect(globs(read('image-policy.yaml'))).toEqual(
      ['index.docker.io/acme/cli', 'ghcr.io/acme/api', 'ghcr.io/acme/web'].flatMap(name => [`${name}:**`, `${name}@**`]),
    );
    expect(bulkhead(strict, { cwd })).toMatchObject({ code: 0 });
  });

  test('refuses what would verify nothing', () => {
    const { path: cwd } = folder({
      'cosign.key': '-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\nabc\n-----END ENCRYPTED SIGSTORE PRIVATE KEY-----\n',
      'a.pem': 'abc',
      'cosign.pub': pem,
      'web.yaml': pod('ghcr.io/acme/web:1'),
    });
    for (const args of [
      [],
      ['ghcr.io/acme'],
      ['--key', 'cosign.pub'],
      ['ghcr.io/acme', '--identity', '*'],
      ['ghcr.io/acme', '--issuer', 'https://login.example.com'],
      ['acme', '--identity', 'a@example.com'],
      ['docker.io', '--identity', 'a@example.com'],
      ['ghcr.io/acme*', '--identity', 'a@example.com'],
      ['ghcr.io/acme', '--identity', 'a@example.com', '--issuer', 'http://login.example.com'],
      ['ghcr.io/acme', '--identity', 'a@example.com', '--no-transparency-log'],
      ['ghcr.io/acme', '--key', 'cosign.key'],
      ['ghcr.io/acme', '--key', 'a.pem'],
      ['ghcr.io/acme', '--key', 'cosign.pub', '--namespace', 'shop'],
    ])
      expect(bulkhead(['init', 'image-policy', ...args], { cwd }), args.join(' ')).toMatchObject({ code: 2, stdout: '' });
    expect(bulkhead(['init', '--engine', 'sigstore'], { cwd }).code).toBe(2);
  });

  const globs = (text: string): readonly string[] => [...text.matchAll(/- glob: '?([^'\n]*)/g)].map(match => match[1]!);
});

describe('init network-policy', () => {
  const workload = (name: string, namespace: string, value: string): string => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: ${namespace}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: 'registry.example.com/${name}:1', env: [{name: URL, value: '${value}'}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec: {selector: {app: ${name}}, ports: [{port: 80}]}
`;

  test('writes the policies of the one namespace, once, and says what is left', () => {
    const { path: cwd, read } = folder({ 'web.yaml': workload('web', 'shop', 'http://api'), 'api.yaml': workload('api', 'shop', '') });
    expect(bulkhead(['init', 'network-policy'], { cwd })).toEqual({
      code: 0,
      stdout: 'Wrote network-policy-shop.yaml\n',
      stderr:
        '4 policies; left for you to resolve:\n  nobody is seen to call web at port 80\n  nothing is seen that api would connect to: only names may be asked for\n',
    });
    expect(read('network-policy-shop.yaml')).toContain('# Deployment web (URL)');
    expect(bulkhead(['lint', '--profile', 'strict', '--fail-on', 'hint', 'network-policy-shop.yaml'], { cwd })).toMatchObject({ code: 0 });
    expect(bulkhead(['init', 'network-policy'], { cwd })).toEqual({
      code: 2,
      stdout: '',
      stderr: 'bulkhead: network-policy-shop.yaml: already exists; nothing was written\n',
    });
  });

  test('of several namespaces one is chosen, and what is read may be named', () => {
    const { path: cwd, read } = folder({
      'web.yaml': workload('web', 'shop', 'http://pay.billing.svc'),
      'pay.yaml': workload('pay', 'billing', ''),
    });
    const { code, stderr } = bulkhead(['init', 'network-policy'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('--namespace: billing, shop');
    expect(bulkhead(['init', 'network-policy', '--namespace', 'billing'], { cwd })).toMatchObject({ code: 0 });
    expect(read('network-policy-billing.yaml')).toContain('kubernetes.io/metadata.name: shop');
    expect(bulkhead(['init', 'network-policy', 'web.yaml', '--output-file', 'own.yaml'], { cwd })).toMatchObject({ code: 0 });
    expect(read('own.yaml')).toContain('which is no Service of these files');
  });

  test('refuses what it cannot do', () => {
    const { path: cwd } = folder({ Dockerfile: 'FROM scratch\n' });
    for (const args of [[], ['--namespace', 'No Name'], ['--key', 'x'], ['absent.yaml']])
      expect(bulkhead(['init', 'network-policy', ...args], { cwd }), args.join(' ')).toMatchObject({ code: 2, stdout: '' });
  });
});

test('init pipeline writes a workflow for a Dockerfile, once, and pins nothing by itself', () => {
  const { path: cwd, read } = folder({ 'app/Dockerfile': 'FROM scratch\n', 'build/Dockerfile.web': 'FROM scratch\n' });
  expect(bulkhead(['init', 'pipeline'], { cwd })).toMatchObject({
    code: 2,
    stderr: 'bulkhead: Dockerfile: does not exist; name the Dockerfile: bulkhead init pipeline FILE\n',
  });
  expect(bulkhead(['init', 'pipeline', 'app/Dockerfile'], { cwd })).toEqual({
    code: 0,
    stdout: 'Wrote .github/workflows/release.yml\nWrote .github/workflows/rescan.yml\nWrote .github/dependabot.yml\n',
    stderr: "The workflow's actions are referenced by tag: run bulkhead pin --write .github to look up their commits on GitHub\n",
  });
  const text = read('.github/workflows/release.yml');
  expect(text).toContain('          context: app\n          load: true\n');
  expect(bulkhead(['init', 'pipeline', 'build/Dockerfile.web'], { cwd }).code).toBe(2);
  expect(read('.github/workflows/release.yml')).toBe(text);
  const renovate = folder({ Dockerfile: 'FROM scratch\n', 'renovate.json': '{}', '.github/workflows/release.yml': 'on: push\n' });
  const again = bulkhead(['init', 'pipeline'], { cwd: renovate.path });
  expect(again).toMatchObject({ code: 2, stdout: 'Wrote .github/workflows/rescan.yml\n' });
  expect(again.stderr).toContain('renovate.json was left unchanged: configure it to update digests');
  expect(renovate.read('.github/workflows/release.yml')).toBe('on: push\n');
  for (const bad of ['../Dockerfile', '${{ x }}', '/etc/passwd']) expect(bulkhead(['init', 'pipeline', bad], { cwd }).code).toBe(2);
  expect(bulkhead(['init', 'nothing'], { cwd }).code).toBe(2);
});

test('init pipeline --gitlab writes a pipeline for GitLab, once', () => {
  const { path: cwd, read } = folder({ 'app/Dockerfile': 'FROM scratch\n' });
  expect(bulkhead(['init', 'pipeline', '--gitlab', 'app/Dockerfile'], { cwd })).toEqual({
    code: 0,
    stdout: 'Wrote .gitlab-ci.yml\n',
    stderr: "The pipeline's images are referenced by tag: run bulkhead pin --write .gitlab-ci.yml to look up their digests in registries\n",
  });
  const text = read('.gitlab-ci.yml');
  expect(text).toContain(' --local context=app ');
  expect(bulkhead(['init', 'pipeline', '--gitlab', 'app/Dockerfile'], { cwd }).code).toBe(2);
  expect(read('.gitlab-ci.yml')).toBe(text);
  expect(bulkhead(['init', '--gitlab'], { cwd }).code).toBe(2);
});

test('a reader that goes away ends the run quietly', async () => {
  const { path: many } = folder(Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`d${i}/a.yaml`, privilegedPod])));
  const child = spawn(process.execPath, [built('cli.js'), 'lint', '--format', 'json'], { cwd: many, stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.once('data', () => child.stdout.destroy());
  await new Promise(resolve => child.on('close', resolve));
  expect(stderr).toBe('');
});

test('lsp speaks the protocol over standard input and output', async () => {
  const child = spawn(process.execPath, [built('cli.js'), 'lsp', '--stdio'], { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  const send = (message: object): void => {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  };
  let stdout = '';
  const answered = new Promise<void>(resolve => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
      if (stdout.includes('"capabilities"')) resolve();
    });
  });
  send({ id: 1, method: 'initialize', params: { processId: process.pid, rootUri: null, capabilities: {} } });
  await answered;
  expect(stdout).toMatch(/^Content-Length: \d+\r\n/);
  send({ id: 2, method: 'shutdown' });
  send({ method: 'exit' });
  expect(await new Promise(resolve => child.on('exit', resolve))).toBe(0);
});
