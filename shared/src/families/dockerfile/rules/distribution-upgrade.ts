import { packageManagerCall } from '../../../syntax/shell/package-manager';
import { defineRule } from '../../../rule/define-rule';

/** What moves a whole system to another state or release, by package manager. */
const verbs: Readonly<Record<string, RegExp>> = {
  'apt-get': /^(?:dist-upgrade|full-upgrade|dselect-upgrade)$/,
  zypper: /^(?:dup|dist-upgrade)$/,
  dnf: /^system-upgrade/,
  yum: /^system-upgrade/,
};
const programs = new Set(['do-release-upgrade', 'do-dist-upgrade', 'leapp']);

export const rule = defineRule({
  id: 'dockerfile/distribution-upgrade',
  title: 'Upgrade of the whole distribution',
  severity: 'info',
  category: 'surface',
  profile: 'strict',
  references: { cisDocker: ['4.4'], nist800190: ['3.1.1', '4.1.1'] },
  peers: {
    trivy: ['DS-0024'],
    hadolint: ['DL3035'],
    dockle: ['DKL-DI-0003'],
    dockerfilelint: ['apt-get-dist-upgrade'],
  },
  messages: { upgrade: { text: '"{command}" may remove packages and move the image to another release' } },
  on: {
    command({ command }, report) {
      const { name, nameWord } = command;
      if (name === null) return;
      if (programs.has(name)) return report(nameWord!.range, 'upgrade', { command: name });
      const call = packageManagerCall(command);
      if (call?.action !== 'upgrade' || !call.subcommand || !verbs[call.manager]?.test(call.verb)) return;
      report(call.subcommand.range, 'upgrade', { command: `${call.program} ${call.verb}` });
    },
  },
});
