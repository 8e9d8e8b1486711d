import { type IndexOnDemand, type KeptBody, type KeptFile, type KeptHead, type Needle } from '../../../../shared/src/index';
import { masked, trusted } from '../../../../shared/src/early';
import { keptBytes, type Packs, type PackRow } from '../../host/node/kept/packs';
import { sieveOf } from './sieves';
import { isSameStamp, stampOf, type Stamp } from './stamps';

/** What earlier runs have learned of the files of a folder, for the index of that folder. */
export interface KeptFacts {
  /** What is known of a file as it is now. */
  readonly of: (path: string) => KeptFile | null;
  /** Hears of every text that the index is given. */
  readonly reads: (path: string, text: string) => void;
  /** What tells the files of the folder, as this run has found them, from those of another time; all of them have been asked for. */
  readonly world: () => string;
  /** Whether a file has changed while the run was at it. */
  readonly isTorn: () => boolean;
  /** Keeps what the index has learned, but for what may hold a secret of its file: that is learned again each time. Gives the secrets of such files. */
  readonly keep: (learned: ReturnType<IndexOnDemand['learned']>) => readonly Needle[];
}

/** Where the files are, and how one is read. */
export interface KeptFactsHost {
  readonly base: string;
  readonly absolute: (path: string) => string;
  readonly read: (path: string) => string | null;
  /** Whether a file has another text in this run than on disk. */
  readonly isReplaced: (path: string) => boolean;
  readonly now: () => number;
}

/** Behind it, `head` bytes of the body are what searches go by. */
type Head = readonly [stamp: Stamp | null, hash: string, head: number];

/** A file of this run. */
interface State {
  readonly stamp: Stamp | null;
  /** `null`: it has not been read. */
  hash: string | null;
  /** Whether two readings have given two texts. */
  torn: boolean;
}

/** Opens what is kept of a folder. */
export function openKeptFacts(packs: Packs, { base, absolute, read, isReplaced, now }: KeptFactsHost): KeptFacts {
  const name = { what: 'facts', under: [base] } as const;
  const pack = packs.read(name);
  const states = new Map<string, State>();
  let moved = false;

  const reads = (path: string, text: string): void => {
    const state = states.get(path);
    if (!state) return;
    const hash = packs.hash(text);
    state.torn ||= state.hash !== null && state.hash !== hash;
    state.hash = hash;
  };
  return {
    reads,
    of: path => {
      if (isReplaced(path)) return null;
      const state: State = { stamp: stampOf(absolute(path), now()), hash: null, torn: false };
      states.set(path, state);
      const row = pack?.rows.get(path);
      if (!row) return null;
      const [stamp, hash, length] = row.head as Head;
      if (isSameStamp(stamp, state.stamp)) state.hash = hash;
      else {
        moved = true;
        const text = read(path);
        if (text !== null) reads(path, text);
      }
      if (state.hash !== hash) return null;
      return {
        head: () => JSON.parse(row.body().toString('utf8', 0, length)) as KeptHead,
        body: () => JSON.parse(row.body().toString('utf8', length)) as KeptBody | null,
      };
    },
    world: () => {
      const all: string[] = [];
      for (const [path, state] of states) {
        if (state.hash === null) {
          const text = read(path);
          if (text !== null) reads(path, text);
        }
        all.push(path, state.hash ?? '');
      }
      return packs.hash(all.join('\n'));
    },
    isTorn: () => [...states.values()].some(({ torn }) => torn),
    keep: learned => {
      const all = [...learned];
      if (!moved && !all.some(([, news]) => news)) return [];
      const rows: PackRow[] = [];
      const held: Needle[] = [];
      let changed = moved;
      for (const [path, news] of all) {
        const state = states.get(path);
        if (!state?.hash || state.torn || isReplaced(path)) continue;
        const old = pack?.rows.get(path);
        if (news) {
          const sieve = sieveOf(state.hash, () => {
            const text = read(path);
            return text !== null && packs.hash(text) === state.hash ? text : null;
          });
          if (!sieve) continue;
          const [head, own] = [sieve.json(news.head), sieve.json(news.body)];
          if (head === null || own === null) held.push(...sieve.needles);
          if (head === null) continue;
          const body = keptBytes(masked`${head}${own ?? trusted('null')}`);
          changed ||= !old || (old.head as Head)[1] !== state.hash || !old.body().equals(body);
          rows.push({ key: path, head: [state.stamp, state.hash, Buffer.byteLength(head)] satisfies Head, body });
        } else if (old && (old.head as Head)[1] === state.hash) {
          rows.push({ key: path, head: [state.stamp, state.hash, (old.head as Head)[2]] satisfies Head, body: old.body() });
        }
      }
      if (changed || rows.length !== pack?.rows.size) packs.write(name, rows, null);
      return held;
    },
  };
}
