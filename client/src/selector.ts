import * as vscode from 'vscode';
import { mayBeOurs } from '../../shared/src/output/protocol/sniff';

/** Languages whose documents may be ours. Whether one is, the server decides by its content. `helm` and `github-actions-workflow` come from other extensions. */
const languages = ['dockerfile', 'yaml', 'dockercompose', 'helm', 'github-actions-workflow'];

/** Languages that hold commands now and then. */
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

/** Whether a document is a reason to start the server: YAML, a script or a page is one only if its text may be ours. */
export function needsServer(document: vscode.TextDocument): boolean {
  const { languageId, uri } = document;
  const isYaml = languageId === 'yaml';
  if (!isCandidate(document)) return false;
  return (languages.includes(languageId) && !isYaml) || mayBeOurs(uri.path, document.getText(), isYaml);
}
