import { buildContexts } from '../workspace/build-context';
import { folderOf, joinPath } from '../workspace/paths';
import type { StageStart } from '../workspace/stage-start';
import type { ProgramIndex } from './program/programs';

type ProgramFact = NonNullable<ReturnType<ProgramIndex['programAt']>>;

/** More files of one program are not read. */
const mostRead = 30;

/** More paths are not tried: what a program imports may be in several places. */
const mostTried = 600;

/** Servers of Python that handle SIGTERM themselves (uvicorn.org, Deployment; hypercorn.readthedocs.io, Shutdown; docs.aiohttp.org, Graceful shutdown). */
const servers = /^[ \t]*(?:import|from)[ \t]+(?:uvicorn|hypercorn|granian)\b|\bweb\.run_app\(/m;

/** Threads of Python that go on when SIGINT ends the first one, which alone gets it (docs.python.org, signal: Signals and threads). */
const threads = /\b(?:to_thread|ThreadPoolExecutor|Thread)\(/;

/** What code says of the end of its program: that it handles SIGTERM, or that it starts threads. */
const says = {
  SIGTERM: (code: string): boolean => code.includes('SIGTERM') || servers.test(code),
  threads: (code: string): boolean => threads.test(code),
} as const;

/**
 * Whether the program that an image starts, or a file of its own that it uses, says something of how it ends: then it ends so, or has a reason not to.
 * `null`: the program is not here, or not read.
 * @param dockerfile path in the index
 */
export function speaksOf(what: keyof typeof says, start: StageStart | null, dockerfile: string, index: ProgramIndex): boolean | null {
  if (!start) return null;
  for (const context of buildContexts(dockerfile, start.sources, index)) {
    const programs = start.programs.flatMap(({ source }) => joinPath(context, source) ?? []);
    const read = filesOf(programs, index);
    if (read.some(({ code }) => code !== null && says[what](code.text))) return true;
    if (read.some(({ code }) => code !== null) && read.every(({ unread }) => unread === null)) return false;
  }
  return null;
}

/** Programs, and the files that they use. */
function filesOf(programs: readonly string[], index: ProgramIndex): readonly ProgramFact[] {
  const found = new Map<string, ProgramFact | null>();
  const queue = [...programs];
  let read = 0;
  for (let at = 0; at < queue.length && read < mostRead && found.size < mostTried; at++) {
    const path = queue[at]!;
    if (found.has(path)) continue;
    const fact = index.programAt(path);
    found.set(path, fact);
    if (fact !== null) read++;
    for (const used of fact?.uses ?? []) queue.push(...[joinPath(folderOf(path), used)].filter(each => each !== null));
  }
  return [...found.values()].filter(fact => fact !== null);
}
