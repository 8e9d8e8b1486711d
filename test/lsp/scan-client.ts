import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll } from 'vitest';
import type { CodeAction, Diagnostic, Hover, ShowMessageParams } from 'vscode-languageserver/node';
import { scansMethod, type ScanImagesResult, type ScansParams } from '../../shared/src/output/protocol/scan';
import { installScanner, type FakeScanner } from '../support/fake-scanner';
import { entry, trivyJson } from '../support/scan-report';
import { clientsOf, fullCapabilities, type ClientOptions, type TestClient } from './client';

/** Starts a server that the test file ends. */
export const startClient = clientsOf('server/src/main.node.ts');
const folders: string[] = [];
afterAll(() => folders.forEach(folder => rmSync(folder, { recursive: true, force: true })));

/** What the scanner reports of every image. */
export const report = trivyJson([
  entry('CVE-2099-1', 'CRITICAL', '1.1', 'libssl'),
  { ...entry('CVE-2099-2', 'HIGH', '1.1'), Title: 'made [up](command:x) <b>', PrimaryURL: 'javascript:alert(1)' },
  entry('CVE-2099-3', 'LOW'),
]);

/** A client, and what it and the scanner have heard. */
export interface Started extends TestClient {
  readonly uri: string;
  readonly folder: string;
  readonly messages: ShowMessageParams[];
  readonly progress: { readonly token: string; readonly value: { readonly kind: string } }[];
  readonly images: ScansParams[];
  readonly calls: ReturnType<typeof installScanner>['calls'];
  found(): Promise<Diagnostic[]>;
  scan(argument?: object): Promise<ScanImagesResult>;
}

/** A folder for a workspace, the scanner and a cache. */
export function newBase(): string {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'bulkhead-lsp-scan-')));
  folders.push(base);
  return base;
}

/** A client with a workspace folder on disk, and the scanner that only replays on the path of the server. */
export async function start(
  fake: FakeScanner = { report },
  options: Partial<ClientOptions> = {},
  starter = startClient,
  base = newBase(),
): Promise<Started> {
  const [tools, folder] = [join(base, 'tools'), join(base, 'workspace')];
  mkdirSync(folder, { recursive: true });
  const scanner = installScanner(tools, 'trivy', fake);
  const root = pathToFileURL(folder).href;
  const workspaceEdit = { ...fullCapabilities.workspace!.workspaceEdit, resourceOperations: ['create' as const] };
  const client = await starter({
    capabilities: {
      ...fullCapabilities,
      workspace: { ...fullCapabilities.workspace, workspaceEdit },
      window: { ...fullCapabilities.window, workDoneProgress: true },
    },
    folders: [root],
    ...options,
    env: { PATH: tools, XDG_CACHE_HOME: join(base, 'cache'), ...options.env },
  });
  const messages: ShowMessageParams[] = [];
  const progress: Started['progress'] = [];
  const images: ScansParams[] = [];
  client.connection.onNotification('window/showMessage', (params: ShowMessageParams) => void messages.push(params));
  client.connection.onRequest('window/workDoneProgress/create', () => null);
  client.connection.onNotification('$/progress', (params: Started['progress'][number]) => void progress.push(params));
  client.connection.onNotification(scansMethod, (params: ScansParams) => void images.push(params));
  const uri = `${root}/Dockerfile`;
  return Object.assign(client, {
    uri,
    folder,
    messages,
    progress,
    images,
    calls: scanner.calls,
    found: async () => (await client.items(uri)).filter(({ code }) => code === 'bulkhead/vulnerable-image'),
    scan: (argument: object = { uri }) =>
      client.connection.sendRequest<ScanImagesResult>('workspace/executeCommand', {
        command: 'bulkhead.scanImages',
        arguments: [argument],
      }),
  });
}

/** A file with two images, of which the first only builds. */
export const text = 'FROM registry.example/base:3 AS build\nFROM registry.example/app:1.0\n';
/** The actions that scan. */
export const scans = (actions: readonly CodeAction[]): CodeAction[] => actions.filter(({ title }) => title.startsWith('Scan '));
/** The hover at a text. */
export const hoverText = async (client: Started, at: string): Promise<string> => {
  const position = client.position(client.uri, at);
  const hover = await client.connection.sendRequest<Hover | null>('textDocument/hover', { textDocument: { uri: client.uri }, position });
  return (hover?.contents as { value: string } | undefined)?.value ?? '';
};

/** How the scanner was called for images. */
export const imageCalls = (client: Started): ReturnType<Started['calls']> => client.calls().filter(({ args }) => args[0] === 'image');
