import { expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { plainContext } from '../../../tools/lint-context';

const engine = createEngine(rules);

/** The classes of the fixes of fields that belong to the term of an item with these other fields. */
function classesOf(weight: string): readonly unknown[] {
  const text = `apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  affinity:
    podAffinity:
      preferredDuringSchedulingIgnoredDuringExecution:
        - topologyKey: kubernetes.io/hostname
          labelSelector: { matchLabels: { app: web } }
${weight}  containers: [{ name: web, image: example.com/web:1.4 }]
`;
  const { findings } = engine.open({ path: 'pod.yaml', text }).lint(plainContext());
  return findings.flatMap(({ rule, fixes: [fix] }) => (rule === 'kubernetes/misplaced-field' ? [fix?.class] : []));
}

test('fields move unasked only where what the API server requires beside them is there', () => {
  expect(classesOf('          weight: 1\n')).toEqual(['review', 'review']);
  expect(classesOf('')).toEqual(['attended', 'attended']);
});

test('messages call the pods of a chart by what they are, not by a kind that there is not', () => {
  const { findings } = engine.open({ path: 'chart/values.yaml', text: 'hostPID: true\n' }).lint(plainContext());
  expect(findings.map(({ data }) => data['object'])).toContain('Pod configured by these values');
});
