import { memoize } from '../../../base/text/memoize';
import type { DockerfileModel, Instruction, Stage } from './types';
import type { Pattern } from '../../../base/text/pattern';

/** The stages that a stage grows on, from the one with the image to itself. */
export function chainOf(stage: Stage): readonly Stage[] {
  const chain: Stage[] = [];
  for (let at: Stage | null = stage; at !== null; at = at.base) chain.push(at);
  return chain.reverse();
}

/** The instructions that make a stage, its bases' included, in the order in which they run. */
export function chainInstructions(stage: Stage): readonly Instruction[] {
  return chainOf(stage).flatMap(link => link.instructions);
}

/**
 * Works a value out for each stage from what its base has, once, and lets the stage keep it. Without recursion, since a chain of stages may
 * be longer than the stack is deep.
 * @param extend is given `undefined` for a stage that has no base
 */
export function memoizeAlongChain<V>(extend: (stage: Stage, base: V | undefined) => V): (stage: Stage) => V {
  return stage => {
    const unknown: Stage[] = [];
    let value: V | undefined;
    for (let at: Stage | null = stage; at !== null; at = at.base) {
      if (at.memo.has(extend)) {
        value = at.memo.get(extend) as V;
        break;
      }
      unknown.push(at);
    }
    for (const at of unknown.reverse()) at.memo.set(extend, (value = extend(at, value)));
    return value as V;
  };
}

/** The stages that become part of an image: the last one and what it starts FROM, and what those start FROM that may be built for themselves, as nothing copies from them. */
const inherited = memoize(({ stages, images }: DockerfileModel): ReadonlySet<Stage> => {
  const sources = new Set(images.flatMap(image => (image.origin === 'from' ? [] : image.stages)));
  const bases = new Set(stages.map(stage => stage.base));
  const ends = stages.filter(stage => stage.isFinal || (!bases.has(stage) && !sources.has(stage) && stage.base !== null));
  return new Set(ends.flatMap(stage => (stage.isFinal ? chainOf(stage) : chainOf(stage).slice(0, -1))));
});

/** Whether the file system of a stage becomes part of an image: it is the last stage, or one that is not there to be copied from alone starts FROM it. */
export function isInherited(stage: Stage): boolean {
  return inherited(stage.file).has(stage);
}

const shipped = memoize((file: DockerfileModel): ReadonlySet<Stage> => new Set(file.finalStage ? chainOf(file.finalStage) : []));

/** Whether the last stage of the file is this one or grows on it. */
export function isShipped(stage: Stage): boolean {
  return shipped(stage.file).has(stage);
}

/** The text of an instruction with its heredocs, for looking for a word that could stand anywhere in it. */
export function wholeText(instruction: Instruction): string {
  const { logical, heredocs } = instruction;
  return heredocs.length === 0 ? logical.text : [logical.text, ...heredocs.map(heredoc => heredoc.content)].join('\n');
}

/** The stages that start FROM each stage. */
const childrenOf = memoize((file: DockerfileModel): ReadonlyMap<Stage, readonly Stage[]> => {
  const children = new Map<Stage, Stage[]>();
  for (const stage of file.stages) if (stage.base) children.set(stage.base, [...(children.get(stage.base) ?? []), stage]);
  return children;
});

/** The stages that see the layers of a stage: itself, and those that start FROM it or from one of them. */
export function stagesOn(stage: Stage): ReadonlySet<Stage> {
  const children = childrenOf(stage.file);
  const found = new Set([stage]);
  for (const each of found) for (const child of children.get(each) ?? []) found.add(child);
  return found;
}

const finders = new Map<Pattern, (stage: Stage) => Instruction | null>();

/** The first instruction of a stage and its bases that holds what a pattern (without the `g` flag, a constant) looks for. */
export function firstWith(stage: Stage, pattern: Pattern): Instruction | null {
  let find = finders.get(pattern);
  if (find === undefined) {
    find = memoizeAlongChain(
      (at, base: Instruction | null = null) => base ?? at.instructions.find(i => pattern.test(wholeText(i))) ?? null,
    );
    finders.set(pattern, find);
  }
  return find(stage);
}

/** Whether a pattern is found in an instruction or in one that ran before it. */
export function isSetBefore(instruction: Instruction, pattern: Pattern): boolean {
  const first = instruction.stage && firstWith(instruction.stage, pattern);
  return first != null && first.index <= instruction.index;
}

/** The instructions of a stage by the names of the variables that they expand, in scripts and heredocs too. */
export const variableUsers = memoize((stage: Stage): ReadonlyMap<string, readonly Instruction[]> => {
  const found = new Map<string, Instruction[]>();
  for (const instruction of stage.instructions) {
    const names = new Set([...wholeText(instruction).matchAll(/\$\{?(\w+)/g)].map(match => match[1]!));
    for (const name of names) {
      const list = found.get(name);
      if (list) list.push(instruction);
      else found.set(name, [instruction]);
    }
  }
  return found;
});
