import { clientPasswords, isSecretLiteral } from '../../../knowledge/secrets';
import type { Instruction, RunCommand } from '../model/types';
import { sourceRange } from '../../../shell/mapped-text';
import type { ShellCommand, ShellWord } from '../../../shell/types';
import type { Range } from '../../../text/range';
import { masks, defineRule, noFix } from '../../../rule/define-rule';

/** Programs that set the password of an account of the system. */
const accounts = new Set(['useradd', 'usermod', 'groupadd', 'groupmod']);
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

/** A password that a client is given literally. */
function clientPassword({ name, args, assignments }: ShellCommand): { place: Range; secret: Range; program: string } | null {
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

/** What sets the password of an account, and the words that give it. */
function accountPassword({ command }: RunCommand): { word: ShellWord; id: 'account' | 'empty'; secrets: readonly ShellWord[] } | null {
  const { name, nameWord, args, pipeline, redirections } = command;
  if (!nameWord || name === null || !(name === 'chpasswd' || name === 'passwd' || accounts.has(name))) return null;
  const fed = [
    ...pipeline.members.slice(0, -1).flatMap(m => (m.command?.name === 'echo' || m.command?.name === 'printf' ? m.command.args : [])),
    ...redirections.flatMap(r => (r.operator === '<<<' && r.target ? [r.target] : [])),
  ];
  if (name === 'chpasswd') return { word: nameWord, id: 'account', secrets: fed };
  if (name === 'passwd') {
    const empty = args.find(arg => arg.text === '-d' || arg.text === '--delete');
    if (empty) return { word: empty, id: 'empty', secrets: [] };
    const typed = fed.length > 0 || args.some(arg => arg.text === '--stdin');
    return typed && !args.some(arg => /^-[luSe]$/.test(arg.raw)) ? { word: nameWord, id: 'account', secrets: fed } : null;
  }
  const at = args.findIndex(arg => /^(?:-[a-zA-Z]*p|--password(?:=.*)?)$/.test(arg.raw));
  const word = at < 0 ? undefined : args[at]!.raw.includes('=') ? args[at] : args[at + 1];
  if (!word) return null;
  const value = word.mapped().text.replace(/^--password=/, '');
  if (/^[*!x]*$/.test(value)) return value === '' && name.startsWith('user') ? { word, id: 'empty', secrets: [] } : null;
  return { word, id: 'account', secrets: word.variables.length + word.substitutions.length > 0 ? [] : [word] };
}

/** `net user NAME PASSWORD /add`, and what PowerShell makes an account's password of; both only look for it in Windows images. */
const netUser = /\bnet1?(?:\.exe)?[ \t]{1,9}user[ \t]{1,9}["']?[^\s"'/]{1,60}["']?[ \t]{1,9}["']?([^\s"'/*%$][^\s"'%$]{0,120})["']?[ \t]/gi;
const secureString = /\bConvertTo-SecureString[ \t]{1,9}(?:-String[ \t]{1,9})?["']([^"'$\n]{1,120})["']/gi;

/** The passwords of accounts that a script of Windows makes. */
function windowsPasswords({ keyword, script, stage }: Instruction): readonly { readonly program: string; readonly range: Range }[] {
  if (keyword !== 'RUN' || script === null || !stage?.windows) return [];
  const { text } = script;
  const inNet = /\/add\b/i.test(text) ? [...text.matchAll(netUser)] : [];
  const inPowershell = /\b(?:New|Set)-LocalUser\b/i.test(text) && /-AsPlainText\b/i.test(text) ? [...text.matchAll(secureString)] : [];
  return [...inNet, ...inPowershell].map(match => {
    const start = match.index + match[0].lastIndexOf(match[1]!);
    return { program: match[0].split(/[ \t]/)[0]!, range: sourceRange(script, start, start + match[1]!.length) };
  });
}

export const rule = defineRule({
  id: 'dockerfile/password-in-command',
  title: 'Password set on a command line',
  severity: 'error',
  category: 'privilege',
  profile: 'baseline',
  references: { cisDocker: ['4.10'], nist800190: ['3.1.4', '4.1.4'], mitre: ['T1552.001', 'T1078.001'], cwe: ['CWE-798', 'CWE-214'] },
  peers: { checkov: ['CKV2_DOCKER_17'] },
  messages: {
    account: { text: '{program} gives every container the same password, which the image reveals' },
    empty: { text: '{program} leaves the account without a password' },
    client: { text: '{program} is given a password that the image and its history reveal' },
  },
  on: {
    instruction(instruction, report) {
      for (const { program, range } of windowsPasswords(instruction)) report(range, 'account', { program }, masks(range), noFix('manual'));
    },
    command(view, report) {
      const { command } = view;
      const account = accountPassword(view);
      const program = command.name ?? 'The script';
      if (account) {
        const { word, id, secrets } = account;
        report(word.range, id, { program }, ...secrets.map(s => masks(s.range)), noFix('manual'));
        return;
      }
      const client = command.inner ? null : clientPassword(command);
      if (client)
        report(client.place, 'client', { program: client.program }, masks(client.secret), noFix('manual', 'the password must be replaced'));
    },
  },
});
