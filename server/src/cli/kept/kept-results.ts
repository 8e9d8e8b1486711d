import { type MaskedText, plain, trusted } from '../../../../shared/src/early';
import type { FilePart } from '../../../../shared/src/formats';
import {
  answerOf,
  createNeedles,
  type BuildContext,
  type EffectiveConfig,
  observedIndex,
  type IndexQuestion,
  type Needle,
  type WorkspaceIndex,
} from '../../../../shared/src/index';
import type { FoundInput } from '../inputs';
import { bytesOf, partFrom } from '../packed-text';
import { type KeptBytes, keptBytes, type Pack, type PackName, type PackRow, type Packs } from '../../host/node/kept/packs';
import { sieveOf } from './sieves';
import { isSameStamp, stampOf, type Stamp } from './stamps';

/** What the report says of a file; `part` is `null` where it says nothing at all, not even that the file was checked. */
export interface KeptResult {
  readonly part: FilePart | null;
  /** A line for standard error. */
  readonly note: MaskedText | null;
}

/** What earlier runs have said of files, for as long as everything that it was drawn from is the same. */
export interface KeptResults {
  /** What was said of a file, if it still holds; `read` gives its text where its stamp does not tell, `null` where there is none. */
  find(found: FoundInput, read: () => string | null): KeptResult | null;
  /** Hears what is asked about other files while a file is checked. */
  hear(found: FoundInput): Hearing;
  /** Keeps what was found, for the next run; not where it asked about one of these secrets. */
  keep(secrets: readonly Needle[]): void;
}

/** What a check of one file asks of others. */
export interface Hearing {
  readonly index: (index: WorkspaceIndex) => WorkspaceIndex;
  readonly build: (context: BuildContext | null) => void;
  readonly related: (path: string, text: string | null) => void;
  /** What was found in the text. */
  readonly done: (text: string, result: KeptResult) => void;
}

/** What the answers come from. */
export interface ResultSources {
  /** Everything beside the files and their configuration that reports depend on. */
  readonly settings: readonly string[];
  readonly world: (found: FoundInput) => string | null;
  readonly index: (found: FoundInput) => WorkspaceIndex;
  readonly build: (found: FoundInput) => BuildContext | null;
  readonly relatedText: (found: FoundInput, path: string) => string | null;
  readonly now: () => number;
}

/** A question with the hash of its answer. */
type Answered = readonly [question: string, answer: string];

interface Common {
  readonly questions: readonly Answered[];
  readonly worlds: readonly string[];
}

/** Numbers are places in what the rows have in common. */
type Head = readonly [
  stamp: Stamp | null,
  hash: string,
  config: string,
  world: number,
  questions: readonly number[],
  /** The hash of the build context; 0: it was not asked for. */
  build: string | 0,
  related: readonly (readonly [path: string, hash: string])[],
  /** The sums of the part; `null`: there is no part. */
  sums: FilePart['sums'] | null,
  note: string | null,
];

/** What one result was drawn from. */
interface Entry {
  readonly stamp: Stamp | null;
  readonly hash: string;
  readonly config: string;
  readonly world: string;
  readonly questions: readonly Answered[];
  readonly build: string | 0;
  readonly related: readonly (readonly [path: string, hash: string])[];
  readonly sums: FilePart['sums'] | null;
  readonly note: string | null;
  readonly text: () => KeptBytes;
}

/** The results of one folder. */
interface Shelf {
  readonly name: PackName;
  readonly pack: Pack | null;
  /** Those that hold now, by key. */
  readonly current: Map<string, Entry>;
  /** The answers of this run, by question. */
  readonly answers: Map<string, Answered>;
  isNew: boolean;
}

/** Opens the results of a run. */
export function openKeptResults(packs: Packs, sources: ResultSources): KeptResults {
  /** The hash of an answer, which is plain data. */
  const hashAnswer = (answer: unknown): string => packs.hash(JSON.stringify(answer ?? null));
  const hashText = (text: string | null): string => (text === null ? '' : packs.hash(text));
  const shelves = new Map<string, Shelf>();
  const configs = new WeakMap<EffectiveConfig, string>();

  const shelfOf = ({ base }: FoundInput): Shelf => {
    const key = base ?? '';
    let shelf = shelves.get(key);
    if (!shelf) {
      const name = { what: 'lint', under: [key, ...sources.settings] } as const;
      shelves.set(key, (shelf = { name, pack: packs.read(name), current: new Map(), answers: new Map(), isNew: false }));
    }
    return shelf;
  };
  /** The file that was looked at last, before anybody has read it. */
  let looked: { readonly path: string; readonly stamp: Stamp | null } | null = null;
  const look = ({ absolute }: FoundInput): Stamp | null => {
    if (looked?.path !== absolute) looked = { path: absolute, stamp: stampOf(absolute, sources.now()) };
    return looked.stamp;
  };
  const keyOf = ({ shown, named }: FoundInput): string => `${named ? '!' : ''}${shown}`;
  const configOf = ({ config }: FoundInput): string => {
    let hash = configs.get(config);
    if (hash === undefined) configs.set(config, (hash = packs.hash(JSON.stringify(config))));
    return hash;
  };
  /** A question with its answer, which is the same all through a run, but for what is asked of one file. */
  const answered = (shelf: Shelf, question: string, answer: () => unknown): Answered => {
    let known = isOfFile(question) ? undefined : shelf.answers.get(question);
    if (!known) shelf.answers.set(question, (known = [question, hashAnswer(answer())]));
    return known;
  };
  const answerNow = (found: FoundInput, shelf: Shelf, question: string): string =>
    answered(shelf, question, () => answerOf(sources.index(found), JSON.parse(question) as IndexQuestion))[1];
  /** Whether everything but the file itself is as it was. */
  const isFresh = (found: FoundInput, shelf: Shelf, entry: Entry, world: string | null): boolean =>
    entry.config === configOf(found) &&
    (entry.build === 0 || entry.build === hashAnswer(sources.build(found))) &&
    entry.related.every(([path, hash]) => hash === hashText(sources.relatedText(found, path))) &&
    entry.questions.every(
      ([question, answer]) => (entry.world === world && !isBeyond(question)) || answer === answerNow(found, shelf, question),
    );

  return {
    find: (found, read) => {
      const shelf = shelfOf(found);
      const key = keyOf(found);
      const entry = readEntry(shelf.pack, key);
      if (!entry) return null;
      const stamp = look(found);
      if (!isSameStamp(stamp, entry.stamp)) {
        const text = read();
        if (text === null || packs.hash(text) !== entry.hash) return null;
      }
      const world = sources.world(found);
      if (world === null || !isFresh(found, shelf, entry, world)) return null;
      shelf.isNew ||= entry.world !== world || !isSameStamp(stamp, entry.stamp);
      shelf.current.set(key, { ...entry, stamp, world });
      const { sums, note } = entry;
      return {
        part: sums && partFrom(entry.text(), sums),
        note: note === null ? null : trusted(note),
      };
    },
    hear: found => {
      const shelf = shelfOf(found);
      const stamp = look(found);
      const questions = new Set<Answered>();
      const related = new Map<string, string>();
      let build: string | 0 = 0;
      return {
        index: index =>
          observedIndex(index, (asked, answer) => {
            questions.add(answered(shelf, JSON.stringify(asked), () => answer));
          }),
        build: context => (build = hashAnswer(context)),
        related: (path, text) => related.set(path, hashText(text)),
        done: (text, { part, note }) => {
          const world = sources.world(found);
          const hash = packs.hash(text);
          if (world === null || !sieveOf(hash, () => text)?.json(askedIn(questions))) return;
          shelf.isNew = true;
          shelf.current.set(keyOf(found), {
            stamp,
            hash,
            config: configOf(found),
            world,
            questions: [...questions],
            build,
            related: [...related],
            sums: part?.sums ?? null,
            note,
            text: () => (part ? bytesOf(part) : keptBytes(plain(''))),
          });
        },
      };
    },
    keep: secrets => {
      const finder = createNeedles(secrets);
      for (const { name, pack, current, isNew } of shelves.values()) {
        if (!isNew) continue;
        if (!finder.empty)
          for (const [key, { questions }] of current)
            if (questions.some(([question]) => finder.find(question.replace(/\\(["\\])/g, '$1')).length > 0)) current.delete(key);
        write(packs, name, pack, current);
      }
    },
  };
}

/** What was asked. */
function askedIn(questions: Iterable<Answered>): readonly unknown[] {
  return Array.from(questions, ([question]) => JSON.parse(question) as unknown);
}

/** Whether the answer to a question is another for each file. */
const isOfFile = (question: string): boolean => question.startsWith('["trials"');

/** Whether a question is about files of which the account of a folder says nothing: programs, profiles, and what is not there. */
function isBeyond(question: string): boolean {
  return /^\["(?:programAt|seccompAt|isAbsent|imageFacts|trials)"/.test(question);
}

function readEntry(pack: Pack | null, key: string): Entry | null {
  const row = pack?.rows.get(key);
  if (!pack || !row) return null;
  const common = pack.common as Common;
  const [stamp, hash, config, world, questions, build, related, sums, note] = row.head as Head;
  return {
    stamp,
    hash,
    config,
    world: common.worlds[world]!,
    questions: questions.map(place => common.questions[place]!),
    build,
    related,
    sums,
    note,
    text: row.body,
  };
}

/** Writes what holds now, and behind it what this run has not looked at. */
function write(packs: Packs, name: PackName, pack: Pack | null, current: ReadonlyMap<string, Entry>): void {
  const questions = new Map<string, number>();
  const worlds = new Map<string, number>();
  const answered: Answered[] = [];
  const place = (one: Answered): number => {
    const key = `${one[1]} ${one[0]}`;
    let at = questions.get(key);
    if (at === undefined) {
      questions.set(key, (at = answered.length));
      answered.push(one);
    }
    return at;
  };
  const rowOf = (key: string, entry: Entry): PackRow => {
    if (!worlds.has(entry.world)) worlds.set(entry.world, worlds.size);
    const { stamp, hash, config, build, related, sums, note } = entry;
    const head: Head = [stamp, hash, config, worlds.get(entry.world)!, entry.questions.map(place), build, related, sums, note];
    return { key, head, body: entry.text() };
  };
  const rows = [...current].map(([key, entry]) => rowOf(key, entry));
  for (const key of pack?.rows.keys() ?? []) if (!current.has(key)) rows.push(rowOf(key, readEntry(pack, key)!));
  packs.write(name, rows, { questions: answered, worlds: [...worlds.keys()] } satisfies Common);
}
