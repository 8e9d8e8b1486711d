import { afterEach, describe, expect, test } from 'vitest';
import { findCandidatesMethod, type FindCandidatesParams, type FindCandidatesResult } from '../../shared/src/protocol/workspace';
import { bundleServer, startClient, type TestClient } from './client';
import { makeFolder } from './folders';

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

  test('are the files that the command line takes, without what is ignored', async () => {
    const folder = makeFolder({
      '.gitignore': 'out/\n',
      Dockerfile: '',
      'deploy/web.yaml': '',
      'deploy/notes.txt': '',
      'charts/Dockerfile.j2': '',
      'build.sh': '',
      'out/web.yaml': '',
      'node_modules/a/Dockerfile': '',
    });
    client = await startClient({ server, folders: [folder] });
    const { uris, complete } = await find(folder, 10);
    expect(uris.map(uri => uri.slice(folder.length + 1))).toEqual(['Dockerfile', 'charts/Dockerfile.j2', 'deploy/web.yaml']);
    expect(complete).toBe(true);
    expect(await find(folder, 2)).toEqual({ uris: [expect.any(String), expect.any(String)], complete: false });
  });
});
