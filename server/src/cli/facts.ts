import { basename, dirname, join, relative } from 'node:path';
import type { RelatedFile } from '../../../shared/src/formats';
import {
  askedIndex,
  createIndexOnDemand,
  createLineTable,
  emptyWorkspace,
  type Engine,
  type IndexOnDemand,
  kindOfName,
  mayHaveFacts,
  type WorkspaceIndex,
} from '../../../shared/src/index';
import type { Watch } from '../watch/watch';
import { maxFactFiles } from '../limits';
import type { Attempt } from './attempt';
import { shownPath, type Input } from './inputs';
import type { Reading } from './reading';

/** What rules may ask about the other files of a folder. */
export interface Facts {
  /** The facts around an input. The folder is read when a rule first asks, and only what may answer it. */
  of(input: Input): WorkspaceIndex;
  /** Reads the folder around an input, outside of what is timed for that input; parses nothing. `expect` hears of a folder that a trial is too short for. */
  prepare(input: Input, expect: Attempt['expect']): void;
  /** Puts the text that a file is about to get in the place of the one that was read: what other files are told follows it. */
  replace(input: Input, text: string): void;
  /** A file that a finding of an input points to. */
  related(input: Input, path: string): RelatedFile | null;
}

/** Of more files, what a manifest asks about takes longer than a trial often enough. */
const maxTrialIndex = 1000;

/** Creates the indexes of a run, one for each base folder. */
export function createFacts(engine: Engine, reading: Reading, watch: Watch): Facts {
  const indexes = new Map<string, IndexOnDemand>();
  const replaced = new Map<string, string>();
  const sideText = (path: string): string | null => {
    const text = replaced.get(path);
    if (text !== undefined) return text;
    const read = reading.sideText(path);
    return read.ok ? read.value : null;
  };

  const open = (input: Input, base: string): IndexOnDemand => {
    const absolute = (path: string): string => join(base, path);
    return createIndexOnDemand({
      files: () => {
        const paths: string[] = [];
        let complete = true;
        reading.walk(base, mayHaveFacts, ({ path, unread }) => {
          if (unread !== null) complete = false;
          else if (paths.length === maxFactFiles) return (complete = false);
          else paths.push(relative(base, path).replace(/\\/g, '/'));
          return true;
        });
        return { paths, complete };
      },
      text: path => {
        // standard input stands for the file of its name
        const own = absolute(path) === input.absolute ? (replaced.get(input.absolute) ?? input.file.text) : null;
        const text = own ?? replaced.get(absolute(path)) ?? reading.walkedText(absolute(path));
        return text === null || watch.refusal({ path, text }) ? null : text;
      },
      facts: (path, text, wanted) => engine.open({ path, text }).factsIn(wanted),
    });
  };
  const factsOf = (input: Input, base: string): IndexOnDemand => {
    let facts = indexes.get(base);
    if (!facts) indexes.set(base, (facts = open(input, base)));
    return facts;
  };

  return {
    of: input => {
      const { base } = input;
      if (base === null) return emptyWorkspace;
      return askedIndex(
        question => question(factsOf(input, base).index),
        (path, assumed, run) => factsOf(input, base).index.assuming(path, assumed, run),
      );
    },
    prepare: (input, expect) => {
      if (input.base === null || indexes.has(input.base)) return;
      const facts = factsOf(input, input.base);
      const about = kindOfName(basename(input.absolute)).kind === 'yaml' ? 'objects' : 'builds';
      if (about === 'objects' && facts.size() > maxTrialIndex) expect(facts.size());
      facts.prepare(about);
    },
    replace: (input, text) => {
      replaced.set(input.absolute, text);
      for (const [base, facts] of indexes) {
        const path = relative(base, input.absolute).replace(/\\/g, '/');
        if (!path.startsWith('../')) facts.update(path, engine.open({ path, text }).facts());
      }
    },
    related: (input, path) => {
      const absolute = join(input.base ?? dirname(input.absolute), path);
      const text = absolute === input.absolute ? input.file.text : sideText(absolute);
      return text === null ? null : { path: shownPath(absolute), lines: createLineTable(text) };
    },
  };
}
