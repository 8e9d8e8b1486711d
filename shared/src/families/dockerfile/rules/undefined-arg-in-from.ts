import { replaceText } from '../../../rule/fix/operations';
import { fromVariables, globalNames } from '../model/variables';
import { defineRule } from '../../../rule/define-rule';
import { closest } from '../../../base/text/closest';

export const rule = defineRule({
  id: 'dockerfile/undefined-arg-in-from',
  title: 'Undeclared variable in FROM',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  supersedes: ['dockerfile/invalid-default-arg-in-from'],
  peers: { buildkit: ['UndefinedArgInFrom'] },
  messages: {
    undeclared: { text: 'No ARG before the first FROM declares "{name}", so the variable is empty here' },
    typo: { text: 'No ARG before the first FROM declares "{name}"; did you mean "{other}"?' },
    defaulted: {
      text: 'No ARG before the first FROM declares "{name}", so the default given here always applies',
      severity: 'info',
      profile: 'strict',
    },
  },
  fixes: { rename: { title: 'Use {other}', class: 'attended' } },
  on: {
    stage({ from }, report) {
      if (!from.logical.text.includes('$')) return;
      const names = globalNames(from.file);
      for (const { name, range, operator } of fromVariables(from)) {
        if (names.has(name)) continue;
        const other = closest(name, names);
        const start = range.start + from.file.text.slice(range.start, range.end).indexOf(name);
        report(
          range,
          other !== '' ? 'typo' : operator?.endsWith('-') ? 'defaulted' : 'undeclared',
          { name, ...(other !== '' && { other }) },
          other !== '' &&
            report.fix('rename', () => [replaceText({ start, end: start + name.length }, other)], {
              data: { other },
            }),
        );
      }
    },
  },
});
