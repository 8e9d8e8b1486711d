import { refusalAt } from '../fix/refusal';
import { insertWords } from '../../../rule/fix/operations';
import { isInherited, isSetBefore } from '../model/chain';
import { findFlag, packageManagerCall } from '../../../syntax/shell/package-manager';
import { defineRule } from '../../../rule/define-rule';

/** Flags that say yes or nothing: the new one goes behind them, as most write it. */
const early = /^(?:-[yqf]+|--(?:yes|assume-yes|quiet))$/;

const setting = /Install-Recommends[\s"'=:]*(?:false|0|no)\b/i;

export const rule = defineRule({
  id: 'dockerfile/recommended-packages',
  title: 'apt-get installs recommended packages',
  severity: 'info',
  category: 'surface',
  profile: 'recommended',
  references: { cisDocker: ['4.3'], nist800190: ['3.1.1', '4.1.1'] },
  peers: {
    hadolint: ['DL3015'],
    trivy: ['DS-0029'],
    kics: ['APT-GET Not Avoiding Additional Packages'],
    semgrep: ['missing-no-install-recommends'],
    dockerfilelint: ['apt-get_recommends'],
  },
  messages: { recommends: { text: '{program} also installs packages that are only recommended' } },
  fixes: { only: { title: 'Add --no-install-recommends', class: 'attended' } },
  on: {
    command({ command, instruction }, report) {
      const call = packageManagerCall(command);
      if (call?.manager !== 'apt-get' || call.verb !== 'install' || !call.subcommand || call.packages.length === 0) return;
      if (findFlag(call.flags, ['--no-install-recommends', '--without-recommends', '-R'])) return;
      if (command.args.some(word => word.text === null && /^"?\$\{?\w*(?:opt|flag|arg|param)/i.test(word.raw))) return;
      // what a stage that only hands files on has beside them is in no image
      const { stage, onbuildParent } = instruction;
      if (isSetBefore(instruction, setting) || (stage && !onbuildParent && !isInherited(stage))) return;
      const behind = command.args.filter(arg => arg.range.start > call.subcommand!.range.start);
      const next = behind.findIndex(arg => !early.test(arg.text ?? ''));
      const { end } = (behind[(next < 0 ? behind.length : next) - 1] ?? call.subcommand).range;
      report(
        call.subcommand.range,
        'recommends',
        { program: call.program },
        refusalAt(instruction) ??
          report.fix('only', () => [insertWords(end, call.program === 'aptitude' ? '--without-recommends' : '--no-install-recommends')]),
      );
    },
  },
});
