import { imageKey } from '../syntax/image/name';
import { baseName, kindOfName } from './source/names';
import { namesOfDockerfile } from './image-table';
import { emptyFacts } from './fact-kind';
import { keepSketches, restoreSketches, type KeptBody, type KeptFile, type KeptHead } from './kept-file';
import { createKnown, keepBody, piecesOf, restorePieces, type Known, type Piece } from './known-file';
import { keptFolderFacts } from './left-out';
import { ignoreFilesBeside, keepsFolder } from './paths';
import { peerSettingsAbove } from './peer-settings';
import { buildTraits, mayHaveGaps, sketchBuilds, sketchObjects, type BuildTrait } from './sketch';
import { isScriptIn, mayBeDockerfile, mayBeValues, named, ofAny, ofGroup, sought, soughtOfKind, type Sought } from './sought';
import type { FileFacts, WorkspaceIndex } from './types';
import { createWorkspaceIndex } from './workspace-index';

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

/** The facts of a folder whose files are read when a question needs them, and parsed only where their words may answer it. */
export interface IndexOnDemand {
  readonly index: WorkspaceIndex;
  /** How many files may have facts, and nothing is known of them. */
  unknown(): number;
  /** Reads the files and parses none: what takes time in proportion to the folder, whatever is asked then about builds, or about objects. */
  prepare(about: 'builds' | 'objects'): void;
  /** Puts facts in the place of those that a file has. */
  update(path: string, facts: FileFacts): void;
  /** The files that may have facts, and what was learned of them that was not kept before: for a later index, while they have the same texts. */
  learned(): Iterable<readonly [path: string, learned: { readonly head: KeptHead; readonly body: KeptBody | null } | null]>;
}

/** After so many names that were asked for one by one, all of their kind are read. */
const mostNames = 20;

/** What is looked for: in files first, then in their pieces. */
interface Search {
  /** Which sketches of a file tell whether it is worth a look, and fills in those that are missing. */
  readonly sketch: (path: string, known: Known, text: string) => void;
  readonly isSketched: (known: Known) => boolean;
  readonly file: (known: Known) => boolean;
  readonly piece: (piece: Piece, path: string, text: () => string) => boolean;
}

const everything: Search = { sketch: () => {}, isSketched: () => true, file: () => true, piece: () => true };

function forObjects(wanted: Sought): Search {
  return {
    sketch: (path, known, text) => (known.objects ??= sketchObjects(path, text, false)),
    isSketched: known => known.objects !== null,
    file: ({ objects }) => objects !== null && wanted(objects),
    piece: ({ objects }) => objects !== null && wanted(objects),
  };
}

function forBuilds(what: BuildTrait): Search {
  return {
    sketch: (path, known, text) => (known.builds ??= sketchBuilds(path, text)),
    isSketched: known => known.builds !== null,
    file: ({ builds }) => builds?.has(what) === true,
    piece: (piece, path, text) => (piece.builds ??= sketchBuilds(path, text())).has(what),
  };
}

/** What parts of files may not be read. */
const gaps: Search = {
  sketch: (path, known, text) => {
    known.objects ??= sketchObjects(path, text, false);
    known.gap ??= mayHaveGaps(text);
  },
  isSketched: known => known.objects !== null && known.gap !== null,
  file: ({ objects, gap }) => gap === true || objects?.traits.has('many') === true,
  piece: (piece, _, text) => piece.objects?.traits.has('many') === true || (piece.gap ??= mayHaveGaps(text())),
};

/** Two searches at once: a text is read for both. */
function both(one: Search, other: Search): Pick<Search, 'sketch' | 'isSketched'> {
  return {
    sketch: (path, known, text) => {
      one.sketch(path, known, text);
      other.sketch(path, known, text);
    },
    isSketched: known => one.isSketched(known) && other.isSketched(known),
  };
}

const builders = Object.fromEntries(buildTraits.map(trait => [trait, forBuilds(trait)])) as Record<BuildTrait, Search>;

const searches = {
  ...(Object.fromEntries(Object.entries(sought).map(([name, wanted]) => [name, forObjects(wanted)])) as Record<
    keyof typeof sought,
    Search
  >),
};

/** Creates an index that has read nothing. It answers as one does that has read everything. */
export function createIndexOnDemand(source: FactSource): IndexOnDemand {
  const store = createWorkspaceIndex({ complete: false });
  const inner = store.index;
  /** Of what is in the store, the builds. */
  const builds: { readonly image: string; readonly dockerfiles: readonly string[] }[] = [];
  /** The Dockerfiles in it. */
  const images = new Set<string>();
  let listed: { readonly files: ReadonlyMap<string, Known>; readonly complete: boolean } | null = null;
  let unreadable = false;
  let settled = false;
  const answered = new Set<Search>();
  const kinds = new Map<string, { readonly wanted: Sought; readonly search: Search }>();
  const ofKind = (kind: string): { readonly wanted: Sought; readonly search: Search } => {
    let known = kinds.get(kind);
    if (!known) {
      const wanted = soughtOfKind(kind);
      kinds.set(kind, (known = { wanted, search: forObjects(wanted) }));
    }
    return known;
  };

  const list = (): NonNullable<typeof listed> => {
    if (listed) return listed;
    const { paths, complete } = source.files();
    return (listed = {
      files: new Map(paths.map(path => [path, createKnown(source.kept?.(path) ?? null)])),
      complete,
    });
  };
  const put = (path: string, known: Known | undefined, facts: FileFacts): void => {
    if (known) known.facts = facts;
    store.update(path, facts);
    for (const fact of facts) {
      if (fact.type === 'build') builds.push(fact);
      else if (fact.type === 'dockerfile') images.add(path);
    }
  };
  const textOf = (path: string, known: Known): string | null => {
    const text = source.text(path);
    if (text !== null) return text;
    unreadable = true;
    known.loaded = true;
    return null;
  };
  const learn = (known: Known): void => {
    if (known.news === 'nothing') known.news = 'something';
  };
  /** Sketches a file for a search; gives the text where it was read for that. */
  const sketch = (path: string, known: Known, search: Pick<Search, 'sketch' | 'isSketched'>): string | null => {
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
  /** Reads what a file has of something; tells whether that was news. */
  const read = (path: string, known: Known, search: Search): boolean => {
    let text = sketch(path, known, search);
    if (known.loaded || !search.file(known)) return false;
    const whole = (): string => (text ??= textOf(path, known)) ?? '';
    const pieces = (known.pieces ??= restorePieces(known) ?? piecesOf(path, whole()));
    const found = pieces.filter(piece => piece.state !== 'loaded' && search.piece(piece, path, () => whole().slice(piece.base, piece.end)));
    const fresh = found.filter(piece => piece.state === 'unread');
    if (found.length === 0 || (fresh.length > 0 && whole() === '')) return false;
    const facts = [...known.facts];
    if (fresh.length < found.length) {
      // what was kept comes all at once: it costs nothing
      facts.push(...known.keptFacts);
      known.keptFacts = emptyFacts;
      for (const piece of pieces) if (piece.state === 'kept') piece.state = 'loaded';
    }
    if (fresh.length > 0) {
      const bases = new Set(fresh.map(piece => piece.base));
      facts.push(...source.facts(path, whole(), ({ base }) => bases.has(base)));
      for (const piece of fresh) piece.state = 'loaded';
      learn(known);
    }
    known.loaded = pieces.every(piece => piece.state === 'loaded');
    put(path, known, facts);
    return true;
  };
  const load = (path: string): void => {
    const known = list().files.get(path);
    if (known) read(path, known, everything);
  };
  /** An answer about one file, once it is read. */
  const loaded = <T>(path: string, ask: () => T): T => {
    load(path);
    return ask();
  };
  /** Reads a program that somebody starts: no list of files has it. */
  const asked = new Set<string>();
  const loadBeside = (path: string): void => {
    if (list().files.has(path)) return load(path);
    if (asked.has(path)) return;
    asked.add(path);
    const text = source.program?.(path) ?? null;
    if (text !== null)
      store.update(
        path,
        source.facts(path, text, () => true),
      );
  };
  /** Reads what is sought, one file after the other, until there is enough. */
  const seek = (wanted: Search, isEnough: () => boolean = () => false): void => {
    if (answered.has(wanted)) return;
    for (const [path, known] of list().files) if (read(path, known, wanted) && isEnough()) return;
    answered.add(wanted);
  };
  /** How many questions about single names have been asked of a search. */
  const counts = new Map<Search, number>();
  /** The same for one name; of many names it is quicker to read all there is. */
  const seekNamed = (wanted: Sought, search: Search, name: string, passes?: (name: string) => boolean): void => {
    if (answered.has(search)) return;
    const count = (counts.get(search) ?? 0) + 1;
    counts.set(search, count);
    if (count > mostNames) return seek(search);
    const own = forObjects(named(wanted, name, passes));
    for (const [path, known] of list().files) read(path, known, own);
  };
  /** The files of which a name says enough, each group found once: questions about them come with every container. */
  const groups = new Map<string, readonly string[]>();
  const pathsOf = (group: string, test: (path: string) => boolean): readonly string[] => {
    let paths = groups.get(group);
    if (!paths) groups.set(group, (paths = [...list().files.keys()].filter(test)));
    return paths;
  };
  const dockerfiles = (test: (path: string) => boolean): void => {
    for (const path of pathsOf('Dockerfiles', one => mayBeDockerfile(kindOfName(baseName(one)).kind))) if (test(path)) load(path);
  };

  /** Whether nothing is missing: every file has been looked at then. */
  const isComplete = (): boolean => {
    if (!settled) {
      settled = true;
      if (list().complete) {
        seek(gaps);
        store.settle(!unreadable);
      }
    }
    return inner.complete;
  };
  /** An answer that more facts can only turn from no to yes. */
  const holds = (wanted: Search, ask: () => boolean): boolean => {
    if (!isComplete()) return false;
    if (!ask()) seek(wanted, ask);
    return ask();
  };
  const after = <T>(wanted: Search, ask: () => T): T => {
    seek(wanted);
    return ask();
  };

  const index: WorkspaceIndex = {
    get complete() {
      return isComplete();
    },
    isIndexed: (kind, namespace) => holds(ofKind(kind).search, () => inner.isIndexed(kind, namespace)),
    hasNeighbours: namespace => holds(searches.objects, () => inner.hasNeighbours(namespace)),
    object: (kind, namespace, name) => {
      seekNamed(ofKind(kind).wanted, ofKind(kind).search, name);
      return inner.object(kind, namespace, name);
    },
    serviceAccount: (namespace, name) => {
      seekNamed(sought.accounts, searches.accounts, name);
      return inner.serviceAccount(namespace, name);
    },
    bindingsOf: (namespace, name) => {
      seekNamed(sought.bindings, searches.bindings, name, ofGroup);
      return inner.bindingsOf(namespace, name);
    },
    bindingsTo: (kind, namespace, name) => {
      seekNamed(sought.bindings, searches.bindings, name);
      return inner.bindingsTo(kind, namespace, name);
    },
    role: (kind, namespace, name) => {
      seekNamed(ofKind(kind).wanted, ofKind(kind).search, name);
      return inner.role(kind, namespace, name);
    },
    selected: (selector, namespace) => after(searches.workloads, () => inner.selected(selector, namespace)),
    cloudUserAmong: (selector, namespace) => {
      seek(searches.workloads);
      return after(searches.accounts, () => inner.cloudUserAmong(selector, namespace));
    },
    selectedServices: (selector, namespace) => after(searches.services, () => inner.selectedServices(selector, namespace)),
    policiesFor: pod => after(searches.policies, () => inner.policiesFor(pod)),
    servicesFor: pod => after(searches.services, () => inner.servicesFor(pod)),
    budgetsFor: pod => after(searches.budgets, () => inner.budgetsFor(pod)),
    scalersOf: (kind, namespace, name) => {
      seekNamed(sought.scalers, searches.scalers, name, ofAny);
      return inner.scalersOf(kind, namespace, name);
    },
    kustomizes: (path, what) => after(searches.kustomizations, () => inner.kustomizes(path, what)),
    kustomizesImage: (path, name) => after(searches.kustomizations, () => inner.kustomizesImage(path, name)),
    fillsIn: (path, object, field, isThere) => after(searches.kustomizations, () => inner.fillsIn(path, object, field, isThere)),
    fragmentOf: path => after(searches.fragments, () => inner.fragmentOf(path)),
    valueIn: (template, value, text) => {
      if (!isComplete()) return null;
      for (const path of pathsOf('values', mayBeValues)) load(path);
      return inner.valueIn(template, value, text);
    },
    buildsOf: image => {
      seek(builders.builds);
      const key = imageKey(image);
      for (const build of builds) if (build.image === key) for (const path of build.dockerfiles) load(path);
      return inner.buildsOf(image);
    },
    stageOf: (dockerfile, target) => loaded(dockerfile, () => inner.stageOf(dockerfile, target)),
    namesakeOf: image => {
      const key = imageKey(image);
      const name = key?.slice(key.lastIndexOf('/') + 1);
      if (name !== undefined) dockerfiles(path => namesOfDockerfile(path).includes(`name ${name}`));
      return inner.namesakeOf(image);
    },
    onlyImage: () => {
      if (!isComplete()) return null;
      // two are too many: no other is read then
      dockerfiles(() => images.size < 2);
      return inner.onlyImage();
    },
    images: () => after(searches.workloads, () => inner.images()),
    workloads: () => after(searches.workloads, () => inner.workloads()),
    admission: () => after(searches.admission, () => inner.admission()),
    contextsOf: (dockerfile, by) => after(by === 'any' ? builders.builds : builders.services, () => inner.contextsOf(dockerfile, by)),
    targetsOf: dockerfile => after(builders.targets, () => inner.targetsOf(dockerfile)),
    mountsOf: dockerfile => after(builders.mounts, () => inner.mountsOf(dockerfile)),
    servicesOf: dockerfile => after(builders.services, () => inner.servicesOf(dockerfile)),
    scriptIn: (folder, name) => {
      for (const path of pathsOf(`script ${name}`, one => isScriptIn('', name, one))) if (isScriptIn(folder, name, path)) load(path);
      return inner.scriptIn(folder, name);
    },
    programAt: path => {
      loadBeside(path);
      return inner.programAt(path);
    },
    isAbsent: path => source.holds?.(path) === false,
    composeAt: path => loaded(path, () => inner.composeAt(path)),
    composeSetsOf: path => after(builders.sets, () => inner.composeSetsOf(path)),
    composeHeirsOf: path => after(builders.heirs, () => inner.composeHeirsOf(path)),
    pipelinesWith: path => after(builders.heirs, () => inner.pipelinesWith(path)),
    openCaches: () => after(builders.caches, () => inner.openCaches()),
    peerSettings: path => {
      for (const file of peerSettingsAbove(path)) load(file);
      return inner.peerSettings(path);
    },
    keptFolders: () => {
      for (const [path, known] of list().files)
        if (path.endsWith('/.gitignore')) load(path);
        else if (keepsFolder(baseName(path)) && !known.loaded) put(path, Object.assign(known, { loaded: true }), keptFolderFacts('', path));
      return inner.keptFolders();
    },
    leftOutBeside: dockerfile => {
      for (const path of ignoreFilesBeside(dockerfile)) load(path);
      return inner.leftOutBeside(dockerfile);
    },
    assuming: (path, facts, run) => loaded(path, () => inner.assuming(path, facts, run)),
  };
  return {
    index,
    unknown: () => [...list().files.values()].filter(({ keptHead, objects, builds }) => !keptHead && !objects && !builds).length,
    prepare: about => {
      const { files, complete } = list();
      // containers ask what builds their images: the folder is read once
      const search = about === 'builds' ? builders.mounts : both(complete ? gaps : searches.objects, builders.builds);
      for (const [path, known] of files) sketch(path, known, search);
    },
    update: (path, facts) => {
      const known = list().files.get(path);
      if (known) {
        known.loaded = true;
        known.news = 'foreign';
      }
      put(path, known, facts);
    },
    *learned() {
      for (const [path, known] of listed?.files ?? [])
        yield [path, known.news === 'something' ? { head: keepSketches(known), body: keepBody(known) } : null];
    },
  };
}
