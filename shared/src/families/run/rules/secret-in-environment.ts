import { findContainerSecrets } from '../../../rule/checks/container/secrets';
import { isRandom } from '../../../knowledge/secrets/detect';
import { remedyOf } from '../../../rule/container/edits';
import { defineRule, masks, noFix, weighs } from '../../../rule/define-rule';

export const rule = defineRule({
  id: 'run/secret-in-environment',
  title: 'Secret written in a command',
  severity: 'error',
  category: 'secrets',
  profile: 'baseline',
  references: { nist800190: ['3.1.4', '4.1.4'], mitre: ['T1552.001'], cwe: ['CWE-798', 'CWE-214'] },
  messages: {
    secret: { text: '{name} holds a secret that anyone can read here, in the shell history and in "ps"' },
    shaped: { text: '{name} contains what looks like a secret: {kind}' },
    weak: { text: '{name} holds a password that attackers try first', severity: 'warning' },
  },
  fixes: { environment: { title: 'Read {name} from the environment', class: 'attended' } },
  assumptions: {
    again: 'Everything else in this file that uses the value reads it from the environment too',
    exported: '{name} is exported before the command runs, from a file that is not shared',
  },
  on: {
    container(container, report) {
      const isOfWorkflow = container.command.placed.kind === 'workflow';
      for (const { name, kind, weak, guessable, range, setting } of findContainerSecrets(container)) {
        // on the host of a workflow, what the container takes for a password opens nothing but that container, which goes with the job
        if (isOfWorkflow && (guessable || kind === null) && !isRandom(container.model.text.slice(range.start, range.end))) continue;
        const messageId = weak ? 'weak' : kind === null ? 'secret' : 'shaped';
        const data = { name: name ?? 'An argument', ...(messageId === 'shaped' && kind !== null && { kind }) };
        const { text } = container.model;
        const again = text.split(text.slice(range.start, range.end)).length > 2 ? [{ id: 'again', evidence: true as const }] : [];
        const attachments =
          setting.field === 'env' && name !== null
            ? report.remedy(
                'environment',
                remedyOf(container.edit.replace(setting, name), { assumes: [{ id: 'exported', data: { name } }, ...again] }),
                { name },
              )
            : [noFix('manual', 'the value must be rotated and moved to a secret')];
        report(
          range,
          messageId,
          data,
          masks(range),
          messageId !== 'weak' && (guessable || (isOfWorkflow && kind === null)) && weighs('warning'),
          ...attachments,
        );
      }
    },
  },
});
