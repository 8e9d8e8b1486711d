import { describe, expect, it } from 'vitest';
import { evaluatePss, pssControls, type PssControl } from '../../../shared/src/families/kubernetes/model/pss';
import type { PssLevel } from '../../../shared/src/base/terms/types';
import { hasCorpus, noCorpus, corpusRows } from '../../../tools/corpus-folder';
import { objectsOf } from './read-yaml';

interface Row {
  readonly id: string;
  readonly level: PssLevel;
  readonly version: string;
  readonly expect: 'pass' | 'fail';
  readonly checkId: PssControl | null;
  readonly text: string;
}

if (!hasCorpus) console.log(noCorpus);
describe.skipIf(!hasCorpus)('Pod Security Standards, the official fixtures', () => {
  it('gives the verdict of the admission controller on every row, and hits the named control', () => {
    const rows = corpusRows<Row>('corpus/kubernetes/pss/pss.jsonl');
    const wrong = rows.filter(({ text, level, version, expect: verdict, checkId }) => {
      const hits = objectsOf(text).flatMap(({ pods }) => pods.flatMap(pod => evaluatePss(pod, level, Number(version.slice('v1.'.length)))));
      return verdict === 'pass'
        ? hits.length > 0
        : !hits.some(({ control }) => control === checkId || control === stricter(checkId, level));
    });
    console.log(`pss: ${rows.length - wrong.length} of ${rows.length} rows`);
    expect(wrong.map(({ id }) => id)).toEqual([]);
    expect(new Set(rows.map(({ checkId }) => checkId).filter(id => id !== null))).toEqual(new Set(pssControls));
  });
});

/** At the restricted level a stricter control stands in for some of baseline. */
function stricter(control: PssControl | null, level: PssLevel): PssControl | null {
  if (level === 'baseline') return null;
  if (control === 'capabilities_baseline') return 'capabilities_restricted';
  if (control === 'hostPathVolumes') return 'restrictedVolumes';
  if (control === 'seccompProfile_baseline') return 'seccompProfile_restricted';
  return control === 'procMount' ? 'procMount_restricted' : null;
}
