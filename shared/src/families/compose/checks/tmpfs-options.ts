import { remedyOf } from '../../../container/edits';
import type { ContainerOptions } from '../../../container/types';
import { fileGroup } from '../../../fix/types';
import type { Report, RuleContext } from '../../../rule/define-rule';
import { runningImage, tmpfsSize } from './running';

/** `tmpfs-options` but for what is a family's own. */
export const tmpfsOptions = {
  title: 'tmpfs weakened or without a size',
  severity: 'info',
  category: 'privilege',
  profile: 'recommended',
  references: { nist800190: ['3.4.4', '4.4.4'], links: ['https://docs.docker.com/engine/storage/tmpfs/'] },
  messages: {
    size: { text: 'A tmpfs without a size may take half of the memory of the host' },
    weakened: { text: 'The engine mounts a tmpfs with noexec, nosuid and nodev: "{option}" takes that back', severity: 'warning' },
  },
  fixes: {
    size: { title: 'Limit it to {size}', class: 'review' },
    strict: { title: 'Remove "{option}"', class: 'attended' },
  },
  assumptions: { 'tmpfs-size': '{size} are enough for what is written there' },
  on: {
    container(container: ContainerOptions, report: Report<'size' | 'weakened', 'size' | 'strict'>, context: RuleContext): void {
      for (const tmpfs of container.list('tmpfs').items) {
        const { value, inherited, range } = tmpfs;
        if (!value || inherited) continue;
        if (!value.options.some(option => /^(?:size|nr_blocks)=/.test(option))) {
          const size = tmpfsSize(context);
          const edit = container.edit.addTmpfsOptions(tmpfs, [`size=${size}`]);
          const extras = { assumes: [{ id: 'tmpfs-size', data: { size } }], group: `${fileGroup}limits` };
          report(range, 'size', {}, ...report.remedy('size', remedyOf(edit, extras), { size }));
        }
        const option = value.options.find(each => each === 'exec' || each === 'suid' || each === 'dev');
        if (option === undefined || (option === 'exec' && runningImage(container, context).profile?.isJvm)) continue;
        report(
          range,
          'weakened',
          { option },
          ...report.remedy('strict', remedyOf(container.edit.dropTmpfsOptions(tmpfs, [option])), { option }),
        );
      }
    },
  },
} as const;
