import { range } from '../../../base/text/range';
import { memoize } from '../../../base/text/memoize';
import type { MappedText } from '../../../syntax/shell/mapped-text';
import type { Expanded } from './expand';
import { expandWord, platformArgs } from './scopes';
import { readSubstitution } from './substitution';
import type { DockerfileModel, Heredoc, ImageUse, Instruction, Stage, VariableUse } from './types';
import { makeWord } from './words';

/** The variables in a part of a flag. */
function variablesIn(mapped: MappedText, escape: string): readonly VariableUse[] {
  return mapped.text.includes('$') ? makeWord(mapped, 0, mapped.text.length, escape).variables : [];
}

/** How far a `${...}` in a heredoc may reach. */
const longestUse = 512;

/** The variables that the builder expands in the body of a heredoc of COPY or ADD: quotes mean nothing there, a backslash hides the dollar. */
function heredocVariables({ content, bodyRange, expand }: Heredoc): readonly VariableUse[] {
  const found: VariableUse[] = [];
  if (!expand) return found;
  for (let at = content.indexOf('$'); at >= 0; at = content.indexOf('$', at + 1)) {
    let slashes = 0;
    while (content[at - slashes - 1] === '\\') slashes++;
    if (slashes % 2 === 1) continue;
    const text = content.slice(at, at + longestUse);
    const name = /^\$\{?([@*#?$!-]|\d+|[\p{L}\p{Nd}_]+)/u.exec(text)?.[1];
    const read = name === undefined ? null : readSubstitution(text, 0);
    if (name === undefined || read === null) continue;
    found.push({ name, range: range(bodyRange.start + at, bodyRange.start + at + read.end), operator: read.operand ? ':-' : null });
  }
  return found;
}

/**
 * The variables that the builder looks up for an instruction and warns of where nothing sets them, in order. EXPOSE is not checked, the
 * instruction in an ONBUILD runs in another build, and what a shell expands is no matter of the builder.
 */
export function builderVariables(instruction: Instruction): readonly VariableUse[] {
  const { keyword, words, pairs, flags, heredocs } = instruction;
  const { escape } = instruction.file;
  switch (keyword) {
    case 'ENV':
    case 'LABEL':
      return pairs[0]?.legacy ? pairs[0].value!.variables : words.flatMap(word => word.variables);
    case 'ARG':
      return pairs.flatMap(pair => pair.value?.variables ?? []);
    case 'WORKDIR':
    case 'USER':
    case 'VOLUME':
    case 'STOPSIGNAL':
      return words.flatMap(word => word.variables);
    case 'COPY':
    case 'ADD':
      return [
        ...flags.filter(flag => /^(?:chown|chmod|checksum)$/.test(flag.name)).flatMap(flag => variablesIn(flag.mapped, escape)),
        ...words.flatMap(word => word.variables),
        ...heredocs.flatMap(heredocVariables),
      ];
    case 'RUN':
      return instruction.mounts.flatMap(mount =>
        mount.fields.flatMap(field => (field.mapped && field.key !== 'from' ? variablesIn(field.mapped, escape) : [])),
      );
    default:
      return [];
  }
}

/** The names that ARG and ENV give in a stage itself. */
export const declaredIn = memoize((stage: Stage): ReadonlySet<string> => {
  const names = new Set<string>();
  for (const { keyword, pairs } of stage.instructions)
    if (keyword === 'ARG' || keyword === 'ENV') for (const pair of pairs) names.add(pair.name);
  return names;
});

/**
 * Whether ARG or ENV give a name, in a stage or those that it grows on, before an instruction of it. The pairs of one ARG see each other:
 * those before `offset` in the file count.
 */
export function isDeclaredAt(stage: Stage, name: string, instruction: Instruction, offset = 0): boolean {
  if (instruction.keyword === 'ARG' && instruction.pairs.some(pair => pair.name === name && pair.range.end <= offset)) return true;
  return stage.variable(name, instruction) !== undefined;
}

/** The names of the arguments before the first FROM, and of those that the builder sets. */
export const globalNames = memoize((file: DockerfileModel): ReadonlySet<string> => {
  const names = new Set(platformArgs);
  for (const { keyword, pairs } of file.instructions) {
    if (keyword === 'FROM') break;
    if (keyword === 'ARG') for (const pair of pairs) names.add(pair.name);
  }
  return names;
});

/** The variables of a FROM, in its image and its `--platform`. */
export function fromVariables(from: Instruction): readonly VariableUse[] {
  const platform = from.flag('platform');
  return [...(platform ? variablesIn(platform.mapped, from.file.escape) : []), ...(from.words[0]?.variables ?? [])];
}

const sample = /OSVERSION$|VARIANT$/;

/** What FROM sees under each name in a build without arguments; what has no value is empty. */
const defaults = memoize((file: DockerfileModel): ReadonlyMap<string, Expanded> => {
  const values = new Map<string, Expanded>();
  const set = (name: string, text: string): unknown =>
    values.set(name, { text, pieces: [{ start: 0, source: null, length: text.length }] });
  for (const name of platformArgs) set(name, sample.test(name) ? '' : name.endsWith('PLATFORM') ? 'linux/amd64' : 'linux');
  for (const instruction of file.instructions) {
    if (instruction.keyword === 'FROM') break;
    if (instruction.keyword !== 'ARG') continue;
    for (const { name, value } of instruction.pairs) {
      if (value === null) continue;
      const expanded = expandWord(value, instruction, other => values.get(other) ?? empty);
      if (expanded === null) values.delete(name);
      else values.set(name, expanded);
    }
  }
  return values;
});

const empty: Expanded = { text: '', pieces: [], unset: true };

/** The image of a FROM in a build without arguments, with nothing for what has no value; `null` where it cannot be said. */
export function defaultImage(image: ImageUse): string | null {
  const { instruction } = image;
  const word = instruction.words[0];
  const values = defaults(instruction.file);
  return word ? (expandWord(word, instruction, name => values.get(name) ?? empty)?.text ?? null) : null;
}
