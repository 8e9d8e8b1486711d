import { lstatSync } from 'node:fs';
import { basename, dirname, join, posix, relative, sep } from 'node:path';
import type { RelatedFile } from '../../../shared/src/formats';
import {
  askedIndex,
  copied,
  createIndexOnDemand,
  createLineTable,
  emptyWorkspace,
  type Engine,
  type IndexOnDemand,
  kindOfName,
  mayHaveFacts,
  type Needle,
  type WorkspaceIndex,
  withImageFacts,
  withPolicies,
  withTrials,
} from '../../../shared/src/index';
import type { Watch } from '../watch/watch';
import { maxFactFiles } from '../decisions/limits';
import { holds } from '../host/node/holds';
import { runNow } from '../host/node/steps';
import type { Walked } from '../host/node/walk';
import { openKeptFacts, type KeptFacts } from './kept/kept-facts';
import type { Packs } from '../host/node/kept/packs';
import type { KnownFacts } from './known-facts';
import type { KnownTrials } from './known-trials';
import { shownPath, type FoundInput, type Input } from './inputs';
import type { NamedPolicies } from './policies';
import type { Reading } from './reading';

/** What rules may ask about the other files of a folder. */
export interface Facts {
  /** The facts around an input. The folder is read when a rule first asks, and only what may answer it. */
  of(input: FoundInput): WorkspaceIndex;
  /** Reads the folder around an input, outside of what is timed for that input; parses nothing. */
  prepare(input: FoundInput): void;
  /** What tells the files around an input from those of another time: everything that `of` answers follows from it. `null`: nobody keeps account of them. */
  world(input: FoundInput): string | null;
  /** Puts the text that a file is about to get in the place of the one that was read: what other files are told follows it. */
  replace(input: Input, text: string): void;
  /** A file that a finding of an input points to. */
  related(input: Input, path: string): RelatedFile | null;
  /** What a report calls a file that is not there, beside an input; `null`: it is elsewhere, or something is there. */
  creatable(input: FoundInput, path: string): string | null;
  /** The text of such a file. */
  relatedText(input: FoundInput, path: string): string | null;
  /** Whether a file has changed while the run was at it, so that answers may be of two times. */
  isTorn(): boolean;
  /** Keeps for the next run what was learned of the folders; gives the secrets of files of which something was not kept. */
  keep(): readonly Needle[];
}

/** More entries of folders around a lone file are not looked at: nobody has said that they belong together. */
const maxNeighbours = 10_000;

/** A file that findings of others point to. */
interface RelatedText extends RelatedFile {
  readonly text: string;
}

/** So many of them, and no longer ones, are held at a time. */
const mostRelated = 50;
const longestRelated = 1 << 20;

/** Reads files that findings point to: hundreds of findings point to the same few. */
function createRelated(textOf: (path: string) => string | null) {
  const known = new Map<string, RelatedText>();
  const inputs = new WeakMap<Input['file'], RelatedFile>();
  return {
    /** An input that its own findings point to. */
    itself: ({ file, absolute }: Input): RelatedFile => {
      let made = inputs.get(file);
      if (!made) inputs.set(file, (made = { path: shownPath(absolute), lines: createLineTable(file.text) }));
      return made;
    },
    read: (path: string): RelatedText | null => {
      const kept = known.get(path);
      if (kept) return kept;
      const text = textOf(path);
      if (text === null) return null;
      const made = { text, path: shownPath(path), lines: createLineTable(text) };
      if (known.size >= mostRelated) known.clear();
      if (text.length <= longestRelated) known.set(path, made);
      return made;
    },
    forget: (path: string): void => void known.delete(path),
  };
}

/** Creates the indexes of a run, one for each base folder, from what `packs` hold of earlier ones; `null`: nothing is kept. */
export function createFacts(
  engine: Engine,
  reading: Reading,
  watch: Watch,
  packs: Packs | null,
  { images, trials, policies }: { readonly images: KnownFacts; readonly trials: KnownTrials; readonly policies: NamedPolicies | null },
): Facts {
  const indexes = new Map<string, IndexOnDemand>();
  const keepers = new Map<string, KeptFacts>();
  const worlds = new Map<string, string | null>();
  const replaced = new Map<string, string>();
  const sideText = (path: string): string | null => {
    const text = replaced.get(path);
    if (text !== undefined) return text;
    const read = reading.sideText(path);
    return read.ok ? read.value : null;
  };

  const open = (input: FoundInput, base: string): IndexOnDemand => {
    // of 5,000 files, to put paths together takes as long as to ask the disk about them
    const places = new Map<string, string>();
    const absolute = (path: string): string => places.get(path) ?? join(base, path);
    // standard input stands for the file of its name
    const ownText = (path: string): string | null =>
      replaced.get(absolute(path)) ?? (absolute(path) === input.absolute ? input.streamed : null);
    const kept =
      packs &&
      openKeptFacts(packs, {
        base,
        absolute,
        read: path => reading.walkedText(absolute(path)),
        isReplaced: path => replaced.has(absolute(path)) || (absolute(path) === input.absolute && input.streamed !== null),
        now: () => Date.now(),
      });
    let isWhole = false;
    if (kept) keepers.set(base, { ...kept, world: () => `${isWhole ? '' : '+'}${kept.world()}` });
    return createIndexOnDemand({
      files: () => {
        const paths: string[] = [];
        const prefix = base.endsWith(sep) ? base : base + sep;
        let complete = input.isWhole;
        const most = input.isWhole ? undefined : maxNeighbours;
        const visit = ({ path, unread }: Walked): boolean => {
          if (unread !== null) complete = false;
          else if (paths.length === maxFactFiles) return (complete = false);
          else {
            const name = (path.startsWith(prefix) ? path.slice(prefix.length) : relative(base, path)).replace(/\\/g, '/');
            places.set(name, path);
            paths.push(name);
          }
          return true;
        };
        reading.walk(base, mayHaveFacts, visit, most);
        isWhole = complete;
        return { paths, complete };
      },
      text: path => {
        const text = ownText(path) ?? reading.walkedText(absolute(path));
        if (text === null || watch.refusal({ path, text })) return null;
        kept?.reads(path, text);
        return text;
      },
      program: path => {
        const text = ownText(path) ?? sideText(absolute(path));
        return text === null || watch.refusal({ path, text }) ? null : text;
      },
      holds: path => runNow(holds(absolute(path))),
      facts: (path, text, wanted) => copied(engine.open({ path, text }).factsIn(wanted)),
      ...(kept && { kept: kept.of }),
    });
  };
  const factsOf = (input: FoundInput, base: string): IndexOnDemand => {
    let facts = indexes.get(base);
    if (!facts) indexes.set(base, (facts = open(input, base)));
    return facts;
  };

  const relatedPath = (input: FoundInput, path: string): string => join(input.base ?? dirname(input.absolute), path);
  const relatedFiles = createRelated(sideText);
  const relatedText = (input: FoundInput, path: string): string | null => relatedFiles.read(relatedPath(input, path))?.text ?? null;

  return {
    of: input => {
      const { base } = input;
      const tried = (index: WorkspaceIndex): WorkspaceIndex => {
        const known = withTrials(index, name => trials.of(input, name));
        return policies ? withPolicies(known, policies.from(base ?? dirname(input.absolute))) : known;
      };
      if (base === null) return tried(withImageFacts(emptyWorkspace, reference => images.of(null, reference)));
      const index = askedIndex(
        question => question(factsOf(input, base).index),
        (path, assumed, run) => factsOf(input, base).index.assuming(path, assumed, run),
      );
      return tried(withImageFacts(index, reference => images.of(base, reference)));
    },
    prepare: input => {
      if (input.base === null || indexes.has(input.base)) return;
      factsOf(input, input.base).prepare(kindOfName(basename(input.absolute)).kind === 'yaml' ? 'objects' : 'builds');
    },
    world: input => {
      if (input.base === null) return '';
      factsOf(input, input.base).list();
      const { base } = input;
      let world = worlds.get(base);
      if (world === undefined) worlds.set(base, (world = keepers.get(base)?.world() ?? null));
      return world;
    },
    replace: (input, text) => {
      replaced.set(input.absolute, text);
      relatedFiles.forget(input.absolute);
      for (const [base, facts] of indexes) {
        const path = relative(base, input.absolute).replace(/\\/g, '/');
        if (!path.startsWith('../')) facts.update(path, engine.open({ path, text }).facts());
      }
    },
    isTorn: () => [...keepers.values()].some(kept => kept.isTorn()),
    keep: () => [...keepers].flatMap(([base, kept]) => kept.keep(indexes.get(base)!.learned())),
    relatedText,
    creatable: (input, path) => {
      // rules have no other folder to name than the input's own
      const absolute = join(dirname(input.absolute), basename(path));
      return posix.dirname(path) === posix.dirname(input.path) && lstatSync(absolute, { throwIfNoEntry: false }) === undefined
        ? shownPath(absolute)
        : null;
    },
    related: (input, path) => {
      const absolute = relatedPath(input, path);
      return absolute === input.absolute ? relatedFiles.itself(input) : relatedFiles.read(absolute);
    },
  };
}
