import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';
import { fakeContext, fakeRules } from './small-rules';

const engine = createEngine(fakeRules);
const manifest =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec: { template: { spec: { containers: [{ name: a, image: a:1 }] } } }\n';

describe('a file that another one names as a part of objects', () => {
  const workspace = createWorkspaceIndex({ complete: true });
  const context = { ...fakeContext, workspace: workspace.index };
  const put = (path: string, text: string): boolean => workspace.update(path, engine.open({ path, text }).facts());
  const opened = engine.open({ path: 'prod/web.yaml', text: manifest });

  test('is judged as a fragment as long as that holds, and the result says why', () => {
    const whole = opened.lint(context);
    expect(whole).toMatchObject({ fragments: 0, limited: null });

    put('prod/kustomization.yaml', 'kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\npatches: [{ path: web.yaml }]\n');
    expect(whole.isFresh(context)).toBe(false);
    const part = opened.lint(context);
    expect(part).toMatchObject({ fragments: 1, limited: 'prod/kustomization.yaml names the file as a patch' });

    // one entry does not hide a file that is made of whole objects
    put('kustomization.yaml', 'resources: [prod/web.yaml]\npatches: [{ path: prod/web.yaml }]\n');
    expect(part.isFresh(context)).toBe(false);
    expect(opened.lint(context)).toMatchObject({ fragments: 0, limited: null });
  });

  test('is an assertion where a test says so', () => {
    const check = engine.open({ path: 'e2e/there.yaml', text: manifest });
    put('e2e/00-step.yaml', 'apiVersion: kuttl.dev/v1beta1\nkind: TestStep\nassert: [there.yaml]\n');
    expect(check.lint(context)).toMatchObject({ fragments: 1, limited: 'e2e/00-step.yaml names the file as an assertion' });
  });

  test('is not judged where it is what a policy is tested against', () => {
    const sample = engine.open({ path: 'library/users/samples/refused.yaml', text: manifest });
    const near = engine.open({ path: 'deploy/web.yaml', text: manifest });
    const before = sample.lint(context);
    put(
      'library/users/suite.yaml',
      'apiVersion: test.gatekeeper.sh/v1alpha1\nkind: Suite\ntests:\n  - name: users\n    cases:\n' +
        '      - { name: refused, object: samples/refused.yaml, inventory: [../../deploy/web.yaml] }\n',
    );
    expect(before.isFresh(context)).toBe(false);
    const tried = sample.lint(context);
    expect(tried).toMatchObject({
      checked: false,
      findings: [],
      limited: 'library/users/suite.yaml names the file as what a policy is tested against',
    });
    expect(sample.harden(context).text).toBe(manifest);
    // what a test takes from elsewhere may well be deployed
    expect(near.lint(context)).toMatchObject({ checked: true, limited: null });

    put('tests/pods/kyverno-test.yaml', 'apiVersion: cli.kyverno.io/v1alpha1\nkind: Test\nresources: [pods.yaml, ../../deploy/web.yaml]\n');
    expect(engine.open({ path: 'tests/pods/pods.yaml', text: manifest }).lint(context).checked).toBe(false);
    expect(near.lint(context).checked).toBe(true);

    // and what a kustomization takes in is
    put('library/users/kustomization.yaml', 'resources: [samples/refused.yaml]\n');
    expect(tried.isFresh(context)).toBe(false);
    expect(sample.lint(context)).toMatchObject({ checked: true, limited: null });
  });

  test('is counted where its name or its text says so', () => {
    const patch = manifest.replace('image: a:1', 'stdin: true');
    expect(engine.open({ path: 'a.yaml', text: `${manifest}---\n${patch}` }).lint(context)).toMatchObject({
      fragments: 1,
      limited: '1 document reads like a patch: what is absent is not taken for missing there',
    });
  });
});
