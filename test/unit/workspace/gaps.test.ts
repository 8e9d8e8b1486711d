import { expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { budgets } from '../../../shared/src/base/limits/budgets';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';

/** A file that is not read, or not whole, leaves open what else is there. */

const engine = createEngine(rules);
const policy = 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: p}\nspec: {podSelector: {}}\n';

test.each([
  ['one over the size limit', policy + '# filling\n'.repeat(budgets.textLength / 10)],
  ['one that nests too deep', `${policy}x: ${'['.repeat(1000)}\n`],
  ['one whose aliases are not followed', `${policy}x: &a [*a]\n`],
  ['one with more objects than are read', `apiVersion: v1\nkind: PodList\nitems: [${'{},'.repeat(budgets.views + 1)}]\n`],
])('%s', (_, text) => {
  const facts = createWorkspaceIndex({ complete: false });
  facts.update('b.yaml', engine.open({ path: 'b.yaml', text: policy }).facts());
  facts.settle(true);
  expect(facts.index.complete).toBe(true);
  expect(facts.index.isIndexed('NetworkPolicy', null)).toBe(true);
  facts.update('a.yaml', engine.open({ path: 'a.yaml', text }).facts());
  expect(facts.index.complete).toBe(false);
  expect(facts.index.isIndexed('NetworkPolicy', null)).toBe(false);
  expect(facts.index.hasNeighbours(null)).toBe(false);
  facts.remove('a.yaml');
  expect(facts.index.complete).toBe(true);
});
