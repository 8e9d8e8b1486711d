import * as vscode from 'vscode';
import { HoverRequest, type BaseLanguageClient, type Hover } from 'vscode-languageclient';
import type { HoverPages } from '../../shared/src/output/protocol/docs';
import { commands as serverCommands } from '../../shared/src/output/protocol/messages';
import type { ScanImagesParams } from '../../shared/src/output/protocol/scan';
import { did } from './getting-started';
import { pageUri, type Pages } from './pages';

/** Findings with a code that opens the page of their rule. The editor runs no command for a code, but opens a document. */
export async function linkCodes(findings: readonly vscode.Diagnostic[], pages: Pages): Promise<void> {
  const known = await pages.known();
  for (const item of findings) {
    if (typeof item.code === 'string' && known.has(item.code)) item.code = { value: item.code, target: pageUri(item.code) };
  }
}

/**
 * The server's hover with a part of its own for the links to pages. What quotes files (messages, names) stands in the first part, which the editor trusts
 * to run nothing; the second is made of known rule ids and places alone.
 */
export async function hoverWithLinks(
  client: BaseLanguageClient,
  pages: Pages,
  document: vscode.TextDocument,
  position: vscode.Position,
  token: vscode.CancellationToken,
): Promise<vscode.Hover | null | undefined> {
  const params = client.code2ProtocolConverter.asTextDocumentPositionParams(document, position);
  let answer: (Hover & HoverPages) | null;
  try {
    answer = await client.sendRequest(HoverRequest.type, params, token);
  } catch (error) {
    return client.handleFailedRequest(HoverRequest.type, token, error, null);
  }
  if (token.isCancellationRequested || answer === null) return null;
  const hover = client.protocol2CodeConverter.asHover(answer);
  const known = await pages.known();
  const rules = (answer.pages ?? []).filter(rule => known.has(rule));
  if (rules.length > 0) did('finding');
  const links = [...rules.map(linkTo), ...(answer.lookUp ? [lookUpLink(answer.lookUp)] : [])];
  if (links.length > 0) hover.contents.push(trustedLinks(links));
  return hover;
}

const linkCommands = ['bulkhead.explainRule', serverCommands.lookUpImages];

/** Links that run commands with rules of ours, and places, and nothing else. */
function trustedLinks(links: readonly string[]): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString(links.join(' · '));
  markdown.isTrusted = { enabledCommands: linkCommands };
  return markdown;
}

function linkTo(rule: string): string {
  return `[${vscode.l10n.t('Documentation for {0}', rule)}](command:bulkhead.explainRule?${argumentOf(rule)})`;
}

function lookUpLink(image: ScanImagesParams): string {
  return `[${vscode.l10n.t('Look Up Image')}](command:${serverCommands.lookUpImages}?${argumentOf(image)})`;
}

/** An argument as the address of a link has it: a parenthesis, which names of files may have, would end that. */
function argumentOf(value: unknown): string {
  return encodeURIComponent(JSON.stringify([value]))
    .replaceAll('(', '%28')
    .replaceAll(')', '%29');
}
