import { joined, remedyOf } from '../../../container/edits';
import type { ContainerOptions, Edit } from '../../../container/types';
import { noFix, type Report, type RuleContext } from '../../../rule/define-rule';
import { containerGroup, runningUser, runsOnWindows, writesOf } from './running';

/** `writable-root-filesystem` but for what is a family's own. */
export const writableRootFilesystem = {
  title: 'Root file system is writable',
  severity: 'warning',
  category: 'privilege',
  profile: 'recommended',
  references: {
    cisDocker: ['5.13'],
    nist800190: ['3.4.4', '4.4.4'],
    cwe: ['CWE-732'],
    links: ['https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html'],
  },
  messages: {
    missing: { text: 'Container "{container}" can change its own programs: its root file system is writable' },
    off: { text: 'Container "{container}" can change its own programs: read_only is switched off' },
  },
  fixes: { readOnly: { title: 'Make the root file system read-only, with a tmpfs for what is written', class: 'review' } },
  assumptions: {
    'writes-only': 'It writes only to {paths} and to its mounts',
    'tmpfs-size': '{size} are enough for each tmpfs',
    shipped: 'It does not write to {path}, where the image has files',
  },
  on: {
    container(container: ContainerOptions, report: Report<'missing' | 'off', 'readOnly'>, context: RuleContext): void {
      if (container.get('privileged')?.value === true || runsOnWindows(container, context)) return;
      const written = container.get('readOnly');
      const isMissing = !written && container.lacks('readOnly');
      if (!isMissing && (written?.value !== false || written.inherited)) return;
      const remedy = remedyFor(container, report, context);
      report(written?.range ?? container.reportRange, written ? 'off' : 'missing', {}, ...remedy);
    },
  },
} as const;

function remedyFor(container: ContainerOptions, report: Report<'missing' | 'off', 'readOnly'>, context: RuleContext) {
  const user = runningUser(container, context);
  if (user.kind === 'root' && user.capabilities === null) return [noFix('needs-root', user.why)];
  const obstacle = container.writesAtStart();
  if (obstacle !== null) return [noFix('no-fix', obstacle)];
  const { tmpfs, shipped, known } = writesOf(container, context);
  const edits: readonly Edit[] = [
    container.edit.set('readOnly', true),
    ...(tmpfs.length > 0
      ? [
          container.edit.append(
            'tmpfs',
            tmpfs.map(({ text }) => text),
          ),
        ]
      : []),
  ];
  const size = tmpfs[0]?.text.match(/size=(\w+)/)?.[1] ?? '';
  const assumes = [
    ...(known ? [] : [{ id: 'writes-only', data: { paths: tmpfs.map(({ path }) => path).join(', ') || '/tmp' } }]),
    ...(size === '' ? [] : [{ id: 'tmpfs-size', data: { size } }]),
    ...(shipped === null ? [] : [{ id: 'shipped', data: { path: shipped }, evidence: true as const }]),
  ];
  return report.remedy(
    'readOnly',
    remedyOf(joined(edits), { assumes, group: containerGroup(container), ...(shipped !== null && { class: 'attended' }) }),
  );
}
