import * as vscode from 'vscode';

/** Languages whose documents may be ours. Whether one is, the server decides by its content. `helm` and `github-actions-workflow` come from other extensions. */
const languages = ['dockerfile', 'yaml', 'dockercompose', 'helm', 'github-actions-workflow'];

/** Languages that hold commands now and then: one with the word for a container in it starts the server, any other waits for it. */
const scripts = ['shellscript', 'makefile', 'markdown'];

/** No scheme: remote, virtual and unsaved documents count as well. Units of systemd go by their name, since no language is theirs. */
export const documentSelector = [...[...languages, ...scripts].map(language => ({ language })), { pattern: '**/*.service' }];

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
  return vscode.languages.match(documentSelector, document) > 0 && !isForeign(document.uri);
}

/** Whether a document is a reason to start the server: a script is one only if it says so, in its first megabyte. */
export function needsServer(document: vscode.TextDocument): boolean {
  if (!isCandidate(document)) return false;
  return languages.includes(document.languageId) || /\b(?:docker|podman|nerdctl)\b/.test(document.getText().slice(0, 1 << 20));
}
