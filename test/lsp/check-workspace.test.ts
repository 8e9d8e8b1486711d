import { afterEach, describe, expect, test } from 'vitest';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Diagnostic, Range } from 'vscode-languageserver/node';
import {
  checkFileMethod,
  describeCheckMethod,
  findCandidatesMethod,
  type CheckFileParams,
  type CheckFileResult,
  type FindCandidatesParams,
  type FindCandidatesResult,
} from '../../shared/src/output/protocol/workspace';
import { bulkhead, today } from '../cli/cli';
import { bundleServer, rulesIn, startClient, until, type TestClient } from './client';
import { makeFolder } from './folders';

/** The report of the command line, as far as it is compared. */
interface JsonReport {
  readonly files: readonly {
    readonly path: string;
    readonly findings: readonly { readonly rule: string; readonly message: string; readonly suppressed: boolean; readonly range: Range }[];
  }[];
}

const server = bundleServer('server/src/main.node.ts');
let client: TestClient | undefined;

afterEach(async () => {
  await client?.stop();
  client = undefined;
});

describe('candidates of a folder', () => {
  const find = async (folder: string, limit: number): Promise<FindCandidatesResult> => {
    const params: FindCandidatesParams = { folder, limit };
    return await client!.connection.sendRequest<FindCandidatesResult>(findCandidatesMethod, params);
  };

  test('are the files that the command line takes, without test data and what is ignored', async () => {
    const folder = makeFolder({
      '.gitignore': 'out/\n',
      Dockerfile: '',
      'deploy/web.yaml': '',
      'deploy/notes.txt': '',
      'charts/Dockerfile.j2': '',
      'build.sh': '',
      'README.md': '',
      'out/web.yaml': '',
      'node_modules/a/Dockerfile': '',
      'web/testdata/Dockerfile': '',
      'web/golden/Dockerfile': '',
      '.bulkhead.yaml': "exclude: ['!web/golden']\n",
    });
    client = await startClient({ server, folders: [folder] });
    const { uris, complete } = await find(folder, 10);
    expect(uris.map(uri => uri.slice(folder.length + 1))).toEqual([
      '.bulkhead.yaml',
      'Dockerfile',
      'build.sh',
      'charts/Dockerfile.j2',
      'deploy/web.yaml',
      'web/golden/Dockerfile',
    ]);
    expect(complete).toBe(true);
    expect(await find(folder, 2)).toEqual({ uris: [expect.any(String), expect.any(String)], complete: false });
  });
});

describe('a file that is not open', () => {
  const check = async (uri: string): Promise<CheckFileResult<Diagnostic>> => {
    const params: CheckFileParams = { uri };
    return await client!.connection.sendRequest<CheckFileResult<Diagnostic>>(checkFileMethod, params);
  };
  const pod = (name: string, security: string): string =>
    `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\n  namespace: shop\n  labels: { app: ${name} }\nspec:\n  containers:\n` +
    `    - name: app\n      image: registry.example.com/shop/${name}:1.2\n      securityContext: { ${security} }\n`;
  const policy =
    'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  podSelector:\n    matchLabels: { app: web }\n  policyTypes: [Ingress, Egress]\n';

  /** Files whose findings depend on the configuration, on suppressions, on each other and on what a Dockerfile is built with. */
  const files: Readonly<Record<string, string>> = {
    '.bulkhead.yaml': 'profile: strict\nexclude: [legacy/**]\nrules:\n  kubernetes/missing-digest: off\n',
    '.gitignore': 'out/\n',
    Dockerfile:
      'FROM node:20\n# bulkhead-ignore dockerfile/add-for-copy -- kept\nADD a.txt /srv/\nCOPY . /srv/\nENV API_TOKEN=ghp_0123456789abcdefghijABCDEFGHIJ456789\n',
    '.dockerignore': 'node_modules\n',
    'deploy/web.yaml': pod('web', 'privileged: true'),
    'deploy/api.yaml': pod('api', 'runAsUser: 0'),
    'deploy/policy.yaml': policy,
    'deploy/values.yaml': 'replicas: 3\n',
    'deploy/notes.yaml': 'title: notes\n',
    'deploy/broken.yaml': 'apiVersion: v1\nkind: Pod\nspec: [\n',
    'deploy/odd.yaml': pod('odd', 'privileged: true').replace('kind:', '!!str kind:'),
    'deploy/merged.yaml': `x: &type {kind: Pod}\n<<: *type\n${pod('merged', 'privileged: true').replace('kind: Pod\n', '')}`,
    'deploy/returns.yaml': pod('returns', 'privileged: true').replaceAll('\n', '\r'),
    'compose.yaml': 'x-app: &app {image: nginx, privileged: true}\nservices: {web: *app}\n',
    '.gitlab-ci.yml': 'include: ci/*.yml\n',
    'ci/build.yml': 'build: {image: node, script: [make]}\n',
    'legacy/Dockerfile': 'FROM node:latest\n',
    'out/Dockerfile': 'FROM node:latest\n',
    'größe/Dockerfile': 'FROM alpine:3.20\r\nRUN cd /srv && echo "🚢" && wget http://example.com/x | sh\r\n',
  };

  test('has the findings of the command line, to the last one', async () => {
    const folder = makeFolder(files);
    const cwd = fileURLToPath(folder);
    client = await startClient({ server, folders: [folder], options: { today: today[1]! } });
    const { uris } = await client.connection.sendRequest<FindCandidatesResult>(findCandidatesMethod, { folder, limit: 100 });
    const results = await Promise.all(uris.map(async uri => ({ path: relative(cwd, fileURLToPath(uri)), ...(await check(uri)) })));
    const inEditor = results.flatMap(({ path, diagnostics }) =>
      diagnostics.flatMap(diagnostic => {
        const { range, message } = diagnostic;
        const place = `${path}:${range.start.line + 1}:${range.start.character + 1}`;
        const shown = rulesIn(diagnostic);
        return shown.map(rule => `${place} ${rule} ${shown.length > 1 ? 'shown with others' : JSON.stringify(message)}`);
      }),
    );
    const { stdout } = bulkhead(['lint', '--format', 'json', ...today], { cwd });
    const report = JSON.parse(stdout) as JsonReport;
    const isShownAlone = (place: string): boolean => !inEditor.includes(`${place} shown with others`);
    const onCommandLine = report.files.flatMap(({ path, findings }) =>
      findings
        .filter(({ suppressed }) => !suppressed)
        .map(({ range, rule, message }) => {
          const place = `${path}:${range.start.line + 1}:${range.start.character + 1} ${rule}`;
          return `${place} ${isShownAlone(place) ? JSON.stringify(message) : 'shown with others'}`;
        }),
    );
    expect(inEditor.sort()).toEqual(onCommandLine.sort());
    expect(inEditor.length).toBeGreaterThan(20);
    expect(inEditor.join('\n')).not.toContain('ghp_');
    const states = Object.fromEntries(results.map(({ path, state }) => [path, state]));
    for (const path of ['deploy/odd.yaml', 'deploy/merged.yaml', 'deploy/returns.yaml', 'compose.yaml', 'ci/build.yml'])
      expect(inEditor.filter(line => line.startsWith(`${path}:`))).not.toEqual([]);
    expect(states).toMatchObject({ 'legacy/Dockerfile': 'excluded', 'deploy/notes.yaml': 'ignored', Dockerfile: 'checked' });
    expect(states).not.toHaveProperty('out/Dockerfile');
  });

  test('is judged with the text that the editor has of it, and of others, while they are open', async () => {
    const folder = makeFolder({ 'web.yaml': pod('web', 'privileged: true'), 'policy.yaml': policy });
    client = await startClient({ server, folders: [folder] });
    const uri = `${folder}/web.yaml`;
    const rules = async (): Promise<unknown[]> => (await check(uri)).diagnostics.map(({ code }) => code);
    expect(await rules()).toContain('kubernetes/privileged');
    expect(await rules()).not.toContain('kubernetes/missing-network-policy');
    await client.open(`${folder}/policy.yaml`, policy.replace('app: web', 'app: other'));
    await client.items(`${folder}/policy.yaml`);
    await until('the edited policy', async () => (await rules()).includes('kubernetes/missing-network-policy'));
    await client.open(uri, pod('web', 'privileged: false'));
    expect(await rules()).not.toContain('kubernetes/privileged');
    await client.close(uri);
    expect(await rules()).toContain('kubernetes/privileged');
  });

  test('that cannot be read, or is too large, does not look clean', async () => {
    const folder = makeFolder({ 'big/Dockerfile': `FROM scratch\n${'# \n'.repeat(1000)}`, 'huge/Dockerfile': '#'.repeat(10_000) });
    for (const name of ['Dockerfile', 'notes.yaml']) {
      const file = join(fileURLToPath(folder), 'latin', name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, Buffer.from([0xe4, 0xf6, 0x0a]));
    }
    writeFileSync(join(fileURLToPath(folder), 'latin/wide.yaml'), Buffer.from('\uFEFFapiVersion: v1\nkind: Pod\n', 'utf16le'));
    client = await startClient({ server, folders: [folder], settings: () => ({ maxFileSize: 2048 }) });
    const big = await check(`${folder}/big/Dockerfile`);
    expect([big.state, big.diagnostics.map(({ code }) => code)]).toEqual(['too-large', ['bulkhead/incomplete']]);
    const huge = await check(`${folder}/huge/Dockerfile`);
    expect(huge).toMatchObject({ state: 'unreadable', diagnostics: [{ code: 'bulkhead/incomplete' }] });
    expect(huge.diagnostics.map(({ message }) => message)).toEqual([expect.stringContaining(huge.reason!)]);
    expect(await check(`${folder}/gone/Dockerfile`)).toEqual({ state: 'unreadable', reason: 'does not exist', diagnostics: [] });
    // of text that nobody can read only the name of a Dockerfile says that it is ours
    expect((await check(`${folder}/latin/Dockerfile`)).diagnostics).toHaveLength(1);
    expect((await check(`${folder}/latin/notes.yaml`)).diagnostics).toEqual([]);
    // what reads YAML reads UTF-16
    expect((await check(`${folder}/latin/wide.yaml`)).diagnostics).toHaveLength(1);
  });

  test('keeps nobody waiting who types', async () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`d${i}/web.yaml`, pod(`web${i}`, 'privileged: true')]));
    const folder = makeFolder({ ...many, Dockerfile: 'FROM node:20\n' });
    client = await startClient({ server, folders: [folder] });
    await client.open(`${folder}/Dockerfile`, 'FROM node:20\n');
    await client.items(`${folder}/Dockerfile`);
    let answered = 0;
    const all = Promise.all(Object.keys(many).map(async name => check(`${folder}/${name}`).then(() => answered++)));
    await client.replace(`${folder}/Dockerfile`, 'node:20', 'node:latest');
    await client.items(`${folder}/Dockerfile`);
    expect(answered).toBeLessThan(200);
    await all;
  });
});

describe('what a check of the workspace comes to', () => {
  const all = {
    findings: 3,
    hints: 0,
    affected: 1,
    checked: 2,
    excluded: 0,
    failed: 0,
    candidates: 5,
    looked: 5,
    fileLimit: null,
    findingLimit: null,
    cancelled: false,
  };

  test.each([
    [{}, '3 findings in 1 of 2 files'],
    [{ findings: 0, affected: 0, checked: 1 }, 'No findings in 1 file'],
    [{ findings: 0, affected: 0, checked: 0 }, 'No Dockerfile or manifest was checked'],
    [{ findings: 1, hints: 1 }, '1 finding in 1 of 2 files; hints, not listed in Problems: 1'],
    [{ cancelled: true, looked: 2 }, '3 findings in 1 of 2 files; stopped after 2 of 5 files'],
    [{ fileLimit: 5 }, '3 findings in 1 of 2 files; there are more than 5 files (bulkhead.workspace.maxFiles)'],
    [{ fileLimit: 9 }, '3 findings in 1 of 2 files; part of the workspace could not be searched'],
    [
      { findingLimit: 2, excluded: 1, failed: 1 },
      '3 findings in 1 of 2 files; The Problems view shows the first 2 (bulkhead.workspace.maxFindings); excluded by settings or configuration: 1; could not be checked: 1',
    ],
  ])('%j', async (summary, said) => {
    client = await startClient({ server });
    expect(await client.connection.sendRequest(describeCheckMethod, { ...all, ...summary })).toBe(said);
  });
});
