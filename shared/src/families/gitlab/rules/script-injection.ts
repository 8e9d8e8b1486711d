import { defineRule, noFix } from '../../../rule/define-rule';
import { stringOf } from '../../../syntax/yaml/values';
import { textRange } from '../../../syntax/yaml/text-range';
import { chosenCode } from '../model/untrusted';

/** What GitLab puts into a text before a shell reads it. */
const interpolated = /\$\[\[([^\][]{1,300})\]\]/g;
/** An input into which it has put the values of variables first. */
const isExpanded = (inside: string): boolean => /\binputs\./.test(inside) && /\|\s{0,9}expand_vars\b/.test(inside);

export const rule = defineRule({
  id: 'gitlab/script-injection',
  title: 'Untrusted input run as code',
  severity: 'error',
  category: 'isolation',
  profile: 'baseline',
  references: { cwe: ['CWE-94', 'CWE-78'], links: ['https://docs.gitlab.com/ci/variables/#cicd-variable-security'] },
  peers: { poutine: ['injection'] },
  messages: {
    anyone: { text: 'What a merge request puts into {name} runs here as a command' },
    pusher: { text: 'A command in the name of a branch or tag runs here ({name})', severity: 'warning', profile: 'recommended' },
    input: {
      text: 'GitLab inserts the values of variables into the script before the shell reads it',
      severity: 'warning',
      profile: 'recommended',
    },
  },
  on: {
    script(line, report) {
      for (const { variable, chooser } of chosenCode(line))
        report(variable.range, chooser, { name: variable.name }, noFix('manual', 'pass it as an argument: sh -c \'... "$1"\' sh "$VALUE"'));
      const { node, file } = line;
      const text = stringOf(node) ?? '';
      const place = text.includes('expand_vars') ? textRange(file.document, node) : null;
      for (const match of place ? text.matchAll(interpolated) : []) {
        if (!isExpanded(match[1]!)) continue;
        const start = place!.range.start + match.index;
        report(place!.exact ? { start, end: start + match[0].length } : place!.range, 'input', {}, noFix('manual'));
      }
    },
  },
});
