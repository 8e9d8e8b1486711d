import { refusalAt } from '../fix/refusal';
import { insertWords } from '../../../rule/fix/operations';
import { removePair } from '../fix/secure';
import type { Operation } from '../../../rule/fix/types';
import { isFingerprint, isSecretName, secretValueKind } from '../../../knowledge/secrets/detect';
import { isShipped, variableUsers } from '../model/chain';
import type { Instruction, KeyValue } from '../model/types';
import { masks, defineRule, noFix } from '../../../rule/define-rule';

/** Identifies the account that a secret belongs to: what is passed in one is hardly ever passed without the other. */
const isKeyId = (name: string): boolean => name === 'AWS_ACCESS_KEY_ID';

/**
 * Whether a pair carries a secret. A build argument is there to be given one, whatever stands in for it; a variable of the image does with another's
 * value or a literal.
 */
function carries({ name, value }: KeyValue, instruction: Instruction): boolean {
  if (!/^\w+$/.test(name) || !(isSecretName(name) || isKeyId(name))) return false;
  if (value === null) return true;
  const text = instruction.file.expand(value, instruction) || value.text;
  const kind = secretValueKind(text);
  if (isFingerprint(text)) return false;
  return (
    ['variable', 'literal', 'default'].includes(kind) || (instruction.keyword === 'ARG' && (kind === 'placeholder' || kind === 'empty'))
  );
}

/** What a stage that does not ship is given, or has in its text, is in no image that anyone pulls: its cache keeps it, and a literal is there for anyone who reads the file. */
function messageOf(
  { keyword, stage, onbuildParent }: Instruction,
  { value }: KeyValue,
): 'arg' | 'env' | 'stage-arg' | 'stage-env' | 'written' {
  if (stage === null || isShipped(stage) || onbuildParent !== null) return keyword === 'ARG' ? 'arg' : 'env';
  if (value !== null && secretValueKind(value.text) === 'literal') return 'written';
  return keyword === 'ARG' ? 'stage-arg' : 'stage-env';
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
    env: { text: 'ENV "{name}" reveals its secret to anyone who has the image' },
    arg: { text: 'Build argument "{name}" is a secret, and stays in the image history' },
    'stage-env': { text: 'ENV "{name}" keeps its secret in the build cache', severity: 'info' },
    'stage-arg': { text: 'Build argument "{name}" is a secret, and stays in the build cache and provenance', severity: 'info' },
    written: { text: 'The secret in "{name}" can be read in this file, and in the build cache' },
    use: { text: '"{name}" ends up in a layer here' },
  },
  fixes: {
    mount: { title: 'Mount the secret "{name}" where it is used', class: 'attended' },
    'leave-out': { title: 'Remove "{name}", and pass it when the container starts', class: 'attended' },
  },
  assumptions: {
    given: 'The container is run with a value for {name}',
    secret: 'The build is run with "--secret id={name}" and a frontend that supports env= (Dockerfile 1.10)',
  },
  on: {
    instruction(instruction, report) {
      const { keyword, pairs, stage } = instruction;
      if (keyword !== 'ARG' && keyword !== 'ENV') return;
      for (const pair of pairs.filter(p => carries(p, instruction))) {
        const { name, value, nameRange } = pair;
        const users = (stage ? (variableUsers(stage).get(name) ?? []) : []).filter(i => i.index > instruction.index);
        const related = users.map(user => report.related(user.keywordRange, 'use', { name }));
        const mountable = keyword === 'ARG' && value === null && users.length > 0 && users.every(i => i.keyword === 'RUN');
        const operations = (): readonly Operation[] => [
          removePair(instruction, pair),
          ...users.map(user => insertWords(user.keywordRange.end, `--mount=type=secret,id=${name},env=${name}`)),
        ];
        report(
          nameRange,
          messageOf(instruction, pair),
          { name },
          ...related,
          value && masks(value.range),
          mountable
            ? (refusalAt(instruction, 'any') ??
                report.fix('mount', operations, { data: { name }, assumes: [{ id: 'secret', data: { name } }] }))
            : keyword === 'ENV' && value !== null && users.length === 0 && !instruction.onbuildParent
              ? report.fix('leave-out', () => [removePair(instruction, pair)], {
                  data: { name },
                  assumes: [{ id: 'given', data: { name } }],
                })
              : noFix('manual'),
        );
      }
    },
  },
});
