import { corpusFiles, hasCorpus, noCorpus, type CorpusFile } from '../../tools/corpus-folder';

/** The YAML files below folders of the corpus of real files (`kubernetes`, `compose`, ...), with a line on the console where the corpus is absent. */
export function yamlCorpus(...folders: readonly string[]): readonly CorpusFile[] {
  if (!hasCorpus) console.log(noCorpus);
  return folders.flatMap(corpusFiles).filter(({ path }) => /\.(?:ya?ml|tpl)$/.test(path));
}
