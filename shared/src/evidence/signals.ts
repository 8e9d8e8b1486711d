import { buildContexts } from '../workspace/build-context';
import { folderOf, joinPath } from '../workspace/paths';
import type { StageStart } from '../workspace/stage-start';
import type { ProgramIndex } from './program/programs';

type ProgramFact = NonNullable<ReturnType<ProgramIndex['programAt']>>;

/** More files of one program are not read. */
const mostRead = 30;

/**
 * Whether the program that an image starts, or a file of its own that it uses, says something of a signal: then it handles it, or has a reason not to.
 * `null`: the program is not here, or not read.
 * @param dockerfile path in the index
 */
export function speaksOfSignal(signal: string, start: StageStart | null, dockerfile: string, index: ProgramIndex): boolean | null {
  if (!start) return null;
  for (const context of buildContexts(dockerfile, start.sources, index)) {
    const programs = start.programs.flatMap(({ source }) => joinPath(context, source) ?? []);
    const read = filesOf(programs, index);
    if (read.some(({ code }) => code?.text.includes(signal))) return true;
    if (read.some(({ code }) => code !== null) && read.every(({ unread }) => unread === null)) return false;
  }
  return null;
}

/** Programs, and the files that they use. */
function filesOf(programs: readonly string[], index: ProgramIndex): readonly ProgramFact[] {
  const found = new Map<string, ProgramFact | null>();
  const queue = [...programs];
  for (let path = queue.shift(); path !== undefined && found.size < mostRead; path = queue.shift()) {
    if (found.has(path)) continue;
    const fact = index.programAt(path);
    found.set(path, fact);
    for (const used of fact?.uses ?? []) queue.push(...[joinPath(folderOf(path), used)].filter(each => each !== null));
  }
  return [...found.values()].filter(fact => fact !== null);
}
