import type { ContainerEditor, Edit, ListField, Mount, PublishedPort, Setting, Tmpfs } from '../../../rule/container/types';
import { joined, volumeNames } from '../../../rule/container/edits';
import { mountFields, parseVolume, propagationWords } from '../../../rule/container/mounts';
import type { CommandOperation } from '../../../rule/fix/types';
import type { ReasonId } from '../../../base/terms/reasons';
import type { Range } from '../../../base/text/range';
import { listFlags, scalarFlags } from '../model/fields';
import type { RunContainer, RunSetting } from '../model/types';
import { valueRange } from '../model/words';

/** Characters that no shell, makefile or scalar of YAML reads as anything else. */
const harmless = /^[\w./:,=@+-]*$/;
/** The same for an address, whose brackets are a pattern to a shell that fits no file. */
const harmlessAddress = /^[\w.:[\]]*$/;

/** What writes words among the options of a command, or says why it does not. */
interface OptionWriter {
  readonly insert: (flag: string, values: readonly (string | null)[]) => Edit;
  /** Writes over a part of a setting's value. */
  readonly write: (setting: RunSetting<unknown>, from: number, to: number, text: string) => Edit;
  readonly remove: (setting: RunSetting<unknown>) => Edit;
}

const own = (setting: Setting<unknown>): RunSetting<unknown> => setting as RunSetting<unknown>;

/** The value of a setting as it is written. */
const shownOf = (setting: RunSetting<unknown>): string =>
  setting.option
    ? setting.option.shown.slice(setting.from - setting.option.valueStart, setting.to - setting.option.valueStart)
    : (setting.text ?? '');

function optionWriter(container: RunContainer): OptionWriter {
  const { command } = container;
  const { words, parsed, verbRange } = command;

  /** Why nothing can be put among the options; `null`: it can. */
  const insertRefusal = (values: readonly string[]): ReasonId | null => {
    if (command.locked !== null) return command.locked;
    // the image may be another word than it seems
    if (parsed.open || command.appended) return 'variable';
    if (parsed.image === null) return 'syntax';
    return values.every(value => harmless.test(value)) ? null : 'no-fix';
  };
  const insert = (flag: string, values: readonly (string | null)[]): Edit => {
    const refused = insertRefusal(values.filter(value => value !== null));
    if (refused !== null) return { reason: refused };
    return () => [
      { type: 'command.insert-options', command: verbRange.start, options: values.map(value => ({ flag: `--${flag}`, value })) },
    ];
  };
  /** Where a part of a setting's value stands; `null` where it has no place of its own. */
  const partOf = (setting: RunSetting<unknown>, from: number, to: number): Range | null => {
    const word = setting.option && words[setting.option.valueWord];
    return word && container.isExact(setting) ? valueRange(word, setting.from + from, setting.from + to) : null;
  };
  const write = (setting: RunSetting<unknown>, from: number, to: number, text: string): Edit => {
    if (command.locked !== null) return { reason: command.locked };
    const range = partOf(setting, from, to);
    if (!range) return { reason: 'variable' };
    if (!harmless.test(text) && !(setting.field === 'ports' && harmlessAddress.test(text))) return { reason: 'no-fix' };
    return () => [{ type: 'command.replace', range, text }];
  };
  const remove = (setting: RunSetting<unknown>): Edit => {
    if (command.locked !== null) return { reason: command.locked };
    const { option } = setting;
    if (!option) return { reason: 'no-fix' };
    const scalar = setting.field in scalarFlags;
    // the last counts: all of them go
    const all = scalar && setting.field !== 'network' ? parsed.options.filter(({ flag }) => flag === option.flag) : [option];
    const parts = setting.to - setting.from < option.shown.length && option.flag.splits;
    if (parts) return removePart(setting);
    const operations: CommandOperation[] = [];
    for (const given of all) {
      const flagWord = words[given.word]!;
      const valueWord = words[given.valueWord]!;
      if (given.letter === null || flagWord.mapped().text.length === 2 || isAlone(given.letter, given, flagWord.mapped().text)) {
        operations.push({ type: 'command.remove', range: { start: flagWord.range.start, end: valueWord.range.end } });
        continue;
      }
      const letterEnd = given.word === given.valueWord && given.flag.kind !== 'switch' ? flagWord.mapped().text.length : given.letter + 1;
      operations.push({ type: 'command.replace', range: valueRange(flagWord, given.letter, letterEnd), text: '' });
      if (given.valueWord !== given.word) operations.push({ type: 'command.remove', range: valueWord.range });
    }
    return () => operations;
  };
  /** One of several values that commas part. */
  const removePart = (setting: RunSetting<unknown>): Edit => {
    const { option } = setting;
    const start = setting.from - option!.valueStart;
    return start === 0 ? write(setting, 0, setting.to - setting.from + 1, '') : write(setting, -1, setting.to - setting.from, '');
  };
  return { insert, write, remove };
}

type MountEdits = Pick<ContainerEditor, 'makeReadOnly' | 'dropPropagation' | 'addTmpfsOptions' | 'dropTmpfsOptions'>;

/** Writes the options of mounts, in both of their forms. */
function mountEdits({ write }: OptionWriter): MountEdits {
  const insertAt = (setting: RunSetting<unknown>, at: number, text: string): Edit => write(setting, at, at, text);
  return {
    makeReadOnly: mount => {
      const setting = own(mount) as RunSetting<Mount>;
      const text = shownOf(setting);
      if (setting.option?.flag.name === 'mount') {
        const written = mountFields(text).find(({ key }) => key === 'ro' || key === 'readonly');
        return written ? write(setting, written.valueStart, written.end, 'true') : insertAt(setting, text.length, ',readonly');
      }
      const { optionsStart, options } = parseVolume(text);
      if (options.length === 0) return insertAt(setting, text.length, ':ro');
      const at = options.indexOf('rw');
      if (at < 0) return insertAt(setting, text.length, ',ro');
      const from = optionsStart + options.slice(0, at).reduce((sum, option) => sum + option.length + 1, 0);
      return write(setting, from, from + 2, 'ro');
    },
    dropPropagation: mount => {
      const setting = own(mount) as RunSetting<Mount>;
      const text = shownOf(setting);
      if (setting.option?.flag.name === 'mount') {
        const field = mountFields(text).find(({ key }) => key === 'bind-propagation');
        if (!field) return { reason: 'no-fix' };
        return field.start > 0 ? write(setting, field.start - 1, field.end, '') : write(setting, field.start, field.end + 1, '');
      }
      const { optionsStart, options } = parseVolume(text);
      const rest = options.filter(option => !propagationWords.has(option));
      return write(setting, optionsStart - (rest.length === 0 ? 1 : 0), text.length, rest.join(','));
    },
    addTmpfsOptions: (tmpfs, options) => {
      const setting = own(tmpfs) as RunSetting<Tmpfs>;
      const text = shownOf(setting);
      if (setting.option?.flag.name === 'mount') {
        // the long form cannot say more, and noexec and its kin hold by themselves
        const said = options.flatMap(option => (/^(?:size|mode)=/.test(option) ? `,tmpfs-${option}` : []));
        return insertAt(setting, text.length, said.join(''));
      }
      return insertAt(setting, text.length, `${text.includes(':') ? ',' : ':'}${options.join(',')}`);
    },
    dropTmpfsOptions: (tmpfs, options) => {
      const setting = own(tmpfs) as RunSetting<Tmpfs>;
      const text = shownOf(setting);
      const colon = text.indexOf(':');
      if (colon < 0 || setting.option?.flag.name === 'mount') return { reason: 'no-fix' };
      const rest = (setting.value?.options ?? []).filter(option => !options.includes(option));
      return write(setting, colon, text.length, rest.length === 0 ? '' : `:${rest.join(',')}`);
    },
  };
}

/** Writes the options of a command line. */
export function commandEditor(container: RunContainer): ContainerEditor {
  const writer = optionWriter(container);
  const { insert, write, remove } = writer;
  return {
    set: (field, value) => {
      const written = container.get(field);
      const setting = written && own(written);
      const name = scalarFlags[field];
      if (name === null) return { reason: 'no-fix' };
      const text = String(value);
      if (setting?.option && setting.option.flag.kind !== 'switch') return write(setting, 0, setting.to - setting.from, text);
      if (setting) {
        // `--read-only=false` is taken out, and written as it is meant
        const gone = remove(setting);
        if (typeof gone !== 'function') return gone;
        const added = value === true ? insert(name, [null]) : (): readonly never[] => [];
        return typeof added === 'function' ? () => [...gone(), ...added()] : added;
      }
      return insert(name, [value === true ? null : text]);
    },
    append: (field: ListField, values) => (field === 'args' ? { reason: 'no-fix' } : insert(listFlags[field], values)),
    keep: paths => {
      const name = container.command.parsed.options.findLast(({ flag }) => flag.name === 'name')?.value ?? '';
      // a volume of an engine is one for everything that it starts
      if (!/^[A-Za-z0-9][\w.-]*$/.test(name)) return null;
      return insert(
        listFlags.mounts,
        volumeNames(name, paths, () => false).map((volume, at) => `${volume}:${paths[at]}`),
      );
    },
    dropAll: () => {
      const written = container.list('capDrop').items.map(item => remove(own(item)));
      return joined([...written, insert(listFlags.capDrop, ['ALL'])]);
    },
    textOf: setting => shownOf(own(setting)),
    remove: setting => remove(own(setting)),
    replace: (setting, value) => write(own(setting), 0, own(setting).to - own(setting).from, String(value)),
    bindTo: (port, address) => {
      const setting = own(port) as RunSetting<PublishedPort>;
      const text = shownOf(setting);
      if (text.includes('target=')) return { reason: 'no-fix' };
      const { value } = setting;
      const target = address.includes(':') ? `[${address}]` : address;
      if (value?.address != null) {
        // a variable holds it
        if (text.startsWith('$')) return { reason: 'variable' };
        const written = text.startsWith('[') ? text.indexOf(']') + 1 : value.address.length;
        return write(setting, 0, written, target);
      }
      return write(setting, 0, 0, value?.hasHost === false ? (text.startsWith(':') ? target : `${target}::`) : `${target}:`);
    },
    ...mountEdits(writer),
  };
}

/** Whether a letter is the only one of its word: what follows it is its value. */
function isAlone(
  letter: number,
  { flag, word, valueWord }: { readonly flag: { readonly kind: string }; readonly word: number; readonly valueWord: number },
  text: string,
): boolean {
  return letter === 1 && (flag.kind === 'switch' ? text.length === 2 || text[2] === '=' : word === valueWord || text.length === 2);
}
