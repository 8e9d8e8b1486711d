import { memoize } from '../../../base/text/memoize';
import type { ShellCommand } from '../../../syntax/shell/types';
import type { PlacedScript, RunCommand, RunModel } from './types';

/** Verbs after which a container that was made runs. */
const starting: ReadonlySet<string> = new Set(['start', 'restart', 'unpause', 'exec', 'attach', 'wait']);

/** The variables that take what a command prints, by that command, and what assigns them. */
const variables = memoize((model: RunModel): ReadonlyMap<ShellCommand, { readonly name: string; readonly by: ShellCommand }> => {
  const found = new Map<ShellCommand, { readonly name: string; readonly by: ShellCommand }>();
  for (const { script } of model.scripts)
    for (const by of script.commands)
      for (const { name, value } of by.assignments)
        for (const { commands } of value?.substitutions ?? []) for (const command of commands) found.set(command, { name, by });
  return found;
});

/** A word without quotes, and with `${name}` as `$name`. */
const plain = (word: string): string => word.replaceAll('"', '').replace(/^\$\{(\w{1,80})\}(?=:|$)/, '$$$1');

/** How the commands of a script may call the container that one of them makes: by its name, or by the variable that takes its id. */
function callsOf(model: RunModel, { parsed, shell }: RunCommand): readonly string[] {
  const name = parsed.options.findLast(({ flag }) => flag.name === 'name')?.shown;
  const variable = variables(model).get(shell)?.name;
  return [...(name === undefined ? [] : [plain(name)]), ...(variable === undefined ? [] : [`$${variable}`])];
}

/** Whether a container does nothing but end: `docker run -d -v data:/data busybox true`. */
function endsAtOnce({ parsed, words }: RunCommand): boolean {
  const { image, options } = parsed;
  if (image === null || words.length !== image + 2 || options.some(({ flag }) => flag.name === 'entrypoint')) return false;
  return /^(?:(?:\/usr)?\/bin\/)?true$/.test(words[image + 1]!.text ?? '');
}

/** Verbs that take files out of a container, none of which starts it. */
const reading: ReadonlySet<string> = new Set(['cp', 'mount', 'export']);

/** The commands in substitutions of what takes files: `podman mount $(podman create IMAGE)`. */
const handedOver = memoize((model: RunModel): ReadonlySet<ShellCommand> => {
  const readers = model.others.filter(({ verb }) => verb !== null && reading.has(verb));
  return new Set(readers.flatMap(({ shell }) => shell.args.flatMap(arg => arg.substitutions.flatMap(({ commands }) => commands))));
});

const copied = memoize((model: RunModel): ReadonlySet<RunCommand> => {
  const wordsOf = (isWanted: (verb: string) => boolean): readonly string[] =>
    model.others.flatMap(({ verb, shell }) => (verb !== null && isWanted(verb) ? shell.args.map(({ raw }) => plain(raw)) : []));
  const sources = wordsOf(verb => verb === 'cp');
  const whole = new Set(wordsOf(verb => verb === 'mount' || verb === 'export'));
  const handed = handedOver(model);
  if (sources.length + whole.size + handed.size === 0) return new Set();
  const isRead = (call: string): boolean => whole.has(call) || sources.some(word => word.startsWith(`${call}:`));
  const started = new Set(wordsOf(verb => starting.has(verb)));
  return new Set(
    model.commands.filter(command => {
      if (command.verb !== 'create' && !endsAtOnce(command)) return false;
      const calls = callsOf(model, command);
      return (handed.has(command.shell) || calls.some(isRead)) && !calls.some(call => started.has(call));
    }),
  );
});

/** Whether a container is made only to take files out of its image, or its volumes: nothing of it ever runs. */
export function isOnlyCopied(model: RunModel, command: RunCommand): boolean {
  return copied(model).has(command);
}

/** The words of commands that run programs in containers. */
const workplaces = memoize(
  (model: RunModel): ReadonlySet<string> =>
    new Set(model.others.flatMap(({ verb, shell }) => (verb === 'exec' ? shell.args.map(({ raw }) => plain(raw)) : []))),
);

/** Whether the script that makes a container also runs programs in it: what it starts is not what it is there for. */
export function isWorkedIn(model: RunModel, command: RunCommand): boolean {
  const places = workplaces(model);
  return places.size > 0 && callsOf(model, command).some(call => places.has(call));
}

/** Whether a command surely runs when its script does: outside of functions, branches and loops, and not after `&&` or `||`. */
function isUnconditional(shell: ShellCommand, { script }: PlacedScript): boolean {
  const { list } = shell.pipeline;
  return list.kind === 'script' && list.script === script && shell.before !== '&&' && shell.before !== '||';
}

/** The verbs that end a container; all of them remove one that was started with `--rm`. */
const ending: ReadonlySet<string | null> = new Set(['rm', 'stop', 'kill']);

/** The words of commands that end containers, each with the place of its last one, by their script; of `rm` apart. */
const ends = memoize((model: RunModel): ReadonlyMap<PlacedScript, Readonly<Record<'rm' | 'any', ReadonlyMap<string, number>>>> => {
  const found = new Map<PlacedScript, Record<'rm' | 'any', Map<string, number>>>();
  for (const other of model.others) {
    if (!ending.has(other.verb) || !isUnconditional(other.shell, other.placed)) continue;
    const words = found.get(other.placed) ?? { rm: new Map<string, number>(), any: new Map<string, number>() };
    found.set(other.placed, words);
    for (const { raw } of other.shell.args) {
      const word = plain(raw);
      words.any.set(word, other.verbRange.start);
      if (other.verb === 'rm') words.rm.set(word, other.verbRange.start);
    }
  }
  return found;
});

/**
 * Whether the script that starts a container also removes it, further down: it is there for what the script does in between. What is only stopped may
 * be started again, but for what the engine removes then.
 * @param goesWhenItEnds whether it was started with `--rm`
 */
export function isRemoved(model: RunModel, command: RunCommand, goesWhenItEnds: boolean): boolean {
  const words = ends(model).get(command.placed)?.[goesWhenItEnds ? 'any' : 'rm'];
  if (!words || !isUnconditional(variables(model).get(command.shell)?.by ?? command.shell, command.placed)) return false;
  return callsOf(model, command).some(call => (words.get(call) ?? -1) > command.verbRange.start);
}
