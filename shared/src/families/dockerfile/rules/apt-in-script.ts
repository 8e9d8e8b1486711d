import { refusalAt } from '../fix/refusal';
import { replaceText } from '../../../rule/fix/operations';
import { packageManagerCall } from '../../../syntax/shell/package-manager';
import { range } from '../../../base/text/range';
import { defineRule, noFix } from '../../../rule/define-rule';

/** Sub-commands of `apt` that apt-get has under the same name. */
const inAptGet = new Set('install reinstall update remove purge autoremove autopurge clean autoclean distclean build-dep source download satisfy upgrade'.split(' ')); // prettier-ignore
const inAptCache = new Set('search show policy depends rdepends showsrc madison pkgnames'.split(' '));

export const rule = defineRule({
  id: 'dockerfile/apt-in-script',
  title: 'apt used in a script',
  severity: 'info',
  category: 'correctness',
  profile: 'recommended',
  peers: { hadolint: ['DL3027'], checkov: ['CKV_DOCKER_9'], kics: ['Run Using apt'], semgrep: ['prefer-apt-get'] },
  messages: { apt: { text: '"apt" is meant for interactive use: its options and output may change' } },
  fixes: { stable: { title: 'Use {program}', class: 'safe' } },
  assumptions: { upgrade: 'No upgrade requires new packages, which apt would install but apt-get would not' },
  on: {
    command({ command, instruction }, report) {
      if (command.name !== 'apt' || command.inner) return;
      const call = packageManagerCall(command)!;
      const program = inAptGet.has(call.verb) ? 'apt-get' : inAptCache.has(call.verb) ? 'apt-cache' : null;
      const { range: place, quoted } = command.nameWord!;
      const text = program?.slice('apt'.length) ?? '';
      const upgrade = call.verb === 'upgrade' ? ({ class: 'review', assumes: [{ id: 'upgrade' }] } as const) : {};
      report(
        place,
        'apt',
        {},
        refusalAt(instruction) ??
          (program === null || quoted
            ? noFix('no-fix')
            : report.fix('stable', () => [replaceText(range(place.end), text)], { data: { program }, ...upgrade })),
      );
    },
  },
});
