import { describe, expect, it } from 'vitest';
import { createDocumentCache } from '../../../shared/src/syntax/yaml/document-cache';
import { parseDocument, parseStream } from '../../../shared/src/syntax/yaml/parse';
import { isReparsable, reparse } from '../../../shared/src/syntax/yaml/reparse';
import type { YamlDocument } from '../../../shared/src/syntax/yaml/types';
import { corpusFiles, hasCorpus } from '../../../tools/corpus-folder';
import { createRandom, editRandomly } from '../../support/random-edits';

/** All that a document says. */
function told({ text, root, problems, comments, templated, shortfalls, anchored, nodes }: YamlDocument): string {
  return JSON.stringify([text, root, problems, comments, templated, shortfalls, anchored, nodes]);
}

/** Where two documents say something else for the first time; `null`: nowhere. */
function firstDifference(a: YamlDocument, b: YamlDocument): string | null {
  const [one, other] = [told(a), told(b)];
  if (one === other) return null;
  let at = 0;
  while (one[at] === other[at]) at++;
  return `${one.slice(at - 200, at + 200)}\nbut read anew:\n${other.slice(at - 200, at + 200)}`;
}

/** What the text is after an edit as it is read by itself, and again from what was there before; `null`: it was read as a whole. */
function readAgain(before: string, after: string): YamlDocument | null {
  const old = parseDocument(before);
  return isReparsable(old) ? reparse(old, after, block => parseDocument(block)) : null;
}

const filler = (count: number): string =>
  Array.from({ length: count }, (_, i) => `  job-${i}:\n    runs-on: ubuntu\n    steps:\n      - run: make ${i}\n`).join('');
const around = (middle: string): string => `# head\non: push\njobs:\n${filler(20)}${middle}${filler(20).replaceAll('job', 'late')}`;

describe('what is read again is what would be read anew', () => {
  it.each<[string, string, string]>([
    ['a value', '  a: # one\n    run: x\n', '  a: # one\n    run: yes and no\n'],
    ['an entry more', '  a:\n    run: x\n', '  a:\n    run: x\n    if: y\n'],
    ['two jobs of one', '  a:\n    run: x\n', '  a:\n    run: x\n  b:\n    run: y\n'],
    ['a step more', '  a:\n    steps:\n    - run: x\n', '  a:\n    steps:\n    - run: x\n    - uses: y # z\n'],
    ['a block scalar that keeps its blank lines', '  a:\n    run: |\n      x\n\n', '  a:\n    run: |+\n      x\n\n\n'],
    ['a comment between', '  a:\n    run: x\n', '  a:\n    run: x\n# b\n  # c\n'],
    ['a value that goes', '  a:\n    run: x\n', '  a:\n'],
    ['a quote over two lines', '  a:\n    run: x\n', '  a:\n    run: "x\n      y"\n'],
    ['carriage returns', '  a:\r\n    run: x\r\n', '  a:\r\n    run: xy\r\n    b: |\r\n      c\r\n'],
  ])('%s', (_, before, after) => {
    const again = readAgain(around(before), around(after));
    expect(again).not.toBe(null);
    expect(firstDifference(again!, parseDocument(around(after)))).toBe(null);
  });

  it.each<[string, string, string]>([
    ['what is open at the end of its block', '  a:\n    run: x\n', '  a:\n    run: "x\n'],
    ['a block that moves out', '  a:\n    run: x\n', 'a:\n    run: x\n'],
    ['a block that moves in', '  a:\n    run: x\n', '    a:\n    run: x\n'],
    ['a key that is there', '  a:\n    run: x\n', '  job-1:\n    run: x\n'],
    ['half of an explicit key', '  a:\n    run: x\n', '  ? a\n'],
    ['the other half', '  a:\n    run: x\n', '  : a\n'],
    ['an anchor', '  a:\n    run: x\n', '  a:\n    run: &x x\n'],
    ['an item where keys stand', '  a:\n    run: x\n', '  - a\n'],
  ])('%s is read as a whole', (_, before, after) => {
    expect(readAgain(around(before), around(after))).toBe(null);
  });

  it('what has anchors, explicit entries, an end or directives, is broken or templated is not taken for a start', () => {
    for (const text of [
      'a: &x 1\nb: *x\n',
      'a:\n  b: 1\n  : 2\n',
      '? a\n: b\n',
      'a: 1\n...\n# b\n',
      'a: "\n',
      'a: {{ .b }}\n',
      '%YAML 1.2\n---\na: 1\n',
      '\uFEFFa: 1\n',
      'a',
      '{ a: 1 }',
    ]) {
      expect(isReparsable(parseDocument(text)), text).toBe(false);
    }
  });
});

function entriesOf(document: YamlDocument | null | undefined): readonly unknown[] {
  return document?.root?.kind === 'map' ? document.root.entries : [];
}

/** Edits a text at random, and reads each version anew and from the one before. @returns how many versions were read in part */
function compareEdits(text: string, edits: number, seed: number): number {
  const random = createRandom(seed);
  const cache = createDocumentCache(10);
  let partly = 0;
  let now = text;
  for (let i = 0; i < edits; i++) {
    const nearest = cache.nearest?.(now) ?? null;
    const again = parseStream(now, cache);
    const anew = parseStream(now, new Map());
    expect(again.length).toBe(anew.length);
    for (const [at, { document }] of again.entries()) {
      const difference = firstDifference(document, anew[at]!.document);
      if (difference !== null) expect.fail(`edit ${i} of text ${seed}: ${difference}`);
    }
    // nodes that stayed where they were are the very same
    if (entriesOf(again[0]?.document).some(entry => entriesOf(nearest).includes(entry))) partly++;
    now = i % 10 === 9 ? text : editRandomly(now, random);
  }
  return partly;
}

it('random edits of a workflow', () => {
  expect(compareEdits(around('  a:\n    run: |\n      x\n    env: { A: [b, "c"] }\n'), 300, 7)).toBeGreaterThan(50);
});

it.skipIf(!hasCorpus)(
  'random edits of real files (skipped where ../shared is absent)',
  () => {
    const files = ['workflows', 'compose', 'kubernetes'].flatMap(family =>
      corpusFiles(family)
        .filter(({ text }) => text.length > 1500 && text.length < 30_000)
        .slice(0, 25),
    );
    expect(files.length).toBeGreaterThan(60);
    let partly = 0;
    files.forEach(({ text }, seed) => (partly += compareEdits(text, 10, seed)));
    expect(partly).toBeGreaterThan(20);
  },
  120_000,
);
