import { remedyOf } from '../../container/edits';
import { ownItems, type ContainerOptions } from '../../container/types';
import { fileGroup } from '../../fix/types';
import { weighs, type Report, type RuleContext } from '../../define-rule';
import { isSpill, startOf, unpacksPrograms } from './start';

const weakening: ReadonlySet<string> = new Set(['exec', 'suid', 'dev']);

/** Folders for what is small and short-lived: of others, such as the data of a database in a test, nothing says how large they grow. */
const scratchFolder = /^\/(?:tmp|run|var\/(?:tmp|run|lock|cache|log))(?:\/|$)/;

/** `tmpfs-options` but for what is a family's own. */
export const tmpfsOptions = {
  title: 'tmpfs with weakened options or no size limit',
  severity: 'info',
  category: 'privilege',
  profile: 'recommended',
  references: {
    cisDocker: ['5.13'],
    nist800190: ['3.4.4', '4.4.4'],
    cwe: ['CWE-770'],
    links: ['https://docs.docker.com/engine/storage/tmpfs/'],
  },
  messages: {
    size: { text: "{target} can grow to half the host's memory" },
    weakened: { text: 'With {options}, {target} lacks restrictions that container engines put on a tmpfs by default', severity: 'warning' },
  },
  fixes: {
    size: { title: 'Limit the tmpfs to {size}', class: 'review' },
    weakened: { title: 'Remove {options} from the tmpfs', class: 'attended' },
  },
  assumptions: {
    'fits-size': 'The data that container "{container}" writes to {target} fits in {size}',
    'runs-nothing': 'Container "{container}" does not run programs from {target}',
  },
  on: {
    container(container: ContainerOptions, report: Report<'size' | 'weakened', 'size' | 'weakened'>, context: RuleContext): void {
      const memory = container.get('memory');
      const isBounded = memory !== null && (memory.value === null || memory.value > 0);
      for (const item of ownItems(container, 'tmpfs')) {
        const { value, range } = item;
        // engines refuse what is no absolute path
        if (value.target !== null && !value.target.startsWith('/')) continue;
        const target = value.target ?? 'the tmpfs';
        const weak = value.options.filter(
          option => weakening.has(option) && !(option === 'exec' && unpacksPrograms(startOf(container, context), target)),
        );
        if (weak.length > 0) {
          const options = weak.join(', ');
          const remedy = remedyOf(container.edit.dropTmpfsOptions(item, weak), { assumes: [{ id: 'runs-nothing', data: { target } }] });
          // a program in memory is what its author asked for; another user's rights, or a device, hardly
          const isChosen = weak.every(option => option === 'exec');
          report(range, 'weakened', { options, target }, isChosen && weighs('info'), ...report.remedy('weakened', remedy, { options }));
        }
        // what a tmpfs holds counts as memory of its container: a limit of that holds for both
        if (isBounded || value.options.some(option => /^(?:size|nr_blocks)=/.test(option))) continue;
        const size = context.defaults.tmpfsSize;
        // the guide writes what engines add anyway, so that a reader sees it
        const words = value.options.length === 0 ? ['noexec', 'nosuid', 'nodev', `size=${size}`] : [`size=${size}`];
        const assumes = [{ id: 'fits-size', data: { target, size } }];
        const start = startOf(container, context);
        const kind =
          target === '/dev/shm' || !scratchFolder.test(target) || isSpill(target, start, container)
            ? { class: 'attended' as const }
            : { group: `${fileGroup}limits` };
        const remedy = remedyOf(container.edit.addTmpfsOptions(item, words), { assumes, ...kind });
        report(range, 'size', { target }, ...report.remedy('size', remedy, { size }));
      }
    },
  },
} as const;
