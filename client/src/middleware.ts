import * as vscode from 'vscode';
import type { Middleware, vsdiag } from 'vscode-languageclient';
import { docsBase } from '../../shared/src/protocol/docs';
import { isForeign } from './selector';

const nothingFound = { kind: 'full', items: [] } as unknown as vsdiag.FullDocumentDiagnosticReport;

/**
 * Keeps documents that are only views of something else away from the server (a document selector cannot exclude a scheme), and opens the
 * pages of rules inside the editor, where they need no network.
 */
export function createMiddleware(openPage: (rule: string) => Promise<boolean>): Middleware {
  return {
    didOpen: async (document, next) => (isForeign(document.uri) ? undefined : next(document)),
    didChange: async (event, next) => (isForeign(event.document.uri) ? undefined : next(event)),
    didSave: async (document, next) => (isForeign(document.uri) ? undefined : next(document)),
    didClose: async (document, next) => (isForeign(document.uri) ? undefined : next(document)),
    provideDiagnostics: (document, previous, token, next) =>
      isForeign(document instanceof vscode.Uri ? document : document.uri) ? nothingFound : next(document, previous, token),
    provideHover: (document, position, token, next) => (isForeign(document.uri) ? undefined : next(document, position, token)),
    provideCodeActions: (document, range, context, token, next) =>
      isForeign(document.uri) ? undefined : next(document, range, context, token),
    window: {
      showDocument: async (params, token, next) => {
        const pages = `${docsBase}/rules/`;
        if (params.uri.startsWith(pages) && (await openPage(params.uri.slice(pages.length)))) return { success: true };
        return next(params, token);
      },
    },
  };
}
