import { removeNode, setValue, type YamlOperation } from '../../../syntax/yaml/operations';
import { markOf } from '../../../rule/fix/places';
import { textRange } from '../../../syntax/yaml/text-range';
import { masks, defineRule, noFix, weighs } from '../../../rule/define-rule';
import { findSecretValue, isSecretLiteral, isSecretName, secretValueKind } from '../../../knowledge/secrets/detect';
import { obviousValues } from '../../../knowledge/secrets/obvious';
import { containerName } from '../model/names';
import type { ContainerView } from '../model/types';

/** Whether everybody tries a password first, since its container is called so, or its user or database. */
const isObvious = ({ name, image, env }: ContainerView, value: string): boolean =>
  obviousValues(name ?? '', image?.text ?? null, env)(value);

export const rule = defineRule({
  id: 'kubernetes/secret-in-env',
  title: 'Secret written in an environment variable',
  severity: 'error',
  category: 'secrets',
  profile: 'baseline',
  references: {
    cisKubernetes: ['5.4.1'],
    nist800190: ['3.1.4', '4.1.4'],
    mitre: ['T1552.001', 'T1552.007'],
    cwe: ['CWE-798', 'CWE-526'],
  },
  peers: {
    'kube-linter': ['env-var-secret'],
    polaris: ['sensitiveContainerEnvVar'],
    kubescape: ['C-0012', 'C-0259'],
  },
  messages: {
    named: { text: '{name} of container "{container}" holds a secret that anyone can read here' },
    shaped: { text: '{name} of container "{container}" contains what looks like a secret: {kind}' },
  },
  fixes: { reference: { title: 'Read the value from a Secret that you name', class: 'attended' } },
  assumptions: {
    rotated: 'The secret is rotated, because Git history keeps the old value, and the Secret contains the new value before the pod starts',
  },
  on: {
    container(container, report) {
      for (const { name, value, valueNode, path } of container.env) {
        if (value === null || !valueNode) continue;
        const found = findSecretValue(value);
        // a value that repeats the name stands for one that is filled in
        const named = isSecretName(name) && isSecretLiteral(value) && !value.toUpperCase().includes(name.toUpperCase());
        if (!found && !named) continue;
        const isWeak = found ? found.guessable === true : secretValueKind(value) === 'default' || isObvious(container, value);
        const { range } = textRange(container.pod.object.document, valueNode);
        const data = { name, container: containerName(container), ...(found && { kind: found.title }) };
        const operations = (): YamlOperation[] => [
          removeNode([...path, 'value']),
          setValue([...path, 'valueFrom'], { secretKeyRef: { name: markOf(1), key: markOf(2) } }),
        ];
        const fix = report.fix('reference', operations, {
          places: [{ text: '', sample: 'passwords' }, /^[-._a-zA-Z0-9]+$/.test(name) ? { text: name } : { text: '', sample: 'password' }],
          assumes: [{ id: 'rotated' }],
        });
        const left = noFix('manual', 'the value must be rotated and moved to a Secret');
        report(range, found ? 'shaped' : 'named', data, fix, left, masks(range), isWeak && weighs('warning'));
      }
    },
  },
});
