import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import {
  contextFolder,
  contextSecrets,
  ignoreFilePaths,
  type BuildContext,
} from '../../../shared/src/families/dockerfile/model/build-context';
import { kindOfName } from '../../../shared/src/source/names';
import type { Input } from './inputs';
import { readSideFile } from './side-files';

/** Reads what rules may know of the folder that an input is built with, when one first asks; `null` for what is no Dockerfile by its name's kind. */
export function buildContextOf({ absolute, base, file }: Input): () => BuildContext | null {
  let known: BuildContext | null | undefined;
  return () => (known === undefined ? (known = read(absolute, base, file.path)) : known);
}

function read(absolute: string, base: string | null, path: string): BuildContext | null {
  if (kindOfName(basename(absolute)).kind === 'yaml' || !existsSync(dirname(absolute))) return null;
  // A lone file has no workspace: its own folder is all there is.
  const top = base ?? dirname(absolute);
  const own = base === null ? basename(absolute) : path;
  const ignore = ignoreFilePaths(own).flatMap(name => readIgnoreFile(top, name))[0] ?? null;
  const folder = join(top, contextFolder(own, ignore));
  return { ignore, secrets: contextSecrets.filter(name => existsSync(join(folder, name))) };
}

function readIgnoreFile(top: string, path: string): NonNullable<BuildContext['ignore']>[] {
  const text = readSideFile(join(top, path));
  return text === null ? [] : [{ path, text }];
}
