import { CompletionItemKind, MarkupKind, type CancellationToken, type CompletionItem, type CompletionParams } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { configSchema, type Json } from '../../../shared/src/index';
import { isConfigUri } from '../session/config-files';
import { checkedDocument, type ServerContext } from '../session/context';
import { isWanted } from '../documents/documents';
import { configContext, referredTo, schemaAt, type SchemaNode } from './config-context';
import { directiveContext, linePrefix } from './directives';
import { knownValues } from './known-values';

/** What starts completion by itself, beside letters. */
export const completionTriggers = [' ', ',', '/', ':', '@'];

/** Offers rules in directives; keys, rules and words in configuration files; what is known better here than by a schema. The host languages have their own extensions. */
export async function completion(context: ServerContext, params: CompletionParams, token: CancellationToken): Promise<CompletionItem[]> {
  const { uri } = params.textDocument;
  const document = context.documents.get(uri);
  if (!document || !isWanted(uri)) return [];
  const { text: prefix } = linePrefix(document, params.position);
  const directive = directiveContext(prefix);
  if (isConfigUri(uri)) return directive ? [] : configItems(context, document, params, prefix);
  const checked = await checkedDocument(context, uri, token);
  if (!checked?.check.result?.checked) return [];
  if (!directive) return knownValues(context, checked, params, prefix);
  const { family } = checked.check.result;
  const range = wordRange(params, directive.word);
  if (directive.expects === 'name') {
    return ['bulkhead-ignore', 'bulkhead-ignore-file'].map(name => ({
      label: name,
      kind: CompletionItemKind.Keyword,
      textEdit: { range, newText: `${name} ` },
    }));
  }
  const found = new Set(checked.check.findings.map(finding => finding.rule));
  return context.engine.rules
    .filter(rule => rule.family === family)
    .map(rule => ({
      label: rule.id,
      detail: context.words.ruleTitle(rule.id),
      kind: CompletionItemKind.EnumMember,
      // rules that have findings here come first
      sortText: `${found.has(rule.id) ? 0 : 1}${rule.id}`,
      textEdit: { range, newText: rule.id },
    }));
}

function wordRange(
  { position }: CompletionParams,
  word: string,
): { start: CompletionParams['position']; end: CompletionParams['position'] } {
  return { start: { line: position.line, character: position.character - word.length }, end: position };
}

const schemas = new WeakMap<ServerContext, SchemaNode>();

function configItems(context: ServerContext, document: TextDocument, params: CompletionParams, prefix: string): CompletionItem[] {
  let schema = schemas.get(context);
  if (!schema) schemas.set(context, (schema = configSchema(context.engine.rules)));
  const place = configContext(document.getText().split(/\r?\n/), params.position.line, prefix);
  if (!place) return [];
  const range = wordRange(params, place.word);
  const item = (label: string, kind: CompletionItemKind, newText: string, description: Json | undefined): CompletionItem => ({
    label,
    kind,
    textEdit: { range, newText },
    ...(typeof description === 'string' && {
      documentation: context.support.markdownCompletion ? { kind: MarkupKind.Markdown, value: description } : description,
    }),
  });
  const nodes = schemaAt(schema, place.path);
  if (place.expects === 'value') {
    const words = nodes.flatMap(node => (Array.isArray(node['enum']) ? (node['enum'] as readonly string[]) : []));
    return [...new Set(words)].map(word => item(word, CompletionItemKind.EnumMember, word, undefined));
  }
  return nodes.flatMap(node =>
    Object.entries((node['properties'] ?? {}) as Record<string, SchemaNode>).map(([key, shared]) => {
      const property = referredTo(schema, shared);
      return item(key, CompletionItemKind.Property, opensBlock(property) ? `${key}:` : `${key}: `, property['description']);
    }),
  );
}

/** Whether a value goes on the lines below its key. */
function opensBlock({ type }: SchemaNode): boolean {
  return type === 'object' || type === 'array';
}
