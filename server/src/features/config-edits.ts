import type { WorkspaceEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { configFileName, type TextEdit } from '../../../shared/src/index';
import type { ServerContext } from '../session/context';
import { maxSideBytes } from '../decisions/limits';
import { toLspEdits } from '../lsp/edits';
import { joinUri, parentUri, relativePath } from '../lsp/uri';
import type { Scope } from '../session/scopes';
import { fileEdit } from './create-file';

/** A configuration that may be written to: the one in force, or one that is still to be created. */
export interface ConfigTarget {
  /** In the client's own spelling where it is open. */
  readonly uri: string;
  /** Whether it is there already. */
  readonly exists: boolean;
  /** Of the document that it is to speak of, relative to what its globs are relative to. */
  readonly path: string;
  /** Its name for people: relative to the workspace folder where it is in one. */
  readonly name: string;
}

/** Which configuration speaks for a document, or would; `null`: none could, or the client could not create it. */
export function configTarget({ documents, support }: ServerContext, uri: string, scope: Scope): ConfigTarget | null {
  const nameOf = (config: string): string => (scope.folder === null ? null : relativePath(scope.folder, config)) ?? configFileName;
  if (scope.configFile) {
    const { uri: found, unreadable } = scope.configFile;
    if (unreadable !== null) return null;
    return { uri: documents.find(found)?.uri ?? found, exists: true, path: scope.path, name: nameOf(found) };
  }
  if (scope.settings.configPath !== null || !support.createFiles) return null;
  // outside of the workspace folder nobody would look for it
  const isInside = scope.base !== null && (scope.folder === null || relativePath(scope.folder, scope.base) !== null);
  const folder = isInside ? scope.base : scope.folder;
  const path = folder === null ? null : relativePath(folder, uri);
  if (folder === null || path === null) return null;
  const created = joinUri(folder, configFileName);
  return { uri: created, exists: false, path, name: nameOf(created) };
}

/** The edit of a configuration that `change` makes of its text; `null` where it makes none, or the text cannot be read. */
export async function editConfig(
  context: ServerContext,
  target: ConfigTarget,
  scope: Scope,
  change: (text: string) => readonly TextEdit[] | null,
): Promise<WorkspaceEdit | null> {
  const { documents, files } = context;
  const open = documents.find(target.uri);
  const root = scope.folder ?? parentUri(target.uri);
  const read = target.exists && !open && root !== null ? (await files.read(target.uri, { root, maxBytes: maxSideBytes })).text : '';
  const document = open ?? (read === null ? null : TextDocument.create(target.uri, 'yaml', 0, read));
  const edits = document && change(document.getText());
  if (!document || !edits) return null;
  return fileEdit(context, target.uri, target.exists, toLspEdits(document, edits));
}
