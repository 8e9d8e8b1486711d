import { refusalAt } from '../fix/refusal';
import { insertWords } from '../../../rule/fix/operations';
import { isSetBefore } from '../model/chain';
import type { RunCommand } from '../model/types';
import { findFlag, packageManagerCall } from '../../../syntax/shell/package-manager';
import type { PackageManagerCall } from '../../../syntax/shell/types';
import type { DockerfileOperation } from '../../../rule/fix/types';
import { defineRule, weighs } from '../../../rule/define-rule';

/** What answers every question, by package manager; and where the flag goes. `microdnf` has none: it never asks. */
const managers: Readonly<Record<string, { readonly yes: readonly string[]; readonly flag: string; readonly global?: boolean }>> = {
  'apt-get': { yes: ['-y', '--yes', '--assume-yes', '-qq', '-q=2', '--force-yes'], flag: '-y' },
  yum: { yes: ['-y', '--assumeyes'], flag: '-y' },
  dnf: { yes: ['-y', '--assumeyes'], flag: '-y' },
  tdnf: { yes: ['-y', '--assumeyes'], flag: '-y' },
  zypper: { yes: ['-n', '--non-interactive', '-y', '--no-confirm'], flag: '--non-interactive', global: true },
  pacman: { yes: ['--noconfirm'], flag: '--noconfirm' },
};
const aptSetting = /Assume-Yes[\s"'=:]*(?:true|1|yes)/i;
const rpmSetting = /\bassumeyes\s*=\s*(?:1|true|yes)/i;
/** Calls that change nothing ask nothing. */
const dry = ['--dry-run', '--simulate', '--just-print', '--print-uris', '--download-only', '--downloadonly', '--assumeno', '--help', '-s'];

function asks(call: PackageManagerCall): boolean {
  const { manager, action, verb, flags } = call;
  const facts = managers[manager];
  if (!facts || !(['install', 'upgrade', 'remove'].includes(action) || (verb === 'module' && manager !== 'apt-get'))) return false;
  const quiet = flags.filter(flag => flag.text === '-q' || flag.text === '--quiet').length;
  if (
    findFlag(
      flags,
      facts.yes.filter(yes => yes !== '-qq'),
    ) ||
    findFlag(flags, dry)
  )
    return false;
  if (manager === 'apt-get' && (quiet > 1 || flags.some(flag => /^-[a-pr-z]*q[a-pr-z]*q|^-q=2/.test(flag.text ?? '')))) return false;
  // What a variable adds is not known; packages in variables are normal.
  return !call.command.args.some(word => word.text === null && /^"?\$\{?\w*(?:opt|flag|arg|param|yes)/i.test(word.raw));
}

/** Images whose own configuration answers apt-get: CircleCI's, all made of cimg/base (CircleCI-Public/cimg-base, Dockerfile.template: 90circleci). */
const answering = /^(?:docker\.io\/)?cimg\//;

/** Whether something else answers: a pipe, a here-document, an option, or a configuration file that was written before or is in the base image. */
function isAnswered({ command, instruction, stage }: RunCommand, manager: string): boolean {
  const member = command.pipeline.members.findIndex(m => m.commands.includes(command));
  if (member > 0 || command.redirections.some(r => r.operator.startsWith('<<'))) return true;
  if (manager === 'apt-get' && answering.test(stage?.root.image.text ?? '')) return true;
  return isSetBefore(instruction, manager === 'apt-get' ? aptSetting : rpmSetting);
}

/** What leaves packages whose dependencies are missing. */
const breaks = /\bdpkg\s+(?:--(?:install|unpack|force)|-\w{0,9}i)/;

/** Whether a call names no package, as `apt-get -f install` does: it asks only where something is broken, which only what came before can have done. */
function fixesNothing({ command, instruction }: RunCommand, { manager, verb, packages }: PackageManagerCall): boolean {
  return (
    manager === 'apt-get' &&
    verb === 'install' &&
    packages.length === 0 &&
    command.outer?.name !== 'xargs' &&
    !isSetBefore(instruction, breaks)
  );
}

export const rule = defineRule({
  id: 'dockerfile/interactive-install',
  title: 'Package manager asks for confirmation',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  peers: {
    hadolint: ['DL3014', 'DL3030', 'DL3034', 'DL3038'],
    trivy: ['DS-0021'],
    kics: [
      'APT-GET Missing Flags To Avoid Manual Input',
      'Yum Install Allows Manual Input',
      'Missing Flag From Dnf Install',
      'Missing Zypper Non-interactive Switch',
    ],
    semgrep: ['missing-assume-yes-switch', 'missing-yum-assume-yes-switch', 'missing-dnf-assume-yes-switch'],
    dockerfilelint: ['apt-get_missing_param'],
  },
  messages: { asks: { text: '"{command}" may ask for confirmation, which is not possible in a build' } },
  fixes: { yes: { title: 'Add {flag}', class: 'safe' } },
  on: {
    command(view, report) {
      const call = packageManagerCall(view.command);
      if (!call?.subcommand || !asks(call) || isAnswered(view, call.manager) || fixesNothing(view, call)) return;
      const { flag, global } = managers[call.manager]!;
      const { end } = (global ? view.command.nameWord! : call.subcommand).range;
      const add: DockerfileOperation = insertWords(end, flag);
      report(
        call.subcommand.range,
        'asks',
        { command: `${call.program} ${call.verb}` },
        // apt-get(8) asks only where more is installed than was named
        call.manager === 'apt-get' && call.verb === 'install' && weighs('warning'),
        refusalAt(view.instruction) ?? report.fix('yes', () => [add], { data: { flag } }),
      );
    },
  },
});
