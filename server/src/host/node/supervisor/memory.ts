import { TextDocument } from 'vscode-languageserver-textdocument';
import type { InitializeParams, TextDocumentContentChangeEvent, TextDocumentItem, WorkspaceFolder } from 'vscode-languageserver';
import type { Refusal } from '../../../../../shared/src/output/protocol/messages';
import { textKey } from '../../../../../shared/src/early';
import type { Message } from './frames';

/** What a session has been told so far, kept so that another worker can be told it again. */
export interface SessionMemory {
  /** A message of the client to the server. */
  fromClient(message: Message): void;
  /** The answer to a request of the client; gives whether the client waits for it. */
  answered(id: Message['id']): boolean;
  /** What brings a new worker to where the last one was. */
  replay(refusals: readonly Refusal[]): Replay;
  /** The document that the longest waiting request is about: its URI and the key of its text. */
  suspect(): { readonly name: string; readonly key: string } | null;
  /** Whether the client takes `workspace/diagnostic/refresh`. */
  readonly refreshes: boolean;
}

/** What to say to a new worker, and to the client. */
export interface Replay {
  readonly toWorker: readonly Message[];
  /** Requests that are not made again. */
  readonly dropped: readonly Message[];
}

/** The id of an `initialize` that the client has had the answer to. */
export const replayId = 'bulkhead/replay';

/** Requests with effects of their own: the first attempt may have had them. */
const onlyOnce = new Set(['workspace/executeCommand']);

/** Makes an empty memory. */
export function createSessionMemory(): SessionMemory {
  const documents = new Map<string, TextDocument>();
  const pending = new Map<NonNullable<Message['id']>, { readonly message: Message; cancelled: boolean }>();
  let initialize: Message | null = null;
  let initialized: Message | null = null;
  let settings: Message | null = null;
  let folders: readonly WorkspaceFolder[] | null = null;

  const notifications: Readonly<Record<string, (params: never, message: Message) => void>> = {
    initialized: (_, message) => (initialized = message),
    'textDocument/didOpen': ({ textDocument: { uri, languageId, version, text } }: { textDocument: TextDocumentItem }) =>
      void documents.set(uri, TextDocument.create(uri, languageId, version, text)),
    'textDocument/didChange': (params: {
      textDocument: { uri: string; version: number };
      contentChanges: TextDocumentContentChangeEvent[];
    }) => {
      const document = documents.get(params.textDocument.uri);
      if (document) TextDocument.update(document, params.contentChanges, params.textDocument.version);
    },
    'textDocument/didClose': ({ textDocument }: { textDocument: { uri: string } }) => void documents.delete(textDocument.uri),
    'workspace/didChangeConfiguration': (_, message) => (settings = message),
    'workspace/didChangeWorkspaceFolders': ({ event }: { event: { added: WorkspaceFolder[]; removed: WorkspaceFolder[] } }) => {
      const gone = new Set(event.removed.map(folder => folder.uri));
      folders = [...(folders ?? foldersOf(initialize)).filter(folder => !gone.has(folder.uri)), ...event.added];
    },
    '$/cancelRequest': ({ id }: { id: number | string }) => {
      const request = pending.get(id);
      if (request) request.cancelled = true;
    },
  };

  return {
    fromClient: message => {
      const { id, method } = message;
      if (method === undefined) return;
      if (id !== undefined && id !== null) {
        if (method === 'initialize') initialize = message;
        pending.set(id, { message, cancelled: false });
      } else if (Object.hasOwn(notifications, method)) {
        try {
          notifications[method]!(message.params as never, message);
        } catch {
          // what makes no sense is not remembered; the worker says what is wrong with it
        }
      }
    },
    answered: id => id !== undefined && id !== null && pending.delete(id),
    replay: refusals => {
      const toWorker: Message[] = [];
      const dropped: Message[] = [];
      if (initialize) {
        const params = initialize.params as InitializeParams;
        toWorker.push({
          ...initialize,
          id: pending.has(initialize.id!) ? initialize.id! : replayId,
          params: {
            ...params,
            ...(folders && { workspaceFolders: folders }),
            initializationOptions: { ...(params.initializationOptions as object | undefined), refusals },
          },
        });
      }
      if (initialized) toWorker.push(initialized);
      if (settings) toWorker.push(settings);
      for (const document of documents.values()) {
        const { uri, languageId, version } = document;
        toWorker.push(notification('textDocument/didOpen', { textDocument: { uri, languageId, version, text: document.getText() } }));
      }
      for (const [id, { message, cancelled }] of pending) {
        if (message === initialize) continue;
        if (!cancelled && !onlyOnce.has(message.method!)) toWorker.push(message);
        else {
          pending.delete(id);
          dropped.push(message);
        }
      }
      return { toWorker, dropped };
    },
    suspect: () => {
      for (const { message } of pending.values()) {
        const document = documents.get(uriOf(message.params) ?? '');
        if (document) return { name: document.uri, key: textKey(document.getText()) };
      }
      return null;
    },
    get refreshes() {
      const capabilities = (initialize?.params as InitializeParams | undefined)?.capabilities;
      return capabilities?.workspace?.diagnostics?.refreshSupport === true;
    },
  };
}

/** A message without an answer. */
export function notification(method: string, params: unknown): Message {
  return { jsonrpc: '2.0', method, params } as Message;
}

function foldersOf(initialize: Message | null): readonly WorkspaceFolder[] {
  return (initialize?.params as InitializeParams | undefined)?.workspaceFolders ?? [];
}

/** The document that the parameters of a request name, in any of the ways in which our requests do. */
function uriOf(params: unknown): string | null {
  const {
    textDocument,
    uri,
    arguments: own,
  } = (params ?? {}) as { textDocument?: { uri?: unknown }; uri?: unknown; arguments?: unknown[] };
  const first: unknown = Array.isArray(own) ? own[0] : undefined;
  for (const candidate of [textDocument?.uri, uri, first, (first as { uri?: unknown } | null | undefined)?.uri])
    if (typeof candidate === 'string') return candidate;
  return null;
}
