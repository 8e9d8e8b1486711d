import { describe, expect, test } from 'vitest';
import type { ClientCapabilities, CodeAction } from 'vscode-languageserver/node';
import { pipelineFilesMethod, type PipelineFilesResult } from '../../shared/src/output/protocol/starter';
import { clientsOf, creatingCapabilities as capabilities, fullCapabilities, refactorsAt } from './client';
import { makeFolder } from './folders';

const start = clientsOf('server/src/main.node.ts');
const dockerfile = '# the service\nFROM node:24\nRUN npm ci\n';

const started = async (path: string, options: object = {}, own = capabilities) => {
  const folder = makeFolder({ [path]: dockerfile });
  const client = await start({ capabilities: own, folders: [folder], options });
  await client.open(`${folder}/${path}`, dockerfile, 'dockerfile');
  return { client, folder, uri: `${folder}/${path}` };
};

describe('a release workflow, at the FROM of a Dockerfile', () => {
  test('in an editor that creates files by edits', async () => {
    const { client, folder, uri } = await started('api/Dockerfile');
    for (const line of [0, 2]) expect(await refactorsAt(client, uri, line), String(line)).toEqual([]);
    const [action, ...others] = await refactorsAt(client, uri, 1);
    expect(others).toEqual([]);
    expect(action).toMatchObject({ title: 'Write a release workflow for this Dockerfile…', kind: 'refactor.rewrite.bulkhead.pipeline' });
    const { edit } = await client.connection.sendRequest<CodeAction>('codeAction/resolve', action!);
    expect(edit!.documentChanges).toMatchObject([
      { kind: 'create', uri: `${folder}/.github/workflows/release.yml`, options: { overwrite: false, ignoreIfExists: false } },
      { edits: [{ newText: expect.stringContaining('          context: api\n          load: true') as unknown }] },
      { kind: 'create', uri: `${folder}/.github/workflows/rescan.yml` },
      { edits: [{ newText: expect.stringContaining("cron: '17 4 * * *'") as unknown }] },
      { kind: 'create', uri: `${folder}/.github/dependabot.yml` },
      { edits: [{ newText: expect.stringContaining('directory: /api') as unknown }] },
    ]);
  });

  test.each<[there: readonly string[], files: readonly string[]]>([
    [[], ['.github/workflows/release.yml', '.github/workflows/rescan.yml', '.github/dependabot.yml']],
    [['.github/workflows/release.yml'], ['.github/workflows/rescan.yml', '.github/dependabot.yml']],
    [['renovate.json'], ['.github/workflows/release.yml', '.github/workflows/rescan.yml']],
    [['.github/workflows/release.yml', '.github/workflows/rescan.yml', 'renovate.json'], []],
  ])('gives a client, beside %j, the files that are missing', async (there, files) => {
    const folder = makeFolder({ Dockerfile: dockerfile, ...Object.fromEntries(there.map(path => [path, '{}\n'])) });
    const client = await start({ capabilities, folders: [folder], options: { policies: true } });
    const asked = await client.connection.sendRequest<PipelineFilesResult>(pipelineFilesMethod, { uri: `${folder}/Dockerfile` });
    expect(asked!.map(({ uri }) => uri.slice(folder.length + 1))).toEqual(files);
  });

  test('has the client write it, where it can', async () => {
    const { client, uri } = await started('Dockerfile', { policies: true });
    const [action] = await refactorsAt(client, uri, 1);
    expect(action!.command).toMatchObject({ command: 'bulkhead.writePipeline', arguments: [{ uri }] });
  });

  test.each<[why: string, path: string, options: object, own: ClientCapabilities]>([
    ['the workspace is not trusted', 'Dockerfile', { trusted: false, policies: true }, capabilities],
    ['nobody can write it', 'Dockerfile', {}, fullCapabilities],
    ['a workflow cannot name the path', '${{ x }}/Dockerfile', { policies: true }, capabilities],
  ])('is not offered where %s', async (_, path, options, own) => {
    const { client, uri } = await started(path, options, own);
    expect((await refactorsAt(client, uri, 1)).filter(({ kind }) => kind?.endsWith('.pipeline'))).toEqual([]);
  });
});
