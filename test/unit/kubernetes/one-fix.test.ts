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

test('a single fix that gives a pod another user also gives its containers the group of the claim that they write to', () => {
  const text = `apiVersion: v1
kind: Pod
metadata: {name: shop}
spec:
  initContainers:
    - {name: page, image: 'busybox:1.38.0', command: [sh, -c, 'echo >/work/index.html'], volumeMounts: [{name: page, mountPath: /work}]}
  containers:
    - {name: web, image: 'nginx:1.29', volumeMounts: [{name: page, mountPath: /usr/share/nginx/html, readOnly: true}]}
  volumes:
    - {name: page, persistentVolumeClaim: {claimName: page}}
`;
  const file = createEngine(rules).open({ path: 'pod.yaml', text });
  const { findings } = file.lint(plainContext());
  const contexts = findings
    .flatMap(finding => finding.fixes.map(fix => file.render(finding, fix)))
    .flatMap(rendered => (rendered.ok ? [(parse(applyEdits(text, rendered.edits)) as Pod).spec.securityContext ?? {}] : []))
    .filter(({ runAsUser }) => runAsUser !== undefined);
  expect(contexts.length).toBeGreaterThan(1);
  for (const context of contexts) expect(context).toMatchObject({ fsGroup: expect.any(Number) as number });
});
