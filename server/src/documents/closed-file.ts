import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Check } from './checker';
import type { ServerContext } from '../session/context';
import { parentUri } from '../lsp/uri';
import type { Scope } from '../session/scopes';

/** A character of a text takes at most so many bytes: a larger file is over the limit whatever it holds. What is under it, the engine judges. */
const maxBytesPerUnit = 3;

/** A file on disk; `problem` says why there is no text of it and goes on from its name; `null`: it does not exist. */
export type ClosedFile =
  { readonly document: TextDocument; readonly problem: null } | { readonly document: null; readonly problem: string | null };

/** Reads a file that no editor has open. */
export async function readClosedFile({ files }: ServerContext, uri: string, scope: Scope): Promise<ClosedFile> {
  const root = scope.folder ?? scope.base ?? parentUri(uri);
  if (root === null) return { document: null, problem: 'is not in a directory' };
  const read = await files.read(uri, { root, maxBytes: (scope.config.maxFileSize ?? scope.settings.maxFileSize) * maxBytesPerUnit });
  return read.text === null
    ? { document: null, problem: read.problem }
    : { document: TextDocument.create(uri, '', 0, read.text), problem: null };
}

/** Checks such a file with all that its folder says of other files: the first file to ask starts the reading of the others. */
export async function checkClosedFile({ checker, facts }: ServerContext, document: TextDocument, scope: Scope): Promise<Check> {
  const first = checker.once(document, scope);
  await facts.settled(scope);
  return checker.isFresh(first) ? first : checker.once(document, scope);
}
