import { existsSync, lstatSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type BuildContext, kindOfName } from '../../../shared/src/index';
import type { FoundInput } from './inputs';
import { decideNow } from '../decisions/deciding';
import { findBuildContext, type BuildHost } from '../decisions/find-build-context';
import { attempt } from '../host/node/files';
import type { Reading } from './reading';

/** Reads what rules may know of the folder that an input is built with, when one first asks; `null` for what is no Dockerfile by its name's kind. */
export function buildContextOf({ absolute, base, path }: FoundInput, reading: Reading): () => BuildContext | null {
  let known: BuildContext | null | undefined;
  return () => (known === undefined ? (known = read(absolute, base, path, reading)) : known);
}

function read(absolute: string, base: string | null, path: string, reading: Reading): BuildContext | null {
  if (kindOfName(basename(absolute)).kind === 'yaml' || !existsSync(dirname(absolute))) return null;
  // A lone file has no workspace: its own folder is all there is.
  const top = base ?? dirname(absolute);
  const own = base === null ? basename(absolute) : path;
  const { texts, there } = seenIn(reading);
  const host: BuildHost = {
    read: name => once(texts, join(top, name), place => readBeside(place, reading)),
    exist: names => names.map(name => once(there, join(top, name), isThere)),
  };
  return decideNow(findBuildContext(own, host));
}

/** What a run has seen of the folders that images are built with: several Dockerfiles may lie in one. */
interface Seen {
  readonly texts: Map<string, string | null>;
  readonly there: Map<string, boolean>;
}

const seen = new WeakMap<Reading, Seen>();

function seenIn(reading: Reading): Seen {
  let known = seen.get(reading);
  if (!known) seen.set(reading, (known = { texts: new Map(), there: new Map() }));
  return known;
}

function once<T>(known: Map<string, T>, path: string, look: (path: string) => T): T {
  let value = known.get(path);
  if (value === undefined) known.set(path, (value = look(path)));
  return value;
}

function readBeside(path: string, reading: Reading): string | null {
  const text = reading.sideText(path);
  if (!text.ok && text.shortfall !== null) reading.unread.set(path, text);
  return text.ok ? text.value : null;
}

/** Most names are of nothing: an error for each would cost more than the look. */
function isThere(path: string): boolean {
  const stat = attempt(path, () => lstatSync(path, { throwIfNoEntry: false }));
  return stat.ok && stat.value !== undefined;
}
