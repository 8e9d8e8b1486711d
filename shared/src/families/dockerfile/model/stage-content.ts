import { memoize } from '../../../base/text/memoize';
import { textKey } from '../../../base/text/text-key';
import type { DockerfileModel, Stage } from './types';

/** What says how an image is started, and nothing of what is in it. */
const ofStart: ReadonlySet<string> = new Set(['USER', 'LABEL', 'HEALTHCHECK', 'EXPOSE', 'STOPSIGNAL', 'MAINTAINER']);

/** The keys of stages in their order, each of all that is written up to its end: a stage may copy from any before it. */
const contents = memoize(({ instructions, stages, text }: DockerfileModel): readonly string[] => {
  const keys: string[] = [];
  let key = '';
  let at = 0;
  for (const stage of stages) {
    const end = stage.instructions.at(-1)?.range.end ?? stage.from.range.end;
    const lines: string[] = [key];
    for (; at < instructions.length && instructions[at]!.range.start < end; at++) {
      const { keyword, range } = instructions[at]!;
      const line = text.slice(range.start, range.end);
      if (!ofStart.has(keyword)) lines.push(keyword === 'FROM' ? line.replace(/@sha256:[0-9a-f]{64}/, '') : line);
    }
    keys.push((key = textKey(lines.join('\0'))));
  }
  return keys;
});

/** A key of what builds a stage, as `StageFact.content` has it: neither comments between instructions nor a digest of its base count. */
export const stageContent = (stage: Stage): string => contents(stage.file)[stage.index] ?? '';
