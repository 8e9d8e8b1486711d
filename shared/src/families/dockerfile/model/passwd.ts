import { memoize } from '../../../base/text/memoize';
import type { Instruction, Stage } from './types';

/** A file that says who is who. */
export type IdentityFile = 'passwd' | 'group';

/** Names of folders whose whole content is copied to `/`: they may hold anything. */
const trees = /root|fs|out|dist|overlay|files|staging|install|etc|target|image|base/i;

/** Whether a source is such a folder, or whatever there is. */
function isTree(source: string): boolean {
  const name = source.slice(source.lastIndexOf('/') + 1);
  return ['', '.', '*'].includes(name) || (/^[\w.-]+$/.test(name) && trees.test(name));
}

/** The instructions from which on a stage itself brings /etc/passwd, /etc/group and programs; `Infinity`: it does not. */
const arrivals = memoize((stage: Stage): Readonly<Record<IdentityFile | 'tools', number>> => {
  const found = { passwd: Infinity, group: Infinity, tools: Infinity };
  for (const instruction of stage.instructions) {
    const at = instruction.index;
    if (instruction.keyword === 'RUN' || instruction.keyword === 'SHELL') found.tools = Math.min(found.tools, at);
    if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') continue;
    for (const file of ['passwd', 'group'] as const) if (found[file] === Infinity && brings(instruction, file)) found[file] = at;
  }
  return found;
});

function brings(instruction: Instruction, file: IdentityFile): boolean {
  const words = instruction.words;
  const target = words.at(-1)?.text ?? '';
  const sources = words.slice(0, -1).map(word => word.text);
  if (target.includes('$')) return true;
  if (target === `/etc/${file}`) return true;
  const packed = instruction.keyword === 'ADD' && sources.some(source => /\.(?:tar|tgz|tbz2?|txz)(?:\.\w+)?$/.test(source));
  const top = /^(?:\.?\/|\.)$/.test(target);
  if (top) return packed || sources.some(isTree);
  if (!/^\/?etc\/?$/.test(target)) return false;
  return (
    packed ||
    sources.some(source => /(?:^|\/)(?:etc\/?|\*)$/.test(source) || source.replace(/[*?]$/, '').endsWith(`/${file}`) || source === file)
  );
}

/**
 * Whether a name at a place cannot be looked up, since nothing brings the file to an image from scratch. What is written at `place` needs it
 * at once (`--chown`), or when the container starts (`late`: USER).
 */
export function lacksIdentityFile(stage: Stage, file: IdentityFile, place: Instruction, late: boolean): boolean {
  if (stage.root.image.kind !== 'scratch' || stage.windows) return false;
  for (let at: Stage | null = stage; at !== null; at = at.base) {
    const found = arrivals(at);
    if (place.index > found.tools || (late ? found[file] < Infinity : place.index > found[file])) return false;
  }
  return true;
}
