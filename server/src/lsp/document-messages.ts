import type {
  DidChangeTextDocumentParams,
  DidCloseTextDocumentParams,
  DidOpenTextDocumentParams,
  TextDocuments,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';

/** What `TextDocuments` listens to; the package has no name for it. */
type TextDocumentConnection = Parameters<TextDocuments<TextDocument>['listen']>[0];

/** The fields of an argument as it came from outside; none of anything but an object. */
export function argumentFields<K extends string>(argument: unknown): Readonly<Partial<Record<K, unknown>>> {
  return (isObject(argument) ? argument : {}) as Readonly<Partial<Record<K, unknown>>>;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/** The document that the parameters of a notification name; `null`: they name none. */
function documentOf(params: unknown): Readonly<Record<string, unknown>> | null {
  const document = isObject(params) ? params['textDocument'] : null;
  return isObject(document) && typeof document['uri'] === 'string' ? document : null;
}

const isPosition = (value: unknown): boolean =>
  isObject(value) && typeof value['line'] === 'number' && typeof value['character'] === 'number';

function isChange(change: unknown): boolean {
  if (!isObject(change) || typeof change['text'] !== 'string') return false;
  const { range } = change;
  return range === undefined || range === null || (isObject(range) && isPosition(range['start']) && isPosition(range['end']));
}

function isOpening(params: DidOpenTextDocumentParams): boolean {
  const document = documentOf(params);
  return document !== null && typeof document['text'] === 'string' && typeof document['languageId'] === 'string';
}

function isChanging(params: DidChangeTextDocumentParams): boolean {
  return documentOf(params) !== null && Array.isArray(params.contentChanges) && params.contentChanges.every(isChange);
}

/**
 * The connection as `TextDocuments` needs it, without what makes no sense: a document without a name or a text would throw wherever it is
 * looked at next. `complain` is told of each message that is left out.
 */
export function documentMessages(connection: TextDocumentConnection, complain: (what: string) => void): TextDocumentConnection {
  const checked =
    <P>(what: string, makesSense: (params: P) => boolean, handler: (params: P) => void | Promise<void>) =>
    (params: P): void | Promise<void> =>
      makesSense(params) ? handler(params) : complain(`${what} is malformed and was ignored`);
  const names = (params: DidCloseTextDocumentParams): boolean => documentOf(params) !== null;
  return {
    onDidOpenTextDocument: handler => connection.onDidOpenTextDocument(checked('textDocument/didOpen', isOpening, handler)),
    onDidChangeTextDocument: handler => connection.onDidChangeTextDocument(checked('textDocument/didChange', isChanging, handler)),
    onDidCloseTextDocument: handler => connection.onDidCloseTextDocument(checked('textDocument/didClose', names, handler)),
    onDidSaveTextDocument: handler => connection.onDidSaveTextDocument(checked('textDocument/didSave', names, handler)),
    onWillSaveTextDocument: handler => connection.onWillSaveTextDocument(handler),
    onWillSaveTextDocumentWaitUntil: handler => connection.onWillSaveTextDocumentWaitUntil(handler),
  };
}
