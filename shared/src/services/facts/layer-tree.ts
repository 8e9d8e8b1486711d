import { type LayerEntry, type LayerRecord, folderOf } from './layer-record';

// The files of an image, as far as its layers were read: from the top downwards, and never more than is asked for.

/**
 * What is known of a path. `pending`: a layer below may have it, and was not read yet; `uncertain`: it may be otherwise, with the reason as the end of a sentence.
 * `depth`: how many layers from the top it rests on.
 */
export type Found =
  | { readonly state: 'found'; readonly path: string; readonly entry: LayerEntry; readonly depth: number }
  | { readonly state: 'absent'; readonly depth: number }
  | { readonly state: 'pending' }
  | { readonly state: 'uncertain'; readonly reason: string; readonly entry: LayerEntry | null };

/** More links are not followed, as in Linux. */
const mostLinks = 40;
/** In place of a problem: the layer is being read. */
export const stillReading = 'it is being read';
/** Longer paths are not looked for. */
const mostParts = 200;

const impliedFolder: LayerEntry = {
  kind: 'folder',
  mode: 0o755,
  uid: 0,
  gid: 0,
  size: 0,
  target: '',
  capability: null,
  content: null,
  script: null,
};

const oddly = 'container tools unpack its layer in different ways';

const uncertain = (reason: string, entry: LayerEntry | null = null): Found => ({ state: 'uncertain', reason, entry });

/** Whether a layer hides what those below it have under a path. */
function hides({ entries, removed, opaque }: LayerRecord, path: string): boolean {
  if (removed.has(path) || opaque.has('')) return true;
  for (let folder = folderOf(path); folder !== ''; folder = folderOf(folder)) {
    if (removed.has(folder) || opaque.has(folder)) return true;
    const above = entries.get(folder);
    if (above && above.kind !== 'folder') return true;
  }
  return false;
}

function isOdd({ odd }: LayerRecord, path: string): boolean {
  if (odd.size === 0) return false;
  for (let at = path; at !== ''; at = folderOf(at)) if (odd.has(at)) return true;
  return false;
}

/** What a layer puts below a link of a layer under it: some programs follow the link, and others replace it. */
function below(link: string, { entries, removed, opaque, through }: LayerRecord): NonNullable<LayerRecord['through']> {
  if (through === 'all' || opaque.has(link)) return 'all';
  const names = new Set(through);
  for (const paths of [entries.keys(), removed, opaque])
    for (const path of paths) if (path.startsWith(`${link}/`)) for (const name of path.slice(link.length + 1).split('/')) names.add(name);
  return names;
}

/** Adds a layer below those that are there, and marks those that have files below its links. */
export function addLayer(layers: LayerRecord[], added: LayerRecord): void {
  for (const [path, { kind }] of added.entries) {
    if (kind !== 'symlink') continue;
    for (let at = layers.length - 1; at >= 0; at--) {
      const layer = layers[at]!;
      if (layer.implied.has(path) || layer.ghosts.has(path)) layers[at] = { ...layer, through: below(path, layer) };
      if (layer.entries.has(path) || layer.removed.has(path)) break;
    }
  }
  layers.push(added);
}

function isThrough({ through }: LayerRecord, path: string): boolean {
  return through !== undefined && (through === 'all' || path.split('/').some(name => through.has(name)));
}

/**
 * What a path itself is, no link in it followed.
 * @param layers those that were read, from the top
 * @param isAll whether there are no others
 */
function nodeAt(layers: readonly LayerRecord[], isAll: boolean, path: string): Found {
  let isImplied = path === '';
  let isGhost = false;
  const end = (depth: number): Found => {
    if (isImplied) return { state: 'found', path, entry: impliedFolder, depth };
    return isGhost ? uncertain(oddly) : { state: 'absent', depth };
  };
  for (const [at, layer] of layers.entries()) {
    if (isOdd(layer, path)) return uncertain(oddly, layer.entries.get(path) ?? null);
    const entry = layer.entries.get(path);
    if (entry) {
      // files are in it, and below it is a link: some follow it, and others replace it
      if ((isImplied || isGhost) && entry.kind !== 'folder') return uncertain('a layer has files below what another has as no folder');
      if (layer.problem !== null && !layer.sorted) return uncertain(`only a part of its layer was read: ${layer.problem}`, entry);
      return { state: 'found', path, entry, depth: at + 1 };
    }
    if (isThrough(layer, path)) return uncertain('a layer has files below what another has as no folder');
    isImplied ||= layer.implied.has(path);
    isGhost ||= layer.ghosts.has(path);
    // what hides it may be followed by what it is
    if (layer.problem === stillReading) return { state: 'pending' };
    if (layer.problem !== null) return uncertain(`a layer was not read to its end: ${layer.problem}`);
    if (hides(layer, path)) return end(at + 1);
  }
  return isAll ? end(layers.length) : { state: 'pending' };
}

/** What a path leads to, through the links in it. */
export function resolvePath(layers: readonly LayerRecord[], isAll: boolean, path: string): Found {
  const rest = path.split('/').reverse();
  let at = '';
  let links = 0;
  let depth = 0;
  for (let steps = 0; rest.length > 0; steps++) {
    if (rest.length > mostParts || steps > mostParts * 10) return uncertain('the path is too long');
    const part = rest.pop()!;
    if (part === '' || part === '.') continue;
    if (part === '..') {
      at = folderOf(at);
      continue;
    }
    const next = at === '' ? part : `${at}/${part}`;
    const found = nodeAt(layers, isAll, next);
    if (found.state === 'pending' || found.state === 'uncertain') return found;
    depth = Math.max(depth, found.depth);
    if (found.state === 'absent') return { state: 'absent', depth };
    const { kind, target } = found.entry;
    if (kind === 'symlink') {
      // a loop leads nowhere
      if (++links > mostLinks) return { state: 'absent', depth };
      if (target.startsWith('/')) at = '';
      for (const step of target.split('/').reverse()) rest.push(step);
      continue;
    }
    // `..` and a slash at the end want a folder, too
    if (kind !== 'folder' && rest.length > 0) return { state: 'absent', depth };
    at = next;
  }
  const last = nodeAt(layers, isAll, at);
  return last.state === 'found' || last.state === 'absent' ? { ...last, depth: Math.max(depth, last.depth) } : last;
}
