import { ownItems, type ContainerOptions } from '../../container/types';
import { noFix, type Report } from '../../define-rule';

/** `volumes-from` but for what is a family's own. */
export const volumesFrom = {
  title: 'Volumes mounted from another container',
  severity: 'info',
  category: 'isolation',
  profile: 'strict',
  references: { nist800190: ['3.4.3', '3.4.5', '4.4.3', '4.4.5'], cwe: ['CWE-668'] },
  messages: {
    writable: { text: 'Container "{container}" can change everything that {other} mounts, now and in the future' },
    'read-only': { text: 'Container "{container}" can read everything that {other} mounts, now and in the future', severity: 'hint' },
  },
  on: {
    container(container: ContainerOptions, report: Report<'writable' | 'read-only', never>): void {
      for (const { value, range } of ownItems(container, 'volumesFrom')) {
        const isReadOnly = value.endsWith(':ro');
        const other = value.replace(/^container:/, '').split(':', 1)[0]!;
        report(range, isReadOnly ? 'read-only' : 'writable', { other }, noFix('no-fix'));
      }
    },
  },
} as const;
