import type * as vscode from 'vscode';

/** Languages whose documents may be ours. Whether one is, the server decides by its content. `helm` and `github-actions-workflow` come from other extensions. */
export const languages = ['dockerfile', 'yaml', 'dockercompose', 'helm', 'github-actions-workflow'] as const;

/** Languages of scripts that may run containers: they start nothing, and are read once the server runs for another file. */
const scripts = ['shellscript', 'makefile'];

const selectorOf = (ids: readonly string[]): { language: string }[] => ids.map(language => ({ language }));

/** For `vscode.languages`. No scheme: remote, virtual and unsaved documents count as well. */
export const statusSelector = selectorOf([...languages, ...scripts]);

/** For the language client: pages of Markdown too, whose examples are hints at most. Units of systemd go by their name, since no language is theirs. */
export const documentSelector = [...selectorOf([...languages, ...scripts, 'markdown']), { pattern: '**/*.service' }];

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
  return statusSelector.some(({ language }) => language === document.languageId) && !isForeign(document.uri);
}
