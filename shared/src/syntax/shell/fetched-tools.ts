import { pythonPinned, nodePinned } from './package-pins';
import type { ShellCommand, ShellWord } from './types';

/** How the command line of a program says what to fetch and run. */
interface Runner {
  /** The words in front of the package: `tool run`; empty: none. */
  readonly verb: string;
  /** Options that name the package, where its program has another name. */
  readonly named: readonly string[];
  /** Options that take the next word as their value. */
  readonly values: readonly string[];
  readonly kind: 'node' | 'python';
  /** Whether it runs what the project has installed, if that is there. */
  readonly isLocalFirst: boolean;
}

const words = (text: string): readonly string[] => text.split(' ');
const npm = words('-c --call -w --workspace --registry --userconfig --prefix --cache --loglevel -C');
const uv = words(
  '--with --with-editable -p --python -i --index-url --extra-index-url --index --default-index -f --find-links -C --config-setting --cache-dir --directory ' +
    '--project --env-file --index-strategy --keyring-provider --link-mode --prerelease --resolution --python-platform -P --upgrade-package --refresh-package',
);
const node = (verb: string, isLocalFirst: boolean): Runner => ({
  verb,
  named: ['-p', '--package'],
  values: npm,
  kind: 'node',
  isLocalFirst,
});
const python = (verb: string, named: string, values: readonly string[]): Runner => ({
  verb,
  named: [named],
  values,
  kind: 'python',
  isLocalFirst: false,
});

/** By program. Options: their `--help` (npm 11, pnpm 10, yarn 4, bun 1.3, uv 0.9, pipx 1.8). */
const runners: Readonly<Record<string, readonly Runner[]>> = {
  npx: [node('', true)],
  bunx: [node('', true)],
  pnpx: [node('', false)],
  npm: [node('exec', true), node('x', true)],
  bun: [node('x', true)],
  pnpm: [node('dlx', false)],
  yarn: [node('dlx', false)],
  uvx: [python('', '--from', uv)],
  uv: [python('tool run', '--from', uv)],
  pipx: [python('run', '--spec', words('--python -i --index-url --pip-args --backend'))],
};

/** What a command fetches from a registry and runs. */
export interface FetchedTool {
  /** The package as written, with its version. */
  readonly word: ShellWord;
  /** The package alone, without an option in front of it. */
  readonly name: string;
  readonly isPinned: boolean;
  /** What is written between a package and its version. */
  readonly sign: '@' | '==';
  readonly isLocalFirst: boolean;
}

/** Options with which a version, or a list of versions, is elsewhere; or with which nothing is fetched. */
const settled =
  /^(?:--no|--no-install|--offline|--no-index|-c|--constraints?|-b|--build-constraints?|--with-requirements|--exclude-newer|--before|--help|-h|--version|--list)(?:$|=)/;

/** What a command fetches and runs in one go, such as `npx` and `uvx` do; none where its words alone do not say. */
export function fetchedTools({ name, args }: ShellCommand): readonly FetchedTool[] {
  const known = name !== null && Object.hasOwn(runners, name) ? runners[name]! : [];
  for (const runner of known) {
    const rest = afterVerb(args, runner.verb);
    if (rest) return toolsOf(runner, rest);
  }
  return [];
}

/** The words after a verb that may have options in front of it; `null`: another verb. */
function afterVerb(args: readonly ShellWord[], verb: string): readonly ShellWord[] | null {
  if (verb === '') return args;
  const wanted = verb.split(' ');
  let at = 0;
  for (const word of wanted) {
    while (args[at]?.raw.startsWith('-')) at++;
    if (args[at++]?.text !== word) return null;
  }
  return args.slice(at);
}

function toolsOf({ named, values, kind, isLocalFirst }: Runner, args: readonly ShellWord[]): readonly FetchedTool[] {
  const found: FetchedTool[] = [];
  const add = (word: ShellWord, name: string): void => {
    // a path, an address, a variable: what it is, is not for its name to say
    if (!/^@?[A-Za-z0-9][\w.@/=<>~!^*[\],-]*$/.test(name) || (kind === 'python' && name.includes('/')) || /^[\w.-]+\/[^@]/.test(name))
      return;
    const isPinned = kind === 'node' ? nodePinned(name) : pythonPinned(name) && !name.endsWith('@latest');
    found.push({ word, name, isPinned, sign: kind === 'node' ? '@' : '==', isLocalFirst });
  };
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!;
    const text = word.text ?? word.raw;
    if (!text.startsWith('-')) {
      // what an option names is what is fetched, and this its program
      if (found.length === 0 && word.text !== null) add(word, word.text);
      return found;
    }
    if (text === '--') continue;
    // `-c` is the script of npx, and a list of versions of uvx
    if (settled.test(text) && !(kind === 'node' && text === '-c')) return [];
    const [option = '', ...value] = text.split('=');
    if (named.includes(option)) {
      if (value.length > 0 && word.text !== null) add(word, value.join('='));
      else if (value.length === 0) {
        const next = args[++at];
        if (next?.text == null) return [];
        add(next, next.text);
      }
      if (found.length === 0) return [];
    } else if (values.includes(text)) at++;
  }
  return found;
}
