import { describe, expect, it } from 'vitest';
import { headOf, headsOf } from '../../../shared/src/workspace/source/head';
import { quickHead } from '../../../shared/src/workspace/source/quick-head';
import { parseStream } from '../../../shared/src/syntax/yaml/parse';
import { splitDocuments } from '../../../shared/src/syntax/yaml/split';
import { expectLinear } from '../../support/growth';
import { fc } from '../../support/property';
import { yamlCorpus } from '../../support/yaml-corpus';

/** What the lines of a text say, where they do; and what the parser says. Of what is wrong, or may be a template, nobody knows. */
function both(text: string): readonly [quick: unknown, parsed: unknown] | null {
  const quick = quickHead(text);
  const documents = parseStream(text, new Map()).map(({ document }) => document);
  const [document, another] = documents;
  if (quick === 'odd' || another || document?.templated || document?.problems.some(({ code }) => code !== 'DUPLICATE_KEY')) return null;
  // nothing but a marker is a document to the parser, and nothing to anybody else
  if (quick === null) return [null, document?.root ?? null];
  // our parser alone takes a colon on a line of its own for one of the key above, and an escaped quote at the end for a closing one
  if (/^[ \t]+:(?:\s|$)/m.test(text) || text.endsWith('\\"') || text.includes('{{')) return null;
  return [quick, document ? headOf(document) : null];
}

/** Lines and parts of lines that stand at the top of files, and those that only look so. */
const fragments = [
  ...['apiVersion: v1\n', 'kind: Pod\n', 'kind: "Pod" # c\n', "kind: 'Pod'\n", 'kind:\n', '"kind": Pod\n', "'kind' : Pod\n", 'kind : Pod\n'],
  ...['services:\n', '  web: {}\n', '  - a\n', '- op: add\n', '-\n', '- {op: add}\n', '- a\n', '  path: b\n', 'a: |\n', 'b: >-\n', 'c: d |\n'],
  ...['? kind\n', ': Pod\n', '!!str kind: Pod\n', '&k kind: Pod\n', '"\\x6bind": Pod\n', '<<: {kind: Pod}\n', '*k : Pod\n', 'x: &k kind\n'],
  ...['{', '}', '[', ']\n', ', ', '"', "'", '#', ' # kind: Pod\n', '\n', ' ', '\t', '  ', '\r\n', '\r', '\u2028', '\uFEFF', '---\n', '--- ', '...\n'],
  ...['kind', ': ', 'Pod', 'a:b', "it's", '\\', '{{ x }}', '%YAML 1.1\n', 'text: "a\n', '  b"\n', 'list: [a,\n', '  b]\n', 'b]\n', "t: 'a\n", "b'\n"],
]; // prettier-ignore

describe('what the lines of a document tell is what the parser reads', () => {
  it('of random lines', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...fragments), { maxLength: 12 }), parts => {
        const said = both(parts.join(''));
        if (said) expect(said[0]).toEqual(said[1]);
      }),
      { numRuns: 4000 },
    );
  });

  it('of real files, hardly any of which need the parser', () => {
    const pieces = yamlCorpus('kubernetes', 'compose', 'kyverno', 'workflows').flatMap(({ text }) => splitDocuments(text));
    const said = pieces.map(({ text }) => both(text));
    for (const each of said) if (each) expect(each[0]).toEqual(each[1]);
    expect(pieces.filter(({ text }) => quickHead(text) === 'odd').length).toBeLessThanOrEqual(pieces.length / 200);
  });
});

it.each(['a: "x\n', 'a: [\n', 'a: {b\n', "a: 'x\n", 'a: "b"\n', '  - "c": [d]\n', 'a: |\n', '{"a":1}\n', '---\n{\n', '---\n{"\n', '[{\n', 'a: [\nb]\n'])(
  'costs what the text is long: %j again and again',
  line => expectLinear(line, n => line.repeat(n), text => [...headsOf(text)], 16_000),
); // prettier-ignore
