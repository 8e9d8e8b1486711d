import { findImageProfile } from '../../../knowledge/image-profiles';
import { removePort } from '../fix/expose';
import { memoize } from '../../../base/text/memoize';
import { isShipped } from '../model/chain';
import { exposedPorts } from '../model/ports';
import { documentsOf, scriptsOf } from '../model/scripts';
import type { DockerfileModel, Instruction, Stage } from '../model/types';
import { sourceRange } from '../../../syntax/shell/mapped-text';
import { packageManagerCall } from '../../../syntax/shell/package-manager';
import type { ShellCommand, ShellWord } from '../../../syntax/shell/types';
import type { Range } from '../../../base/text/range';
import { defineRule, noFix, type Report } from '../../../rule/define-rule';

const packages = /^(?:openssh-server|dropbear|tinysshd|telnetd|telnet-server|inetutils-telnetd)(?:[=:].*)?$/;
const servers: ReadonlySet<string | null> = new Set(['sshd', 'dropbear', 'telnetd', 'in.telnetd']);
/** The line that lets root in, written to a file or put in place of another. */
const rootLogin = /(?:^|[^#\w])PermitRootLogin\s+yes\b|PermitRootLogin\b\\?\)[^\n]{0,80}\\[1-9]\s{1,4}yes\b/;
const speaksOfRoot = memoize((file: DockerfileModel) => file.text.includes('PermitRootLogin'));
const serves = memoize((file: DockerfileModel) => /\b(?:sshd|dropbear|openssh(?:-server)?)\b/.test(file.text));
/** The word of ssh-keygen that makes the keys of a server. */
const hostKeys = ({ name, args }: ShellCommand): ShellWord | undefined =>
  name === 'ssh-keygen' ? args.find(({ text }) => text === '-A' || /\/ssh_host_\w{1,40}$/.test(text ?? '')) : undefined;

/** Whether a later command of the image takes the keys away again. */
function removesKeys(stage: Stage, { start }: Range): boolean {
  return stage.instructions.some(({ keyword, range, commands }) => {
    if (keyword !== 'RUN' || range.end < start) return false;
    return commands.some(
      ({ command: c }) => c.name === 'rm' && c.range.start > start && c.args.some(({ raw }) => raw.includes('ssh_host')),
    );
  });
}

/** Whether the image at the bottom is known, which has no such server then. */
const isKnown = ({ root }: Stage): boolean => root.image.text !== null && findImageProfile(root.image.text) !== null;

const noPassword = /^(?:-nopw|-nopassword|--I-KNOW-THIS-IS-INSECURE)$/;

/** The word that opens a desktop to everybody. */
const openDesktop = (args: readonly ShellWord[]): ShellWord | undefined =>
  args.find(({ text }, i) => noPassword.test(text ?? '') || (/^-+SecurityTypes$/.test(text ?? '') && args[i + 1]?.text === 'None'));

/** Reports what CMD or ENTRYPOINT starts. */
function started(instruction: Instruction, report: Report<'started' | 'desktop', 'remove'>): void {
  for (const { commands } of scriptsOf(instruction)) {
    for (const { name, nameWord, args } of commands) {
      const desktop = openDesktop(args);
      if (desktop) report(desktop.range, 'desktop', {}, noFix('manual'));
      if (nameWord && servers.has(name)) report(nameWord.range, 'started', { program: name! }, noFix('manual'));
    }
  }
}

export const rule = defineRule({
  id: 'dockerfile/ssh-server',
  title: 'SSH server or port 22 in a container',
  severity: 'warning',
  category: 'network',
  profile: 'baseline',
  supersedes: ['dockerfile/sensitive-port'],
  references: { cisDocker: ['5.7', '5.9'], nist800190: ['3.4.3', '4.4.3'], mitre: ['T1021.004', 'T1110', 'T1133'], cwe: ['CWE-1188'] },
  peers: { trivy: ['DS-0004'], checkov: ['CKV_DOCKER_1'], kics: ['Exposing Port 22 (SSH)'] },
  messages: {
    port: { text: 'Port 22 is for SSH: enter containers through the container runtime instead' },
    installed: { text: '{program} lets people log in to the container, bypassing the container runtime and its log' },
    started: { text: '{program} lets people log in to the container, bypassing the container runtime and its log' },
    root: { text: 'root can log in over the network', severity: 'error' },
    'host-keys': { text: 'All containers get the same SSH host keys, and anyone who has the image has them too' },
    desktop: { text: 'The remote desktop is open to anyone who can reach its port', severity: 'error' },
  },
  fixes: { remove: { title: 'Remove port 22 from EXPOSE', class: 'review' } },
  on: {
    instruction(instruction, report) {
      const { keyword, stage } = instruction;
      if (instruction.heredocs.length > 0 && stage && isShipped(stage) && speaksOfRoot(stage.file)) {
        for (const document of documentsOf(instruction)) {
          const login = /^PermitRootLogin[ \t]+yes\b/im.exec(document.text);
          if (login) report(sourceRange(document, login.index, login.index + login[0].length), 'root', {}, noFix('manual'));
        }
      }
      if ((keyword !== 'EXPOSE' && keyword !== 'CMD' && keyword !== 'ENTRYPOINT') || !stage || !isShipped(stage)) return;
      if (keyword !== 'EXPOSE') return started(instruction, report);
      for (const exposed of exposedPorts(instruction)) {
        if (exposed.first > 22 || exposed.last < 22) continue;
        const operation = removePort(instruction, exposed);
        const remedy = operation
          ? report.fix('remove', () => [operation], serves(instruction.file) || !isKnown(stage) ? { class: 'attended' } : {})
          : noFix('needs-value');
        report(exposed.word.range, 'port', {}, remedy);
      }
    },
    command({ command, stage }, report) {
      const call = packageManagerCall(command);
      const keys = hostKeys(command);
      if (keys && stage && isShipped(stage) && !removesKeys(stage, command.range)) report(keys.range, 'host-keys', {}, noFix('manual'));
      const install = call?.action === 'install' ? call.packages.find(({ text }) => text !== null && packages.test(text)) : undefined;
      const login = call ? undefined : command.args.find(({ raw }) => raw.includes('PermitRootLogin') && rootLogin.test(raw));
      if ((!install && !login) || !stage || (login && !speaksOfRoot(stage.file)) || !isShipped(stage)) return;
      if (install) report(install.range, 'installed', { program: install.text!.replace(/[=:].*/, '') }, noFix('manual'));
      if (login) report(login.range, 'root', {}, noFix('manual'));
    },
  },
});
