import { refusalAt } from '../fix/refusal';
import { removePair, secureOperation } from '../fix/secure';
import { insecureLines, insecureUses, isInsecureVariable } from '../../../knowledge/insecure-options';
import { documentsOf } from '../model/scripts';
import { absolutePath, containsPath, workdirAt } from '../model/files';
import type { RunCommand } from '../model/types';
import { packageManagerCall } from '../../../syntax/shell/package-manager';
import { defineRule, noFix } from '../../../rule/define-rule';

/** Programs that make packages: alpine-sdk, pacman, rpm, dpkg, fpm, nfpm, melange. */
const packagers = /\b(?:abuild|makepkg|rpmbuild|dpkg-buildpackage|dpkg-deb|debuild|fpm|nfpm|melange)\b/;

/** Whether all that a command installs was made in the same RUN, or comes out of another stage by COPY or a mount: a build does not sign what it makes for itself. */
function installsOwn({ command, instruction }: RunCommand): boolean {
  const call = packageManagerCall(command);
  const packages = call?.action === 'install' ? call.packages : [];
  if (packages.length === 0) return false;
  const isFile = (text: string): boolean => text.includes('/') && !text.includes('://');
  if (packages.every(word => isFile(word.raw)) && packagers.test(instruction.logical.text)) return true;
  const folders = instruction.file.images.flatMap(({ origin, kind, instruction: at }) => {
    if (kind !== 'stage' || origin === 'from' || (origin === 'mount-from' ? at !== instruction : at.index > instruction.index)) return [];
    const targets =
      origin === 'mount-from' ? at.mounts.filter(mount => mount.get('from')).map(mount => mount.get('target')) : [at.words.at(-1)?.text];
    return targets.flatMap(target => (target ? (absolutePath(target, workdirAt(at)) ?? []) : []));
  });
  return packages.every(word => {
    const path = word.text ?? word.mapped().text;
    return path.startsWith('/') && folders.some(folder => folder !== '/' && containsPath(folder, path));
  });
}

export const rule = defineRule({
  id: 'dockerfile/signature-check-disabled',
  title: 'Package signature check disabled',
  severity: 'error',
  category: 'supply-chain',
  profile: 'baseline',
  supersedes: ['dockerfile/tls-verification-disabled'],
  references: { cisDocker: ['4.11'], nist800190: ['3.1.5', '4.1.5'], mitre: ['T1195'], cwe: ['CWE-347'] },
  peers: { checkov: ['CKV2_DOCKER_7', 'CKV2_DOCKER_8', 'CKV2_DOCKER_9', 'CKV2_DOCKER_10', 'CKV2_DOCKER_11'] },
  messages: {
    command: { text: '"{what}" accepts unsigned packages' },
    variable: { text: '"{what}" disables signature verification for downloads' },
  },
  fixes: { verify: { title: 'Turn signature verification back on', class: 'attended' } },
  on: {
    command(run, report) {
      const { command, instruction } = run;
      const uses = insecureUses(command, 'signature');
      if (uses.length === 0 || installsOwn(run)) return;
      for (const use of uses) {
        const operation = secureOperation(use);
        report(
          use.range,
          use.kind === 'variable' ? 'variable' : 'command',
          { what: use.what },
          refusalAt(instruction) ?? (operation ? report.fix('verify', () => [operation]) : noFix('manual')),
        );
      }
    },
    instruction(instruction, report) {
      for (const document of documentsOf(instruction)) {
        for (const use of insecureLines(document, 'signature', null)) {
          const operation = secureOperation(use);
          const fix = operation ? report.fix('verify', () => [operation]) : noFix('manual');
          report(use.range, 'command', { what: use.what }, refusalAt(instruction, 'any') ?? fix);
        }
      }
      if (instruction.keyword !== 'ENV' && instruction.keyword !== 'ARG') return;
      for (const pair of instruction.pairs) {
        if (pair.value === null || !isInsecureVariable('signature', pair.name, pair.value.text)) continue;
        report(
          pair.range,
          'variable',
          { what: pair.name },
          refusalAt(instruction, 'any') ?? report.fix('verify', () => [removePair(instruction, pair)]),
        );
      }
    },
  },
});
