import { describe, expect, it } from 'vitest';
import { Composer, Parser } from 'yaml';
import { buildTree } from '../../../shared/src/syntax/yaml/build';
import { maskTemplate } from '../../../shared/src/syntax/yaml/mask';
import { parseOptions } from '../../../shared/src/syntax/yaml/parse';
import { readPlain } from '../../../shared/src/syntax/yaml/plain';
import { scanTokens } from '../../../shared/src/syntax/yaml/scan';
import { splitDocuments } from '../../../shared/src/syntax/yaml/split';
import { corpusFiles, hasCorpus, noCorpus } from '../../../tools/corpus-folder';
import { expectLinear } from '../../support/growth';
import { createRandom, editRandomly } from '../../support/random-edits';

/** What the library reads of a text: without anchors and what follows from them, which are not in the plain part. */
function byLibrary(text: string): string {
  const tokens = [...new Parser().parse(text)];
  const { tooDeep, comments } = scanTokens(text, tokens);
  const documents = [...new Composer(parseOptions).compose(tokens)];
  const errors = documents.flatMap(document => document.errors.map(({ message }) => message));
  const { root, problems, nodes } = buildTree(text, documents[0]?.contents ?? null);
  return JSON.stringify({ root, problems, comments, nodes, errors, tooDeep, documents: documents.length }, null, 1);
}

function plainly(text: string): string | null {
  const plain = readPlain(text, 0);
  return plain && JSON.stringify({ ...plain, errors: [], tooDeep: -1, documents: 1 }, null, 1);
}

describe('the plain part of YAML', () => {
  it.each([
    'a: 1\nb: -0x1F\nc: 0o17\nd: +1.5e3\ne: .5\nf: .inf\ng: ~\nh: Null\ni: TRUE\nj: no\nk: 1.20\nl: 00\nm: 1_000\nn: 2026-11-30\n',
    '---\na:\n- b\n-   c: d\n    e: f\n- - g\n  - h\n-\n  i: j\n-\nk:\n',
    '# head\n\na: b # behind\n# between\n  # deep\nc: # behind a key\n  d: e\n# foot',
    'a: one\n  two\n\n  three: four#five\nb: x',
    'a: one\n  two\n\n  three four#five # six\nb:\n  below\n  it\nc:\n  "below"\n',
    "a: 'it''s'\nb: \"\\u00e9\\n\\\"\"\nc: 'over\n  lines\n\n  more'\nd: \"over \\\n  lines\"\n",
    'a: |\n  one\n   two\n\n  # three\n\nb: >-\n  one\n  two\n\n  three\n    four\nc: |+\n  one\n\n\nd: |\ne: >\n\n  f\n',
    'a: [b, "c", [d], {e: f, "g":1}, -x]\nb: {}\nc: []\nd: [a, # one\n  b,\n  ]\n',
    '{\n  "a": [1, true, null, "x"],\n  "b": {"c": ""}\n}\n',
    'a: b:c\nd: -e\nf: ?g\nh: :i\nj: k#l\n"m": n\n\'o\': p\nq r: s\n<<: t\n',
    'a: 1\na: 2\nb: {c: 1, c: 2}\n',
    '  a:\n    - b\n  c:\n  - d\n',
    'a: "b"\t\n',
    'a: x: y\n',
    'a: b\n c: d\n',
    'a:\n   - b\n  - c\n',
    'a: "b" c\n',
    'a: "b"#c\n',
    "a: 'open\n",
    'a: [b\nc: d\n',
    'a: |2\n   b\n',
    'a: |\n   \n  b\n',
    'a: &b c\nd: *b\n',
    'a: !!str 1\n',
    '? a\n: b\n',
    'a: @b\n',
    'a: %b\n',
    'a: b\r\n',
    'a\n',
    '- a\nb\n',
    'a: - b\n',
    'a: b\n---\nc: d\n',
    'a: b\n...\n',
    '--- a: b\n',
    '... a: b\n',
    'a: ---\nb: ...\n',
    '%YAML 1.2\n---\na: b\n',
    '',
    '# only\n',
    '---\n',
    `a: ${'['.repeat(300)}\n`,
    `${'k'.repeat(2000)}: v\n`,
  ])('%j is read as the library reads it, or left to it', text => {
    const plain = plainly(text);
    if (plain !== null) expect(plain).toBe(byLibrary(text));
  });

  it('takes in what manifests are written in', () => {
    const manifest =
      '# Web\napiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  annotations: {}\nspec:\n  containers:\n  - name: "a"\n    args: ["--x", \'y\']\n    command:\n      - sh\n      - -c\n      - |\n        echo 1\n';
    expect(plainly(manifest)).toBe(byLibrary(manifest));
  });

  it.skipIf(!hasCorpus)(
    `reads real files as the library does, most of them, and after 8,000 random edits${hasCorpus ? '' : ` (${noCorpus})`}`,
    () => {
      const random = createRandom(31);
      let [all, taken] = [0, 0];
      const files = ['kubernetes', 'compose', 'workflows', 'kustomize', 'kyverno', 'helm'].flatMap(corpusFiles);
      const pieces = files.flatMap(({ path, text }) => (/\.(?:ya?ml|json|tpl)$/.test(path) ? splitDocuments(text) : []));
      const look = (text: string): void => {
        all++;
        const plain = plainly(text);
        if (plain === null) return;
        taken++;
        if (plain !== byLibrary(text)) expect(plain, text).toBe(byLibrary(text));
      };
      const short = pieces
        .map(({ text }) => maskTemplate(text).text)
        .filter(text => text.length < 20_000 && !/[\x85\u2028\u2029]/.test(text));
      short.forEach(look);
      expect(taken).toBeGreaterThan(0.8 * all);
      const small = short.filter(text => text.length < 2_000);
      for (let i = 0; i < 8000; i++) look(editRandomly(small[i % small.length]!, random));
    },
  );

  it.each<[string, (n: number) => string]>([
    ['nested sequences', n => `a:\n${'  - - b\n'.repeat(n)}`],
    ['quotes that never end', n => 'a: "b\n'.repeat(n)],
    ['backslashes', n => `${'a: "b\\\\"\n'.repeat(n)}c: "${'\\\\'.repeat(n)}"\n`],
    ['lines of one scalar', n => `a: b\n${'  c\n\n'.repeat(n)}`],
    ['blank lines in a block scalar', n => `a: |\n  b\n${'   \n'.repeat(n)}c: d\n`],
    ['block scalars', n => 'a: |\n  b\n\n'.repeat(n)],
    ['a list on one line', n => `a: [${'b, '.repeat(n)}c]\n`],
    ['comments', n => `a: [\n${'  b, # c\n'.repeat(n)}  d]\n`],
  ])('costs in proportion to its length: %s', (name, make) => {
    expectLinear(name, make, text => void readPlain(text, 0), 40_000);
  });
});
