import { defineRule } from '../../../rule/define-rule';
import { brokenContinuations } from '../model/broken';

export const rule = defineRule({
  id: 'run/broken-continuation',
  title: 'Backslash that continues no line',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  references: { links: ['https://www.gnu.org/software/bash/manual/html_node/Escape-Character.html'] },
  messages: {
    blank: { text: 'A blank behind the backslash ends the command here: the blank becomes an argument' },
    comment: { text: 'A comment behind the backslash ends the command here: the next line is another command' },
  },
  fixes: { rejoin: { title: 'Take what stands behind the backslash away; comments go above the command', class: 'review' } },
  on: {
    client({ client, model }, report) {
      for (const { range, line, hasComment } of brokenContinuations(client, model)) {
        const fix = client.placed.locked === null && report.fix('rejoin', () => [{ type: 'command.rejoin', line, range }]);
        report({ start: range.start - 1, end: range.end }, hasComment ? 'comment' : 'blank', {}, fix);
      }
    },
  },
});
