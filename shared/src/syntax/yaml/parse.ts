import type { Comment } from '../../base/text/comment';
import { Composer, Parser } from 'yaml';
import type { CST, Document } from 'yaml';
import { budgets } from '../../base/limits/budgets';
import type { Range } from '../../base/text/range';
import { buildTree } from './build';
import { joinLines, mayBeLessIndented } from './closing';
import { conditionsOf } from './conditions';
import type { DocumentCache } from './document-cache';
import { maskTemplate, type MaskedText, plainText } from './mask';
import { readPlain } from './plain';
import { scanTokens } from './scan';
import { splitDocuments, type TextChunk } from './split';
import { reparse } from './reparse';
import { branchesOf, openByActions } from './template';
import type { YamlChunk, YamlDocument, YamlProblem, YamlShortfall } from './types';

/** What the composer is called with. Equal keys are looked for by us: the library's check is quadratic. */
export const parseOptions = { keepSourceTokens: true, prettyErrors: false, uniqueKeys: false, logLevel: 'silent' } as const;

/** More syntax errors than this are not kept: nobody reads them, and binary files have one per character. */
const mostProblems = 100;

/**
 * What ends lines for the parsers of Kubernetes, Compose and the forges, and is text for ours: a carriage return alone, as YAML has it, and the breaks of YAML 1.1.
 */
const otherBreaks = /\r(?!\n)|[\x85\u2028\u2029]/g;

/** A byte order mark in front of a document, which may stand behind its marker. */
const orderMark = /^((?:---[ \t]*(?:#[^\n]*)?\n)?(?:#[^\n]*\n|[ \t]*\n)*)\uFEFF/;

/** Whether lines of a text end otherwise than anybody writes them: what is inserted behind a line feed may then stand in the middle of something. */
export function hasOtherBreaks(text: string): boolean {
  return ['\x85', '\u2028', '\u2029'].some(sign => text.includes(sign)) || (text.includes('\r') && /\r(?!\n)/.test(text));
}

/** A text as the library is to read it, at equal length: with line feeds at the ends of all lines. A byte order mark, which it counts as a column, becomes one, too. */
function legible(text: string): string {
  const lines = hasOtherBreaks(text) ? text.replace(otherBreaks, '\n') : text;
  return lines.includes('\uFEFF') ? lines.replace(orderMark, '$1\n') : lines;
}

/** A document of which nothing could be read. */
function problemDocument(text: string, range: Range, code: string, message: string, id: YamlShortfall['id'] = 'unparsed'): YamlDocument {
  const shortfalls = [{ id, range, count: 1 }];
  return { text, root: null, problems: [{ range, code, message }], comments: [], templated: false, shortfalls, memo: new Map() };
}

/**
 * Parses the text of one document. Never throws: what is wrong stands in `problems`, and `root` holds the healthy part. Template actions
 * are masked at equal length, but in what is known to be data. Of a text with several documents the first that has content is taken; `parseStream` gives them all.
 */
export function parseDocument(text: string, isData = false): YamlDocument {
  const documents = parseAll(text, 0, isData);
  return documents.find(hasContent) ?? documents[0] ?? { text, root: null, problems: [], comments: [], templated: false, memo: new Map() };
}

/**
 * Parses a file document by document. Documents without content are left out. `cache` holds documents by their text: an edit to one
 * document leaves the others as they are. The ranges of a document are relative to its `base`. `wanted` says which pieces of the stream are parsed at all.
 */
export function parseStream(
  text: string,
  cache: DocumentCache,
  wanted: (piece: TextChunk) => boolean = () => true,
  isData = false,
): readonly YamlChunk[] {
  const chunks: YamlChunk[] = [];
  const add = (document: YamlDocument, base: number): void => {
    if (hasContent(document)) chunks.push({ document, base, index: chunks.length });
  };
  for (const piece of splitDocuments(text)) {
    if (!wanted(piece)) continue;
    const { base, text: part } = piece;
    const known = cache.get(part);
    if (known) {
      add(known, base);
      continue;
    }
    const documents = parseAgain(part, cache) ?? parseAll(part, 0, isData);
    if (documents.length === 1) cache.set(part, documents[0]!);
    for (const document of documents) add(document, base);
  }
  return chunks;
}

function hasContent(document: YamlDocument): boolean {
  return document.root !== null || document.problems.length > 0;
}

/** The document of a text that differs little from one that is kept; `null` where it has to be read as a whole. */
function parseAgain(text: string, cache: DocumentCache): readonly YamlDocument[] | null {
  const before = cache.nearest?.(text);
  if (!before || text.includes('\0') || hasOtherBreaks(text) || maskTemplate(text).templated) return null;
  const document = reparse(before, text, (block, depth) => {
    const [only, more] = parseAll(block, depth);
    return only && !more ? only : null;
  });
  return document && [document];
}

/** All documents of a text; their ranges are offsets in that text. `outside`: how many collections stand around it. */
function parseAll(source: string, outside = 0, isData = false): readonly YamlDocument[] {
  const nul = source.indexOf('\0');
  if (nul >= 0) return [problemDocument(source, { start: nul, end: nul + 1 }, 'BINARY', 'This is not text: it holds a NUL character')];
  const masked = isData ? plainText(source) : maskTemplate(source);
  const input: Input = { ...masked, written: source, read: legible(masked.text) };
  const documents = parseMasked(input, outside);
  if (!documents.some(({ problems }) => mayBeLessIndented(problems))) return documents;
  const joined = joinLines(input.read);
  const again = joined === null ? documents : parseMasked({ ...input, read: joined }, outside);
  return again.every(({ problems }) => problems.every(({ code }) => code === 'DUPLICATE_KEY')) ? again : documents;
}

/** A text with template actions masked, as it is written, and as the parser reads it: all have one length. */
interface Input extends MaskedText {
  readonly written: string;
  readonly read: string;
}

/** The documents of an input. Never throws. */
function parseMasked(input: Input, outside: number): readonly YamlDocument[] {
  const { text, read, templated } = input;
  try {
    const plain = read === text ? readPlain(text, outside) : null;
    if (plain) return [finish(input, plain, [])];
    const tokens: CST.Token[] = [];
    for (const token of new Parser().parse(read)) tokens.push(token);
    const { tooDeep, comments } = scanTokens(read, tokens, outside);
    if (tooDeep >= 0) {
      const range = { start: tooDeep, end: Math.min(tooDeep + 1, text.length) };
      return [problemDocument(text, range, 'TOO_DEEP', `Collections nest deeper than ${budgets.yamlDepth} levels`, 'depth')];
    }
    const documents: Document.Parsed[] = [];
    withoutStacks(() => {
      for (const document of new Composer(parseOptions).compose(tokens)) documents.push(document);
    });
    if (documents.length === 0) return [{ text, root: null, problems: [], comments, templated, memo: new Map() }];
    return documents.map((document, index) => {
      const own = documents.length === 1 ? comments : commentsOf(documents, index, comments);
      const { root, problems, shortfalls, nodes, anchored } = buildTree(read, document.contents);
      return finish(
        input,
        { root, problems, comments: own, nodes, ...(anchored && { anchored }), ...(shortfalls.length > 0 && { shortfalls }) },
        document.errors,
      );
    });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [problemDocument(text, { start: 0, end: 0 }, 'UNREADABLE', message)];
  }
}

/** Each thing that the library objects to is an `Error`: of 50,000 of them nobody reads the stacks, which cost twenty times the parse. */
function withoutStacks(compose: () => void): void {
  const errors = Error as { stackTraceLimit?: number };
  const usual = errors.stackTraceLimit;
  errors.stackTraceLimit = 0;
  try {
    compose();
  } finally {
    if (usual === undefined) delete errors.stackTraceLimit;
    else errors.stackTraceLimit = usual;
  }
}

function commentsOf(documents: readonly Document.Parsed[], index: number, comments: readonly Comment[]): readonly Comment[] {
  const start = index === 0 ? 0 : documents[index]!.range[0];
  const end = index + 1 < documents.length ? documents[index + 1]!.range[0] : Infinity;
  return comments.filter(comment => comment.range.start >= start && comment.range.start < end);
}

/** What was read of a document: its tree, and what is wrong with it beyond its syntax. */
type Content = Pick<YamlDocument, 'root' | 'problems' | 'comments' | 'nodes' | 'anchored' | 'shortfalls'>;

function finish(input: Input, content: Content, errors: Document.Parsed['errors']): YamlDocument {
  const { text, written, read, templated, actions, versioned } = input;
  const { root, problems: wrong, comments, ...limits } = content;
  const loose = read !== text && read.slice(1) !== text.slice(1);
  const more = { ...limits, ...(loose && ({ loose } as const)) };
  const problems: YamlProblem[] = [];
  for (const { pos, code, message } of errors) {
    if (problems.length >= mostProblems) break;
    const start = Math.min(Math.max(pos[0], 0), text.length);
    problems.push({ range: { start, end: Math.min(Math.max(pos[1], start), text.length) }, code, message });
  }
  if (!templated)
    return { text, root, problems: problems.concat(wrong.slice(0, mostProblems)), comments, templated, memo: new Map(), ...more };
  // Two branches of an `if` may hold one key, and a masked line may stand where blanks are not allowed.
  const real = problems.filter(
    ({ range, message }) =>
      !message.startsWith('Block scalars with more-indented') &&
      !actions.some(action => action.start < range.end && range.start < action.end),
  );
  const { root: marked, open } = openByActions(text, root, actions);
  const branches = branchesOf(actions);
  const conditions = conditionsOf(actions);
  const own = { templated, written, versioned, open, branches, conditions };
  return { text, root: marked, problems: real, comments, ...own, memo: new Map(), ...more };
}
