import { configFileName } from '../config/types';
import type { DockerfileModel } from '../families/dockerfile/model/types';
import { parseStream, type DocumentCache } from '../yaml/parse';
import { shift } from '../text/range';
import type { YamlChunk } from '../yaml/types';
import { baseName, kindOfName } from '../source/names';
import type { Dialect, Source } from '../source/types';
import { textBuildFacts, yamlBuildFacts } from '../workspace/build-facts';
import { dockerfileFacts } from '../families/dockerfile/facts';
import { collectFacts, emptyFacts } from '../families/kubernetes/facts/facts';
import { generatorFacts } from '../families/kubernetes/facts/generator-facts';
import type { FileFacts } from '../workspace/types';
import { cachedObjects, type ObjectCache } from '../families/kubernetes/part';
import type { InputFile } from './types';

/** What facts are read with: the engine's own caches. */
export interface FactReading {
  readonly documents: DocumentCache;
  readonly objects: ObjectCache;
  readonly readChunks: (text: string, dialect: Dialect) => readonly (YamlChunk & { readonly own: Dialect })[];
  readonly dockerfileModel: (text: string) => DockerfileModel;
}

/** Reads the facts of a file of any family. */
export function readFacts(file: InputFile, source: Source, { documents, objects, readChunks, dockerfileModel }: FactReading): FileFacts {
  const { path, text } = file;
  if (source.family === 'dockerfile') return dockerfileFacts(dockerfileModel(text), path);
  if (source.family === 'kubernetes') {
    const { holds } = source.dialect;
    if (holds === 'values' || holds === 'json-patch') return emptyFacts;
    return readChunks(text, source.dialect).flatMap(({ document, base, own }) =>
      holds === 'kustomization' ? generatorFacts(document, path, base) : partFacts(cachedObjects(objects, document, own), path, base),
    );
  }
  if (kindOfName(baseName(path)).kind !== 'yaml') return textBuildFacts(text, path);
  const builds =
    source.family === 'compose' ||
    (source.family === 'workflow' && text.includes('build')) ||
    baseName(path) === configFileName ||
    /^apiVersion:[ \t]*["']?skaffold\//m.test(text.slice(0, 4000));
  return builds ? parseStream(text, documents).flatMap(({ document, base }) => yamlBuildFacts(document, path, base)) : emptyFacts;
}

/** The facts of a document; the very same ones as long as it stays what and where it was, and shifted where only its place has changed. */
function partFacts({ objects, memory }: ReturnType<typeof cachedObjects>, path: string, base: number): FileFacts {
  const known = memory.facts;
  if (known?.path === path && known.base === base) return known.facts;
  const facts =
    known?.path === path
      ? known.facts.map(fact => ({ ...fact, range: shift(fact.range, base - known.base) }))
      : collectFacts(objects, path, base);
  memory.facts = { path, base, facts };
  return facts;
}
