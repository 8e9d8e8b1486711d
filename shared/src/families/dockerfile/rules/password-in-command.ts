import { clientPassword } from '../../../knowledge/secrets/client-passwords';
import { stageProfile } from '../model/stage-image';
import type { Instruction, RunCommand } from '../model/types';
import { sourceRange } from '../../../syntax/shell/mapped-text';
import type { ShellWord } from '../../../syntax/shell/types';
import type { Range } from '../../../base/text/range';
import { replaceText } from '../../../rule/fix/operations';
import { refusalAt } from '../fix/refusal';
import type { DockerfileOperation } from '../../../rule/fix/types';
import { masks, defineRule, noFix } from '../../../rule/define-rule';

/** Programs that set the password of an account of the system. */
const accounts = new Set(['useradd', 'usermod', 'groupadd', 'groupmod']);
/** What sets the password of an account, and the words that give it. */
function accountPassword({ command }: RunCommand): { word: ShellWord; id: 'account' | 'empty'; secrets: readonly ShellWord[] } | null {
  const { name, nameWord, args, pipeline, redirections } = command;
  if (!nameWord || name === null || !(name === 'chpasswd' || name === 'passwd' || accounts.has(name))) return null;
  const fed = [
    ...pipeline.members.slice(0, -1).flatMap(m => (m.command?.name === 'echo' || m.command?.name === 'printf' ? m.command.args : [])),
    ...redirections.flatMap(r => (r.operator === '<<<' && r.target ? [r.target] : [])),
  ];
  // what a secret of the build holds is in neither the file nor the history
  if (fed.some(({ raw }) => raw.includes('/run/secrets/'))) return null;
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

/** Gives an account a password that nobody can type, and does not lock it, which would keep keys of SSH out as well. */
function withoutPassword({ command, stage }: RunCommand, word: ShellWord): DockerfileOperation | null {
  const { name, nameWord, args, outer, script } = command;
  // what a shell is given in quotes has no room for others
  if (outer !== null || script.owner !== null) return null;
  if (name === 'useradd' || name === 'usermod') return replaceText(word.range, word.raw.startsWith('--') ? "--password='*'" : "'*'");
  // Alpine has no usermod
  const isEmptied = name === 'passwd' && args.length === 2 && args[0] === word && stage && stageProfile(stage)?.os !== 'alpine';
  return isEmptied ? replaceText({ start: nameWord!.range.start, end: word.range.end }, "usermod -p '*'") : null;
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
  fixes: { lock: { title: 'Disable password login for the account', class: 'attended' } },
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
        const lock = withoutPassword(view, word);
        const fix = lock && !refusalAt(view.instruction) ? report.fix('lock', () => [lock]) : noFix('manual');
        report(word.range, id, { program }, ...secrets.map(s => masks(s.range)), fix);
        return;
      }
      const client = command.inner ? null : clientPassword(command);
      if (client)
        report(client.place, 'client', { program: client.program }, masks(client.secret), noFix('manual', 'the password must be replaced'));
    },
  },
});
