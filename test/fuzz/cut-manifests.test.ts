import { expect, test } from 'vitest';
import { splitDocuments } from '../../shared/src/syntax/yaml/split';
import { corpusFiles, hasCorpus, noCorpus } from '../../tools/corpus-folder';
import { flaws, hardenFlaws } from './manifests';
import { sweep } from '../support/sweep';
import { patience } from '../support/growth';

/**
 * Manifests, templates, values and kustomizations as they are while somebody types: each document of the corpus, cut at every line end.
 * (What stands in the documents above is no part of it, so that a sweep takes minutes. Of a document that is longer than the longest
 * that people write, a thousand pages of a custom resource's schema, as many cuts as that would have.)
 */
const folders = ['kubernetes', 'helm', 'kustomize', 'kyverno'];
const every = sweep.full ? 1 : 61;
const mostCuts = 1500;
const longest = 60_000;

/** Where a text is cut: behind each line, and in front of its break. */
function cutsOf(text: string): readonly number[] {
  const cuts: number[] = [];
  for (let at = text.indexOf('\n'), line = 0; at >= 0; at = text.indexOf('\n', at + 1), line++) cuts.push(line % 2 === 0 ? at : at + 1);
  const step = text.length > longest ? Math.ceil((cuts.length * text.length) / longest / mostCuts) : 1;
  return cuts.filter((_, i) => i % step === 0);
}

test.skipIf(!hasCorpus)(
  'half-typed manifests: no exception, no finding outside, no fix that breaks',
  () => {
    const broken = new Map<string, string>();
    let number = 0;
    let tried = 0;
    const files = folders.flatMap(corpusFiles).filter(file => !file.path.endsWith('.tpl'));
    files.forEach(({ path, text }, index) => {
      if (index % sweep.of !== sweep.part) return;
      for (const { base, text: part } of splitDocuments(text)) {
        const seen = new Set<string>();
        for (const cut of cutsOf(part)) {
          if (number++ % every !== 0) continue;
          tried++;
          const file = { path, text: part.slice(0, cut) };
          // to harden takes long: of one cut in 40
          const found = [...flaws(file, seen), ...(tried % 40 === 0 && cut < longest ? hardenFlaws(file) : [])];
          for (const flaw of found) if (!broken.has(flaw)) broken.set(flaw, `${path} from ${base} to ${base + cut}`);
        }
      }
    });
    console.log(`${tried} of ${number} cuts tried`);
    expect([...broken]).toEqual([]);
  },
  patience,
);

test.runIf(!hasCorpus)(noCorpus, () => undefined);
