import { clientPasswords, isSecretLiteral } from './detect';
import { sourceRange } from '../../syntax/shell/mapped-text';
import type { ShellCommand, ShellWord } from '../../syntax/shell/types';
import type { Range } from '../../base/text/range';

/** Clients that take a password glued to `-p`, as an own word, or both. */
const glued = new Set(['mysql', 'mysqladmin', 'mysqldump', 'mysqlimport', 'mysqlcheck', 'mariadb', 'mariadb-admin', 'mariadb-dump']);
const spaced: ReadonlyMap<string, string> = new Map([
  ['sshpass', '-p'],
  ['redis-cli', '-a'],
  ['mongo', '-p'],
  ['mongosh', '-p'],
  ['mongodump', '-p'],
  ['sqlcmd', '-P'],
  ['ldapadd', '-w'],
  ['ldapmodify', '-w'],
  ['ldapsearch', '-w'],
]);
const statement =
  /\b(?:IDENTIFIED\s{1,9}(?:WITH\s{1,9}\S{1,40}\s{1,9})?BY|WITH\s{1,9}PASSWORD|ENCRYPTED\s{1,9}PASSWORD|PASSWORD(?:\s{1,9}=|\s{0,9}\()?)\s{0,9}'([^'\s]{1,200})'/i;

/** The value of an option: glued to its letter or behind `=`, or the next word. */
function valueOf(args: readonly ShellWord[], option: string, isGlued: boolean): { word: ShellWord; text: string } | null {
  for (let i = 0; i < args.length; i++) {
    const { raw } = args[i]!;
    if (raw.startsWith('--') ? raw.startsWith(`${option}=`) : isGlued && raw.startsWith(option) && raw.length > option.length)
      return { word: args[i]!, text: args[i]!.mapped().text.slice(option.length + (raw.startsWith('--') ? 1 : 0)) };
    if (raw === option && !(isGlued && option === '-p'))
      return args[i + 1] ? { word: args[i + 1]!, text: args[i + 1]!.mapped().text } : null;
  }
  return null;
}

/** A password that a client is given. */
export interface ClientPassword {
  /** The word to report. */
  readonly place: Range;
  /** What must not be printed. */
  readonly secret: Range;
  readonly program: string;
}

/** The password that a command gives its program, or a statement of SQL in it, literally; `null`: none. */
export function clientPassword({ name, args, assignments }: ShellCommand): ClientPassword | null {
  const set = assignments.find(a => clientPasswords.has(a.name) && a.value?.text && isSecretLiteral(a.value.text));
  if (set) return { place: set.range, secret: set.value!.range, program: set.name };
  if (name === null) return null;
  const letter = spaced.get(name);
  const given =
    (glued.has(name) && valueOf(args, '-p', true)) ||
    (letter !== undefined && valueOf(args, letter, false)) ||
    valueOf(args, '--password', false);
  if (given && isSecretLiteral(given.text) && !given.text.startsWith('-'))
    return { place: given.word.range, secret: given.word.range, program: name };
  for (const word of args) {
    if (!/password|identified/i.test(word.raw)) continue;
    const mapped = word.mapped();
    const match = statement.exec(mapped.text);
    if (!match || !isSecretLiteral(match[1]!)) continue;
    const start = match.index + match[0].length - match[1]!.length - 1;
    const secret = sourceRange(mapped, start, start + match[1]!.length);
    return { place: secret, secret, program: name };
  }
  return null;
}
