import { memoize } from '../../../base/text/memoize';
import type { RunCommand, RunModel } from './types';

/** Verbs after which a container that was made runs. */
const starting: ReadonlySet<string> = new Set(['start', 'restart', 'unpause', 'exec', 'attach', 'wait']);

/** How the commands of a script may call the container that one of them makes: by its name, or by the variable that takes its id. */
function callsOf({ parsed, shell, placed }: RunCommand): readonly string[] {
  const name = parsed.options.findLast(({ flag }) => flag.name === 'name')?.shown;
  const variables = placed.script.commands.flatMap(({ assignments }) =>
    assignments.flatMap(({ name: variable, value }) =>
      value?.substitutions.some(({ commands }) => commands.includes(shell)) ? [`$${variable}`, `\${${variable}}`] : [],
    ),
  );
  return [...(name === undefined ? [] : [name]), ...variables];
}

/** Whether it only makes a container: what it starts ends at once, and does nothing. */
function startsNothing({ verb, parsed, args }: RunCommand): boolean {
  if (verb === 'create') return true;
  const [program, ...rest] = parsed.image === null ? [] : args.slice(parsed.image + 1).map(({ text }) => text);
  const hasEntrypoint = parsed.options.some(({ flag }) => flag.name === 'entrypoint');
  return rest.length === 0 && !hasEntrypoint && /^(?:(?:\/usr)?\/bin\/)?true$/.test(program ?? '');
}

const copied = memoize((model: RunModel): ReadonlySet<RunCommand> => {
  const wordsOf = (isWanted: (verb: string) => boolean): readonly string[] =>
    model.others.flatMap(({ verb, shell }) =>
      verb !== null && isWanted(verb) ? shell.args.map(({ raw }) => raw.replaceAll('"', '')) : [],
    );
  const sources = wordsOf(verb => verb === 'cp');
  if (sources.length === 0) return new Set();
  const started = new Set(wordsOf(verb => starting.has(verb)));
  return new Set(
    model.commands.filter(command => {
      if (!startsNothing(command)) return false;
      const calls = callsOf(command);
      return calls.some(call => sources.some(word => word.startsWith(`${call}:`))) && !calls.some(call => started.has(call));
    }),
  );
});

/** Whether a container is made only to copy files out of its image, or between its volumes and the host: nothing of it runs. */
export function isOnlyCopied(model: RunModel, command: RunCommand): boolean {
  return copied(model).has(command);
}
