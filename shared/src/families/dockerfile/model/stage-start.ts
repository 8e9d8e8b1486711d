import type { Start } from './start';
import type { ImageProfile } from '../../../knowledge/image-profiles';
import { droppingServers, interactivePrograms, interpreters, rootMasters, userSwitchers } from '../../../knowledge/programs';
import { withoutEnd } from '../../../base/text/ends';

/** What the version behind the name of a program is made of: `python3.12`. */
const version = '0123456789.';

/** Whether an image does something by itself, or waits for a command: a shell, an interpreter with nothing to run. */
export function startsSomething({ words, alone }: Start, profile: ImageProfile | null): boolean {
  if (alone) return false;
  if (words.length === 0) return profile?.kind === 'server' || profile?.kind === 'tool';
  const program = words.filter(
    word => !['tini', '--', '-g', '-a', '-i', '-l', '-it'].includes(word) && !/entry-?point(?:\.sh)?$/.test(word),
  );
  const [only] = program;
  return only === undefined || program.length > 1 || !(interactivePrograms.has(only) || interpreters.has(withoutEnd(only, version)));
}

/** The server that a stage starts and whose first process stays root, though it serves as another user; `null`: none is seen. */
export function rootMaster({ runs, words, script }: Start, profile: ImageProfile | null): string | null {
  // what a script does before it is not seen here
  if (script || runs.some(word => userSwitchers.has(word))) return null;
  const started = runs.map(word => withoutEnd(word, version)).find(word => rootMasters.has(word));
  if (started !== undefined) return started.replace(/-foreground$|ctl$/, '');
  const tool = words.length === 0 ? (profile?.privilegeDrop?.tool ?? '') : '';
  return /worker|pool/.test(tool) ? (tool.split(' ').find(word => rootMasters.has(word)) ?? null) : null;
}

/** Whether the process that the stage starts goes on as another user by itself. */
export function dropsPrivileges(start: Start, profile: ImageProfile | null): boolean {
  const { runs, words } = start;
  if (runs.some(word => userSwitchers.has(word) || droppingServers.has(withoutEnd(word, version)) || word.startsWith('s6-'))) return true;
  // Apache's, not the one of busybox, which has other options.
  if (runs.includes('httpd') && runs.some(word => /FOREGROUND|^-k$/.test(word))) return true;
  if (start.switches) return true;
  const drop = start.entrypoint ? null : profile?.privilegeDrop;
  // Where the server of the image does it rather than its entry point, a CMD with another program is left out.
  return drop != null && !(/worker|pool/.test(drop.tool) && interpreters.has(words[0] ?? ''));
}
