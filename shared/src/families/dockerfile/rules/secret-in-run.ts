import { refusalAt } from '../fix/refusal';
import { insertWords } from '../../../rule/fix/operations';
import type { Operation } from '../../../rule/fix/types';
import { credentialUses, type CredentialUse } from '../../../knowledge/secrets/credential-uses';
import type { RunCommand } from '../model/types';
import { masks, defineRule, noFix } from '../../../rule/define-rule';

/** The variables of a word that come from outside its script. */
function outerVariables({ command }: RunCommand, { word }: CredentialUse): readonly string[] {
  const own = new Set(command.script.commands.flatMap(c => c.assignments.map(a => a.name)));
  return [...new Set(word.variables.map(v => v.name))].filter(name => /^[A-Za-z_]\w*$/.test(name) && !own.has(name));
}

export const rule = defineRule({
  id: 'dockerfile/secret-in-run',
  title: 'Credential used in RUN without a secret mount',
  severity: 'error',
  category: 'secrets',
  profile: 'baseline',
  references: { cisDocker: ['4.10'], nist800190: ['3.1.4', '4.1.4'], mitre: ['T1552.001'], cwe: ['CWE-522', 'CWE-214'] },
  peers: { trivy: ['DS-0031'], tally: ['tally/secrets-in-code'] },
  messages: { used: { text: '{what} receives a credential that remains in the image or its history' } },
  fixes: { mount: { title: 'Use a secret mount for {names} in this step', class: 'attended' } },
  assumptions: { secret: 'The build is run with "--secret id={name}" and a frontend that supports env= (Dockerfile 1.10)' },
  on: {
    command(view, report) {
      const { command, instruction } = view;
      if (instruction.mounts.some(mount => mount.type === 'secret')) return;
      for (const use of credentialUses(command)) {
        const names = outerVariables(view, use);
        // A variable that holds a path is no help: the file that it names is the secret.
        const mountable = names.length > 0 && !/^--[\w-]*file=/.test(use.word.raw);
        const operations = (): readonly Operation[] =>
          names.map(name => insertWords(instruction.keywordRange.end, `--mount=type=secret,id=${name},env=${name}`));
        const assumes = names.map(name => ({ id: 'secret', data: { name } }));
        report(
          use.word.range,
          'used',
          { what: use.what },
          names.length === 0 && masks(use.word.range),
          mountable
            ? (refusalAt(instruction, 'any') ?? report.fix('mount', operations, { data: { names: names.join(', ') }, assumes }))
            : noFix('manual'),
        );
      }
    },
  },
});
