import * as vscode from 'vscode';
import type { BaseLanguageClient, Middleware, vsdiag } from 'vscode-languageclient';
import { commands } from '../../shared/src/output/protocol/messages';
import { noteFixes, noteResolved } from './getting-started';
import { hoverWithLinks, linkCodes } from './links';
import type { Pages } from './pages';
import { isForeign } from './selector';

const nothingFound = { kind: 'full', items: [] } as unknown as vsdiag.FullDocumentDiagnosticReport;

/**
 * Keeps documents that are only views of something else away from the server (a document selector cannot exclude a scheme), and has
 * findings and hovers lead to the pages of rules, which open inside the editor and need no network.
 */
export function createMiddleware(pages: Pages, client: () => BaseLanguageClient): Middleware {
  return {
    didOpen: async (document, next) => (isForeign(document.uri) ? undefined : next(document)),
    didChange: async (event, next) => (isForeign(event.document.uri) ? undefined : next(event)),
    didSave: async (document, next) => (isForeign(document.uri) ? undefined : next(document)),
    didClose: async (document, next) => (isForeign(document.uri) ? undefined : next(document)),
    provideDiagnostics: async (document, previous, token, next) => {
      if (isForeign(document instanceof vscode.Uri ? document : document.uri)) return nothingFound;
      const report = await next(document, previous, token);
      if (report != null && 'items' in report) await linkCodes(report.items, pages);
      return report;
    },
    provideHover: (document, position, token) =>
      isForeign(document.uri) ? undefined : hoverWithLinks(client(), pages, document, position, token),
    provideInlayHints: (document, range, token, next) => (isForeign(document.uri) ? undefined : next(document, range, token)),
    provideCodeLenses: async (document, token, next) => {
      if (isForeign(document.uri)) return undefined;
      const lenses = await next(document, token);
      // the command of this editor shows what it would do
      for (const lens of lenses ?? []) {
        if (lens.command?.command === commands.hardenFile)
          lens.command = { ...lens.command, command: 'bulkhead.harden', arguments: [document.uri] };
      }
      return lenses;
    },
    provideCodeActions: async (document, range, context, token, next) =>
      isForeign(document.uri) ? undefined : noteFixes(await next(document, range, context, token)),
    resolveCodeAction: async (action, token, next) => noteResolved(await next(action, token)),
  };
}
