import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { Hover, MarkupContent, ShowMessageParams } from 'vscode-languageserver';
import type { HoverPages } from '../../shared/src/output/protocol/docs';
import type { InitializationOptions } from '../../shared/src/output/protocol/messages';
import { type LookUpImagesResult } from '../../shared/src/output/protocol/registry';
import { makeIndexed, repositoryOf } from '../support/image-chain';
import { serve, type ServedRegistry } from '../unit/signature/artefacts';
import { bundleServer, fullCapabilities, startClient, type TestClient } from './client';

/** `bulkhead.lookUpImages`: what images are, asked for by a person, and what that changes in the editor. */
export const server = bundleServer('server/src/main.node.ts');
export const root = makeIndexed({ config: { User: '', ExposedPorts: { '80/tcp': {} }, Entrypoint: ['/web'] } });
export const other = makeIndexed({ config: { User: '10001' } });

export let registry: ServedRegistry;
export let host = '';
beforeAll(async () => {
  registry = await serve({ web: { repository: repositoryOf(root) }, api: { repository: repositoryOf(other) } });
  ({ host } = registry);
});
afterAll(() => registry.close());

export interface Started extends TestClient {
  readonly messages: ShowMessageParams[];
  readonly progress: string[];
  readonly home: string;
}

const clients: TestClient[] = [];
const homes: string[] = [];
afterEach(async () => {
  registry.asked.length = 0;
  await Promise.all(clients.splice(0).map(client => client.stop()));
  for (const home of homes.splice(0)) fs.rmSync(home, { recursive: true, force: true });
});

export async function start(
  folder: string,
  options: InitializationOptions = {},
  home = newHome(),
  allowed: readonly string[] = [host],
  path = '/nonexistent',
): Promise<Started> {
  const capabilities = { ...fullCapabilities, window: { ...fullCapabilities.window, workDoneProgress: true } };
  const settings = () => ({ scan: { registries: allowed } });
  // no engine of this machine, but one that a test installs
  const env = { HOME: home, XDG_CACHE_HOME: '', PATH: path, DOCKER_HOST: '', CONTAINER_HOST: '' };
  const client = await startClient({ server, folders: [folder], capabilities, settings, options, env });
  clients.push(client);
  const messages: ShowMessageParams[] = [];
  const progress: string[] = [];
  client.connection.onNotification('window/showMessage', (params: ShowMessageParams) => void messages.push(params));
  client.connection.onRequest('window/workDoneProgress/create', () => null);
  client.connection.onNotification('$/progress', ({ value }: { value: { kind: string } }) => void progress.push(value.kind));
  return Object.assign(client, { messages, progress, home });
}

export function newHome(): string {
  const home = fs.mkdtempSync(join(tmpdir(), 'bulkhead-look-up-'));
  homes.push(home);
  return home;
}

export const pod = (image: string): string => `apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  containers:
    - name: web
      image: ${image}
      securityContext: { runAsNonRoot: true }
`;
export const pinned = (): string => `${host}/web:1.0@${root.digest}`;
/** Files below a folder. */
export const prefixed = (folder: string, files: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));
export const position = { line: 6, character: 20 };

export const lookUp = ({ connection }: TestClient, argument: object): Promise<LookUpImagesResult> =>
  connection.sendRequest('workspace/executeCommand', { command: 'bulkhead.lookUpImages', arguments: [argument] });

/** The finding that only who knows the image can have. */
export async function mismatch(client: TestClient, uri: string): Promise<string | undefined> {
  return (await client.items(uri)).find(({ code }) => code === 'kubernetes/image-user-mismatch')?.message as string | undefined;
}

export const hover = (client: TestClient, uri: string): Promise<(Hover & HoverPages) | null> =>
  client.connection.sendRequest('textDocument/hover', { textDocument: { uri }, position });
export const textOf = (shown: Hover | null): string => ((shown?.contents as MarkupContent | undefined)?.value ?? '').replaceAll('\\', '');
