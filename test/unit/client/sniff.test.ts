import { describe, expect, test } from 'vitest';
import { detectSource } from '../../../shared/src/families/detect';
import { families } from '../../../shared/src/families/registry';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { mayBeOurs } from '../../../shared/src/output/protocol/sniff';
import { kindOfName, baseName } from '../../../shared/src/workspace/source/names';
import { corpusFiles, hasCorpus, noCorpus } from '../../../tools/corpus-folder';
import { loadCatalogue } from '../../../tools/rules/catalogue';
import { prepareCase } from '../../../tools/rules/run-case';

/** A document that is a reason to start the server: whatever has findings is one, and what other programs read mostly is not. */

const { rules, pages } = await loadCatalogue();
const engine = createEngine(rules);
const isYaml = (path: string): boolean => kindOfName(baseName(path)).kind === 'yaml';
const isDockerfile = (path: string): boolean => ['dockerfile', 'named-for', 'unknown'].includes(kindOfName(baseName(path)).kind);

test('every file in which a rule page reports something', () => {
  const found = rules.flatMap(rule =>
    pages
      .get(rule.id)!
      .cases.flatMap(({ blocks }) => prepareCase(engine, rule, blocks).files)
      .filter(({ block, input }) => block.marks.length > 0 && !isDockerfile(input.path)),
  );
  expect(found.length).toBeGreaterThan(1000);
  expect(found.filter(({ input: { path, text } }) => !mayBeOurs(path, text, isYaml(path))).map(({ input }) => input)).toEqual([]);
});

if (!hasCorpus) console.warn(noCorpus);
test.runIf(hasCorpus)('every real file of a family', () => {
  const files = ['kubernetes', 'compose', 'workflows', 'helm', 'kustomize', 'kyverno']
    .flatMap(corpusFiles)
    .filter(({ path }) => isYaml(path));
  const ours = files.filter(({ path, text }) => detectSource(families, path, text).family !== 'none');
  expect(ours.length).toBeGreaterThan(300);
  expect(ours.filter(({ path, text }) => !mayBeOurs(path, text, true)).map(({ path }) => path)).toEqual([]);
});

describe('not', () => {
  test.each([
    ['a site', '/w/mkdocs.yml', 'site_name: Shop\nnav:\n  - Home: index.md\ntheme:\n  name: material\n'],
    ['a package', '/w/pubspec.yaml', 'name: shop\ndependencies:\n  flutter:\n    sdk: flutter\n'],
    ['a formatter', '/w/.prettierrc.yaml', 'semi: false\noverrides:\n  - files: "*.md"\n    options:\n      proseWrap: always\n'],
    ['a linter', '/w/.eslintrc.yml', 'extends: standard\nrules:\n  semi: off\n'],
    ['a playbook', '/w/site.yml', '- hosts: web\n  tasks:\n    - name: Install\n      ansible.builtin.apt:\n        name: nginx\n'],
    ['texts', '/w/locales/en.yml', 'en:\n  title: Shop\n  kind: Sort of\n'],
    ['an environment', '/w/environment.yml', 'name: shop\nchannels: [conda-forge]\ndependencies:\n  - python=3.13\n'],
    ['what lies below folders of such names', '/home/me/gitlab/values/workflows/mkdocs.yml', 'site_name: Shop\n'],
    ['nothing yet', '/w/new.yaml', ''],
  ])('%s', (_what, path, text) => expect(mayBeOurs(path, text, true)).toBe(false));

  test('a script without a container', () => expect(mayBeOurs('/w/build.sh', 'make\nimage: x\n', false)).toBe(false));
});

test('a file that becomes ours while it is typed', () => {
  expect(mayBeOurs('/w/new.yaml', 'apiVersion', true)).toBe(false);
  expect(mayBeOurs('/w/new.yaml', 'apiVersion: ', true)).toBe(true);
  expect(mayBeOurs('/w/new.yaml', '{"apiVersion":"v1"}', true)).toBe(true);
});
