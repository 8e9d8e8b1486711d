import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';

const engine = createEngine([]);

/** Whether all that `base/web.yaml` ends up in sets the tag of an image, by the resources and images of the kustomizations. */
function sets(kustomizations: Readonly<Record<string, string>>): boolean {
  const facts = createWorkspaceIndex({ complete: true });
  for (const [folder, text] of Object.entries(kustomizations)) {
    const path = `${folder}/kustomization.yaml`;
    facts.update(path, engine.open({ path, text: `kind: Kustomization\n${text}\n` }).facts());
  }
  return facts.index.kustomizesImage('base/web.yaml', 'example.com/web');
}

const images = 'images: [{name: example.com/web, newTag: 1.2.3}]';
const base = { base: 'resources: [web.yaml]' };
const floors = Array.from({ length: 40 }, (_, floor) => floor);

/** Two folders on each floor, each of which is made of both below. */
const tower = Object.fromEntries(
  floors.flatMap(floor =>
    ['a', 'b'].map(name => [`${name}${floor}`, `resources: [${floor === 0 ? '../base' : `../a${floor - 1}, ../b${floor - 1}`}]`]),
  ),
);

describe('an image whose tag kustomizations set', () => {
  test.each<[string, Readonly<Record<string, string>>, boolean]>([
    ['in none', base, false],
    ['in its own', { base: `resources: [web.yaml]\n${images}` }, true],
    ['in what that ends up in', { ...base, prod: `resources: [../base]\n${images}` }, true],
    ['in one of two', { ...base, prod: `resources: [../base]\n${images}`, test: 'resources: [../base]' }, false],
    ['in both', { ...base, prod: `resources: [../base]\n${images}`, test: `resources: [../base]\n${images}` }, true],
    ['in a circle', { ...base, a: 'resources: [../base, ../b]', b: 'resources: [../a]' }, false],
    ['on the roof of a tower', { ...base, ...tower, roof: `resources: [../a39, ../b39]\n${images}` }, true],
    ['nowhere in a tower', { ...base, ...tower }, false],
  ])('%s', (_, kustomizations, expected) => {
    expect(sets(kustomizations)).toBe(expected);
  });

  test('in a long row of folders: not followed for ever', () => {
    const row = Array.from({ length: 5000 }, (_, at) => [`d${at}`, `resources: [../${at === 0 ? 'base' : `d${at - 1}`}]`] as const);
    expect(sets({ ...base, ...Object.fromEntries(row), end: `resources: [../d4999]\n${images}` })).toBe(false);
  });
});
