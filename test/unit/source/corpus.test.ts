import { describe, expect, it } from 'vitest';
import { sourceOf } from '../../../shared/src/families/registry';
import type { SourceFamily } from '../../../shared/src/workspace/source/types';
import { corpusFiles, hasCorpus, noCorpus, type CorpusFile } from '../../../tools/corpus-folder';

/** Files of the corpus that are not what their folder says: most are read by tools and never reach a cluster. */
const tools =
  /skaffold|controller_manager_config|scorecard|\.fluxschema|releasenotes|clusterctl|metadata\.yaml|pod-life-time|kind|tshirt|krew|kyverno-test|bottlerocket/;

/** Files below a folder of the corpus, by their paths in there: the folder's name must not tell what they are. */
const filesOf = (folder: string): readonly CorpusFile[] =>
  corpusFiles(folder).map(({ path, text }) => ({ path: path.slice(folder.length + 1), text }));

if (!hasCorpus) console.log(noCorpus);
describe.skipIf(!hasCorpus)('detection over the real corpus', () => {
  it.each<[folder: string, family: SourceFamily, others: RegExp]>([
    ['dockerfile', 'dockerfile', /^$/],
    ['kubernetes', 'kubernetes', tools],
    ['compose', 'compose', /^$/],
    ['workflows', 'workflow', /bashbrew-action/],
    ['kyverno', 'policy', /^$/],
    [
      'helm',
      'kubernetes',
      /Chart\.yaml$|values\.yaml$|\.tpl$|validation\.yml|validate\.yaml|item-templates|extra-list|extraobjects|requirements\.yaml|zzz_profile|common\.yaml/,
    ],
    [
      'kustomize',
      'kubernetes',
      /kustomization|kustomizeconfig|env-replacement|patch-pdb-version|\.(env|txt|conf|properties)$|kyverno-policies/,
    ],
  ])('%s', (folder, family, others) => {
    const files = filesOf(folder);
    const wrong = files.filter(({ path, text }) => sourceOf(path, text).family !== family);
    console.log(`${folder}: ${files.length - wrong.length} of ${files.length} are ${family}`);
    expect(wrong.map(({ path }) => path).filter(path => !others.test(path))).toEqual([]);
  });

  it('calls each file that is not ours by a reason', () => {
    for (const folder of ['kubernetes', 'kustomize', 'helm']) {
      for (const { path, text } of filesOf(folder)) {
        const { family, reason } = sourceOf(path, text);
        expect(reason).toMatch(/^(the|neither) [^.]*[^.]$/);
        if (family === 'none' && folder === 'kubernetes') expect(reason).toMatch(/^the file is /);
      }
    }
  });

  it('takes a templated file for one where the folder says so', () => {
    const templates = filesOf('helm').filter(
      ({ path, text }) => path.includes('/templates/') && sourceOf(path, text).family === 'kubernetes',
    );
    const plain = templates.filter(({ path, text }) => !sourceOf(path, text).dialect.templated);
    expect(plain.every(({ text }) => !text.includes('{{'))).toBe(true);
    expect(templates.length).toBeGreaterThan(100);
  });
});
