import { ofLastText } from '../../base/text/last-text';
import { parseStream } from '../../syntax/yaml/parse';
import { splitDocuments } from '../../syntax/yaml/split';
import type { YamlDocument, YamlNode } from '../../syntax/yaml/types';
import { mapOf, stringOf } from '../../syntax/yaml/values';
import type { DocumentHead } from './document-head';
import { quickHead } from './quick-head';

/** The head of a document that is parsed. */
export function headOf({ root }: YamlDocument): DocumentHead {
  const map = mapOf(root);
  const first = root?.kind === 'sequence' ? mapOf(root.items[0]) : null;
  return {
    keys: map?.members().map(({ name }) => name) ?? [],
    apiVersion: stringOf(map?.get('apiVersion')),
    kind: stringOf(map?.get('kind')),
    sequence: root?.kind === 'sequence',
    itemKey: first?.entries[0]?.name ?? null,
  };
}

/** A document's head, and the document itself for whoever wants to know more. */
export interface SketchedDocument {
  readonly head: DocumentHead;
  readonly content: () => YamlNode | null;
}

/** Parses a piece of a stream. */
export type ParsePiece = (piece: string) => readonly YamlDocument[];

const parseAlone: ParsePiece = piece => parseStream(piece, new Map()).map(({ document }) => document);

/**
 * Goes through the documents of a stream that have content. Nothing is parsed whose head tells by a look at its lines what it is; where it is written
 * otherwise than people and programs write it, the parser decides. Lazy: stop when you know enough.
 */
export function* headsOf(text: string, parse: ParsePiece = parseAlone): Generator<SketchedDocument, void, void> {
  for (const piece of piecesOf(text)) {
    const head = (piece.head ??= { is: quickHead(piece.text) }).is;
    if (head === 'odd') for (const document of parse(piece.text)) yield { head: headOf(document), content: () => document.root };
    else if (head) yield { head, content: () => parse(piece.text)[0]?.root ?? null };
  }
}

/** Of a file that nobody claims heads are asked for twice. */
const piecesOf = ofLastText((text: string): readonly { readonly text: string; head?: { readonly is: ReturnType<typeof quickHead> } }[] =>
  splitDocuments(text).map(piece => ({ text: piece.text })),
);
