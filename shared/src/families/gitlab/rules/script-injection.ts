import { defineRule, noFix } from '../../../rule/define-rule';
import { contains } from '../../../base/text/range';
import { placedInputs } from '../model/inputs';
import { factOf } from '../model/rest';
import { chosenCode } from '../model/untrusted';

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
    pusher: { text: 'A command in a branch or tag name runs here through {name}', severity: 'warning', profile: 'recommended' },
    input: {
      text: 'GitLab inserts the values of variables into the script before the shell reads it',
      severity: 'warning',
      profile: 'recommended',
    },
    free: {
      text: 'Any text that a caller passes as {name} is inserted here: limit it with options or a regex',
      severity: 'hint',
      profile: 'strict',
    },
  },
  on: {
    script(line, report) {
      for (const { variable, chooser } of chosenCode(line))
        report(variable.range, chooser, { name: variable.name }, noFix('manual', 'pass it as an argument: sh -c \'... "$1"\' sh "$VALUE"'));
    },
    pipeline(pipeline, report, { workspace }) {
      const inputs = placedInputs(pipeline);
      const scripts = pipeline.scripts.map(({ node }) => node.range);
      // the header that declares them is a document of its own
      const free = inputs.length === 0 ? [] : [factOf(pipeline), ...workspace.pipelineAt(pipeline.path)].flatMap(fact => fact.inputs);
      for (const { name, range, expanded } of inputs) {
        if (expanded && scripts.some(script => contains(script, range))) report(range, 'input', {}, noFix('manual'));
        else if (free.includes(name)) report(range, 'free', { name }, noFix('manual'));
      }
    },
  },
});
