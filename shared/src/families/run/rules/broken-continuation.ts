import { defineRule } from '../../../rule/define-rule';
import type { Range } from '../../../base/text/range';
import { type BrokenContinuation, brokenContinuations } from '../model/broken';

export const rule = defineRule({
  id: 'run/broken-continuation',
  title: 'Backslash that does not continue the line',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  references: { links: ['https://www.gnu.org/software/bash/manual/html_node/Escape-Character.html'] },
  messages: {
    blank: { text: 'Whitespace after the backslash ends the command here and becomes an argument' },
    here: { text: 'Also here' },
    comment: { text: 'A comment after the backslash ends the command here: the next line is a separate command' },
  },
  fixes: { rejoin: { title: 'Remove the text after the backslash and move comments above the command', class: 'review' } },
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
