import { mappedSlice } from '../../../syntax/shell/mapped-text';
import { parseExec } from '../../../syntax/shell/script';
import type { ShellScript, ShellWord } from '../../../syntax/shell/types';
import { memoize, type Memo } from '../../../base/text/memoize';
import { range, type Range } from '../../../base/text/range';
import { firstIndex } from '../../../base/text/search';
import type { YamlMap, YamlScalar } from '../../../syntax/yaml/types';
import { mapOf, scalarOf, sequenceOf, stringOf } from '../../../syntax/yaml/values';
import { partRange } from './data';
import { probeFields } from './probes';
import type { ContainerView } from './types';

/** The words that a container, one of its hooks or one of its probes runs. */
export interface CommandLine {
  readonly words: readonly YamlScalar[];
  /** The texts of the words. */
  readonly texts: readonly string[];
  /** `start`: `command` and `args`; without the former the program is the image's. */
  readonly role: 'start' | 'hook' | 'probe';
  /** The field of the hook or probe; empty for `start`. */
  readonly field: string;
}

const hooks = ['postStart', 'preStop'];

function execOf(map: YamlMap | null, field: string, role: CommandLine['role']): CommandLine[] {
  const words = sequenceOf(mapOf(mapOf(map?.get(field))?.get('exec'))?.get('command'))?.items.map(scalarOf) ?? [];
  return lineOf(
    words.filter(word => word !== null),
    role,
    field,
  );
}

function lineOf(words: readonly YamlScalar[], role: CommandLine['role'], field = ''): CommandLine[] {
  // what an alias or a merge key brings in stands elsewhere, and is seen there
  return words.length === 0 || words.some(word => word.shared)
    ? []
    : [{ words, texts: words.map(w => stringOf(w) ?? w.source), role, field }];
}

/** Every command line of a container. */
export const commandLinesOf = memoize((container: ContainerView & Memo): readonly CommandLine[] => {
  const { node } = container;
  const lifecycle = mapOf(node.get('lifecycle'));
  return [
    ...lineOf([...(container.command ?? []), ...(container.args ?? [])], 'start'),
    ...hooks.flatMap(hook => execOf(lifecycle, hook, 'hook')),
    ...probeFields.flatMap(probe => execOf(node, probe, 'probe')),
  ];
});

/** A command line as a script: the ranges of the script are its own, `placeOf` gives those of the document. */
export interface ParsedLine {
  readonly script: ShellScript;
  readonly placeOf: (place: Range) => Range;
}

/** Reads a command line as the kernel does, and what `sh -c` is given in it as a shell does. Costs a parse: ask for a word that matters first. */
export function parseLine({ pod }: ContainerView, { words, texts }: CommandLine): ParsedLine {
  const starts: number[] = [];
  let length = 0;
  for (const text of texts) {
    starts.push(length);
    length += text.length + 1;
  }
  const placeOf = ({ start, end }: Range): Range => {
    const at = Math.max(firstIndex(starts.length, i => starts[i]! > start) - 1, 0);
    const last = Math.min(end, starts[at]! + texts[at]!.length);
    return partRange(pod.object.document, words[at]!, range(start - starts[at]!, last - starts[at]!));
  };
  const execWords = texts.map((text, i): ShellWord => {
    const place = range(starts[i]!, starts[i]! + text.length);
    return { text, raw: text, range: place, quoted: true, variables: [], substitutions: [], mapped: () => mappedSlice(text, place.start) };
  });
  return { script: parseExec(execWords, mappedSlice(texts.join('\n'), 0)), placeOf };
}
