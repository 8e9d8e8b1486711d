import { parseBytes } from '../../../rule/container/values';
import { defineRule, noFix } from '../../../rule/define-rule';
import { clientProblems } from '../model/problems';
import { optionRange } from '../model/words';

export const rule = defineRule({
  id: 'run/conflicting-settings',
  title: 'Conflicting options',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  references: { links: ['https://docs.docker.com/reference/cli/docker/container/run/'] },
  messages: {
    conflict: { text: '{option} cannot be combined with {other}: the command is rejected' },
    swap: { text: '--memory-swap is the sum of memory and swap: it cannot be less than --memory' },
    reservation: { text: '--memory-reservation is higher than the --memory limit' },
    other: { text: 'The conflicting option' },
  },
  on: {
    container(container, report) {
      const { command } = container;
      if (command.parsed.problem !== null || command.program !== 'docker') return;
      for (const { kind, option, other } of clientProblems(command.parsed)) {
        if (kind !== 'conflict' || !other) continue;
        const related = report.related(optionRange(command, other), 'other');
        report(optionRange(command, option), 'conflict', { option: option.written, other: other.written }, related, noFix('no-fix'));
      }
      const memory = container.get('memory');
      const swap = container.get('memorySwap');
      const reservation = container.get('memoryReservation');
      if (!memory?.value || parseBytes(memory.text ?? '') === null) return;
      if (swap?.value != null && swap.value > 0 && swap.value < memory.value) report(swap.range, 'swap', {}, noFix('no-fix'));
      if (reservation?.value != null && reservation.value > memory.value) report(reservation.range, 'reservation', {}, noFix('no-fix'));
    },
  },
});
