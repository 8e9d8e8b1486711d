import { spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { buildSync } from 'esbuild';
import { afterEach } from 'vitest';
import * as lsp from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { showPageMethod, type ShowPageParams } from '../../shared/src/output/protocol/docs';
import { statusMethod, type InitializationOptions } from '../../shared/src/output/protocol/messages';
import type { DiagnosticData } from '../../shared/src/output/protocol/workspace';
import { bundlesVariable, nodeBundle } from '../support/bundle';

/** Bundles a server as the build does, with its worker beside it, once for all files of a run; gives the path of the server's bundle. */
export function bundleServer(entry: string): string {
  const bundles = (process.env[bundlesVariable] ??= fs.mkdtempSync(path.join(os.tmpdir(), 'bulkhead-bundles-')));
  const shared = path.join(bundles, path.basename(entry, '.ts'));
  if (!fs.existsSync(shared)) {
    const folder = fs.mkdtempSync(`${shared}-`);
    buildSync(nodeBundle(entry, path.join(folder, 'server.js')));
    buildSync(nodeBundle(workers[entry]!, path.join(folder, 'worker.js')));
    try {
      fs.renameSync(folder, shared);
    } catch {
      // another file was faster
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }
  return path.join(shared, 'server.js');
}

/** The rules of the findings that a diagnostic stands for: of one, or of all that are shown as one. */
export function rulesIn({ code, data }: lsp.Diagnostic): readonly (string | number | undefined)[] {
  return (data as Partial<DiagnosticData> | undefined)?.findings?.map(({ rule }) => rule) ?? [code];
}

/** The worker of each server. */
const workers: Readonly<Record<string, string>> = {
  'server/src/main.node.ts': 'server/src/main.worker.ts',
  'test/lsp/fake-server.ts': 'test/lsp/fake-worker.ts',
};

/** Polls until `probe` gives something; fails after a minute, which is for what never comes: a busy machine takes its time. */
export async function until<T>(
  what: string,
  probe: () => T | undefined | null | false | Promise<T | undefined | null | false>,
): Promise<T> {
  const end = Date.now() + 60_000;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== null && value !== false) return value;
    if (Date.now() > end) throw new Error(`timed out: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}

/** What VS Code announces, as far as the server looks at it. */
export const fullCapabilities: lsp.ClientCapabilities = {
  workspace: {
    applyEdit: true,
    configuration: true,
    workspaceFolders: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true, relativePatternSupport: true },
    diagnostics: { refreshSupport: true },
    workspaceEdit: { documentChanges: true, changeAnnotationSupport: { groupsOnLabel: true } },
  },
  textDocument: {
    diagnostic: { dynamicRegistration: true, relatedInformation: true, tagSupport: { valueSet: [1, 2] } },
    publishDiagnostics: { relatedInformation: true, tagSupport: { valueSet: [1, 2] } },
    hover: { contentFormat: ['markdown', 'plaintext'] },
    codeAction: {
      codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source'] } },
      dataSupport: true,
      isPreferredSupport: true,
      disabledSupport: true,
      resolveSupport: { properties: ['edit'] },
    },
    completion: { completionItem: { documentationFormat: ['markdown'] } },
  },
  window: { showDocument: { support: true } },
};

/** The same of an editor whose edits may create files. */
export const creatingCapabilities: lsp.ClientCapabilities = {
  ...fullCapabilities,
  workspace: {
    ...fullCapabilities.workspace,
    workspaceEdit: { ...fullCapabilities.workspace!.workspaceEdit, resourceOperations: ['create'] },
  },
};

/** The actions of the light bulb that rewrite or write something, at a place. */
export function refactorsAt({ connection }: TestClient, uri: string, line: number, character = 4): Promise<lsp.CodeAction[]> {
  const at = { line, character };
  const context = { diagnostics: [], only: ['refactor'] };
  return connection.sendRequest('textDocument/codeAction', { textDocument: { uri }, range: { start: at, end: at }, context });
}

/** How a test client starts. */
export interface ClientOptions {
  readonly server: string;
  readonly capabilities?: lsp.ClientCapabilities;
  readonly folders?: readonly string[];
  /** Beside a fixed date, and that the client shows pages of rules, as VS Code does. */
  readonly options?: InitializationOptions;
  /** Added to the environment of the server. */
  readonly env?: Readonly<Record<string, string>>;
  /** The section `bulkhead` for a resource. */
  readonly settings?: (uri: string) => unknown;
}

/** A protocol client that keeps the documents it has opened. */
export interface TestClient {
  readonly connection: lsp.ProtocolConnection;
  readonly server: lsp.InitializeResult;
  readonly process: ChildProcess;
  /** Every `workspace/diagnostic/refresh` so far. */
  refreshes(): number;
  readonly published: Map<string, lsp.PublishDiagnosticsParams>;
  readonly publishCounts: Map<string, number>;
  readonly logs: lsp.LogMessageParams[];
  readonly registrations: lsp.Registration[];
  readonly edits: lsp.ApplyWorkspaceEditParams[];
  readonly shown: lsp.ShowDocumentParams[];
  /** Every `window/showMessageRequest` so far. */
  readonly questions: lsp.ShowMessageRequestParams[];
  /** Answers them with the title of an action; by default the client does not know the request. */
  onQuestion: ((params: lsp.ShowMessageRequestParams) => string | undefined) | null;
  /** The rules whose pages the client was asked to show. */
  readonly pages: string[];
  readonly notifications: { readonly method: string; readonly params: unknown }[];
  /** Answers `workspace/applyEdit`; by default the edit is applied. */
  onApply: ((params: lsp.ApplyWorkspaceEditParams) => lsp.ApplyWorkspaceEditResult) | null;
  settings: (uri: string) => unknown;
  text(uri: string): string;
  open(uri: string, text: string, languageId?: string): Promise<void>;
  /** Replaces the first occurrence of `search`, as an incremental change. */
  replace(uri: string, search: string, replacement: string): Promise<void>;
  setText(uri: string, text: string): Promise<void>;
  save(uri: string): Promise<void>;
  close(uri: string): Promise<void>;
  pull(uri: string, previousResultId?: string): Promise<lsp.DocumentDiagnosticReport>;
  /** The diagnostics of a full report. */
  items(uri: string): Promise<lsp.Diagnostic[]>;
  /** Actions at the first occurrence of `at`. */
  actions(uri: string, at: string, context?: Partial<lsp.CodeActionContext>): Promise<lsp.CodeAction[]>;
  resolve(action: lsp.CodeAction): Promise<lsp.CodeAction>;
  /** The text of a document after an edit. */
  applied(uri: string, edit: lsp.WorkspaceEdit | undefined): string;
  position(uri: string, at: string): lsp.Position;
  stop(): Promise<void>;
}

/** Bundles a server and gives what starts clients of it, each of which stops after the test that it was started in. */
export function clientsOf(entry: string): (options?: Partial<ClientOptions>) => Promise<TestClient> {
  const server = bundleServer(entry);
  const clients: TestClient[] = [];
  afterEach(async () => {
    await Promise.all(clients.splice(0).map(client => client.stop()));
  });
  return async (options = {}) => {
    const client = await startClient({ server, ...options });
    clients.push(client);
    return client;
  };
}

/** Starts a server process and initializes it. */
export async function startClient({
  server,
  capabilities = fullCapabilities,
  folders,
  options,
  env,
  settings,
}: ClientOptions): Promise<TestClient> {
  const child = spawn(process.execPath, [server, '--stdio'], { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  const connection = lsp.createProtocolConnection(new lsp.StreamMessageReader(child.stdout), new lsp.StreamMessageWriter(child.stdin));
  const documents = new Map<string, TextDocument>();
  let refreshes = 0;
  const document = (uri: string): TextDocument => {
    const found = documents.get(uri);
    if (!found) throw new Error(`${uri} is not open`);
    return found;
  };
  const change = async (uri: string, contentChanges: lsp.TextDocumentContentChangeEvent[]): Promise<void> => {
    const next = document(uri).version + 1;
    documents.set(uri, TextDocument.update(document(uri), contentChanges, next));
    await connection.sendNotification('textDocument/didChange', { textDocument: { uri, version: next }, contentChanges });
  };

  const client: TestClient = {
    connection,
    process: child,
    server: undefined as unknown as lsp.InitializeResult,
    refreshes: () => refreshes,
    published: new Map(),
    publishCounts: new Map(),
    logs: [],
    registrations: [],
    edits: [],
    shown: [],
    questions: [],
    onQuestion: null,
    pages: [],
    notifications: [],
    onApply: null,
    settings: settings ?? (() => null),
    text: uri => document(uri).getText(),
    open: async (uri, text, languageId = uri.endsWith('.yaml') ? 'yaml' : 'dockerfile') => {
      documents.set(uri, TextDocument.create(uri, languageId, 1, text));
      await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } });
    },
    replace: async (uri, search, replacement) => {
      const at = client.text(uri).indexOf(search);
      if (at < 0) throw new Error(`"${search}" is not in ${uri}`);
      const range = { start: document(uri).positionAt(at), end: document(uri).positionAt(at + search.length) };
      await change(uri, [{ range, text: replacement }]);
    },
    setText: (uri, text) => change(uri, [{ text }]),
    save: uri => connection.sendNotification('textDocument/didSave', { textDocument: { uri } }),
    close: async uri => {
      documents.delete(uri);
      await connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
    },
    pull: (uri, previousResultId) =>
      connection.sendRequest('textDocument/diagnostic', {
        textDocument: { uri },
        ...(previousResultId !== undefined && { previousResultId }),
      }),
    items: async uri => {
      const report = await client.pull(uri);
      return report.kind === 'full' ? report.items : [];
    },
    actions: (uri, at, context = {}) => {
      const start = client.position(uri, at);
      const params: lsp.CodeActionParams = {
        textDocument: { uri },
        range: { start, end: start },
        context: { diagnostics: [], ...context },
      };
      return connection.sendRequest('textDocument/codeAction', params);
    },
    resolve: action => connection.sendRequest('codeAction/resolve', action),
    applied: (uri, edit) => {
      if (!edit) throw new Error('no edit');
      const own = (edit.documentChanges ?? []) as lsp.TextDocumentEdit[];
      for (const { textDocument } of own) {
        if (textDocument.version !== document(uri).version) throw new Error(`edit for version ${textDocument.version}`);
      }
      const edits = [...(edit.changes?.[uri] ?? []), ...own.flatMap(change => change.edits)] as Partial<lsp.TextEdit>[];
      return TextDocument.applyEdits(
        document(uri),
        edits.map(({ range, newText }) => ({ range: range!, newText: newText! })),
      );
    },
    position: (uri, at) => {
      const offset = client.text(uri).indexOf(at);
      if (offset < 0) throw new Error(`"${at}" is not in ${uri}`);
      return document(uri).positionAt(offset);
    },
    stop: async () => {
      await connection.sendRequest('shutdown');
      const ended = new Promise(resolve => child.once('exit', resolve));
      await connection.sendNotification('exit');
      await ended;
      connection.dispose();
    },
  };

  connection.onRequest('workspace/configuration', ({ items }: lsp.ConfigurationParams) =>
    items.map(item => client.settings(item.scopeUri ?? '')),
  );
  connection.onRequest('workspace/diagnostic/refresh', () => {
    refreshes++;
    return null;
  });
  connection.onRequest('client/registerCapability', ({ registrations }: lsp.RegistrationParams) => {
    client.registrations.push(...registrations);
    return null;
  });
  connection.onRequest('workspace/applyEdit', (params: lsp.ApplyWorkspaceEditParams) => {
    client.edits.push(params);
    return client.onApply?.(params) ?? { applied: true };
  });
  connection.onRequest('window/showDocument', (params: lsp.ShowDocumentParams) => {
    client.shown.push(params);
    return { success: true };
  });
  connection.onRequest(showPageMethod, ({ rule }: ShowPageParams) => client.pages.push(rule) > 0);
  connection.onRequest('window/showMessageRequest', (params: lsp.ShowMessageRequestParams) => {
    client.questions.push(params);
    if (!client.onQuestion) return new lsp.ResponseError(lsp.ErrorCodes.MethodNotFound, 'nobody answers');
    const title = client.onQuestion(params);
    return params.actions?.find(action => action.title === title) ?? null;
  });
  connection.onNotification('window/logMessage', (params: lsp.LogMessageParams) => void client.logs.push(params));
  connection.onNotification('textDocument/publishDiagnostics', (params: lsp.PublishDiagnosticsParams) => {
    client.published.set(params.uri, params);
    client.publishCounts.set(params.uri, (client.publishCounts.get(params.uri) ?? 0) + 1);
  });
  connection.onNotification(statusMethod, (params: unknown) => void client.notifications.push({ method: statusMethod, params }));
  connection.listen();
  const result: lsp.InitializeResult = await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities,
    workspaceFolders: folders?.map(uri => ({ uri, name: path.posix.basename(uri) })) ?? null,
    initializationOptions: { today: '2026-11-24', pages: true, ...options },
  });
  await connection.sendNotification('initialized', {});
  return Object.assign(client, { server: result });
}
