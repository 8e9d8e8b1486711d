import { emptyFacts } from './fact-kind';
import type { FactStore } from './fact-tables';
import { restoreSketches, type KeptFile } from './kept-file';
import { createKnown, piecesOf, restorePieces, type Known } from './known-file';
import type { Search } from './search';
import type { FileFacts } from './types';

/** Where an index gets what it is asked for. Paths are those of the index. */
export interface FactSource {
  /** The files that may have facts, and whether these are all that the folder has. */
  readonly files: () => { readonly paths: readonly string[]; readonly complete: boolean };
  /** The text of a file; `null` where it cannot be read. */
  readonly text: (path: string) => string | null;
  /** The facts of a text; of a YAML stream those of the pieces that are wanted. */
  readonly facts: (path: string, text: string, wanted: (piece: { readonly base: number }) => boolean) => FileFacts;
  /** The text of a program, of which `files` knows nothing; `null` where there is none. Absent: no programs are read. */
  readonly program?: (path: string) => string | null;
  /** Whether a file is at a path, or a folder with more in it than what keeps it. */
  readonly holds?: (path: string) => boolean;
  /** What an earlier index has learned of the very text that a file has; absent or `null`: nothing. */
  readonly kept?: (path: string) => KeptFile | null;
}

/** The files of a folder, each read as far as somebody has looked for something in it. */
export interface ListedFiles {
  readonly all: ReadonlyMap<string, Known>;
  /** Those that somebody has asked for: they are not listed for this. */
  readonly listed: ReadonlyMap<string, Known>;
  /** Whether these are all that the folder has. */
  isWhole(): boolean;
  /** Whether no text was asked for in vain. */
  isReadable(): boolean;
  /** Sketches a file for a search; gives the text where it was read for that. */
  sketch(path: string, known: Known, search: Pick<Search, 'sketch' | 'isSketched'>): string | null;
  /** Reads what a file has of something; tells whether that was news. */
  read(path: string, known: Known, search: Search): boolean;
  /** Puts facts in the place of those that a file has. */
  put(path: string, known: Known | undefined, facts: FileFacts): void;
}

/** Takes up the facts that were kept: they come all at once, since they cost nothing. */
function takeKept(known: Known): FileFacts {
  const { keptFacts, pieces } = known;
  known.keptFacts = emptyFacts;
  for (const piece of pieces ?? []) if (piece.state === 'kept') piece.state = 'loaded';
  return keptFacts;
}

function learn(known: Known): void {
  if (known.news === 'nothing') known.news = 'something';
}

/** The files that a source lists; what is read of them goes to a store. */
export function createListedFiles(source: FactSource, store: FactStore): ListedFiles {
  let listed: { readonly files: ReadonlyMap<string, Known>; readonly complete: boolean } | null = null;
  let isUnreadable = false;
  const list = (): NonNullable<typeof listed> => {
    if (listed) return listed;
    const { paths, complete } = source.files();
    return (listed = { files: new Map(paths.map(path => [path, createKnown(source.kept?.(path) ?? null)])), complete });
  };
  const textOf = (path: string, known: Known): string | null => {
    const text = source.text(path);
    if (text !== null) return text;
    isUnreadable = true;
    known.loaded = true;
    return null;
  };
  const put: ListedFiles['put'] = (path, known, facts) => {
    if (known) known.facts = facts;
    store.set(path, facts);
  };
  const sketch: ListedFiles['sketch'] = (path, known, search) => {
    if (known.keptHead) {
      Object.assign(known, restoreSketches(known.keptHead()));
      known.keptHead = null;
    }
    if (known.loaded || search.isSketched(known)) return null;
    const text = textOf(path, known);
    if (text !== null) {
      search.sketch(path, known, text);
      learn(known);
    }
    return text;
  };
  return {
    get all() {
      return list().files;
    },
    get listed() {
      return listed?.files ?? new Map<string, Known>();
    },
    isWhole: () => list().complete,
    isReadable: () => !isUnreadable,
    sketch,
    read: (path, known, search) => {
      let text = sketch(path, known, search);
      if (known.loaded || !search.file(known)) return false;
      const whole = (): string => (text ??= textOf(path, known)) ?? '';
      const pieces = (known.pieces ??= restorePieces(known) ?? piecesOf(path, whole()));
      const found = pieces.filter(
        piece => piece.state !== 'loaded' && search.piece(piece, path, () => whole().slice(piece.base, piece.end)),
      );
      const fresh = found.filter(piece => piece.state === 'unread');
      if (found.length === 0 || (fresh.length > 0 && whole() === '')) return false;
      const facts = [...known.facts, ...(fresh.length < found.length ? takeKept(known) : emptyFacts)];
      if (fresh.length > 0) {
        const bases = new Set(fresh.map(piece => piece.base));
        facts.push(...source.facts(path, whole(), ({ base }) => bases.has(base)));
        for (const piece of fresh) piece.state = 'loaded';
        learn(known);
      }
      known.loaded = pieces.every(piece => piece.state === 'loaded');
      put(path, known, facts);
      return true;
    },
    put,
  };
}
