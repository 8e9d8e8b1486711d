import type { ClientCapabilities } from 'vscode-languageserver';

/** What the client can do, as far as the server cares. */
export interface ClientSupport {
  /**
   * Pulls diagnostics; else they are pushed. A client that pulls and cannot be told to pull again would never learn what other files change: it is pushed to,
   * where it takes that, and never both.
   */
  readonly pull: boolean;
  readonly refreshDiagnostics: boolean;
  readonly refreshHints: boolean;
  readonly refreshLenses: boolean;
  readonly configuration: boolean;
  readonly registerConfiguration: boolean;
  readonly registerWatchers: boolean;
  readonly relatedInformation: boolean;
  readonly unnecessaryTag: boolean;
  readonly documentChanges: boolean;
  readonly applyEdit: boolean;
  readonly codeActionLiterals: boolean;
  /** Asks for `edit` with `codeAction/resolve`, and sends `data` back. */
  readonly resolveEdits: boolean;
  readonly disabledActions: boolean;
  readonly markdownHover: boolean;
  readonly markdownCompletion: boolean;
  readonly showDocument: boolean;
  /** Whether it shows questions, `window/showMessageRequest`, as far as it says so. */
  readonly showMessageRequest: boolean;
  /** Whether an edit may hold tab stops. */
  readonly snippetEdits: boolean;
  /** Whether an edit may create a file. */
  readonly createFiles: boolean;
  readonly workspaceFolders: boolean;
  readonly workDoneProgress: boolean;
}

/** Reads the client's capabilities. */
export function readClientSupport({ workspace, textDocument, window }: ClientCapabilities): ClientSupport {
  const action = textDocument?.codeAction;
  const diagnostics = textDocument?.publishDiagnostics;
  const pull = textDocument?.diagnostic;
  const tags = pull?.tagSupport ?? diagnostics?.tagSupport;
  return {
    pull: pull !== undefined && (workspace?.diagnostics?.refreshSupport === true || diagnostics === undefined),
    refreshDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    refreshHints: workspace?.inlayHint?.refreshSupport === true,
    refreshLenses: workspace?.codeLens?.refreshSupport === true,
    configuration: workspace?.configuration === true,
    registerConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    registerWatchers: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    relatedInformation: (pull?.relatedInformation ?? diagnostics?.relatedInformation) === true,
    unnecessaryTag: tags !== undefined && tags.valueSet.some(tag => tag === 1),
    documentChanges: workspace?.workspaceEdit?.documentChanges === true,
    applyEdit: workspace?.applyEdit === true,
    codeActionLiterals: action?.codeActionLiteralSupport !== undefined,
    resolveEdits: action?.dataSupport === true && action.resolveSupport?.properties.includes('edit') === true,
    disabledActions: action?.disabledSupport === true,
    markdownHover:
      textDocument?.hover?.contentFormat?.[0] === 'markdown' || textDocument?.hover?.contentFormat?.includes('markdown') === true,
    markdownCompletion: textDocument?.completion?.completionItem?.documentationFormat?.includes('markdown') === true,
    showDocument: window?.showDocument?.support === true,
    showMessageRequest: window?.showMessage !== undefined,
    snippetEdits: workspace?.workspaceEdit?.documentChanges === true && workspace.workspaceEdit.snippetEditSupport === true,
    createFiles:
      workspace?.workspaceEdit?.documentChanges === true && workspace.workspaceEdit.resourceOperations?.includes('create') === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    workDoneProgress: window?.workDoneProgress === true,
  };
}
