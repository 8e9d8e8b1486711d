import type { Rule } from '../rule/define-rule';
import { budgets } from '../limits/budgets';
import { parseDockerfile } from '../families/dockerfile/model/parse';
import type { DockerfileModel } from '../families/dockerfile/model/types';
import { inlinePatches } from '../families/kubernetes/model/values';
import { createDocumentCache, parseStream } from '../yaml/parse';
import type { YamlChunk } from '../yaml/types';
import { detectSource } from '../source/detect';
import type { Dialect, Source } from '../source/types';
import { snippetsFor } from '../families/kubernetes/fix/snippets';
import { dockerfilePart } from '../families/dockerfile/part';
import type { Engine } from './engine';
import { readFacts, type FactReading } from './file-facts';
import { applyFixes, renderFix, type HardenState } from './harden';
import { cachedObjects, kubernetesPart, type ObjectCache } from '../families/kubernetes/part';
import { incompleteResult } from './incomplete';
import { createLinter } from './lint';
import type { Part } from './part';
import type { InputFile, LintContext, LintResult } from './types';

/** How many parsed YAML documents are kept. */
const documentCacheSize = 4096;

/** A file with what was read of it. */
interface OpenFile {
  readonly file: InputFile;
  readonly source: Source;
  readonly parts: readonly Part[];
}

/** Creates an engine that runs `rules`. */
export function createEngine(rules: readonly Rule[]): Engine {
  const linter = createLinter(rules);
  const documents = createDocumentCache(documentCacheSize);
  const objects: ObjectCache = new WeakMap();
  /** One is kept, for facts, findings and fixes of one text: to parse another again costs a millisecond, and what the collector copies meanwhile more. */
  let lastDockerfile: { readonly model: DockerfileModel; readonly part: Part } | null = null;

  const readDockerfile = (text: string): { readonly model: DockerfileModel; readonly part: Part } => {
    if (lastDockerfile?.model.text === text) return lastDockerfile;
    const model = parseDockerfile(text);
    return (lastDockerfile = { model, part: dockerfilePart(model) });
  };
  /** The documents of a file, and the patches that a kustomization holds as text. */
  const splitChunks = (text: string, dialect: Dialect): readonly (YamlChunk & { readonly own: Dialect })[] => {
    const chunks = parseStream(text, documents);
    if (dialect.holds !== 'kustomization') return chunks.map(chunk => ({ ...chunk, own: dialect }));
    const patch: Dialect = { templated: dialect.templated, fragment: true };
    const found = chunks.flatMap(({ document, base }) => [
      { document, base, own: dialect },
      ...inlinePatches(document).flatMap(({ start, end }) =>
        parseStream(document.text.slice(start, end), documents).map(inner => ({
          ...inner,
          base: base + start + inner.base,
          own: inner.document.root?.kind === 'sequence' ? { ...patch, holds: 'json-patch' as const } : patch,
        })),
      ),
    ]);
    return found.map((chunk, index) => ({ ...chunk, index }));
  };
  // facts and findings of one text are asked for one after the other
  let lastChunks: { readonly text: string; readonly dialect: Dialect; readonly chunks: ReturnType<typeof splitChunks> } | null = null;
  const readChunks: typeof splitChunks = (text, dialect) => {
    if (lastChunks?.text !== text || lastChunks.dialect !== dialect) lastChunks = { text, dialect, chunks: splitChunks(text, dialect) };
    return lastChunks.chunks;
  };
  const reading: FactReading = { documents, objects, readChunks, dockerfileModel: text => readDockerfile(text).model };
  let lastSource: { readonly file: InputFile; readonly source: Source } | null = null;
  const sourceOf = (file: InputFile): Source => {
    const { file: known, source } = lastSource ?? {};
    if (source && known?.text === file.text && known.path === file.path && known.languageId === file.languageId) return source;
    return (lastSource = { file, source: detectSource(file.path, file.text, file.languageId) }).source;
  };
  const read = (source: Source, text: string, podPaths?: Dialect['podPaths']): readonly Part[] => {
    if (source.family === 'dockerfile') return [readDockerfile(text).part];
    if (source.family !== 'kubernetes') return [];
    const { dialect } = source;
    return readChunks(text, dialect).map(({ own, ...chunk }) => {
      const known = cachedObjects(objects, chunk.document, podPaths ? { ...own, podPaths } : own);
      return kubernetesPart(text, chunk, known.objects, known.memory, own.holds ? 'convention' : null);
    });
  };
  // The light bulb renders one fix after the other against one text.
  let last: OpenFile | null = null;
  const open = (file: InputFile): OpenFile => {
    if (last?.file.text === file.text && last.file.path === file.path && last.file.languageId === file.languageId) return last;
    const source = sourceOf(file);
    return (last = { file, source, parts: read(source, file.text) });
  };
  const lint = (file: InputFile, context: LintContext): LintResult => {
    const limit = context.sizeLimit ?? budgets.textLength;
    const source = sourceOf(file);
    if (source.family === 'none') return { family: 'none', findings: [], limited: source.reason };
    if (file.text.length > limit) return incompleteResult(file.path, source.family, { id: 'too-large', size: file.text.length, limit });
    if (source.family !== 'dockerfile' && source.family !== 'kubernetes')
      return { family: source.family, findings: [], limited: source.reason };
    const result = linter.lint(file, source, read(source, file.text, context.config.podPaths), context);
    return result.limited === null && (source.dialect.templated || source.dialect.fragment)
      ? { ...result, limited: source.reason }
      : result;
  };

  const engine: Engine = {
    rules,
    lint,
    renderFix: (file, finding, fix) => renderFix(open(file).parts, finding, fix),
    applyFixes: (file, context, select) => {
      const { source } = open({ ...file, text: file.text.slice(0, 1 << 20) });
      const limit = context.sizeLimit ?? budgets.textLength;
      if ((source.family !== 'dockerfile' && source.family !== 'kubernetes') || file.text.length > limit) {
        return {
          text: file.text,
          groups: [],
          applied: [],
          left: lint(file, context).findings.map(finding => ({ finding, reason: 'too-large' as const })),
          passes: 0,
          log: [],
          snippets: [],
        };
      }
      // The verdict about what the file is must not change under the fixes: it is taken once.
      return applyFixes(
        {
          read: text => {
            const parts = read(source, text, context.config.podPaths);
            const details = (): HardenState['findings'] => linter.details({ ...file, text }, source, parts, context);
            if (!context.workspace.complete) return { parts, findings: details() };
            // rules that look at the whole workspace are to see what a fix changed
            const facts = readFacts({ ...file, text }, source, reading);
            return { parts, findings: context.workspace.assuming(file.path, facts, details) };
          },
        },
        file.text,
        select,
      );
    },
    harden: (file, context, options = {}) => {
      const classes = options.safeOnly ? ['safe'] : ['safe', 'review'];
      const result = engine.applyFixes(file, context, (_, fix) => classes.includes(fix.class));
      return options.safeOnly ? result : { ...result, snippets: engine.snippets(file) };
    },
    snippets: file => {
      if (file.text.length > budgets.textLength) return [];
      const { source } = open(file);
      if (!source.dialect.templated || source.family !== 'kubernetes') return [];
      const documents = readChunks(file.text, source.dialect).map(({ document, base, own }) => ({
        document,
        objects: cachedObjects(objects, document, own).objects,
        text: file.text.slice(base, base + document.text.length),
      }));
      return snippetsFor(documents.filter(({ document }) => document.templated));
    },
    facts: file => {
      const source = sourceOf(file);
      return readFacts(file, source, reading);
    },
  };
  return engine;
}
