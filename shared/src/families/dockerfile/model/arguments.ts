import { memoize } from '../../../base/text/memoize';
import type { StageArgument } from '../../../workspace/types';
import { chainInstructions, wholeText } from './chain';
import type { Instruction, Stage } from './types';

/** Instructions that say where something is, or who runs it. */
const placing: ReadonlySet<string> = new Set(['WORKDIR', 'USER', 'VOLUME', 'COPY', 'ADD', 'ENTRYPOINT', 'CMD']);

/** Commands that make users and folders, and give them away. */
const giving = /\b(?:mkdir|chown|install|useradd|adduser|groupadd|addgroup)\b/;

/** More arguments of one stage are not told. */
const most = 20;

/** The names of variables that an instruction uses. */
const usedIn = (instruction: Instruction): readonly string[] =>
  wholeText(instruction).includes('$') ? [...wholeText(instruction).matchAll(/\$\{?([A-Za-z_]\w{0,80})/g)].map(match => match[1]!) : [];

/** The arguments of the build, with defaults, that decide where the image of a stage keeps something, or who runs it: by their own names, or those of variables made of them. */
export const stageArguments = memoize((stage: Stage): readonly StageArgument[] => {
  const all = chainInstructions(stage);
  const { file } = stage;
  const defaults = new Map<string, string>();
  /** The arguments that a name stands for. */
  const made = new Map<string, ReadonlySet<string>>();
  const used = new Set<string>();
  const ofUser = new Set<string>();
  for (const instruction of all) {
    const { keyword, pairs } = instruction;
    if (keyword === 'ARG')
      for (const { name, value } of pairs) {
        const standard = value ? file.expand(value, instruction) : (file.globalVariable(name)?.value ?? null);
        if (standard === null || defaults.size >= most) continue;
        defaults.set(name, standard);
        made.set(name, new Set([name]));
      }
    if (made.size === 0) continue;
    const names = usedIn(instruction).flatMap(name => [...(made.get(name) ?? [])]);
    if (keyword === 'ENV')
      for (const { name, value } of pairs) {
        const own = (value?.variables ?? []).flatMap(variable => [...(made.get(variable.name) ?? [])]);
        if (own.length > 0) made.set(name, new Set(own));
        else made.delete(name);
        for (const each of own) if (defaults.get(each)!.startsWith('/')) used.add(each);
      }
    if (placing.has(keyword) || (keyword === 'RUN' && giving.test(wholeText(instruction)))) for (const name of names) used.add(name);
    if (keyword === 'USER') for (const name of names) ofUser.add(name);
  }
  return [...defaults].flatMap(([name, value]) =>
    used.has(name) ? [{ name, value, moves: /^\/[\w./-]*\w$/.test(value) && isAlone(file.text, value), inUser: ofUser.has(name) }] : [],
  );
});

/** Whether a path stands in a text only once. */
function isAlone(text: string, path: string): boolean {
  return text.indexOf(path) === text.lastIndexOf(path);
}
