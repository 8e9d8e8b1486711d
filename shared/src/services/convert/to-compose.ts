import { short } from '../../base/limits/short';
import { writeYaml } from '../../syntax/yaml/write';
import { carry } from './flags';
import { givenOf, type Carrying } from './given';
import { onceMounted } from './mounts';
import { networkMode } from './networks';
import type { ReadCommands } from './read-commands';
import { emptyMap, projectOf, type ProjectDraft, type ServiceDraft } from './service';
import { templateOf } from './template';

/** A project that commands come to. */
export interface ConvertedProject {
  /** The Compose file, before it is hardened and without comments. */
  readonly text: string;
  /** The names of its services, in the order of the commands. */
  readonly services: readonly string[];
}

/** Flags that are about the network of other flags: after them. */
const late: ReadonlySet<string> = new Set(['network-alias', 'ip', 'ip6', 'link-local-ip']);

/** The last part of an image's name, without tag and digest. */
function nameOfImage(text: string | null): string {
  const name = (text ?? '').split('@', 1)[0]!;
  const last = name.slice(name.lastIndexOf('/') + 1);
  return last.split(':', 1)[0]!;
}

function serviceName(written: string, taken: ReadonlySet<string>): string {
  const clean = written
    .replace(/[^A-Za-z0-9._-]{1,200}/g, '-')
    .replace(/^[._-]{1,100}/, '')
    .slice(0, 60);
  const base = clean === '' ? 'app' : clean;
  for (let i = 1; ; i++) {
    const name = i === 1 ? base : `${base}-${i}`;
    if (!taken.has(name)) return name;
  }
}

/** Commands as the services of a Compose file. What has no counterpart goes to the notes. */
export function toCompose(read: ReadCommands): ConvertedProject {
  const { containers, model, notes } = read;
  const project: ProjectDraft = { services: emptyMap(), volumes: emptyMap(), networks: emptyMap() };
  const byContainer = new Map<string, string>();
  const names: string[] = [];
  for (const container of containers) {
    const { options } = container.command.parsed;
    const given = options.findLast(({ flag }) => flag.name === 'name')?.value ?? null;
    const written = given ?? nameOfImage(container.image?.text ?? null);
    const name = serviceName(written, new Set(names));
    if (given !== null) byContainer.set(given, name);
    if (given !== null && name !== given) notes.add('renamed-service', `--name ${short(given)}`, { name });
    names.push(name);
  }
  const made = new Set(model.others.flatMap(({ verb, shell }) => (verb === 'network' ? [shell.args.at(-1)?.text ?? ''] : [])));
  for (const [i, container] of containers.entries()) {
    const service = emptyMap();
    project.services[names[i]!] = service;
    const all = givenOf(container, notes);
    const mode = all.flatMap(given => (given.name === 'network' && given.value !== null ? [networkMode(given.value)] : []))[0] ?? null;
    const to: Carrying = {
      service,
      project,
      notes,
      serviceOf: name => byContainer.get(name) ?? null,
      makesNetwork: name => made.has(name),
      mode,
    };
    for (const given of all) if (!late.has(given.name)) carry(given, to);
    for (const given of all) if (late.has(given.name)) carry(given, to);
    onceMounted(to);
    simplifyNetworks(service);
    const { words, parsed, verb } = container.command;
    const wordAt = (index: number): string => {
      const word = words[index]!;
      const length = word.mapped().text.length;
      return templateOf(word, 0, length, model.text, index === parsed.image ? 'the image' : 'the command', notes);
    };
    service['image'] = wordAt(parsed.image!);
    const args = words.slice(parsed.image! + 1).map((_, at) => wordAt(parsed.image! + 1 + at));
    if (args.length > 0) service['command'] = args;
    for (const index of parsed.unknown) notes.add('unread', short(container.command.args[index]!.shown));
    if (verb === 'create') notes.add('created', 'create');
  }
  return { text: writeYaml(projectOf(project)), services: names };
}

/** Networks without options as a list, which is how people write them. */
function simplifyNetworks(service: ServiceDraft): void {
  const networks = service['networks'] as Record<string, ServiceDraft> | undefined;
  if (networks && Object.values(networks).every(network => Object.keys(network).length === 0)) service['networks'] = Object.keys(networks);
}

/** Commands that Compose needs nobody for: the image is pulled, and what has no options is made. Options of the shell are for its own script. */
const goesWithout = /^(?:\S{1,100} (?:(?:network|volume) create [\w.-]{1,200}|pull \S{1,300})|set -[a-z]{1,10}(?: [a-z]{1,20})?)$/;

/** Says what of the text is no command that makes a container. */
export function noteSurroundings({ containers, model, notes, text }: Omit<ReadCommands, 'ok'>): void {
  const own = new Set(containers.map(({ command }) => command.shell));
  const wrappers = new Set<unknown>();
  for (const shell of own) for (let outer = shell.outer; outer; outer = outer.outer) wrappers.add(outer);
  for (const { command } of containers) {
    const { shell, hosts } = command;
    for (const { range } of shell.redirections) notes.add('around', short(text.slice(range.start, range.end)));
    for (const { range } of shell.assignments) notes.add('around', short(text.slice(range.start, range.end)));
    for (const { address } of hosts) notes.add('engine', short(address));
  }
  for (const script of model.scripts) {
    for (const command of script.script.commands) {
      if (own.has(command) || wrappers.has(command) || command.nameWord === null) continue;
      // what a substitution runs is told with the word that it fills in
      if (containers.some(({ command: { shell } }) => shell.range.start < command.range.start && command.range.end < shell.range.end))
        continue;
      const words = [command.nameWord, ...command.args].map(({ raw }) => raw).join(' ');
      // what Compose does by itself
      if (goesWithout.test(words)) continue;
      notes.add('other', short(words.length > 60 ? `${words.slice(0, 57)}...` : words));
    }
  }
}
