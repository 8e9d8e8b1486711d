import { type BuildContext, contextFolder, contextSecrets, ignoreFilePaths, mayBeOpen } from '../../../shared/src/index';
import { ask, type Answer, type Deciding } from './deciding';

/** What is asked of the folder of a workspace. Names are relative to it, with `/`. */
export interface BuildHost {
  /** The text of a file; `null` where there is none, or it cannot be read: the host knows which. */
  read(name: string): Answer<string | null>;
  /** For each name whether something is there: a link is sent to the builder as it is, wherever it leads. */
  exist(names: readonly string[]): Answer<readonly boolean[]>;
}

/** Finds out what rules may know of the folder that a Dockerfile is built with, for editors and the command line alike. */
export function* findBuildContext(path: string, host: BuildHost): Deciding<BuildContext> {
  let ignore: BuildContext['ignore'] = null;
  for (const name of ignoreFilePaths(path)) {
    ignore = yield* readFile(name, host);
    if (ignore !== null) break;
  }
  const folder = contextFolder(path, ignore);
  const untracked = yield* readFile(`${folder}.gitignore`, host);
  const there = yield* ask(host.exist(contextSecrets.map(name => folder + name)));
  const secrets = contextSecrets.filter((_, i) => there[i]);
  const open: string[] = [];
  for (const name of secrets) {
    const isOpen = mayBeOpen.get(name);
    const file = isOpen ? yield* readFile(folder + name, host) : null;
    if (file && isOpen!(file.text)) open.push(name);
  }
  return { ignore, untracked, secrets: secrets.filter(name => !open.includes(name)), open };
}

function* readFile(name: string, host: BuildHost): Deciding<BuildContext['ignore']> {
  const text = yield* ask(host.read(name));
  return text === null ? null : { path: name, text };
}
