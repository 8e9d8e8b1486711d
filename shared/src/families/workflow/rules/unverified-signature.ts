import { defineRule, noFix, type Report } from '../../../rule/define-rule';
import type { Range } from '../../../base/text/range';
import { unquoted, written, type InFile } from '../../../rule/pipeline/commands';
import { stringOf } from '../../../syntax/yaml/values';
import type { ShellCommand } from '../../../syntax/shell/types';
import { commandsOf } from '../model/pipeline';

/** Patterns that fit whoever signs, or anybody with an account at GitHub. */
const anybody = /^\^?(?:\.[*+]|https?:\/\/(?:\.[*+])?|https:\/\/github\\?\.com\/?(?:\.[*+])?)\$?$/;

/** Reports what a verification lets pass. */
function check(place: InFile, command: ShellCommand, report: Report<'anybody' | 'identity' | 'log', never>): void {
  const words = command.name === 'cosign' ? command.args.map(word => written(place, word)) : [];
  const verb = words[0] ?? '';
  if (!/^verify(?:-attestation|-blob|-blob-attestation)?$/.test(verb)) return;
  const at = (name: RegExp): number => words.findIndex(word => name.test(word));
  const rangeAt = (i: number): Range => command.args[i]!.range;
  const isKeyed = at(/^(?:--key|-k|--sk|--certificate|--cert|--policy)(?:$|=)/) >= 0;
  const mayHaveMore = words.some(word => word.startsWith('$') && !word.includes('/'));
  const pattern = at(/^--certificate-identity-regexp(?:$|=)/);
  if (pattern >= 0) {
    const equals = words[pattern]!.indexOf('=');
    const value = equals < 0 ? (words[pattern + 1] ?? '') : unquoted(words[pattern]!.slice(equals + 1));
    // with a key, it is the key that decides
    if (!isKeyed && anybody.test(value)) report(rangeAt(equals < 0 ? pattern + 1 : pattern), 'anybody', {}, noFix('manual'));
  } else if (!isKeyed && !mayHaveMore && at(/^--certificate-identity(?:$|=)/) < 0)
    report(command.range, 'identity', { verb }, noFix('manual'));
  const log = isKeyed ? -1 : at(/^--insecure-ignore-(?:tlog|sct)(?:$|=true$)/);
  if (log >= 0) report(rangeAt(log), 'log', { option: words[log]!.replace(/=.*/, '') }, noFix('manual'));
}

export const rule = defineRule({
  id: 'workflow/unverified-signature',
  title: 'Signature accepted from anyone',
  severity: 'error',
  category: 'supply-chain',
  profile: 'recommended',
  references: { nist800190: ['3.1.5', '4.1.5'], cwe: ['CWE-347'], links: ['https://docs.sigstore.dev/cosign/verifying/verify/'] },
  messages: {
    anybody: { text: 'Anyone may have signed: the pattern matches every identity' },
    identity: { text: 'cosign {verb} without a key does not say who must have signed: cosign 2 rejects it' },
    log: { text: '{option} accepts signatures that are not in the public log', severity: 'warning' },
  },
  on: {
    step(step, report) {
      for (const command of commandsOf(step)) check(step, command, report);
    },
    script(line, report) {
      if (!(stringOf(line.node) ?? '').includes('cosign')) return;
      for (const command of line.script()?.commands ?? []) check(line, command, report);
    },
    commands(view, report) {
      for (const { commands } of view.scripts) for (const command of commands) check(view, command, report);
    },
  },
});
