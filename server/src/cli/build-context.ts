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
  const host: BuildHost = {
    read: name => {
      const place = join(top, name);
      const text = reading.sideText(place);
      if (!text.ok && text.shortfall !== null) reading.unread.set(place, text);
      return text.ok ? text.value : null;
    },
    exist: names => names.map(name => attempt(name, () => lstatSync(join(top, name))).ok),
  };
  return decideNow(findBuildContext(own, host));
}
