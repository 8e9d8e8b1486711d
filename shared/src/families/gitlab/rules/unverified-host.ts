import { defineRule, noFix } from '../../../rule/define-rule';
import { unquoted } from '../../../rule/pipeline/commands';
import type { Range } from '../../../base/text/range';
import type { ShellCommand } from '../../../syntax/shell/types';

/** Options of ssh that let any key of a host pass (ssh_config(5)). */
const off = /^(?:-o)?\s{0,9}(?:StrictHostKeyChecking[= ](?:no|off)|UserKnownHostsFile[= ]\/dev\/null)$/i;

const inCommand = /StrictHostKeyChecking[= ](?:no|off)\b|UserKnownHostsFile[= ]\/dev\/null/i;

/** The options of a command that let any host pass. */
function optionsIn({ name, args }: ShellCommand): readonly Range[] {
  if (!/^(?:ssh|scp|sftp|rsync|autossh|sshpass|git)$/.test(name ?? '')) return [];
  // the command of rsync is one word
  const found = args.find(({ raw }) => off.test(unquoted(raw)) || (name === 'rsync' && /^["']ssh\s/.test(raw) && inCommand.test(raw)));
  return found ? [found.range] : [];
}

/** Whether a command writes into a configuration of ssh that any host passes. */
function configures({ name, args }: ShellCommand): boolean {
  return /^(?:echo|printf)$/.test(name ?? '') && args.some(({ raw }) => inCommand.test(raw));
}

export const rule = defineRule({
  id: 'gitlab/unverified-host',
  title: 'SSH host key not verified',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'recommended',
  references: { cwe: ['CWE-295'], links: ['https://docs.gitlab.com/ci/jobs/ssh_keys/#verifying-the-ssh-host-keys'] },
  peers: { glsec: ['GL048', 'GL030'] },
  messages: {
    off: { text: 'Any host that responds gets what the job sends, and can pose as the intended host' },
    scanned: { text: 'The job trusts whatever key the host presents now: nothing verifies the key', severity: 'hint', profile: 'strict' },
  },
  on: {
    script({ script }, report) {
      for (const command of script()?.commands ?? []) {
        for (const range of optionsIn(command)) report(range, 'off', {}, noFix('manual'));
        if (configures(command)) report(command.range, 'off', {}, noFix('manual'));
        if (command.name === 'ssh-keyscan') report(command.range, 'scanned', {}, noFix('manual'));
      }
    },
  },
});
