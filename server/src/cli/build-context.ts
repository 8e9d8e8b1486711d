import { existsSync, lstatSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type BuildContext, contextFolder, contextSecrets, ignoreFilePaths, kindOfName } from '../../../shared/src/index';
import type { Input } from './inputs';
import { attempt } from '../host/node/files';
import type { Reading } from './reading';

/** Reads what rules may know of the folder that an input is built with, when one first asks; `null` for what is no Dockerfile by its name's kind. */
export function buildContextOf({ absolute, base, file }: Input, reading: Reading): () => BuildContext | null {
  let known: BuildContext | null | undefined;
  return () => (known === undefined ? (known = read(absolute, base, file.path, reading)) : known);
}

function read(absolute: string, base: string | null, path: string, reading: Reading): BuildContext | null {
  if (kindOfName(basename(absolute)).kind === 'yaml' || !existsSync(dirname(absolute))) return null;
  // A lone file has no workspace: its own folder is all there is.
  const top = base ?? dirname(absolute);
  const own = base === null ? basename(absolute) : path;
  const ignore = ignoreFilePaths(own).flatMap(name => readIgnoreFile(top, name, reading))[0] ?? null;
  const context = contextFolder(own, ignore);
  const untracked = readIgnoreFile(top, `${context}.gitignore`, reading)[0] ?? null;
  return { ignore, untracked, secrets: contextSecrets.filter(name => isThere(join(top, context, name))) };
}

/** Whether a name is there: a link is sent to the builder as it is, wherever it leads. */
function isThere(path: string): boolean {
  return attempt(path, () => lstatSync(path)).ok;
}

function readIgnoreFile(top: string, path: string, reading: Reading): NonNullable<BuildContext['ignore']>[] {
  const absolute = join(top, path);
  const text = reading.sideText(absolute);
  if (text.ok) return [{ path, text: text.value }];
  if (text.shortfall !== null) reading.unread.set(absolute, text);
  return [];
}
