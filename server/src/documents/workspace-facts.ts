import {
  askedIndex,
  betterFacts,
  committedPath,
  createLineTable,
  createWorkspaceIndex,
  emptyWorkspace,
  type Engine,
  factNames,
  factsIn,
  type FactTable,
  type FileFacts,
  type ImageFacts,
  type LineTable,
  mayBeProgram,
  profilesNamedIn,
  mayHaveFacts,
  type NamedTrial,
  openCommitted,
  type OpenedFile,
  type Related,
  stagesIn,
  unreadFacts,
  type WorkspaceFacts as FactStore,
  type WorkspaceIndex,
  withImageFacts,
} from '../../../shared/src/index';
import type { Location } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Documents } from './documents';
import { type FolderTrials, folderTrials } from './workspace-trials';
import type { LookedUp } from '../lookups/looked-up';
import type { SoughtNames, WorkspaceFiles } from '../lsp/files';
import type { Log } from '../lsp/log';
import { baseName, canonicalUri, joinUri, relativePath } from '../lsp/uri';
import type { Scope } from '../session/scopes';
import { readPrograms } from '../decisions/read-programs';
import type { Watch } from '../watch/watch';
import { maxFactFiles, maxSideBytes } from '../decisions/limits';

/** The facts of other manifests, one index for each base folder in use. Indexing runs beside the answers and lets them through. */
export interface WorkspaceFacts {
  /** What is known for a document of this scope now; the first question starts indexing its folder. */
  of(scope: Scope): WorkspaceIndex;
  /** The same without what was looked up of images: what the command line knows by itself. */
  committed(scope: Scope): WorkspaceIndex;
  /** Waits until the reading that a question of this scope has started, if any, is over. Never rejects. */
  settled(scope: Scope): Promise<void>;
  /** Whether such reading goes on: its end may change what `of` has answered. */
  isReading(scope: Scope): boolean;
  /** Has the files of a scope's folder looked at one after the other, with their URIs, open documents as they are: what is asked once and not kept. */
  each(scope: Scope, visit: (opened: OpenedFile, uri: string) => void): Promise<void>;
  /** A document was opened or edited: its facts count, not those of the file. */
  update(document: TextDocument, scope: Scope, opened: Pick<OpenedFile, 'facts'>): void;
  /** A file may have changed on disk, or its document was closed. */
  reread(uri: string): void;
  /** Folders or settings changed: everything is read again when it is next asked for. */
  reset(): void;
  /** Calls back when facts of any index changed. */
  onChange(listener: () => void): void;
  /** Where a related place of another file stands. */
  locate(scope: Scope, related: Related): Location | null;
  /** How many files the index of a folder holds. */
  size(base: string): number;
}

/** What an index is made with. */
export interface FactSources {
  readonly engine: Engine;
  readonly watch: Watch;
  readonly documents: Documents;
  readonly files: WorkspaceFiles;
  readonly log: Log;
  readonly lookedUp: Pick<LookedUp, 'of'>;
  /** The trials that the user has made of a file by its URI. */
  readonly ownTrials: (uri: string) => readonly NamedTrial[];
  /** Whether other files may be read at all. */
  readonly allowed: boolean;
}

/** Answers wait no longer than this for indexing, and for the document that is being parsed. */
const sliceMs = 5;

/** A file of more characters is parsed a few documents at a time. */
const longText = 20_000;

/** The index of one folder. */
interface FolderIndex {
  readonly store: FactStore;
  /** The store's answers; the first question starts the reading. */
  readonly view: WorkspaceIndex;
  /** The same without what was looked up of images. */
  readonly committed: WorkspaceIndex;
  readonly trials: FolderTrials;
  /** The reading of the folder, once it has begun; never rejects. */
  reading: Promise<void> | null;
  /** Whether it goes on. */
  isReading: boolean;
  /** The facts of Dockerfiles, by path: the programs that they start are read, too. */
  readonly dockerfiles: Map<string, FileFacts>;
  /** Where profiles of seccomp may be that files name, by path: they are read, too. */
  readonly profiles: Map<string, readonly string[]>;
  /** Programs, and places where they write, that somebody has looked at. */
  readonly looked: Set<string>;
  /** Only of files that have facts. */
  readonly lines: Map<string, LineTable>;
  readonly known: Set<string>;
  /** The facts of images that are committed in it, read when somebody asks; `null`: none are, or they were not found yet. */
  images: (() => FactTable) | null;
}

/** Creates the index of a folder; `start` is called when a rule first asks, so that nobody waits for files that nobody needs. */
function createFolderIndex(
  start: (folder: FolderIndex) => Promise<void>,
  lookedUp: FactSources['lookedUp'],
  trials: FolderTrials,
): FolderIndex {
  const store = createWorkspaceIndex({ complete: false });
  const begun = (): void => {
    if (!folder.reading) readNext(folder, start(folder));
  };
  const asked = askedIndex(
    question => {
      begun();
      return question(store.index);
    },
    (path, facts, run) => store.index.assuming(path, facts, run),
  );
  const imageFacts = (reference: string): ImageFacts | null => {
    begun();
    return folder.images && factsIn([folder.images()], reference);
  };
  const folder: FolderIndex = {
    store,
    trials,
    reading: null,
    isReading: false,
    dockerfiles: new Map(),
    profiles: new Map(),
    looked: new Set(),
    lines: new Map(),
    known: new Set(),
    images: null,
    view: withImageFacts(asked, reference => betterFacts(imageFacts(reference), lookedUp.of(reference)?.facts ?? null)),
    committed: withImageFacts(asked, imageFacts),
  };
  return folder;
}

/** Has a folder read something more, which never rejects. */
function readNext(folder: FolderIndex, reading: Promise<void>): void {
  folder.isReading = true;
  const whole = reading.then(() => {
    if (folder.reading === whole) folder.isReading = false;
  });
  folder.reading = whole;
}

/** An index of a folder as a document of this scope is checked with it. */
const seenBy = (folder: FolderIndex | null, { path }: Scope, which: 'view' | 'committed'): WorkspaceIndex | null =>
  folder && folder.trials.seenBy(path, folder[which]);

/** Whether a path or a URI may be that of committed trials. */
const isEvidence = (path: string): boolean => /(?:^|\/)\.bulkhead\/evidence\/[^/]+\.json$/.test(path);

/** What an index is made of. */
const factFiles: SoughtNames = { has: mayHaveFacts, globs: factNames };

/** Lets everything run that waits. */
const yieldToEventLoop = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 0));

/**
 * Has the documents of a long stream parsed in slices, with room for whatever waits between them: the engine keeps them, so that the facts of the
 * whole file take little more.
 */
async function parseInSlices(opened: OpenedFile): Promise<void> {
  for (let parsed = -1, whole = false; !whole;) {
    const [started, before] = [performance.now(), parsed];
    whole = true;
    opened.factsIn(({ base }) => {
      if (base <= parsed) return false;
      // one at least, however long it took to get here
      whole &&= parsed === before || performance.now() - started < sliceMs;
      if (whole) parsed = base;
      return whole;
    });
    if (!whole) await yieldToEventLoop();
  }
}

/** The facts of a document; those that say so where they cannot be read. */
function factsOf(path: string, read: () => FileFacts, log: Log): FileFacts {
  try {
    return read();
  } catch (error) {
    log.failure('the facts of a document could not be read', error);
    return unreadFacts(path);
  }
}

/** Forgets a file; tells whether it had facts. */
function forget(folder: FolderIndex, path: string): boolean {
  folder.known.delete(path);
  folder.lines.delete(path);
  folder.dockerfiles.delete(path);
  folder.profiles.delete(path);
  return folder.store.remove(path);
}

/** The facts of a committed file, which is read when somebody asks. */
function committedFacts(text: string, log: Log): () => FactTable {
  let table: FactTable | null = null;
  return () => (table ??= openCommitted(text, problem => log.warn(`${committedPath}: ${problem}`)));
}

/** Creates the indexes of a session; nothing is read before somebody asks. */
export function createWorkspaceFacts({ engine, watch, documents, files, log, allowed, lookedUp, ownTrials }: FactSources): WorkspaceFacts {
  const outside = withImageFacts(emptyWorkspace, reference => lookedUp.of(reference)?.facts ?? null);
  const folders = new Map<string, FolderIndex>();
  const listeners: (() => void)[] = [];
  const notify = (): void => listeners.forEach(listener => listener());

  const put = (folder: FolderIndex, path: string, text: string, read = (): FileFacts => engine.open({ path, text }).facts()): boolean => {
    folder.known.add(path);
    const facts = factsOf(path, read, log);
    if (facts.length === 0) folder.lines.delete(path);
    else folder.lines.set(path, createLineTable(text));
    if (stagesIn(facts).length > 0) folder.dockerfiles.set(path, facts);
    else folder.dockerfiles.delete(path);
    const profiles = profilesNamedIn(text, path);
    if (profiles.length > 0) folder.profiles.set(path, profiles);
    else folder.profiles.delete(path);
    return folder.store.update(path, facts);
  };
  /** Looks at the programs that Dockerfiles start, and at the profiles that files name; tells whether that was news. */
  const follow = async (base: string, folder: FolderIndex, dockerfiles: Iterable<FileFacts>): Promise<boolean> => {
    let changed = false;
    const isOurs = (): boolean => folders.get(base) === folder;
    const isKnown = (path: string): boolean => !isOurs() || folder.known.has(path) || folder.looked.has(path);
    const read = async (path: string): Promise<void> => {
      folder.looked.add(path);
      const text = await textOf(joinUri(base, path), base);
      if (text !== null && isOurs() && !watch.refusal({ path, text })) changed = put(folder, path, text) || changed;
    };
    const look = async (path: string): Promise<void> => {
      folder.looked.add(path);
      if (!(await files.holds(joinUri(base, path))) && isOurs())
        changed = folder.store.update(path, [{ type: 'absent', path, range: { start: 0, end: 0 } }]) || changed;
    };
    await readPrograms(dockerfiles, { index: folder.store.index, isKnown, read, look });
    for (const path of new Set([...folder.profiles.values()].flat())) {
      if (isKnown(path)) continue;
      await read(path);
      await look(path);
    }
    return changed;
  };
  /** The same behind whatever is being read. */
  const followLater = (base: string, folder: FolderIndex, dockerfiles: () => Iterable<FileFacts>): void => {
    const next = (folder.reading ?? Promise.resolve()).then(async () => {
      if (await follow(base, folder, dockerfiles())) notify();
    });
    readNext(
      folder,
      next.catch((error: unknown) => log.failure('a program could not be read', error)),
    );
  };
  const textOf = async (uri: string, root: string): Promise<string | null> =>
    documents.find(uri)?.getText() ?? (await files.read(uri, { root, maxBytes: maxSideBytes })).text;

  /** Reads the facts of images that are committed. */
  const readImages = async (base: string, folder: FolderIndex): Promise<void> => {
    const text = await textOf(joinUri(base, committedPath), base);
    folder.images = text === null ? null : committedFacts(text, log);
  };

  const trialsIn = folderTrials({ textOf, ownTrials, changed: notify, log });

  const fill = async (base: string, folder: FolderIndex): Promise<void> => {
    const started = performance.now();
    await readImages(base, folder);
    const { uris, complete: all } = await files.find(base, maxFactFiles, factFiles);
    let slice = performance.now();
    let complete = all;
    for (const uri of uris) {
      if (folders.get(base) !== folder) return;
      const path = relativePath(base, uri);
      if (path === null || folder.known.has(path)) continue;
      const text = await textOf(uri, base);
      if (text === null || watch.refusal({ path, text })) complete = false;
      else if (!folder.known.has(path)) {
        const opened = engine.open({ path, text });
        // if they cannot be read, that is said of the file's facts
        if (text.length > longText && /\n---\s/.test(text)) await parseInSlices(opened).catch(() => undefined);
        // a document may have been opened meanwhile, and says what is there
        if (!folder.known.has(path)) put(folder, path, text, () => opened.facts());
      }
      if (performance.now() - slice > sliceMs) {
        await yieldToEventLoop();
        slice = performance.now();
      }
    }
    await follow(base, folder, folder.dockerfiles.values());
    folder.store.settle(complete);
    log.debug(`indexed ${folder.known.size} files in ${Math.round(performance.now() - started)} ms`);
    notify();
  };

  const folderOf = (scope: Scope): FolderIndex | null => {
    if (!allowed || scope.base === null || !scope.settings.indexWorkspace) return null;
    const { base } = scope;
    let folder = folders.get(base);
    if (!folder) {
      folder = createFolderIndex(
        started => fill(base, started).catch((error: unknown) => log.failure('the workspace could not be indexed', error)),
        lookedUp,
        trialsIn(base),
      );
      folders.set(base, folder);
    }
    return folder;
  };

  const reread = async (uri: string): Promise<void> => {
    let changed = false;
    for (const [base, folder] of folders) {
      const path = relativePath(base, uri);
      if (path === null) continue;
      if (isEvidence(path)) changed = folder.trials.reread();
      if (path === committedPath && folder.reading) {
        await readImages(base, folder);
        changed = true;
      }
      const isLooked = folder.looked.has(path);
      if (isLooked || mayHaveFacts(baseName(uri))) {
        const text = await textOf(uri, base);
        changed = (text !== null ? put(folder, path, text) : forget(folder, path)) || changed;
      }
      if (isLooked || folder.dockerfiles.has(path) || folder.profiles.has(path))
        followLater(base, folder, () => folder.dockerfiles.values());
    }
    if (changed) notify();
  };

  return {
    of: scope => seenBy(folderOf(scope), scope, 'view') ?? outside,
    committed: scope => seenBy(folderOf(scope), scope, 'committed') ?? emptyWorkspace,
    settled: async scope => {
      await (folderOf(scope)?.reading ?? null);
    },
    isReading: scope => folderOf(scope)?.isReading ?? false,
    each: async ({ base }, visit) => {
      if (!allowed || base === null) return;
      let slice = performance.now();
      for (const uri of (await files.find(base, maxFactFiles, factFiles)).uris) {
        const path = relativePath(base, uri);
        const text = path === null ? null : await textOf(uri, base);
        if (path === null || text === null) continue;
        const opened = engine.open({ path, text });
        visit(opened, uri);
        opened.forget();
        if (performance.now() - slice > sliceMs) {
          await yieldToEventLoop();
          slice = performance.now();
        }
      }
    },
    update: (document, scope, opened) => {
      const folder = folderOf(scope);
      const path = scope.base && relativePath(scope.base, document.uri);
      if (!folder || !path || !mayHaveFacts(baseName(document.uri)) || !put(folder, path, document.getText(), () => opened.facts())) return;
      const facts = folder.dockerfiles.get(path);
      // until the folder is read nobody asks for them
      if ((facts || folder.profiles.has(path)) && folder.reading) followLater(scope.base, folder, () => (facts ? [facts] : []));
      notify();
    },
    reread: uri => {
      if (mayHaveFacts(baseName(uri)) || mayBeProgram(baseName(uri)) || uri.endsWith(`/${committedPath}`) || isEvidence(uri))
        reread(canonicalUri(uri)).catch((error: unknown) => log.failure('a file could not be indexed', error));
    },
    reset: () => folders.clear(),
    onChange: listener => void listeners.push(listener),
    locate: (scope, related) => {
      if (scope.base === null || related.path === undefined) return null;
      const lines = folders.get(scope.base)?.lines.get(related.path);
      if (!lines) return null;
      const uri = joinUri(scope.base, related.path);
      return { uri: documents.find(uri)?.uri ?? uri, range: lines.positions(related.range) };
    },
    size: base => folders.get(base)?.known.size ?? 0,
  };
}
