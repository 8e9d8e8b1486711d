import { isFile } from '../../../evidence/engine-start';
import { remedyOf } from '../../container/edits';
import { ownItems, type ContainerOptions } from '../../container/types';
import { weighs, type Report } from '../../define-rule';

/** `mount-propagation` but for what is a family's own. */
export const mountPropagation = {
  title: 'Shared mount propagation',
  severity: 'error',
  category: 'isolation',
  profile: 'baseline',
  references: { cisDocker: ['5.20'], nist800190: ['3.4.3', '4.4.3'], mitre: ['T1611'], cwe: ['CWE-668'] },
  messages: { shared: { text: 'Mounts that container "{container}" creates under {target} appear on the host' } },
  fixes: { remove: { title: 'Keep mounts inside the container: remove "{propagation}"', class: 'attended' } },
  assumptions: { 'mounts-nothing': 'Container "{container}" does not create mounts that the host needs' },
  on: {
    container(container: ContainerOptions, report: Report<'shared', 'remove'>): void {
      for (const item of ownItems(container, 'mounts')) {
        const { optionsRange, propagation, target } = item.value;
        if (propagation !== 'shared' && propagation !== 'rshared') continue;
        const remedy = remedyOf(container.edit.dropPropagation(item), { assumes: [{ id: 'mounts-nothing' }] });
        // nothing is mounted below a file, which it is by its name
        const weight = isFile(target ?? '') && weighs('hint');
        report(optionsRange, 'shared', { target: target ?? 'it' }, weight, ...report.remedy('remove', remedy, { propagation }));
      }
    },
  },
} as const;
