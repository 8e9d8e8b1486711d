/** More of a script is not looked at. */
const longest = 20_000;

/** Programs that start another one, which follows their options. */
const starters: ReadonlySet<string> = new Set(
  'tini dumb-init docker-init catatonit exec env nice nohup time timeout command sudo -- if then do else while until ! {'.split(' '),
);

const baseName = (word: string): string => word.slice(word.lastIndexOf('/') + 1);

/** The program of the words of one command: the first that is no assignment, option or starter. */
function programOf(words: readonly string[]): string | null {
  for (const word of words) {
    const name = baseName(word.replace(/^["']|["']$/g, ''));
    if (name === '' || /^[A-Za-z_]\w*=/.test(word) || word.startsWith('-') || starters.has(name) || /^\d+[smh]?$/.test(name)) continue;
    return name;
  }
  return null;
}

/**
 * The programs that a command in exec form starts, by name without folders: its own, and where that is a shell those of the script that it is
 * given. What stands where an argument does is none.
 */
export function startedPrograms(words: readonly string[]): readonly string[] {
  const own = programOf(words);
  if (own === null) return [];
  const script = /^(?:sh|bash|ash|dash|zsh|ksh|busybox)$/.test(own)
    ? words.find((word, at) => at > 0 && /^-\w*c$/.test(words[at - 1]!))
    : undefined;
  if (script === undefined) return [own];
  const commands = script.slice(0, longest).split(/[\n;&|()`]+/);
  return [own, ...commands.flatMap(command => programOf(command.trim().split(/\s+/)) ?? [])];
}
