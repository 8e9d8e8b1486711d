import { refusalAt } from '../fix/refusal';
import { appendCommand, insertWords, removeCommand, removeWords } from '../../../rule/fix/operations';
import { topPipeline, withOwnLists } from '../fix/package-cache';
import { isInherited } from '../model/chain';
import { leftCaches, type CacheRemedy, type LeftCache } from '../model/package-caches';
import type { Instruction } from '../model/types';
import { defineRule, noFix, type Attachment, type Report } from '../../../rule/define-rule';

type CacheReport = Report<'lists' | 'cache', 'clean' | 'none'>;

/** Appends what cleans up: behind the last call of a manager, or at the end of the script. */
function cleanUp(instruction: Instruction, cure: CacheRemedy & { by: 'cleaning' }, report: CacheReport): Attachment {
  const { text, call, atEnd, relying } = cure;
  const at = topPipeline(instruction, call.command, atEnd);
  const lists = withOwnLists(relying);
  if (!at || !lists) return noFix('no-fix');
  const assumes = relying.length > 0 ? 'lists' : call.manager === 'yarn' ? 'classic' : null;
  const command = `${call.command.outer?.name === 'sudo' ? 'sudo ' : ''}${text}`;
  return report.fix('clean', () => [appendCommand(at.range, command), ...lists], {
    data: { command: text },
    class: assumes === null ? undefined : 'review',
    assumes: assumes === null ? [] : [{ id: assumes }],
  });
}

/** Removes a command that stands alone between others. */
function remove(instruction: Instruction, { call: { command } }: CacheRemedy & { by: 'removal' }, report: CacheReport): Attachment {
  const at = topPipeline(instruction, command);
  if (!at || at.range.start !== command.range.start || at.range.end !== command.range.end) return noFix('no-fix');
  return report.fix('clean', () => [removeCommand(at.range)], {
    data: { command: 'remove apk update, redundant with --no-cache' },
  });
}

function fixOf(instruction: Instruction, { cure, word }: LeftCache, report: CacheReport): Attachment {
  const refused = refusalAt(instruction);
  if (cure === null || refused) return refused ?? noFix('no-fix');
  if (cure.by === 'cleaning') return cleanUp(instruction, cure, report);
  if (cure.by === 'removal') return remove(instruction, cure, report);
  const { flag, needless } = cure;
  return report.fix('none', () => [insertWords(word.range.end, flag), ...needless.map(({ range }) => removeWords(range))], {
    data: { flag },
    group: flag === '--no-cache' ? 'apk-cache' : undefined,
  });
}

export const rule = defineRule({
  id: 'dockerfile/package-cache-left',
  title: 'Package cache left in a layer',
  severity: 'info',
  category: 'surface',
  profile: 'recommended',
  references: { cisDocker: ['4.3'], nist800190: ['3.1.2', '4.1.2'], cwe: ['CWE-459'] },
  peers: {
    hadolint: ['DL3009', 'DL3019', 'DL3032', 'DL3036', 'DL3040', 'DL3042', 'DL3060'],
    trivy: ['DS-0015', 'DS-0019', 'DS-0020', 'DS-0025', 'DS-0027'],
    kics: [
      'Apt Get Install Lists Were Not Deleted',
      'Apk Add Using Local Cache Path',
      'Yum Clean All Missing',
      'Missing Dnf Clean All',
      'Missing Zypper Clean',
      'Pip install Keeping Cached Packages',
      'Run yarn clean after yarn install',
    ],
    dockle: ['DKL-DI-0004', 'DKL-DI-0005'],
    semgrep: ['remove-package-lists', 'missing-apk-no-cache', 'missing-dnf-clean-all', 'missing-zypper-clean', 'missing-pip-no-cache-dir'],
    dockerfilelint: ['apt-get_missing_rm'],
  },
  messages: {
    lists: { text: '"{command}" leaves its package lists in the image' },
    cache: { text: '"{command}" leaves its downloads in the image' },
  },
  fixes: {
    clean: { title: 'Clean up in the same layer: {command}', class: 'safe' },
    none: { title: 'Add {flag}', class: 'safe' },
  },
  assumptions: {
    lists: 'With this fix, later installs fetch their package lists themselves',
    classic: 'Yarn is version 1, whose cache contains only copies of packages',
  },
  on: {
    instruction(instruction, report) {
      const { keyword, stage } = instruction;
      // What a stage that only hands files on leaves behind is in no image; a trigger runs in builds that start from one.
      if (keyword !== 'RUN' || !stage) return;
      const left = leftCaches(instruction);
      if (left.length === 0 || !(instruction.onbuildParent || isInherited(stage))) return;
      for (const found of left) {
        report(found.word.range, found.kind, { command: found.command }, fixOf(instruction, found, report));
      }
    },
  },
});
