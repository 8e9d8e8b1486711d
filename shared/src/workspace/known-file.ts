import { baseName, kindOfName } from './source/names';
import { splitDocuments } from '../syntax/yaml/split';
import { emptyFacts } from './fact-kind';
import { keepSketches, restoreSketches, type KeptBody, type KeptFile, type Sketches } from './kept-file';
import { sketchObjects } from './sketch';
import type { FileFacts } from './types';

/** A piece of a file that is parsed by itself. */
export interface Piece extends Sketches {
  readonly base: number;
  readonly end: number;
  /** Whether its facts are in the index, or among those that were kept. */
  state: 'unread' | 'kept' | 'loaded';
}

/** A file as far as it is known. */
export interface Known extends Sketches {
  pieces: readonly Piece[] | null;
  facts: FileFacts;
  /** Whether all its facts are in the index, or there will never be any. */
  loaded: boolean;
  /** What an earlier index knew, as far as nobody has asked for it yet: the head when it is first looked at, the body when a search comes upon it. */
  keptHead: KeptFile['head'] | null;
  keptBody: KeptFile['body'] | null;
  /** Facts of pieces that are `kept`. */
  keptFacts: FileFacts;
  /** `nothing` is known that was not kept; `foreign`: what is known is not of the file's own text. */
  news: 'nothing' | 'something' | 'foreign';
}

/** The pieces of a text. */
export function piecesOf(path: string, text: string): readonly Piece[] {
  const chunks = kindOfName(baseName(path)).kind === 'yaml' ? splitDocuments(text) : [{ base: 0, text }];
  return chunks.map(({ base, text: part }) => ({
    base,
    end: base + part.length,
    objects: sketchObjects(path, part, true),
    builds: null,
    gap: null,
    state: 'unread',
  }));
}

/** What is known of a file at first. */
export function createKnown(kept: KeptFile | null): Known {
  return {
    objects: null,
    builds: null,
    gap: null,
    pieces: null,
    facts: emptyFacts,
    loaded: false,
    keptHead: kept && kept.head,
    keptBody: kept && kept.body,
    keptFacts: emptyFacts,
    news: 'nothing',
  };
}

/** Takes up the pieces that were kept. */
export function restorePieces(known: Known): readonly Piece[] | null {
  const body = known.keptBody?.() ?? null;
  known.keptBody = null;
  known.keptFacts = body?.facts ?? emptyFacts;
  return (
    body &&
    body.pieces.map(({ base, end, read, ...head }) => ({
      ...restoreSketches(head),
      base,
      end,
      state: read ? ('kept' as const) : ('unread' as const),
    }))
  );
}

/** What is known of a file beside its sketches, as plain data; `null`: nothing. */
export function keepBody({ keptBody, pieces, facts, keptFacts }: Known): KeptBody | null {
  if (keptBody) return keptBody();
  return (
    pieces && {
      pieces: pieces.map(piece => ({ ...keepSketches(piece), base: piece.base, end: piece.end, read: piece.state !== 'unread' })),
      facts: [...facts, ...keptFacts],
    }
  );
}
