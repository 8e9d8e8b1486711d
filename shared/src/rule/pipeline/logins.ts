import type { Range } from '../../base/text/range';
import type { ShellCommand, ShellWord } from '../../syntax/shell/types';

/** Programs that log in to a registry, by the words in front of their options. */
const logins =
  /^(?:(?:docker|podman|buildah|skopeo|nerdctl|oras|crane|regctl|regctl registry|crane auth|helm registry|flux|cosign) )login$/;

/** A password among the arguments of a command. */
interface LoginPassword {
  /** The option and its value. */
  readonly option: Range;
  /** The word that holds the value, which begins at `from` in it. */
  readonly value: { readonly word: ShellWord; readonly from: number };
}

/** Whether a command logs in. */
function logsIn({ name, args }: ShellCommand): boolean {
  const verbs = args.slice(0, 2).map(({ text }) => text);
  return verbs.some((_, i) => verbs[i] === 'login' && logins.test([name, ...verbs.slice(0, i + 1)].join(' ')));
}

/** The password that a command which logs in to a registry is given as an argument; `null`: none. */
export function loginPassword(command: ShellCommand): LoginPassword | null {
  const { args } = command;
  if (!logsIn(command)) return null;
  if (args.some(({ raw }) => raw === '--password-stdin')) return null;
  for (const [i, word] of args.entries()) {
    const { raw } = word;
    const next = args[i + 1];
    if ((raw === '-p' || raw === '--password') && next)
      return { option: { start: word.range.start, end: next.range.end }, value: { word: next, from: 0 } };
    const joined = /^(?:--password=|-p=?)(?=.)/.exec(raw);
    if (joined) return { option: word.range, value: { word, from: joined[0].length } };
  }
  return null;
}
