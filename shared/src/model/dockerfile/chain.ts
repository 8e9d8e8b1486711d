import { scriptsOf } from './scripts';
import type { Instruction, Stage } from './types';

/** The stages that a stage grows on, from the one with the image to itself. */
export function chainOf(stage: Stage): readonly Stage[] {
  const chain: Stage[] = [];
  for (let at: Stage | null = stage; at !== null; at = at.base) chain.push(at);
  return chain.reverse();
}

/** The instructions that make a stage, its bases' included, in the order in which they run; up to `end` (exclusive) where it is given. */
export function chainInstructions(stage: Stage, end?: Instruction): readonly Instruction[] {
  const all = chainOf(stage).flatMap(link => link.instructions);
  return end === undefined ? all : all.filter(instruction => instruction.index < end.index || instruction.stage !== end.stage);
}

/** Whether the file system of a stage becomes part of an image: it is the last stage, or another one starts FROM it. */
export function isInherited(stage: Stage): boolean {
  return stage.isFinal || stage.file.stages.some(other => other.base === stage);
}

/** Whether the last stage of the file is this one or grows on it. */
export function isShipped(stage: Stage): boolean {
  const { finalStage } = stage.file;
  return finalStage !== null && chainOf(finalStage).includes(stage);
}

/** The text of an instruction with its heredocs, for looking for a word that could stand anywhere in it. */
export function wholeText(instruction: Instruction): string {
  return [instruction.logical.text, ...instruction.heredocs.map(heredoc => heredoc.content)].join('\n');
}

/** What the file's own shell scripts of an instruction run, by base name, in order. */
export function programsOf(instruction: Instruction): readonly string[] {
  return scriptsOf(instruction).flatMap(script => script.commands.flatMap(command => command.name ?? []));
}
