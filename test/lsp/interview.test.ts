import { afterEach, expect, test } from 'vitest';
import type { ApplyWorkspaceEditParams, CodeLens, Hover } from 'vscode-languageserver/node';
import { effectiveMethod, type EffectiveResult } from '../../shared/src/output/protocol/effective';
import {
  answerMethod,
  type AnswerParams,
  type AnswerResult,
  fillMethod,
  type FillResult,
  questionsMethod,
  type QuestionsResult,
} from '../../shared/src/output/protocol/questions';
import { hardenPlanMethod, type HardenPlan } from '../../shared/src/output/protocol/messages';
import { bundleServer, fullCapabilities, startClient, type TestClient } from './client';
import { makeFolder } from './folders';

const capabilities = {
  ...fullCapabilities,
  workspace: {
    ...fullCapabilities.workspace,
    workspaceEdit: { ...fullCapabilities.workspace?.workspaceEdit, documentChanges: true, resourceOperations: ['create' as const] },
  },
};

/** The interview, the places to fill and what really runs, by the shipped rules. */
const server = bundleServer('server/src/main.node.ts');
let client: TestClient | undefined;

afterEach(async () => {
  await client?.stop();
  client = undefined;
});

const services = `services:
  one:
    image: registry.example.com/acme/shop:1
    mem_limit: 64m
  two:
    image: registry.example.com/acme/shop:2
`;

async function open(
  files: Readonly<Record<string, string>>,
  more: object = {},
): Promise<{ readonly uri: string; readonly edits: readonly ApplyWorkspaceEditParams[] }> {
  const folder = makeFolder(files);
  client = await startClient({ server, capabilities, folders: [folder], ...more });
  const { edits } = client;
  const uri = `${folder}/compose.yaml`;
  await client.open(uri, files['compose.yaml']!);
  return { uri, edits };
}

const questionsOf = (uri: string): Promise<QuestionsResult> => client!.connection.sendRequest(questionsMethod, { uris: [uri] });
const answer = (params: AnswerParams): Promise<AnswerResult> => client!.connection.sendRequest(answerMethod, params);

test('one question is asked of both containers of an image, and yes fixes both', async () => {
  const { uri, edits } = await open({ 'compose.yaml': services });
  const { questions } = await questionsOf(uri);
  const both = questions.filter(({ title }) => title.startsWith('one, two: '));
  expect(both.length).toBeGreaterThan(0);
  expect(new Set(questions.map(({ title }) => title)).size).toBe(questions.length);
  expect(both[0]).toMatchObject({ keeps: true, places: [{ uri }] });
  expect(both[0]!.rightIf.length).toBeGreaterThan(0);
  expect(await answer({ id: both[0]!.id, uris: [uri], answer: 'fix' })).toMatchObject({ applied: true, changed: [uri], failure: null });
  expect(JSON.stringify(edits[0]!.edit)).toContain('cap_drop');
});

test('no needs a reason, which the configuration keeps', async () => {
  const { uri, edits } = await open({ 'compose.yaml': services });
  const [first] = (await questionsOf(uri)).questions;
  expect(await answer({ id: first!.id, uris: [uri], answer: 'needed' })).toMatchObject({ applied: false, changed: [] });
  expect(await answer({ id: first!.id, uris: [uri], answer: 'needed', reason: 'it writes its cache' })).toMatchObject({
    applied: true,
    groups: 0,
  });
  const written = JSON.stringify(edits[0]!.edit);
  expect(written).toContain('.bulkhead.yaml');
  expect(written).toContain('reason: it writes its cache');
});

test('what was answered is not asked again by another server, and counts for nothing where the workspace is not trusted', async () => {
  const { uri, edits } = await open({ 'compose.yaml': services });
  const before = (await questionsOf(uri)).questions;
  await answer({ id: before[0]!.id, uris: [uri], answer: 'needed', reason: 'so it is' });
  const change = edits[0]!.edit.documentChanges!.find(one => 'edits' in one)!;
  const config = (change as { edits: { newText: string }[] }).edits.map(({ newText }) => newText).join('');
  await client!.stop();
  const again = await open({ 'compose.yaml': services, '.bulkhead.yaml': config });
  expect((await questionsOf(again.uri)).questions.map(({ title }) => title)).not.toContain(before[0]!.title);
  await client!.stop();
  const untrusted = await open({ 'compose.yaml': services, '.bulkhead.yaml': config }, { options: { trusted: false } });
  const asked = (await questionsOf(untrusted.uri)).questions;
  expect(asked.map(({ title }) => title)).toContain(before[0]!.title);
  expect(asked.every(({ keeps }) => !keeps)).toBe(true);
  expect(await answer({ id: asked[0]!.id, uris: [untrusted.uri], answer: 'later' })).toMatchObject({ applied: false });
});

test('a question that is gone, and a file that is none of ours, change nothing', async () => {
  const { uri, edits } = await open({ 'compose.yaml': services });
  expect(await answer({ id: 'none', uris: [uri], answer: 'fix' })).toEqual({ applied: false, failure: null, changed: [], groups: 0 });
  expect(await questionsOf('file:///nowhere/compose.yaml')).toEqual({ questions: [] });
  expect(edits).toEqual([]);
});

test('places to fill come as one session, with the values of siblings to choose from', async () => {
  const { uri } = await open({ 'compose.yaml': services });
  const filled = await client!.connection.sendRequest<FillResult | null>(fillMethod, { uri });
  const snippets = filled!.edits.map(({ snippet }) => snippet).join('\n');
  expect(snippets).toMatch(/mem_limit: \$\{\d\|64m\|\}/);
  const stops = [...snippets.matchAll(/\$\{(\d+)/g)].map(match => match[1]);
  expect(new Set(stops).size).toBe(stops.length);
  expect(filled!.findings).toBeGreaterThan(0);
});

test('what really runs is shown as it is and hardened, and on hover of a name', async () => {
  const { uri } = await open({ 'compose.yaml': 'services:\n  web:\n    image: nginx:1.27\n    privileged: true\n' });
  const shown = await client!.connection.sendRequest<EffectiveResult | null>(effectiveMethod, { uri });
  expect(shown!.text).toContain('web:\n  image: nginx:1.27  # this file\n  user: 0 (root)  # image nginx:1.27');
  expect(shown!.hardened).not.toBe(shown!.text);
  expect(shown!.places.map(({ name }) => name)).toEqual(['web']);
  const hover = await client!.connection.sendRequest<Hover>('textDocument/hover', {
    textDocument: { uri },
    position: { line: 1, character: 3 },
  });
  expect(JSON.stringify(hover.contents)).toContain('What really runs');
  expect(await client!.connection.sendRequest(effectiveMethod, { uri: 'file:///nowhere/compose.yaml' })).toBeNull();
});

test('a lens above each workload says the level before and after, and what is left to answer', async () => {
  const folder = makeFolder({});
  const settings = (): object => ({ codeLens: true });
  client = await startClient({ server, capabilities, folders: [folder], settings });
  const uri = `${folder}/pod.yaml`;
  await client.open(
    uri,
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  hostPID: true\n  containers:\n    - name: app\n      image: nginx:1.27\n',
  );
  const lenses = await client.connection.sendRequest<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
  expect(lenses.map(({ command }) => command!.title)).toContainEqual(expect.stringMatching(/^privileged: \d+ fixes, \d+ questions?$/));
});

const podOf = (names: readonly string[]): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: shop }\nspec:\n  containers:\n${names.map(name => `    - name: ${name}\n      image: registry.example.com/acme/${name}:1\n`).join('')}`;

const attacked = `apiVersion: apps/v1
kind: Deployment
metadata: { name: api }
spec:
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api } }
    spec:
      containers:
        - name: api
          image: registry.example.com/acme/api:1.0
          securityContext: { privileged: true }
`;

test('a plan has the story of an attack, each step with the groups that close it, and no others', async () => {
  const folder = makeFolder({ 'api.yaml': attacked });
  client = await startClient({ server, folders: [folder] });
  const { stories, groups }: HardenPlan = await client.connection.sendRequest(hardenPlanMethod, { uri: `${folder}/api.yaml` });
  const [story] = stories;
  expect(story!.title).toMatch(/: container "api" of Deployment "api"$/);
  expect(story!.steps[0]).toMatchObject({ ways: [], range: null });
  const steps = story!.steps.filter(({ ways }) => ways.length > 0);
  const rulesOf = (ids: readonly string[]): readonly string[] => groups.flatMap(({ id, rules }) => (ids.includes(id) ? rules : []));
  const closing = steps.flatMap(({ ways }) => ways.flatMap(rulesOf));
  expect(closing.join(' ')).toMatch(/kubernetes\/privileged/);
  expect(closing.filter(rule => /memory|probe|digest/.test(rule))).toEqual([]);
  expect(steps[0]!.range).toMatchObject({ start: { line: 11 } });
});

test.each([
  ['a long name leaves room for what is done', ['shipping-service', 'web'], ['shipping-s…', 'web']],
  ['names of one beginning stay as they are', ['shipping-service-a', 'shipping-service-b'], ['shipping-service-a', 'shipping-service-b']],
  ['what would save nothing is not cut', ['storefront-1', 'store'], ['storefront-1', 'store']],
])('a row of the checklist has a short label: %s', async (_what, names, shown) => {
  const folder = makeFolder({ 'pod.yaml': podOf(names) });
  client = await startClient({ server, folders: [folder] });
  const { groups }: HardenPlan = await client.connection.sendRequest(hardenPlanMethod, { uri: `${folder}/pod.yaml` });
  const rows = groups.flatMap(({ rules, label, short }) => (rules.includes('kubernetes/capabilities-not-dropped') ? [[label, short]] : []));
  expect(rows).toEqual(names.map((name, i) => [`${name}: Drop all capabilities`, `${shown[i]}: Drop all capabilities`]));
  expect(new Set(groups.map(({ short }) => short)).size, 'no two read the same').toBe(groups.length);
});

test('stages without a name go by their files, since a number says nothing there', async () => {
  const dockerfile =
    'FROM node:24-slim\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm install\nCOPY . .\nUSER 1000\nEXPOSE 3000\nCMD ["node", "server.js"]\n';
  const folder = makeFolder({ 'cart/Dockerfile': dockerfile, 'stock/Dockerfile': dockerfile });
  client = await startClient({ server, folders: [folder] });
  const uris = ['cart', 'stock'].map(name => `${folder}/${name}/Dockerfile`);
  const { questions }: QuestionsResult = await client.connection.sendRequest(questionsMethod, { uris });
  const titles = questions.map(({ title }) => title.split(': ', 1)[0]);
  expect(new Set(titles)).toEqual(new Set(['cart/Dockerfile', 'stock/Dockerfile']));
});

const built = (build: string): string => `services:\n  shop:\n    build: ${build}\n`;
const pipeline = (file: string, more = ''): string =>
  `on: push\npermissions: {}\njobs:\n  publish:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: docker/build-push-action@v2\n        with:\n          file: ${file}\n${more}`;
const namespace = (name: string): string => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n`;

test.each<[what: string, files: Readonly<Record<string, string>>, rule: string, questions: number]>([
  [
    'a service that several files build is asked about once',
    {
      'compose.yaml': built('src/shop'),
      'src/front/compose.yaml': built('{ context: ../shop }'),
      'src/back/compose.yaml': built('{ context: .., dockerfile: shop/Dockerfile }'),
    },
    'compose/writable-root-filesystem',
    1,
  ],
  [
    'another stage and other arguments make another image',
    {
      'compose.yaml': built('shop'),
      'a/compose.yaml': built('{ context: ../shop, target: test }'),
      'b/compose.yaml': built('{ context: ../shop, args: { A: "1" } }'),
    },
    'compose/writable-root-filesystem',
    3,
  ],
  [
    'what is built from a variable, or in the file, is known in its file alone',
    {
      'compose.yaml': built('{ context: "${FOLDER}" }'),
      'a/compose.yaml': built('{ context: "${FOLDER}" }'),
      'b/compose.yaml': built('{ dockerfile_inline: "FROM scratch" }'),
      'c/compose.yaml': built('{ dockerfile_inline: "FROM scratch" }'),
    },
    'compose/writable-root-filesystem',
    4,
  ],
  [
    'a job that calls the same with the same inputs is asked about once',
    { '.github/workflows/a.yaml': pipeline('a/Dockerfile'), '.github/workflows/b.yaml': pipeline('b/Dockerfile') },
    'workflow/outdated-action',
    1,
  ],
  [
    'an input more is another call',
    { '.github/workflows/a.yaml': pipeline('Dockerfile'), '.github/workflows/b.yaml': pipeline('Dockerfile', '          push: true\n') },
    'workflow/outdated-action',
    2,
  ],
  [
    'an object of the same text in another overlay is asked about once',
    { 'a/shop.yaml': namespace('shop'), 'b/shop.yaml': namespace('shop'), 'c/shop.yaml': namespace('bank') },
    'kubernetes/namespace-pod-security',
    2,
  ],
])('%s', async (_what, files, rule, number) => {
  const folder = makeFolder(files);
  client = await startClient({ server, capabilities, folders: [folder] });
  const uris = Object.keys(files).map(name => `${folder}/${name}`);
  const { questions }: QuestionsResult = await client.connection.sendRequest(questionsMethod, { uris });
  expect(new Set(questions.map(({ title }) => title)).size, 'no two read the same').toBe(questions.length);
  const about = questions.filter(({ rules }) => rules.includes(rule));
  expect(about).toHaveLength(number);
  expect(about.flatMap(({ places }) => places.map(({ uri }) => uri)).sort()).toEqual([...uris].sort());
  expect(await answer({ id: about[0]!.id, uris, answer: 'fix' })).toMatchObject({
    applied: true,
    changed: about[0]!.places.map(({ uri }) => uri),
  });
});

test('of more than 16 files questions are listed; asked about its own files, one says all that an answer applies', async () => {
  const dockerfile = `FROM openjdk:8-jdk
WORKDIR /app
COPY shop.jar shop.jar
USER 10001
HEALTHCHECK CMD ["bash", "-c", "</dev/tcp/127.0.0.1/8080"]
CMD ["java", "-jar", "shop.jar"]
`;
  const others = Array.from({ length: 16 }, (_, i) => [`run${i}.yaml`, namespace(`n${i}`)] as const);
  const folder = makeFolder({ Dockerfile: `FROM debian:12 AS build\n${dockerfile}`, ...Object.fromEntries(others) });
  client = await startClient({ server, capabilities, folders: [folder] });
  const ask = async (names: readonly string[]): Promise<QuestionsResult['questions'][number] | undefined> => {
    const uris = names.map(name => `${folder}/${name}`);
    const { questions }: QuestionsResult = await client!.connection.sendRequest(questionsMethod, { uris });
    return questions.find(({ rules }) => rules.includes('dockerfile/end-of-life-image'));
  };
  const listed = await ask(['Dockerfile', ...others.map(([name]) => name)]);
  const whole = await ask(['Dockerfile']);
  expect(whole!.id).toBe(listed!.id);
  expect(listed!.title).not.toContain('eclipse-temurin:8-jre');
  expect(whole!.title).toContain('eclipse-temurin:8-jre');
});

test('no two questions read the same: each names the namespace that it is about', async () => {
  const command = 'docker run -d --name agent --pid=host --network=host --ipc=host registry.example.com/acme/agent:1\n';
  const { uri } = await open({ 'compose.yaml': services, 'run.sh': `#!/bin/sh\n${command}` });
  const { questions } = await questionsOf(uri.replace('compose.yaml', 'run.sh'));
  const titles = questions.flatMap(({ title, rules }) => (rules.includes('run/host-namespace') ? title : []));
  expect(titles.sort()).toEqual([
    'agent: Stop sharing the host network namespace?',
    'agent: Stop sharing the host process namespace, Stop sharing the host IPC namespace?',
  ]);
});
