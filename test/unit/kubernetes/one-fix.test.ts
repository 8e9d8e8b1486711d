import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { applyEdits } from '../../../shared/src/base/text/edits';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { plainContext } from '../../../tools/lint-context';

interface Pod {
  readonly spec: {
    readonly securityContext?: { readonly runAsNonRoot?: boolean; readonly runAsUser?: number };
    readonly containers: readonly { readonly name: string; readonly securityContext?: { readonly runAsUser?: number } }[];
  };
}

test('a single fix that says runAsNonRoot for a pod leaves no container without a user', () => {
  const text = `apiVersion: v1
kind: Pod
metadata: {name: shop}
spec:
  containers:
    - name: web
      image: nginx:1.29
    - name: db
      image: postgres:16
`;
  const file = createEngine(rules).open({ path: 'pod.yaml', text });
  const { findings } = file.lint(plainContext());
  let said = 0;
  for (const finding of findings)
    for (const fix of finding.fixes) {
      const rendered = file.render(finding, fix);
      if (!rendered.ok) continue;
      const { spec } = parse(applyEdits(text, rendered.edits)) as Pod;
      if (spec.securityContext?.runAsNonRoot !== true) continue;
      said++;
      for (const { name, securityContext } of spec.containers)
        expect(securityContext?.runAsUser ?? spec.securityContext.runAsUser, `${finding.rule}: ${name}`).toBeGreaterThan(0);
    }
  expect(said).toBeGreaterThan(1);
});
