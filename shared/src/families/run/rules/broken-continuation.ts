import { defineRule } from '../../../rule/define-rule';
import type { Range } from '../../../base/text/range';
import { type BrokenContinuation, brokenContinuations } from '../model/broken';

export const rule = defineRule({
  id: 'run/broken-continuation',
  title: 'Backslash that continues no line',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  references: { links: ['https://www.gnu.org/software/bash/manual/html_node/Escape-Character.html'] },
  messages: {
    blank: { text: 'A blank behind the backslash ends the command here: the blank becomes an argument' },
    here: { text: 'Here, too' },
    comment: { text: 'A comment behind the backslash ends the command here: the next line is another command' },
  },
  fixes: { rejoin: { title: 'Remove what follows the backslash; comments go above the command', class: 'review' } },
  on: {
    client({ client, model }, report) {
      const all = brokenContinuations(client, model);
      const [first, ...more] = all;
      if (!first) return;
      const whole = ({ range }: BrokenContinuation): Range => ({ start: range.start - 1, end: range.end });
      report(
        whole(first),
        first.hasComment ? 'comment' : 'blank',
        {},
        ...more.map(one => report.related(whole(one), 'here')),
        client.placed.locked === null &&
          report.fix('rejoin', () => all.map(({ range, line }) => ({ type: 'command.rejoin', line, range }))),
      );
    },
  },
});
