import { evidencePath, type NamedTrial, readEvidence, type WorkspaceIndex, withTrials } from '../../../shared/src/index';
import type { Log } from '../lsp/log';
import { joinUri } from '../lsp/uri';

/** The trial runs of the files of one folder, read when a rule first asks about a file. */
export interface FolderTrials {
  /** An index of the folder as a file of it (a path in the index) is checked with it: for the same file the same object. */
  seenBy(path: string, index: WorkspaceIndex): WorkspaceIndex;
  /** A committed file may have changed: all are read again when they are next asked for. Gives that what was answered may be old. */
  reread(): true;
}

/** What they are read with. */
interface TrialSources {
  /** The text of a file of the folder by its path; `null`: there is none. */
  readonly read: (path: string) => Promise<string | null>;
  /** The trials that the user has made of a file by its path. */
  readonly own: (path: string) => readonly NamedTrial[];
  /** Hears that what a file is checked with has changed. */
  readonly changed: () => void;
  readonly warn: (line: string) => void;
}

/** Creates the trials of a folder whose workspace is trusted. */
function createFolderTrials({ read, own, changed, warn }: TrialSources): FolderTrials {
  let known = new Map<string, readonly NamedTrial[]>();
  const seen = new Map<WorkspaceIndex, Map<string, WorkspaceIndex>>();
  const trialsOf = (path: string): readonly NamedTrial[] => {
    const trials = known.get(path);
    if (trials) return trials;
    const [generation, made] = [known, own(path)];
    known.set(path, made);
    const file = evidencePath(path);
    const reading = read(file).then(text => {
      const committed = text === null ? [] : readEvidence(text, 'claimed', problem => warn(`${file}: ${problem}`));
      if (committed.length === 0 || known !== generation) return;
      known.set(path, [...made, ...committed]);
      changed();
    });
    reading.catch(() => warn(`${file}: it could not be read`));
    return made;
  };
  return {
    seenBy: (path, index) => {
      let files = seen.get(index);
      if (!files) seen.set(index, (files = new Map<string, WorkspaceIndex>()));
      let view = files.get(path);
      if (!view) files.set(path, (view = withTrials(index, name => trialsOf(path).filter(trial => trial.name === name))));
      return view;
    },
    reread: () => {
      known = new Map();
      return true;
    },
  };
}

/** Creates the trials of folders by their URIs. */
export function folderTrials({
  textOf,
  ownTrials,
  changed,
  log,
}: {
  readonly textOf: (uri: string, root: string) => Promise<string | null>;
  readonly ownTrials: (uri: string) => readonly NamedTrial[];
  readonly changed: () => void;
  readonly log: Log;
}): (base: string) => FolderTrials {
  return base =>
    createFolderTrials({
      read: path => textOf(joinUri(base, path), base),
      own: path => ownTrials(joinUri(base, path)),
      changed,
      warn: line => log.warn(line),
    });
}
