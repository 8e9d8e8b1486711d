import { stringOf } from '../../../syntax/yaml/values';
import { defineRule, noFix, type Report } from '../../../rule/define-rule';
import type { ShellCommand, ShellWord } from '../../../syntax/shell/types';
import { written, type InFile } from '../../../rule/pipeline/commands';
import { callOf, commandsOf, does } from '../model/pipeline';

/** Options of cosign that take no value. */
const switches =
  /^(?:-y|--yes|-d|--allow-insecure-registry|--allow-http-registry|--upload|--tlog-upload|--no-upload|--replace|--sk|--verbose|--force|-f|--new-bundle-format|--use-signing-config)$/;

/** The images that cosign signs. */
function signed(place: InFile, command: ShellCommand): readonly ShellWord[] {
  if (command.name !== 'cosign') return [];
  const words = command.args.map(word => written(place, word));
  if (!/^(?:sign|attest)$/.test(words[0] ?? '') || words.some(word => /^(?:-r|--recursive)(?:$|=true)/.test(word))) return [];
  const found: ShellWord[] = [];
  for (let i = 1; i < words.length; i++) {
    const word = words[i]!;
    if (!word.startsWith('-')) found.push(command.args[i]!);
    else if (!word.includes('=') && !switches.test(word)) i++;
  }
  return found;
}

/** Whether a reference is one by tag: its own words say so, or it is what lists tags. */
function isTag(text: string): boolean {
  if (text.includes('@') || /digest|sha/i.test(text) || text.includes('$(') || text.includes('`')) return false;
  if (/\.outputs\.tags\b/.test(text)) return true;
  const plain = text.replace(/\$\{\{[^{}]*\}\}|\$\{[^{}]*\}|\$\w+/g, 'x');
  const name = plain.slice(plain.lastIndexOf('/') + 1);
  return name.includes(':');
}

function check(place: InFile, commands: readonly ShellCommand[], report: Report<'tag' | 'no-digest', never>): void {
  for (const command of commands)
    for (const word of signed(place, command)) if (isTag(written(place, word))) report(word.range, 'tag', {}, noFix('manual'));
}

export const rule = defineRule({
  id: 'workflow/signed-by-tag',
  title: 'Tag signed instead of a digest',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'recommended',
  references: {
    nist800190: ['3.1.5', '4.1.5'],

    links: ['https://docs.sigstore.dev/cosign/signing/signing_with_containers/'],
  },
  messages: {
    tag: { text: 'When the tag is signed, it may no longer point to what was built: sign IMAGE@DIGEST' },
    'no-digest': { text: 'Without subject-digest, nothing says which image the attestation is about' },
  },
  on: {
    script(line, report) {
      if ((stringOf(line.node) ?? '').includes('cosign')) check(line, line.script()?.commands ?? [], report);
    },
    commands(view, report) {
      for (const { commands } of view.scripts) check(view, commands, report);
    },
    step(step, report) {
      check(step, commandsOf(step), report);
      const call = does(step, 'attest') ? callOf(step) : null;
      if (!call || call.owner.toLowerCase() !== 'actions' || call.input('subject-name') === null) return;
      if (['subject-digest', 'subject-path', 'subject-checksums'].every(name => call.input(name) === null))
        report(step.reportRange, 'no-digest', {}, noFix('manual'));
    },
  },
});
