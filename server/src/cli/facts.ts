import { dirname, join, relative } from 'node:path';
import type { RelatedFile } from '../../../shared/src/formats';
import {
  askedIndex,
  createLineTable,
  createWorkspaceIndex,
  emptyWorkspace,
  type Engine,
  mayHaveFacts,
  type WorkspaceFacts,
  type WorkspaceIndex,
} from '../../../shared/src/index';
import type { Watch } from '../watch/watch';
import { maxFactFiles } from '../limits';
import { shownPath, type Input } from './inputs';
import type { Reading } from './reading';

/** What rules may ask about the other files of a folder. */
export interface Facts {
  /** The facts around an input. The folder is read when a rule first asks. */
  of(input: Input): WorkspaceIndex;
  /** Puts the text that a file is about to get in the place of the one that was read: what other files are told follows it. */
  replace(input: Input, text: string): void;
  /** A file that a finding of an input points to. */
  related(input: Input, path: string): RelatedFile | null;
}

/** Creates the indexes of a run, one for each base folder. */
export function createFacts(engine: Engine, reading: Reading, watch: Watch): Facts {
  const indexes = new Map<string, WorkspaceFacts>();
  const replaced = new Map<string, string>();
  const sideText = (path: string): string | null => {
    const text = replaced.get(path);
    if (text !== undefined) return text;
    const read = reading.sideText(path);
    return read.ok ? read.value : null;
  };

  const fill = (input: Input, base: string): WorkspaceFacts => {
    const facts = createWorkspaceIndex({ complete: false });
    // standard input stands for the file of its name
    const known = new Map([[input.absolute, replaced.get(input.absolute) ?? input.file.text]]);
    let count = 0;
    let complete = true;
    reading.walk(base, mayHaveFacts, ({ path, unread }) => {
      if (unread === null && ++count > maxFactFiles) return (complete = false);
      const text = unread === null ? (known.get(path) ?? sideText(path)) : null;
      const inBase = relative(base, path).replace(/\\/g, '/');
      if (text === null || watch.refusal({ path: inBase, text })) complete = false;
      else facts.update(inBase, engine.open({ path: inBase, text }).facts());
      return true;
    });
    facts.settle(complete);
    return facts;
  };
  const indexOf = (input: Input, base: string): WorkspaceIndex => {
    let facts = indexes.get(base);
    if (!facts) indexes.set(base, (facts = fill(input, base)));
    return facts.index;
  };

  return {
    of: input => {
      const { base } = input;
      if (base === null) return emptyWorkspace;
      return askedIndex(
        question => question(indexOf(input, base)),
        (path, assumed, run) => indexOf(input, base).assuming(path, assumed, run),
      );
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
