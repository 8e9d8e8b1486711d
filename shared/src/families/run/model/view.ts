import { parsePort } from '../../../rule/container/ports';
import type {
  ContainerImage,
  Items,
  ListField,
  ListFields,
  NamedValue,
  PublishedPort,
  Purpose,
  ScalarField,
  ScalarFields,
} from '../../../rule/container/types';
import { parseDevice, parseGoBoolean, parseSecurityOption } from '../../../rule/container/values';
import { parseImageReference } from '../../../syntax/image/reference';
import { normalizeCapability } from '../../../knowledge/capabilities';
import { short } from '../../../base/limits/short';
import { memoize } from '../../../base/text/memoize';
import type { Range } from '../../../base/text/range';
import type { StageFact, WorkspaceIndex } from '../../../workspace/types';
import { commandEditor } from '../fix/editor';
import { listFlags, readers, scalarFlags } from './fields';
import { readMounts } from './mounts';
import { isBuiltHere } from './built';
import { isRemoved, isWorkedIn } from './lifetime';
import type { GivenOption } from './parse-options';
import { longPort, networkName } from './problems';
import type { RunCommand, RunContainer, RunModel, RunSetting } from './types';
import { expandedText } from './variables';
import { isExact, valueRange } from './words';

/** What a shell or an editor is asked for by hand, so that the command ends with it. */
const shells = /^(?:sh|bash|ash|zsh|dash|fish)$/;

/** The container that a command makes, as the rules see it. */
class Container implements RunContainer {
  readonly target = 'container';
  readonly memo: RunContainer['memo'] = new Map();
  private readonly scalars = new Map<ScalarField, RunSetting<unknown> | null>();
  private readonly lists = new Map<ListField, Items<unknown>>();
  private known: ContainerImage | null | undefined;
  private flags: ReadonlyMap<string, GivenOption> | undefined;
  private knownName: string | undefined;

  constructor(
    readonly command: RunCommand,
    readonly model: RunModel,
    readonly key: string,
  ) {}

  get runtime(): RunCommand['program'] {
    return this.command.program;
  }

  /** A variable may hold the name of any engine. */
  get guardsLowPorts(): boolean {
    const { program, shell } = this.command;
    return program !== 'docker' || (shell.name === null && !/docker/i.test(shell.nameWord?.raw ?? ''));
  }

  get image(): ContainerImage | null {
    if (this.known === undefined) this.known = this.readImage();
    return this.known;
  }

  get isBuilt(): boolean {
    const { parsed, args } = this.command;
    const written = parsed.image === null ? null : args[parsed.image]!.shown;
    return [this.image?.text ?? null, written].some(image => image !== null && isBuiltHere(this.model, image));
  }

  private readImage(): ContainerImage | null {
    const { parsed, words, args } = this.command;
    if (parsed.image === null || this.flag('rootfs')) return null;
    const word = words[parsed.image]!;
    const arg = args[parsed.image]!;
    const text = arg.text ?? expandedText(this.command.placed, this.model.text, this.command.shell, arg.shown);
    return { text, reference: text === null ? null : parseImageReference(text), range: word.range };
  }

  /** The last of a flag, which counts. */
  private flag(name: string): GivenOption | undefined {
    this.flags ??= new Map(this.command.parsed.options.map(option => [option.flag.name, option]));
    return this.flags.get(name);
  }

  private isOn(name: string): boolean {
    const given = this.flag(name);
    return given?.value != null && parseGoBoolean(given.value) === true;
  }

  get name(): string {
    return (this.knownName ??= this.readName());
  }

  private readName(): string {
    const given = this.flag('name')?.value;
    const { parsed, args, verb } = this.command;
    const image = parsed.image === null ? undefined : args[parsed.image]?.shown;
    return short(given ?? this.image?.text ?? image ?? verb);
  }

  get reportRange(): Range {
    return this.image?.range ?? this.command.verbRange;
  }

  get inJob(): boolean {
    return this.command.placed.kind === 'workflow';
  }

  get purpose(): Purpose {
    const { placed, verb, words, parsed } = this.command;
    if (placed.kind === 'workflow' || placed.kind === 'markdown') return 'one-shot';
    const first = parsed.image === null ? null : (words[parsed.image + 1]?.text ?? null);
    if (first !== null && shells.test(first.slice(first.lastIndexOf('/') + 1)) && words.length === parsed.image! + 2) return 'one-shot';
    if (placed.kind === 'unit') return 'service';
    if (isRemoved(this.model, this.command, this.isOn('rm'))) return 'one-shot';
    const detached = this.isOn('detach') || verb === 'create';
    if (!detached && (this.isOn('rm') || this.isOn('tty') || this.isOn('interactive'))) return 'one-shot';
    const restart = this.flag('restart')?.value ?? 'no';
    if (restart === 'no' && isWorkedIn(this.model, this.command)) return 'one-shot';
    return detached || restart !== 'no' || this.flag('publish') || this.isOn('publish-all') ? 'service' : 'one-shot';
  }

  get complete(): boolean {
    const { parsed, appended } = this.command;
    return this.purpose === 'service' && !parsed.open && parsed.problem === null && !appended && !parsed.help && this.image !== null;
  }

  get<F extends ScalarField>(field: F): RunSetting<ScalarFields[F]> | null {
    let known = this.scalars.get(field);
    if (known === undefined) this.scalars.set(field, (known = this.readScalar(field)));
    return known as RunSetting<ScalarFields[F]> | null;
  }

  private readScalar(field: ScalarField): RunSetting<unknown> | null {
    const name = scalarFlags[field];
    // of several networks the first is the container's own
    const given =
      field === 'network'
        ? this.command.parsed.options.find(({ flag }) => flag.name === 'network')
        : name === null
          ? undefined
          : this.flag(name);
    if (!given) return null;
    return { ...this.place(field, given), value: given.value === null ? null : readers[field](given.value) };
  }

  list<F extends ListField>(field: F): Items<ListFields[F]> {
    let known = this.lists.get(field);
    if (known === undefined) this.lists.set(field, (known = this.readList(field)));
    return known as Items<ListFields[F]>;
  }

  private readList(field: ListField): Items<unknown> {
    const { parsed, words, args, appended } = this.command;
    const open = parsed.open || appended || (field === 'env' && this.flag('env-file') !== undefined);
    if (field === 'args') {
      const behind = parsed.image === null ? [] : words.slice(parsed.image + 1);
      const items = behind.map((word, i): RunSetting<string> => {
        const { text } = args[parsed.image! + 1 + i]!;
        const to = word.mapped().text.length;
        return { field, value: text, text, range: valueRange(word, 0), inherited: false, option: null, from: 0, to };
      });
      return { items, open: open || parsed.image === null };
    }
    if (field === 'mounts' || field === 'tmpfs') return { items: readMounts(this.command, field, given => this.place(field, given)), open };
    const items = parsed.options
      .filter(({ flag }) => flag.name === listFlags[field])
      .flatMap(given => this.parts(field, given))
      .map(part => ({ ...part, value: part.text === null && !partial.has(field) ? null : this.readItem(field, part) }));
    // networks as modes are no networks
    return { items: field === 'networks' ? items.filter(({ value }) => value !== 'host' && value !== 'none') : items, open };
  }

  /** The values of one flag: several where commas part them. */
  private parts(field: ListField, given: GivenOption): readonly Omit<RunSetting<unknown>, 'value'>[] {
    const whole = this.place(field, given);
    if (!given.flag.splits || !given.shown.includes(',') || given.value === null) return [whole];
    const word = this.command.words[given.valueWord]!;
    let at = given.valueStart;
    return given.value.split(',').map(text => {
      const from = at;
      at += text.length + 1;
      return { ...whole, text, range: valueRange(word, from, from + text.length), from, to: from + text.length };
    });
  }

  private place(field: RunSetting<unknown>['field'], given: GivenOption): Omit<RunSetting<unknown>, 'value'> {
    const word = this.command.words[given.valueWord]!;
    const own = this.command.words[given.word]!;
    const to = word.mapped().text.length;
    // a switch is its own value, unless one is written behind it; of a bundle it is its letter
    const range =
      given.flag.kind === 'switch'
        ? given.letter === null
          ? own.range
          : valueRange(own, given.letter, given.letter + 1)
        : valueRange(word, given.valueStart);
    return { field, text: given.value, range, inherited: false, option: given, from: given.valueStart, to };
  }

  private readItem(field: ListField, part: Omit<RunSetting<unknown>, 'value'>): unknown {
    const text = part.text ?? part.option?.shown.slice(part.from - part.option.valueStart) ?? '';
    switch (field) {
      case 'capAdd':
      case 'capDrop':
        return normalizeCapability(text);
      case 'securityOpt':
        return parseSecurityOption(text);
      case 'ports':
        return this.readPort(text, part);
      case 'env':
      case 'labels':
      case 'sysctls':
      case 'ulimits':
      case 'logOptions':
        return this.readPair(text, part);
      case 'devices':
        return parseDevice(text);
      case 'networks':
        return networkName(text);
      default:
        return text;
    }
  }

  private readPair(text: string, part: Omit<RunSetting<unknown>, 'value'>): NamedValue | null {
    const equals = text.indexOf('=');
    const name = equals < 0 ? text : text.slice(0, equals);
    if (/[$`]/.test(name)) return null;
    const value = equals < 0 ? null : text.slice(equals + 1);
    const word = this.command.words[part.option!.valueWord]!;
    return {
      name,
      value: value === null || (part.text === null && /[$`]/.test(value)) ? null : value,
      valueRange: equals < 0 ? part.range : valueRange(word, part.from + equals + 1, part.to),
    };
  }

  private readPort(shown: string, part: Omit<RunSetting<unknown>, 'value'>): PublishedPort | null {
    const { placed, shell } = this.command;
    const known = part.text === null ? expandedText(placed, this.model.text, shell, shown) : null;
    const text = known ?? shown;
    const long = text.includes('target=') ? longPort(text) : null;
    const parsed = parsePort(long ?? text);
    // one variable may hold all of it: an address, both ports, or many
    if ('problem' in parsed || (parsed.container === null && !parsed.hasHost)) return null;
    const word = this.command.words[part.option!.valueWord]!;
    const written = known === null ? parsed : parsePort(shown);
    const isShort = long === null && !('problem' in written);
    const hostRange = isShort ? valueRange(word, part.from + written.hostStart, part.from + written.hostEnd) : part.range;
    const { address, host, hasHost, container, protocol } = parsed;
    return { address, host, hasHost, container, protocol, hostRange };
  }

  lacks(field: ScalarField | ListField): boolean {
    if (!this.complete) return false;
    return field in scalarFlags ? this.get(field as ScalarField) === null : this.list(field as ListField).items.length === 0;
  }

  readonly engine = { memo: new Map(), containers: () => [] };

  bindsToLoopback(): boolean {
    return false;
  }

  writesAtStart(): string | null {
    return null;
  }

  builds(workspace: Pick<WorkspaceIndex, 'buildsOf'>): readonly StageFact[] {
    const { image } = this;
    return image?.text == null ? [] : workspace.buildsOf(image.text).map(({ stage }) => stage);
  }

  get edit(): RunContainer['edit'] {
    return commandEditor(this);
  }

  /** Whether the value of a setting stands in the text character for character, so that part of it can be written anew. */
  isExact(setting: RunSetting<unknown>): boolean {
    const word = setting.option ? this.command.words[setting.option.valueWord] : undefined;
    return word !== undefined && isExact(word, this.model.text, setting.from, setting.to);
  }
}

/** Lists whose items say something even where a variable fills in part of them. */
const partial: ReadonlySet<ListField> = new Set(['ports', 'env', 'labels', 'sysctls', 'ulimits', 'logOptions']);

/** The containers of a model, each made once. */
export const containersOf = memoize((model: RunModel): readonly RunContainer[] =>
  model.commands.map((command, index) => new Container(command, model, `command ${index}`)),
);
