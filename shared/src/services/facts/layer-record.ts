import type { StartScript } from '../../knowledge/image-files';
import { endOfScript } from '../../workspace/script-facts';
import { decodeUtf8 } from '../registry/bytes';
import { cleanPath, type TarEntry, type TarKind } from './tar';
import { Malformed } from './members';

/** A file of a layer. */
export interface LayerEntry {
  readonly kind: Exclude<TarKind, 'hardlink'>;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly target: string;
  readonly capability: Uint8Array | null;
  /** Of files that say something of users or the system the content, or the beginning of it; `null`: it was not kept. */
  content: Uint8Array | null;
  /** What a script that can be run does at its end; `long`: it was not read to there; `null`: it is none. */
  script: StartScript | 'long' | null;
}

/** What one layer has, and what it hides of those below it. */
export interface LayerRecord {
  readonly entries: ReadonlyMap<string, LayerEntry>;
  /** Paths that are gone, with all below them, in the layers below. */
  readonly removed: ReadonlySet<string>;
  /** Folders of which the layers below show nothing. */
  readonly opaque: ReadonlySet<string>;
  /** Folders that are there by what is in them, and have no entry of their own. */
  readonly implied: ReadonlySet<string>;
  /** Folders that only whiteouts name: some programs make them. */
  readonly ghosts: ReadonlySet<string>;
  /** Paths that programs unpack in more than one way, and all below them. */
  readonly odd: ReadonlySet<string>;
  /** Names in paths that it may have written into the target of a link of a layer below, or replaced the link by; `all`: any. Absent: none. */
  readonly through?: ReadonlySet<string> | 'all';
  /** Why it was not read to its end, as the end of a sentence; `null`: it was. */
  readonly problem: string | null;
  /** Whether its entries came in the order of a walk through folders, in which none comes twice. */
  readonly sorted: boolean;
  /** Whether all of it was read, and hashes to its digest. */
  readonly verified: boolean;
}

/** Collects what a layer has. */
export interface LayerCollector {
  /** Gives how many bytes of its content to keep. */
  readonly add: (entry: TarEntry) => number;
  readonly keep: (entry: TarEntry, bytes: Uint8Array) => void;
  /** What there is so far; it goes on changing. */
  readonly record: Omit<LayerRecord, 'problem' | 'verified'>;
}

/** More entries of a layer are not read. */
const mostEntries = 500_000;
/** Files whose content facts are read from, wherever links may lead. */
const telling = /(?:^|[/-])(?:passwd|group|os-release)$/;
/** So much is kept of a file, so much of all files of a layer. */
const longestContent = 64 << 10;
const longestContents = 8 << 20;

function scriptOf(bytes: Uint8Array): LayerEntry['script'] {
  const text = decodeUtf8(bytes);
  if (text === null) return 'long';
  const { drops, becomes } = endOfScript(text);
  return { interpreter: text.slice(2, 200).split('\n', 1)[0]!.trim(), drops, handsOn: becomes !== null };
}

/** The folder of a path; empty: the root. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** What a whiteout of this name takes away. */
function goneBy(path: string, name: string): string {
  if (name.length === 4) throw new Malformed('it has a whiteout of nothing');
  return path.slice(0, -name.length) + name.slice(4);
}

/** The path by which layers are sorted: a whiteout comes where its file would. */
const orderOf = (path: string, name: string): string =>
  (name.startsWith('.wh.') ? path.slice(0, -name.length) + name.slice(4) : path).replaceAll('/', '\u0001');

type Names = Set<string>;

/** Creates a collector. */
export function createLayerCollector(): LayerCollector {
  const entries = new Map<string, LayerEntry>();
  const [removed, opaque, implied, odd, ghosts] = Array.from({ length: 5 }, () => new Set<string>()) as [Names, Names, Names, Names, Names];
  let kept = 0;
  let last = '';
  let sorted = true;

  const addParents = (path: string, to: Set<string>): void => {
    for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) {
      const above = entries.get(folder);
      // through a link some write into its target, and others replace it
      if (above && above.kind !== 'folder') odd.add(folder);
      if (above || to.has(folder)) return;
      to.add(folder);
    }
  };
  const addWhiteout = (path: string, name: string): void => {
    if (name === '.wh..wh..opq') opaque.add(folderOf(path));
    // of AUFS itself, and part of no image
    if (name.startsWith('.wh..wh.')) return;
    const gone = goneBy(path, name);
    removed.add(gone);
    // what is of the same layer stays by the specification; some take it away
    if (entries.has(gone) || implied.has(gone)) odd.add(gone);
  };
  const put = (path: string, entry: LayerEntry): void => {
    const old = entries.get(path);
    if (entry.kind !== 'folder' && (implied.has(path) || old?.kind === 'folder')) odd.add(path);
    if (entry.kind === 'folder' && old && old.kind !== 'folder') odd.add(path);
    entries.set(path, entry);
  };
  return {
    add: entry => {
      const { path, kind } = entry;
      if (entries.size + removed.size + implied.size >= mostEntries) throw new Malformed('it has too many files');
      const name = path.slice(path.lastIndexOf('/') + 1);
      if (name !== '.wh..wh..opq') {
        const order = orderOf(path, name);
        if (order < last || (order === last && order !== '')) sorted = false;
        last = order;
      }
      addParents(path, name.startsWith('.wh.') ? ghosts : implied);
      if (name.startsWith('.wh.')) {
        addWhiteout(path, name);
        return 0;
      }
      if (kind === 'hardlink') {
        const target = entries.get(cleanPath(entry.target));
        const isSame = target && target.mode === entry.mode && target.uid === entry.uid && target.gid === entry.gid;
        if (!isSame) odd.add(path);
        // of one that leads out of the layer nothing is known
        put(path, target ?? { ...entry, kind: 'special', content: null, script: null });
        if (target && !isSame) odd.add(cleanPath(entry.target));
        return 0;
      }
      put(path, { ...entry, kind, content: null, script: null });
      if (kind !== 'file') return 0;
      return (telling.test(path) && kept < longestContents) || (entry.mode & 0o111) !== 0 ? longestContent : 0;
    },
    keep: ({ path, size, mode }, bytes) => {
      const file = entries.get(path);
      if (!file) return;
      if ((mode & 0o111) !== 0 && bytes[0] === 0x23 && bytes[1] === 0x21) file.script = bytes.length < size ? 'long' : scriptOf(bytes);
      if (!telling.test(path)) return;
      file.content = bytes;
      kept += bytes.length;
    },
    record: {
      entries,
      removed,
      opaque,
      implied,
      ghosts,
      odd,
      get sorted() {
        return sorted;
      },
    },
  };
}
