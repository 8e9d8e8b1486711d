import { Composer, Parser } from 'yaml';
import { describe, expect, it } from 'vitest';
import { createDocumentCache } from '../../../shared/src/syntax/yaml/document-cache';
import { parseOptions, parseStream } from '../../../shared/src/syntax/yaml/parse';
import { splitDocuments } from '../../../shared/src/syntax/yaml/split';
import type { YamlNode } from '../../../shared/src/syntax/yaml/types';
import { yamlCorpus } from '../../support/yaml-corpus';

describe('splitDocuments', () => {
  it.each<[string, readonly string[]]>([
    ['', []],
    ['a: 1', ['a: 1']],
    ['a: 1\n---\nb: 1\n', ['a: 1\n', '---\nb: 1\n']],
    ['---\na: 1\n---\nb: 1\n', ['---\na: 1\n', '---\nb: 1\n']],
    ['# c\n---\na: 1\n', ['# c\n---\na: 1\n']],
    ['\n  # c\n\n--- # d\na: 1\n', ['\n  # c\n\n--- # d\na: 1\n']],
    ['a: 1\n# c\n---\nb: 1\n', ['a: 1\n# c\n', '---\nb: 1\n']],
    ['a: 1\n...\n# c\n---\nb: 1\n', ['a: 1\n...\n', '# c\n---\nb: 1\n']],
    ['a: 1\n...\nb: 1\n', ['a: 1\n...\n', 'b: 1\n']],
    ['---\n---\n---', ['---\n', '---\n', '---']],
    ['a: |\n  ---\n  x\n', ['a: |\n  ---\n  x\n']],
    ['a: 1\n---b: 1\n', ['a: 1\n---b: 1\n']],
    ['a: 1\n---\tx\n', ['a: 1\n', '---\tx\n']],
    ['a: 1\r\n---\r\nb: 1\r\n', ['a: 1\r\n', '---\r\nb: 1\r\n']],
    ['\uFEFF---\na: 1\n---\nb: 1\n', ['\uFEFF---\na: 1\n', '---\nb: 1\n']],
    ['a: "x\n---\nb: 1\n', ['a: "x\n', '---\nb: 1\n']],
    ['{{/*\n---\n%\n...\n*/}}\na: 1\n---\nb: 1\n', ['{{/*\n---\n%\n...\n*/}}\na: 1\n', '---\nb: 1\n']],
    ['{{- /* x\r\n---\r\n*/ -}}\r\na: 1\r\n---\r\nb: 1\r\n', ['{{- /* x\r\n---\r\n*/ -}}\r\na: 1\r\n', '---\r\nb: 1\r\n']],
    ['\uFEFF{{/*\n---\n*/}} {{/*\n---\n*/}}\n---\nb: 1', ['\uFEFF{{/*\n---\n*/}} {{/*\n---\n*/}}\n', '---\nb: 1']],
    ['a: 1\n---\n{{/* x */}}\n---\nb: 1\n', ['a: 1\n', '---\n{{/* x */}}\n', '---\nb: 1\n']],
    ['a: {{/* open\n---\nb: 1\n', ['a: {{/* open\n', '---\nb: 1\n']],
    ['a: {{/* x */ y\n---\nb: 1 */}}\n', ['a: {{/* x */ y\n', '---\nb: 1 */}}\n']],
    ['%YAML 1.1\n---\na: 1\n---\nb: 1\n', ['%YAML 1.1\n---\na: 1\n---\nb: 1\n']],
  ])('%j', (text, expected) => {
    const chunks = splitDocuments(text);
    expect(chunks.map(chunk => chunk.text)).toEqual(expected);
    expect(chunks.map(chunk => chunk.text).join('')).toBe(text);
    let base = 0;
    for (const chunk of chunks) {
      expect(chunk.base).toBe(base);
      base += chunk.text.length;
    }
  });
});

describe('parseStream', () => {
  it('reads past a template comment that holds a marker', () => {
    const chunks = parseStream('{{/*\n---\nb: [\n*/}}\na: 1\n', new Map());
    expect(chunks.map(({ base, document: { problems, templated } }) => [base, problems, templated])).toEqual([[0, [], true]]);
  });

  it('splits a text full of openings in linear time', () => {
    expect(splitDocuments('{{/*'.repeat(200_000) + '*/\n---\n')).toHaveLength(2);
  });

  it('leaves out documents without content', () => {
    const chunks = parseStream('# head\n---\n---\na: 1\n---\n# nothing\n---\nb: 1\n', new Map());
    expect(chunks.map(({ base, index }) => [base, index])).toEqual([
      [11, 0],
      [34, 1],
    ]);
  });

  it('keeps documents with a directive in the stream apart', () => {
    const chunks = parseStream('%YAML 1.2\n---\na: 1 # x\n---\nb: 1 # y\n', new Map());
    expect(chunks.map(({ base, document }) => [base, document.comments.map(comment => comment.text)])).toEqual([
      [0, ['x']],
      [0, ['y']],
    ]);
  });

  it('does not let a broken document hide its neighbours', () => {
    const chunks = parseStream('a: "x\n---\nb: 1\n---\nc: [\n---\nd: 1\n', new Map());
    expect(chunks.map(({ document }) => document.problems.length > 0)).toEqual([true, false, true, false]);
  });

  it('takes documents that have not changed from the cache', () => {
    const cache = createDocumentCache(10);
    const before = parseStream('a: 1\n---\nb: 1\n', cache);
    const after = parseStream('a: 22\n---\nb: 1\n', cache);
    expect(after[1]!.document).toBe(before[1]!.document);
    expect(after[1]!.base).toBe(before[1]!.base + 1);
    expect(after[0]!.document).not.toBe(before[0]!.document);
  });

  it('forgets what was used longest ago', () => {
    const cache = createDocumentCache(2);
    const [a] = parseStream('a: 1\n', cache);
    parseStream('b: 1\n', cache);
    expect(parseStream('a: 1\n', cache)[0]!.document).toBe(a!.document);
    parseStream('c: 1\n', cache);
    expect(cache.size).toBe(2);
    expect([...cache.keys()]).toEqual(['a: 1\n', 'c: 1\n']);
  });
});

const files = yamlCorpus('kubernetes', 'compose', 'kyverno', 'workflows');

/** The plain value of a node, aliases followed, merge keys as they stand. */
function plainOf(node: YamlNode | null): unknown {
  if (node === null) return null;
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'alias') return plainOf(node.target);
  if (node.kind === 'sequence') return node.items.map(plainOf);
  return Object.fromEntries(node.entries.map(entry => [entry.name, plainOf(entry.value)]));
}

/** What a document comes down to: where it starts, what it says, and how many errors it has. */
type Digest = readonly [number, string, number];

describe.skipIf(files.length === 0)('real files', () => {
  it('read the same split by us and whole by the library', { timeout: 120_000 }, () => {
    const different: string[] = [];
    let documents = 0;
    for (const { path, text } of files) {
      const chunks = parseStream(text, new Map());
      // The library merges where the tag `!!merge` says so; we keep entries as they are written. What is indented too little it does not read.
      if (text.includes('!!merge') || chunks.some(({ document }) => document.templated || document.loose)) continue;
      documents += chunks.length;
      const split = chunks.map(({ document: { root, problems }, base }): Digest => {
        const syntax = problems.filter(({ code }) => code !== 'DUPLICATE_KEY');
        // The library's documents start before their root's first properties; real files have none there.
        return [(root?.range.start ?? 0) + base, JSON.stringify(plainOf(root)), syntax.length];
      });
      const whole: Digest[] = [];
      for (const document of new Composer(parseOptions).compose(new Parser().parse(text))) {
        const { contents, errors } = document;
        const [start, end] = contents?.range ?? [0, 0];
        if (start !== end || errors.length > 0) whole.push([start, JSON.stringify(document.toJS()), errors.length]);
      }
      if (JSON.stringify(split) !== JSON.stringify(whole)) different.push(path);
    }
    expect(documents).toBeGreaterThan(1000);
    expect(different).toEqual([]);
  });
});
