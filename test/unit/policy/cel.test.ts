import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCel } from '../../../shared/src/syntax/cel/parse';
import { placeInScalar } from '../../../shared/src/syntax/cel/place';
import { celNodes } from '../../../shared/src/syntax/cel/walk';
import { parseDocument, parseStream } from '../../../shared/src/syntax/yaml/parse';
import type { YamlNode } from '../../../shared/src/syntax/yaml/types';
import { mapOf, scalarOf } from '../../../shared/src/syntax/yaml/values';
import { corpusFolder, corpusRows, noCorpus } from '../../../tools/corpus-folder';
import { expectLinear } from '../../support/growth';
import { fc } from '../../support/property';

describe('what an expression is read as', () => {
  it.each([
    'object.spec.?replicas.orValue(1) > 0',
    'object.spec.containers[?0].?image.hasValue()',
    "{?'a': object.?b, 'c': [1, ?object.d, 2,]}",
    'Object{spec: Object.spec{replicas: 1}}',
    '[JSONPatch{op: "add", path: "/spec", value: {}}]',
    "r'\\d+' + b'x' + '''a\n'b''' + \"\\u00e9\"",
    'object.metadata.namespace != "" && !(-1 + 0x1F > 2u) ? 1.5e3 : .5',
    'a.b.all(c, c.d in [1]) || a.exists_one(x, true) // why',
    'object.metadata.labels.`app.kubernetes.io/name` == "a"',
    '.a.b(c)',
  ])('%s', text => expect(parseCel(text).problem).toBeNull());

  it.each([
    ['', 'empty', ''],
    ['a ===b', 'operator', '==='],
    ['a and b', 'operator', 'and'],
    ['a & b', 'operator', '&'],
    ['(a + b', 'close', '('],
    ["'abc", 'text', "'abc"],
    ['"a\\d"', 'text', '\\d'],
    ['a b', 'unexpected', 'b'],
    ['f(a,)', 'unexpected', ')'],
    ['x.all(c)', 'macro', 'all'],
    ['x.all(c.d, true)', 'macro', 'all'],
    ['has(a)', 'macro', 'has'],
    ['for', 'reserved', 'for'],
    ['a.in', 'reserved', 'in'],
    ['a #', 'unexpected', '#'],
  ])('%j is wrong: %s at %j', (text, id, found) => {
    const { problem } = parseCel(text);
    expect(problem?.id).toBe(id);
    expect(text.slice(problem!.range.start, problem!.range.end)).toBe(found);
  });

  it('gives up where nobody can follow, and says nothing', () => {
    expect(parseCel('('.repeat(5000))).toEqual({ tree: null, problem: null });
    expect(parseCel('-'.repeat(5000) + '1').tree).not.toBeNull();
  });

  it('costs what its length costs', () => {
    expectLinear('CEL', n => 'a + b[0].c(d, "e") && '.repeat(n) + 'f', parseCel, 2000);
  });
});

describe('random and cut expressions', () => {
  const parts =
    'a object . .? ?. [ ] ( ) { } , : ? ! && || == === < + - * / % in and true null "s" \' " """ r" \\ 1 2u 1. .5 0x // ` has( .all( x, Object{ \n é'.split(
      ' ',
    );
  it('end without an exception', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 40 }), words => {
        const text = words.join(words.length % 2 === 0 ? ' ' : '');
        const { tree, problem } = parseCel(text);
        if (problem) {
          expect(problem.range.start).toBeGreaterThanOrEqual(0);
          expect(problem.range.end).toBeLessThanOrEqual(text.length);
        }
        if (tree) for (const { range } of celNodes(tree)) expect(range.start).toBeLessThanOrEqual(range.end);
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('places in scalars', () => {
  it.each([
    'e: a.b == c\n',
    "e: 'a.b == c'\n",
    'e: "a.b == c"\n',
    'e: |\n  a.b\n  == c\n',
    'e: >-\n    a.b\n    == c\n',
    'e: a.b\n  == c\n',
    'e: >- # a.b\n    a.b\n\n      == c\n',
  ])('%j', text => {
    const document = parseDocument(text);
    const node = scalarOf(mapOf(document.root)?.get('e'))!;
    const value = String(node.value);
    for (const word of ['a', 'b', '==', 'c']) {
      const start = value.indexOf(word);
      const { start: from, end } = placeInScalar(document, node, { start, end: start + word.length });
      expect(document.text.slice(from, end)).toBe(word);
      expect(from).toBeGreaterThanOrEqual(node.range.start);
    }
  });
});

const rows = 'corpus/policy/kyverno-policies.jsonl';

describe('the expressions of real policies', () => {
  if (!existsSync(join(corpusFolder, rows))) return it.skip(noCorpus);
  const found = new Set<string>();
  const visit = (node: YamlNode | null, key: string): void => {
    if (node?.kind === 'map') for (const entry of node.entries) visit(entry.value, entry.name);
    else if (node?.kind === 'sequence') for (const item of node.items) visit(item, key);
    else if (node?.kind === 'scalar' && typeof node.value === 'string' && /^(?:message|value)?expression$/i.test(key))
      found.add(node.value);
  };
  for (const { text } of corpusRows<{ text: string }>(rows))
    for (const { document } of parseStream(text, new Map())) visit(document.root, '');

  it('can all be read', () => {
    expect(found.size).toBeGreaterThan(500);
    expect([...found].filter(text => !text.includes('{{') && parseCel(text).tree === null)).toEqual([]);
  });

  it('can be cut anywhere', () => {
    for (const text of found) for (let end = 0; end < text.length; end += 7) parseCel(text.slice(0, end));
  });
});
