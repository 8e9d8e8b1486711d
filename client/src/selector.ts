import type * as vscode from 'vscode';

/** Languages whose documents may be ours. Whether one is, the server decides by its content. `helm` and `github-actions-workflow` come from other extensions. */
export const languages = ['dockerfile', 'yaml', 'dockercompose', 'helm', 'github-actions-workflow'] as const;

/** For `vscode.languages` and the language client alike. No scheme: remote, virtual and unsaved documents count as well. */
export const documentSelector = languages.map(language => ({ language }));

/** Documents that show another version of a file or the output of a program: findings there would be noise, and nobody can fix them. */
const foreignSchemes = new Set([
  'git',
  'gitfs',
  'review',
  'output',
  'vscode-scm',
  'chat-editing-text-model',
  'bulkhead-hardened',
  'bulkhead-elsewhere',
  'bulkhead-snippet',
  'bulkhead-info',
  'bulkhead-page',
]);

/** Whether documents of this address are never checked. */
export function isForeign(uri: vscode.Uri): boolean {
  return foreignSchemes.has(uri.scheme);
}

/** Whether a document is given to the server. Takes any open document. */
export function isCandidate(document: vscode.TextDocument): boolean {
  return languages.some(language => language === document.languageId) && !isForeign(document.uri);
}
