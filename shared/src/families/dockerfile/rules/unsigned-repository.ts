import type { ShellCommand } from '../../../syntax/shell/types';
import { flagValue } from '../../../syntax/shell/package-manager';
import type { Range } from '../../../base/text/range';
import { aptKeyring } from '../fix/apt-keyring';
import { documentedSources, writtenSources, type AptSource } from '../model/apt-sources';
import type { Stage } from '../model/types';
import { type Attachment, defineRule, noFix, type Report } from '../../../rule/define-rule';

type KeyReport = Report<'global' | 'short' | 'unsigned', 'keyring'>;

function keyring(stage: Stage | null, place: Range, report: KeyReport): Attachment {
  const found = stage && aptKeyring(stage, place);
  return found ? report.fix('keyring', found.operations, { data: { file: found.file } }) : noFix('manual');
}

function checkKeys({ name, args, nameWord }: ShellCommand, stage: Stage | null, report: KeyReport): void {
  const verb = args.find(arg => /^(?:add|adv|--recv-keys|--recv|--receive-keys)$/.test(arg.text ?? ''));
  if (!verb) return;
  if (name === 'apt-key') return report(nameWord!.range, 'global', {}, keyring(stage, nameWord!.range, report));
  const short = args.find(arg => /^(?:0x)?[0-9A-Fa-f]{8}$/.test(arg.text ?? ''));
  if (short && flagValue(args, ['--recv-keys', '--recv', '--receive-keys']) !== null)
    report(short.range, 'short', { key: short.text! }, noFix('manual'));
}

function checkSources(sources: readonly AptSource[], stage: Stage | null, report: KeyReport): void {
  for (const { host, range } of sources) report(range, 'unsigned', { host }, keyring(stage, range, report));
}

export const rule = defineRule({
  id: 'dockerfile/unsigned-repository',
  title: 'apt-key used, or repository added without signed-by',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'recommended',
  references: { cisDocker: ['4.11'], nist800190: ['3.1.5', '4.1.5'], mitre: ['T1195'], cwe: ['CWE-347'] },
  messages: {
    global: { text: 'apt-key lets one key sign for every repository, and newer releases no longer include apt-key' },
    unsigned: { text: 'The entry for repository {host} names no key: any trusted key can sign for the repository' },
    short: { text: 'The short ID of key "{key}" can be forged: use the full fingerprint' },
  },
  fixes: { keyring: { title: 'Store the key in {file}, and reference it with signed-by', class: 'attended' } },
  on: {
    command({ command, stage }, report) {
      const { name, inner } = command;
      if (name === null || inner) return;
      if (name === 'apt-key' || name === 'gpg' || name === 'gpg2') checkKeys(command, stage, report);
      else checkSources(writtenSources(command), stage, report);
    },
    instruction(instruction, report) {
      checkSources(documentedSources(instruction), instruction.stage, report);
    },
  },
});
