import { expect, test } from 'vitest';
import {
  hardenChoiceMethod,
  hardenPlanMethod,
  type HardenChoice,
  type HardenFileResult,
  type HardenPlan,
} from '../../shared/src/output/protocol/messages';
import { clientsOf } from './client';

const start = clientsOf('server/src/main.node.ts');

const uri = 'untitled:/Dockerfile';
const dockerfile = 'FROM node:26-alpine\nWORKDIR /app\nCOPY server.js .\nCMD ["node", "server.js"]\n';
const install = 'RUN apk add --no-cache tini\n';
const entry = 'ENTRYPOINT ["tini", "--", "docker-entrypoint.sh"]\n';
const hardened = dockerfile.replace('CMD', `${install}USER 1000\n${entry}CMD`);

test('fixes that insert at one place install before they change the user, whichever are taken, and in whatever order', async () => {
  const client = await start();
  await client.open(uri, dockerfile);
  const argument = { uri, accept: ['dockerfile/missing-init', 'dockerfile/root-user'] };
  const params = { command: 'bulkhead.hardenFile', arguments: [argument] };
  const result = await client.connection.sendRequest<HardenFileResult>('workspace/executeCommand', params);
  expect(result.groups.flatMap(({ rules }) => rules).sort()).toEqual(['dockerfile/missing-init', 'dockerfile/root-user']);
  expect(client.applied(uri, client.edits[0]!.edit)).toBe(hardened);

  const plan = (await client.connection.sendRequest<HardenPlan | null>(hardenPlanMethod, { uri }))!;
  const choose = async (groups: readonly string[]): Promise<string | undefined> =>
    (await client.connection.sendRequest<HardenChoice | null>(hardenChoiceMethod, { uri, key: plan.key, groups }))?.text;
  const idOf = (rule: string): string => plan.groups.find(({ answers }) => answers.some(answer => answer.rule === rule))!.id;
  const [init, user] = [idOf('dockerfile/missing-init'), idOf('dockerfile/root-user')];
  expect(await choose([init, user])).toBe(hardened);
  expect(await choose([user, init])).toBe(hardened);
  expect(await choose([init])).toBe(hardened.replace('USER 1000\n', ''));
  expect(await choose([user])).toBe(hardened.replace(install, '').replace(entry, ''));
});
