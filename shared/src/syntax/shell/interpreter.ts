import type { Interpreter } from './types';

const posixShells = new Set(['sh', 'bash', 'ash', 'dash', 'zsh', 'ksh', 'mksh', 'rbash']);

/** The file name of a path, with either slash, without `.exe`. */
export function baseName(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  return name.toLowerCase().endsWith('.exe') ? name.slice(0, -4) : name;
}

/** Whether a program is a shell whose scripts are parsed here. */
export function isPosixShell(name: string): boolean {
  return posixShells.has(name);
}

/** Says what runs a script, from the words that start it: SHELL, a shebang, a command. Sees through `env` and `busybox`. */
export function interpreterOf(words: readonly string[]): Interpreter {
  let index = 0;
  let name = baseName(words[0] ?? '').toLowerCase();
  while ((name === 'env' || name === 'busybox') && index + 1 < words.length) {
    index++;
    while (name === 'env' && index + 1 < words.length && /^-|=/.test(words[index]!)) index++;
    name = baseName(words[index]!).toLowerCase();
  }
  const dialect = posixShells.has(name)
    ? 'posix'
    : name === 'powershell' || name === 'pwsh'
      ? 'powershell'
      : name === 'cmd'
        ? 'cmd'
        : 'other';
  return { name, dialect, args: words.slice(index + 1) };
}

/** What a first line `#!...` says; `null` where there is none. */
export function shebangOf(content: string): Interpreter | null {
  if (!content.startsWith('#!')) return null;
  const end = content.indexOf('\n');
  const words = content
    .slice(2, end < 0 ? content.length : Math.min(end, 500))
    .trim()
    .split(/[ \t]+/);
  return interpreterOf(words);
}
