import { derive } from '../derived';
import { plainName } from '../shell/downloads';
import { chainInstructions } from './chain';
import type { Instruction, Stage } from './types';

/** How surely a stage has a file of the build context. `maybe`: a glob, a folder or the whole context may bring it. */
export type Presence = 'yes' | 'maybe' | 'no';

/** What COPY, ADD and bind mounts bring into a stage, in order. */
const sourcesOf = derive((stage: Stage): readonly { readonly index: number; readonly text: string }[] => {
  const found: { index: number; text: string }[] = [];
  for (const outer of chainInstructions(stage)) {
    const instruction = outer.onbuild ?? outer;
    if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') {
      // What another stage made may be anything.
      if (instruction.flag('from')) found.push({ index: instruction.index, text: instruction.words[0]?.text ?? '' });
      else for (const word of instruction.words.slice(0, -1)) found.push({ index: instruction.index, text: word.text });
    }
    for (const mount of instruction.mounts)
      if (mount.type === 'bind') found.push({ index: instruction.index, text: mount.get('source') ?? mount.get('target') ?? '.' });
  }
  return found;
});

/** Whether a name with globs may be that of a file. */
function mayBe(pattern: string, name: string): boolean {
  const star = pattern.search(/[*?[{]/);
  if (star < 0) return pattern === name;
  const tail = /[^*?\]}]*$/.exec(pattern)![0];
  return name.startsWith(pattern.slice(0, star)) && name.endsWith(tail);
}

/** Whether a stage has one of these files of the build context when an instruction runs. */
export function presenceOf(stage: Stage, instruction: Instruction, names: readonly string[]): Presence {
  let presence: Presence = 'no';
  for (const { index, text } of sourcesOf(stage)) {
    if (index > instruction.index && stage === instruction.stage) continue;
    const name = plainName(text.replace(/\/+$/, ''));
    if (names.includes(name)) return 'yes';
    // A name without an extension is a folder as a rule, unless it is well known.
    if (name === '' || name === '.' || name.includes('$') || !/[.*?[]/.test(name) || names.some(wanted => mayBe(name, wanted)))
      presence = 'maybe';
  }
  return presence;
}
