import { hostPath, isHostPath, mountFields, parseVolume, propagationWords } from '../../../rule/container/mounts';
import type { Mount, Tmpfs } from '../../../rule/container/types';
import { parseGoBoolean, parseTmpfs } from '../../../rule/container/values';
import type { Range } from '../../../base/text/range';
import type { GivenOption } from './parse-options';
import type { RunCommand, RunSetting } from './types';
import { valueRange } from './words';

/** The mounts or the tmpfs of a command, in any of their spellings. `place` says where a value stands. */
export function readMounts(
  command: RunCommand,
  field: 'mounts' | 'tmpfs',
  place: (given: GivenOption) => Omit<RunSetting<unknown>, 'value'>,
): readonly RunSetting<Mount | Tmpfs>[] {
  const found: RunSetting<Mount | Tmpfs>[] = [];
  for (const given of command.parsed.options) {
    const { name } = given.flag;
    const common = place(given);
    if (name === 'mount') {
      const read = longMount(command, given, common.range);
      if (read.isTmpfs === (field === 'tmpfs')) found.push({ ...common, value: read.value });
    } else if (field === 'tmpfs' && name === 'tmpfs') {
      const { target, options } = parseTmpfs(given.shown);
      found.push({ ...common, value: { target: /[$`]/.test(target) ? null : target, options } });
    } else if (field === 'mounts' && name === 'volume') found.push({ ...common, value: shortMount(command, given, common.range) });
  }
  // a tmpfs is keyed by its path: the last one counts whole
  if (field === 'mounts') return found;
  return found.filter(({ value }, i) => value?.target == null || !found.slice(i + 1).some(later => later.value?.target === value.target));
}

function shortMount(command: RunCommand, given: GivenOption, whole: Range): Mount {
  const { kind, source, target, options, sourceEnd, optionsStart } = parseVolume(given.shown);
  const word = command.words[given.valueWord]!;
  const at = (from: number, to: number): Range => valueRange(word, given.valueStart + from, given.valueStart + to);
  const isPropagation = (option: string): boolean => propagationWords.has(option);
  return {
    kind,
    source,
    target,
    readOnly: options.includes('ro') || options.includes('readonly'),
    propagation: options.findLast(isPropagation) ?? null,
    options,
    sourceRange: kind === 'anonymous' ? whole : at(0, sourceEnd),
    optionsRange: at(optionsStart, given.shown.length),
  };
}

function longMount(command: RunCommand, given: GivenOption, whole: Range): { readonly isTmpfs: boolean; readonly value: Mount & Tmpfs } {
  const fields = mountFields(given.shown);
  const field = (...keys: string[]): (typeof fields)[number] | undefined => fields.findLast(({ key }) => keys.includes(key));
  const type = field('type')?.value ?? 'volume';
  const from = field('source', 'src');
  const target = field('target', 'dst', 'destination')?.value ?? null;
  const written = from?.value ?? null;
  const source = written === null ? null : hostPath(written);
  const readOnly = field('readonly', 'ro');
  const propagation = field('bind-propagation');
  const word = command.words[given.valueWord]!;
  const at = (start: number, end: number): Range => valueRange(word, given.valueStart + start, given.valueStart + end);
  const size = field('tmpfs-size')?.value ?? null;
  const mode = field('tmpfs-mode')?.value ?? null;
  const isBind = type === 'bind' && (source === null || isHostPath(source));
  return {
    isTmpfs: type === 'tmpfs',
    value: {
      kind: isBind ? 'bind' : type === 'volume' ? (written === null ? 'anonymous' : 'volume') : 'other',
      source,
      target: target !== null && /[$`]/.test(target) ? null : target,
      readOnly: readOnly !== undefined && (readOnly.value === null || parseGoBoolean(readOnly.value) === true),
      propagation: propagation?.value ?? null,
      options:
        type === 'tmpfs'
          ? [...(size === null ? [] : [`size=${size}`]), ...(mode === null ? [] : [`mode=${mode}`])]
          : fields.map(({ key, value }) => (value === null ? key : `${key}=${value}`)),
      sourceRange: from ? at(from.valueStart, from.end) : whole,
      optionsRange: propagation ? at(propagation.start, propagation.end) : whole,
    },
  };
}
