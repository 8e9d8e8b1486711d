import { flagsOf } from '../../../knowledge/run-flags';
import { defineRule, noFix } from '../../../rule/define-rule';
import { suggest } from '../../../base/text/suggest';
import { clientProblems } from '../model/problems';
import { optionRange, valueRange } from '../model/words';

export const rule = defineRule({
  id: 'run/unknown-flag',
  title: 'Option that the client rejects',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  references: { links: ['https://docs.docker.com/reference/cli/docker/container/run/'] },
  messages: {
    unknown: { text: '{program} has no option {flag}: the command is rejected' },
    'did-you-mean': { text: '{program} has no option {flag}: did you mean {suggestion}?' },
    'one-dash': { text: 'With one dash, {flag} is read as a group of short options: long options need two dashes' },
    'missing-value': { text: '{flag} needs a value' },
    'no-image': { text: 'The command does not name an image' },
    value: { text: '{flag} does not accept "{value}": the command is rejected' },
  },
  fixes: { rename: { title: 'Change the option to {suggestion}', class: 'review' } },
  on: {
    container(container, report) {
      const { command } = container;
      const { parsed, program, words, verbRange, locked } = command;
      const { problem } = parsed;
      if (parsed.help) return;
      if (problem?.kind === 'unknown-flag') {
        const word = words[problem.word]!;
        const written = word.mapped().text;
        const table = flagsOf(program);
        const name = written.replace(/^-+/, '').split('=', 1)[0]!;
        const isOneDash = !written.startsWith('--') && table.long(name) !== null;
        const near = isOneDash ? name : written.startsWith('--') ? suggest(name, table.names) : null;
        const flag = isOneDash ? `-${name}` : problem.flag;
        const range = valueRange(
          word,
          0,
          written.startsWith('--') || isOneDash ? name.length + (written.startsWith('--') ? 2 : 1) : undefined,
        );
        const suggestion = near === null ? null : `--${near}`;
        const fix =
          suggestion !== null &&
          locked === null &&
          report.fix('rename', () => [{ type: 'command.replace', range, text: suggestion }], { data: { suggestion } });
        const messageId = isOneDash ? 'one-dash' : suggestion === null ? 'unknown' : 'did-you-mean';
        report(
          range,
          messageId,
          { program, flag, ...(messageId === 'did-you-mean' && { suggestion: suggestion! }) },
          fix || noFix('no-fix'),
        );
      } else if (problem?.kind === 'missing-value')
        report(words[problem.word]!.range, 'missing-value', { flag: problem.flag }, noFix('no-fix'));
      // a blank behind a backslash, or a variable that may be the image, is another matter
      else if (problem?.kind === 'no-image' && !parsed.open && !command.appended && !words.some(word => word.text === ' '))
        report(verbRange, 'no-image', {}, noFix('no-fix'));
      if (program !== 'docker') return;
      for (const { kind, option } of clientProblems(parsed))
        if (kind === 'invalid-value' && option.value !== null && !/[$`{]/.test(option.shown))
          report(optionRange(command, option), 'value', { flag: option.written, value: option.value }, noFix('no-fix'));
    },
  },
});
