import { sourceRange, type MappedText } from '../../../shell/mapped-text';
import type { ShellCommand } from '../../../shell/types';
import { flagValue } from '../../../shell/package-manager';
import { documentsOf } from '../model/scripts';
import { defineRule, noFix, type Report } from '../../../rule/define-rule';

/** A one-line source of apt, up to its address; options in brackets come first. */
const source = /(?:^|\n|\\n|["'])[ \t]*deb(?:-src)? +(?:\[([^\]\n]{0,300})\] *)?((?:https?|ftp|tor\+https?):\/\/([^\s/"':]+)[^\s"']*)/g;
/** Archives whose keys the distribution brings along; a host in a variable is a mirror of one as a rule. */
const own =
  /(?:^|\.)(?:debian\.(?:org|net)|ubuntu\.com|ubuntu\.org|canonical\.com|kali\.org|raspbian\.org|raspberrypi\.(?:org|com)|devuan\.org|linuxmint\.com)$|mirror|^\$|^(?:ftp|archive|snapshot)\./i;
const writers = new Set(['echo', 'printf', 'tee', 'cat', 'add-apt-repository', 'apt-add-repository']);

type KeyReport = Report<'global' | 'short' | 'unsigned', 'keyring' | 'signed'>;

function checkKeys({ name, args, nameWord }: ShellCommand, report: KeyReport): void {
  const verb = args.find(arg => /^(?:add|adv|--recv-keys|--recv|--receive-keys)$/.test(arg.text ?? ''));
  if (!verb) return;
  if (name === 'apt-key')
    return report(
      nameWord!.range,
      'global',
      {},
      report.fix('keyring', () => []),
    );
  const short = args.find(arg => /^(?:0x)?[0-9A-Fa-f]{8}$/.test(arg.text ?? ''));
  if (short && flagValue(args, ['--recv-keys', '--recv', '--receive-keys']) !== null)
    report(short.range, 'short', { key: short.text! }, noFix('manual'));
}

function checkSources({ text, ...rest }: MappedText, report: KeyReport): void {
  if (!text.includes('deb')) return;
  for (const match of text.matchAll(source)) {
    const [, options = '', url, host = ''] = match;
    if (own.test(host) || /signed-by|trusted ?=/i.test(options)) continue;
    const start = match.index + match[0].length - url!.length;
    report(
      sourceRange({ text, ...rest }, start, start + url!.length),
      'unsigned',
      { host },
      report.fix('signed', () => []),
    );
  }
}

export const rule = defineRule({
  id: 'dockerfile/unsigned-repository',
  title: 'apt-key, or a repository without signed-by',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'recommended',
  references: { cisDocker: ['4.11'], nist800190: ['3.1.5', '4.1.5'], mitre: ['T1195'], cwe: ['CWE-347'] },
  messages: {
    global: { text: 'apt-key lets one key sign for every repository, and newer releases no longer have it' },
    unsigned: { text: 'The repository at {host} names no key: any trusted key may sign for it' },
    short: { text: 'The short ID of key "{key}" can be forged: use the full fingerprint' },
  },
  fixes: {
    keyring: { title: 'Store the key in /etc/apt/keyrings, and name it with signed-by', class: 'manual' },
    signed: { title: 'Add [signed-by=/etc/apt/keyrings/<name>.asc]', class: 'manual' },
  },
  on: {
    command({ command }, report) {
      const { name, args } = command;
      if (name === null || command.inner) return;
      if (name === 'apt-key' || name === 'gpg' || name === 'gpg2') checkKeys(command, report);
      else if (writers.has(name)) for (const arg of args) checkSources(arg.mapped(), report);
    },
    instruction(instruction, report) {
      for (const document of documentsOf(instruction)) checkSources(document, report);
    },
  },
});
