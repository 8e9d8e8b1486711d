import type { ShellWord } from './types';

/** How a wrapper's own words look before the command that it runs. */
interface Wrapper {
  /** Options that take the next word as their value. */
  readonly values?: readonly string[];
  /** Words of its own in front of the command: the duration of timeout, the user of gosu. */
  readonly positional?: number;
  /** Whether `NAME=value` words may come before the command. */
  readonly assignments?: boolean;
  /** Options with which it runs nothing. */
  readonly quiet?: readonly string[];
}

const known: Readonly<Record<string, Wrapper>> = {
  sudo: {
    values: [
      '-u',
      '--user',
      '-g',
      '--group',
      '-h',
      '--host',
      '-p',
      '--prompt',
      '-C',
      '-D',
      '--chdir',
      '-R',
      '--chroot',
      '-T',
      '-U',
      '-r',
      '-t',
    ],
    assignments: true,
    quiet: ['-l', '--list', '-v', '--validate', '-K', '-k', '-V', '--version'],
  },
  doas: { values: ['-u', '-C'] },
  env: { values: ['-u', '--unset', '-C', '--chdir', '-S', '--split-string'], assignments: true },
  exec: { values: ['-a'] },
  command: { quiet: ['-v', '-V'] },
  builtin: {},
  time: { values: ['-f', '--format', '-o', '--output'] },
  nice: { values: ['-n', '--adjustment'] },
  ionice: { values: ['-c', '--class', '-n', '--classdata'] },
  nohup: {},
  setsid: {},
  timeout: { values: ['-k', '--kill-after', '-s', '--signal'], positional: 1 },
  stdbuf: { values: ['-i', '-o', '-e', '--input', '--output', '--error'] },
  xargs: { values: ['-I', '-n', '-P', '-L', '-d', '-a', '-s', '-E', '--max-args', '--max-procs', '--delimiter', '--arg-file'] },
  chroot: { positional: 1 },
  gosu: { positional: 1 },
  'su-exec': { positional: 1 },
  setpriv: { values: ['--reuid', '--regid', '--groups', '--inh-caps', '--ambient-caps', '--bounding-set', '--securebits'] },
  tini: { values: ['-e', '-p'] },
  'dumb-init': { values: ['-r', '--rewrite'] },
  eatmydata: {},
  fakeroot: { values: ['-l', '--lib', '-s', '-i'] },
  unshare: {},
  busybox: {},
};

/** A map, since every command is looked up: an object makes a key of each name first. */
const wrappers: ReadonlyMap<string, Wrapper> = new Map(Object.entries(known));

const assignment = /^[A-Za-z_][A-Za-z0-9_]*=/;

/** Where the command of a wrapper starts among its arguments, and which arguments are assignments; `null` for what wraps nothing. */
export function unwrap(
  name: string,
  args: readonly ShellWord[],
): { readonly start: number; readonly assignments: readonly number[] } | null {
  const wrapper = wrappers.get(name);
  if (wrapper === undefined) return null;
  let at = 0;
  for (; at < args.length; at++) {
    const text = args[at]!.text ?? '';
    if (text === '--') {
      at++;
      break;
    }
    if (!text.startsWith('-') || text === '-') break;
    if (wrapper.quiet?.includes(text)) return null;
    if (wrapper.values?.includes(text)) at++;
  }
  at += wrapper.positional ?? 0;
  const assignments: number[] = [];
  while (wrapper.assignments && at < args.length && assignment.test(args[at]!.raw)) assignments.push(at++);
  return { start: at, assignments };
}

/** The argument of a shell's `-c` (also of `su -c` and `eval`'s only argument): a script to be parsed; `null` where there is none. */
export function commandString(name: string, args: readonly ShellWord[], isShell: boolean): ShellWord | null {
  if (name === 'eval') return args.length === 1 ? args[0]! : null;
  if (!isShell && name !== 'su' && name !== 'runuser') return null;
  for (let at = 0; at < args.length; at++) {
    const text = args[at]!.text ?? '';
    if (isShell) {
      if (!/^[-+]./.test(text)) return null;
      // The options of `bash -o pipefail -c ...` and `bash -O extglob -c` take a word.
      if (/^[-+][a-zA-Z]*[oO]$/.test(text) && !text.includes('c')) at++;
      else if (/^-[abd-zA-Z]*c[a-zA-Z]*$/.test(text)) {
        const next = /o$/.test(text) ? at + 2 : at + 1;
        return args[next] ?? null;
      }
    } else if (text === '-c' || text === '--command') return args[at + 1] ?? null;
  }
  return null;
}

/** Whether a shell reads its script from standard input: it is given no file. */
export function readsStandardInput(args: readonly ShellWord[]): boolean {
  for (let at = 0; at < args.length; at++) {
    const text = args[at]!.text;
    if (text === null) return false;
    if (/^[-+][a-zA-Z]*[oO]$/.test(text)) at++;
    else if (text === '-' || text === '/dev/stdin' || text === '-s') return true;
    else if (!/^[-+]/.test(text)) return false;
  }
  return true;
}
