import { removePair } from '../../fix/dockerfile/secure';
import type { Operation } from '../../fix/types';
import { isSecretName, secretValueKind } from '../../knowledge/secrets';
import { variableUsers } from '../../model/dockerfile/chain';
import type { Instruction, KeyValue } from '../../model/dockerfile/types';
import { conceals, defineRule, left } from '../../rule/define-rule';

/** The fingerprint of a public key, which signing keys are named by. */
const fingerprint = /^(?:0x)?[0-9A-F]{16}(?:[0-9A-F]{24})?$/;

/** Whether a pair carries a secret: no value yet (ARG), another variable's, or a literal. */
function carries({ name, value }: KeyValue, instruction: Instruction): boolean {
  if (!/^\w+$/.test(name) || !isSecretName(name)) return false;
  if (value === null) return true;
  const text = instruction.file.expand(value, instruction) || value.text;
  return ['variable', 'literal', 'default'].includes(secretValueKind(text)) && !fingerprint.test(text);
}

export const rule = defineRule({
  id: 'dockerfile/secret-in-arg-or-env',
  title: 'Secret in ARG or ENV',
  severity: 'error',
  category: 'secrets',
  profile: 'baseline',
  references: { cisDocker: ['4.10'], nist800190: ['3.1.4', '4.1.4'], mitre: ['T1552.001'], cwe: ['CWE-526', 'CWE-522'] },
  peers: {
    buildkit: ['SecretsUsedInArgOrEnv'],
    hadolint: ['DL3064'],
    trivy: ['DS-0031'],
    semgrep: ['secret-in-build-arg'],
    dockle: ['CIS-DI-0010'],
    tally: ['tally/ruby/secrets-in-arg-or-env'],
    kics: ['Passwords And Secrets'],
  },
  messages: {
    env: { text: 'ENV "{name}" gives its secret to everybody who has the image' },
    arg: { text: 'Build argument "{name}" is a secret, and stays in the history of the image' },
    use: { text: 'Here "{name}" reaches the layer' },
  },
  fixes: { mount: { title: 'Mount the secret "{name}" where it is used', class: 'attended' } },
  assumptions: { secret: 'The build is given "--secret id={name}", by a frontend that knows env= (Dockerfile 1.10)' },
  on: {
    instruction(instruction, report) {
      const { keyword, pairs, stage } = instruction;
      if (keyword !== 'ARG' && keyword !== 'ENV') return;
      for (const pair of pairs.filter(p => carries(p, instruction))) {
        const { name, value, nameRange } = pair;
        const users = (stage ? (variableUsers(stage).get(name) ?? []) : []).filter(i => i.index > instruction.index);
        const related = users.map(user => report.related(user.keywordRange, 'use', { name }));
        const mountable =
          keyword === 'ARG' && value === null && !instruction.parent && users.length > 0 && users.every(i => i.keyword === 'RUN');
        const operations = (): readonly Operation[] => [
          removePair(instruction, pair),
          ...users.map(
            user =>
              ({
                type: 'dockerfile.insert-words',
                offset: user.keywordRange.end,
                text: `--mount=type=secret,id=${name},env=${name}`,
              }) as const,
          ),
        ];
        report(
          nameRange,
          keyword === 'ARG' ? 'arg' : 'env',
          { name },
          ...related,
          value && conceals(value.range),
          mountable ? report.fix('mount', operations, { data: { name }, assumes: [{ id: 'secret', data: { name } }] }) : left('attended'),
        );
      }
    },
  },
});
