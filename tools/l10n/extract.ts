import { readFileSync, readdirSync } from 'node:fs';
import ts from 'typescript';
import { phraseKey } from '../../shared/src/base/text/phrases';
import { root } from '../rules/files';
import { filesOfEditor } from './reach';

/** Which program shows a text: the command line alone, the server of an editor, or the client in VS Code. */
export type Surface = 'cli' | 'editor' | 'client';

/** Members whose texts a person reads: of specifications of commands, and of what went wrong. */
const helpMembers: ReadonlySet<string> = new Set(['help', 'summary', 'notes', 'hint']);
const messageMembers: ReadonlySet<string> = new Set(['message', 'reason', 'why', 'problem', 'detail', 'instead', 'note']);
/** What is called with a text that a person reads. */
const messageCalls =
  /^(?:UsageError|InputError|trusted|fail|failed|refuse|refused|failure|unread|wrong|unusable|complain|problem|reader\.\w+|text|suffix)$/;

/** Formats that programs read, what agents read, and what has keys of its own. */
const forPrograms =
  /\/(?:json|sarif|gitlab|github|junit|rdjson|attestations)\.ts$|^server\/src\/(?:agents\/|cli\/(?:mcp\/|hook)|lsp\/say)|posture\/html-style|^shared\/src\/(?:syntax|families|engine\/(?!config)|services\/(?:convert|writers))/;

const withoutPlaces = (key: string): string =>
  key
    .replace(/\{\d+\}/g, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/`[^`]*`/g, ' ')
    .replace(/--[a-z-]+/g, ' ');

/** Whether a text that is meant for people says something: letters remain without its places, markup and code. */
export const isProse = (key: string): boolean =>
  /[A-Za-z]{2}/.test(withoutPlaces(key)) && !/^(?:null|true|false|bulkhead [a-z-. {}\d]*|command:.*|class=.*|ContainerUser)$/.test(key);

/** Whether a literal of which that is not known is a text: words with blanks between them. */
const isSentence = (key: string): boolean =>
  /[a-z]{2,}[;,:]? (?:\S+ )*["({]?[A-Za-z]{2,}/.test(` ${withoutPlaces(key)} `.replace(/ +/g, ' ')) ||
  /^[a-z;]+ .*\{0\}|\{0\}.* [a-z]{2,}/.test(key);

/** The literals that an expression may come to, places numbered. */
function literalsOf(node: ts.Expression): readonly string[] {
  if (ts.isStringLiteralLike(node)) return [node.text.trim()];
  if (ts.isTemplateExpression(node))
    return [
      phraseKey([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)]),
      ...node.templateSpans.flatMap(({ expression }) => literalsOf(expression)),
    ];
  if (ts.isConditionalExpression(node)) return [...literalsOf(node.whenTrue), ...literalsOf(node.whenFalse)];
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) return literalsOf(node.expression);
  if (ts.isBinaryExpression(node)) return [...literalsOf(node.left), ...literalsOf(node.right)];
  return [];
}

function piecesOf({ template }: ts.TaggedTemplateExpression): readonly string[] {
  return 'text' in template ? [template.text] : [template.head.text, ...template.templateSpans.map(({ literal }) => literal.text)];
}

/** Names that are ids in data and words where a person reads them. */
const namedWords = [
  ...['error', 'warning', 'hint'].flatMap(word => [word, `{0} ${word}`, `{0} ${word}s`]),
  ...['info', 'safe', 'review', 'attended', 'manual'],
  // between the parts of a list
  ', ',
  // what follows the page of a rule
  ...['Severity: {0}', 'Profile: {0}', 'Category: {0}', 'In other tools: {0}', 'Read more: {0}'],
];

/** The literals of a type of columns. */
function columnsOf(node: ts.TypeNode): readonly string[] {
  if (ts.isUnionTypeNode(node)) return node.types.flatMap(columnsOf);
  if (ts.isParenthesizedTypeNode(node)) return columnsOf(node.type);
  return ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal) ? [node.literal.text] : [];
}

/** Their lines: a paragraph of a help is looked up by itself. */
function linesOf(node: ts.Expression): readonly string[] {
  const isComposed = /^\{\d+\}$/;
  return literalsOf(node).flatMap(text => text.split('\n').filter(line => !isComposed.test(line)));
}

/** The name of what is called, without what it is a member of. */
function calledName(node: ts.Expression): string {
  return ts.isIdentifier(node) ? node.text : ts.isPropertyAccessExpression(node) ? `${calledName(node.expression)}.${node.name.text}` : '';
}

/** What a node of the client gives to translate: itself, not what is in it. */
function textsOfClient(node: ts.Node): readonly string[] {
  const isCall = ts.isCallExpression(node) && /(?:^|\.)l10n\.t$/.test(calledName(node.expression));
  return isCall && node.arguments[0] ? literalsOf(node.arguments[0]) : [];
}

/** The same of the rest. */
function textsOfNode(node: ts.Node): readonly string[] {
  if (ts.isTaggedTemplateExpression(node) && calledName(node.tag) === 'masked') return [phraseKey(piecesOf(node))].filter(isProse);
  if ((ts.isCallExpression(node) || ts.isNewExpression(node)) && node.arguments?.[0]) {
    const name = calledName(node.expression);
    if (/^(?:plain|row|words)$/.test(name)) return literalsOf(node.arguments[0]).filter(isProse);
    if (name === 'plural' && node.arguments[1]) return literalsOf(node.arguments[1]).flatMap(noun => [`{0} ${noun}`, `{0} ${noun}s`]);
    if (messageCalls.test(name)) return node.arguments.flatMap(argument => literalsOf(argument)).filter(isSentence);
  }
  // paragraphs that several commands have
  if (ts.isVariableDeclaration(node) && node.initializer && ts.isStringLiteralLike(node.initializer))
    return linesOf(node.initializer).filter(isSentence);
  if (ts.isTypeAliasDeclaration(node) && node.name.text === 'Column') return columnsOf(node.type).filter(isProse);
  if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name)) {
    if (helpMembers.has(node.name.text)) return linesOf(node.initializer).filter(text => text.includes(' '));
    if (messageMembers.has(node.name.text)) return literalsOf(node.initializer).filter(isSentence);
  }
  return [];
}

/** The texts of a program's source, each once, in its order. */
export function textsOf(source: string, surface: Surface): readonly string[] {
  const texts = new Set<string>();
  const visit = (node: ts.Node): void => {
    for (const text of surface === 'client' ? textsOfClient(node) : textsOfNode(node)) texts.add(text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, false));
  return [...texts];
}

/** The texts of all files, by who shows them; what the command line and the editor show is the editor's. */
export function extractAll(): Readonly<Record<Surface, readonly string[]>> {
  return (extracted ??= readAll());
}

/** The source stays as it is while a tool runs. */
let extracted: Readonly<Record<Surface, readonly string[]>> | null = null;

function readAll(): Readonly<Record<Surface, readonly string[]>> {
  const inEditor = filesOfEditor();
  const found: Record<Surface, Set<string>> = { cli: new Set(), editor: new Set(), client: new Set() };
  for (const folder of ['shared/src', 'server/src', 'client/src']) {
    for (const name of readdirSync(root + folder, { recursive: true, encoding: 'utf8' }).sort()) {
      const path = `${folder}/${name.replace(/\\/g, '/')}`;
      if (!path.endsWith('.ts') || forPrograms.test(path)) continue;
      const surface = folder === 'client/src' ? 'client' : inEditor.has(path) ? 'editor' : 'cli';
      for (const text of textsOf(readFileSync(root + path, 'utf8'), surface)) found[surface].add(text);
    }
  }
  for (const word of namedWords) found.editor.add(word);
  for (const text of found.editor) found.cli.delete(text);
  return { cli: [...found.cli].sort(), editor: [...found.editor].sort(), client: [...found.client].sort() };
}
