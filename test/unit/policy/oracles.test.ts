import { compile } from '@jmespath-community/jmespath';
import { Environment } from '@marcbachmann/cel-js';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCel } from '../../../shared/src/syntax/cel/parse';
import { parseJmesPath } from '../../../shared/src/syntax/jmespath/parse';
import { parseStream } from '../../../shared/src/syntax/yaml/parse';
import type { YamlNode } from '../../../shared/src/syntax/yaml/types';
import { corpusFolder, corpusRows, noCorpus } from '../../../tools/corpus-folder';
import { fc } from '../../support/property';

// Our parsers are held against two that others keep: cel-js for the Common Expression Language, and the one of jmespath-community.

const environment = new Environment({ enableOptionalTypes: true, unlistedVariablesAreDyn: true });

/** Where cel-js stops; `null`: it reads the expression. */
function celStop(text: string): number | null {
  try {
    environment.parse(text);
    return null;
  } catch (error) {
    return (error as { range?: { start: number } }).range?.start ?? -1;
  }
}

function readsJmesPath(text: string): boolean {
  try {
    compile(text);
    return true;
  } catch {
    return false;
  }
}

/** Random expressions: tokens with and without blanks, so that many are cut, and some whole. */
const random = (words: readonly string[]): fc.Arbitrary<string> =>
  fc.array(fc.tuple(fc.constantFrom(...words), fc.constantFrom('', ' ')), { maxLength: 10 }).map(parts => parts.flat().join(''));

describe('CEL', () => {
  it.each([
    "object.spec.containers.all(c, c.image.startsWith('ghcr.io/acme/'))",
    'variables.all.exists(c, c.?securityContext.?privileged.orValue(false))',
    "object.metadata.?labels[?'app'].hasValue() && !(request.operation in ['DELETE', 'CONNECT'])",
    'has(object.spec.template) ? object.spec.template.spec : object.spec',
    'images.containers.map(image, verifyImageSignatures(image, [attestors.release])).all(e, e > 0)',
    'params.?limit.orValue(10) >= size(object.spec.containers) + 2 * -1',
    'object.spec.volumes.filter(v, has(v.hostPath)).map(v, v.name) == []',
    "{'a': 1, 'b': [2u, 0x1F, 1.5e3]}.b[0] != null",
    "'a' + \"b\" + '''c\nd''' + r'\\d+' + '\\u00e9\\n'",
    "authorizer.group('apps').resource('deployments').namespace('web').check('create').allowed()",
    "quantity('1Gi').isGreaterThan(quantity('512Mi')) || url('https://a.example/b').getHost() == 'a.example'",
    'a // why\n  && b',
  ])('reads what cel-js reads: %j', text => {
    expect(celStop(text)).toBeNull();
    expect(parseCel(text).problem).toBeNull();
  });

  it.each([
    ['a and b', 2],
    ['a b', 2],
    ["a == 'b", 5],
    ['"a\\d"', 2],
    ['for', 0],
    ['a.in', 2],
    ['a #', 2],
    ['a ? b', 5],
    ['[1, 2', 5, 0],
    ['f(a', 3, 1],
    ['{"a": b', 7, 0],
    ['a === b', 4, 2],
    ['a.b(c))', 6],
    ['a +', 3],
    ['* a', 0],
    ['a.all(x, x > )', 13],
    ['object.spec..replicas', 12],
    ['a[1 2]', 4],
    ["{'a' 1}", 5],
    ['1 < 2 < ', 8],
  ])('stops at the same place in %j, or at the bracket or operator that is wrong', (text, theirs, ours = theirs) => {
    expect(celStop(text)).toBe(theirs);
    expect(parseCel(text).problem?.range.start).toBe(ours);
  });

  // without what cel-js does not read: objects, names in backticks, `[?a]` as a list, `.5`, `.a`, and a backslash at the end of a raw text
  const words =
    'a object ( ) [ ] , : ? ! && || == < + - * / % in true null "s" \' 1 2u 1.5 0x1 has(a.b) a.all(x,x) a.b .b .?b [?0] f(a) [a] {"a":b} } # and'.split(
      ' ',
    );

  it('reads and refuses 10,000 random and cut expressions as cel-js does, in no time', () => {
    let spent = 0;
    let read = 0;
    fc.assert(
      fc.property(random(words), text => {
        const before = process.cpuUsage();
        const { tree } = parseCel(text);
        const { user, system } = process.cpuUsage(before);
        spent += (user + system) / 1000;
        if (tree) read++;
        if (/\[\s*\?|(?:^|[^\w)\]"'}.?]|(?:\b|\d)in|\s)\s*\./.test(text)) return;
        expect(tree !== null, text).toBe(celStop(text) === null);
      }),
      { numRuns: 10_000 },
    );
    expect(read).toBeGreaterThan(500);
    expect(spent).toBeLessThan(5000);
  }, 60_000);

  const rows = 'corpus/policy/kyverno-policies.jsonl';
  if (!existsSync(join(corpusFolder, rows))) return it.skip(noCorpus);

  it('reads every expression of real policies that cel-js reads, and stops no later where it is cut', () => {
    const found = new Set<string>();
    const visit = (node: YamlNode | null, key: string): void => {
      if (node?.kind === 'map') for (const { value, name } of node.entries) visit(value, name);
      else if (node?.kind === 'sequence') for (const item of node.items) visit(item, key);
      else if (node?.kind === 'scalar' && typeof node.value === 'string' && /^(?:message|value)?expression$/i.test(key))
        found.add(node.value);
    };
    for (const { text } of corpusRows<{ text: string }>(rows))
      for (const { document } of parseStream(text, new Map())) visit(document.root, '');
    const theirs = [...found].filter(text => celStop(text) === null);
    expect(theirs.length).toBeGreaterThan(400);
    expect(theirs.filter(text => parseCel(text).problem !== null)).toEqual([]);
    const cut = theirs.map(text => text.slice(0, Math.floor(text.length * 0.7)));
    expect(cut.filter(text => celStop(text) === null && parseCel(text).problem !== null)).toEqual([]);
    expect(cut.filter(text => celStop(text) !== null && parseCel(text).problem === null)).toEqual([]);
  }, 60_000);
});

describe('JMESPath', () => {
  it.each([
    'request.object.spec.containers[*].image',
    'request.object.metadata.labels."app.kubernetes.io/name" || \'none\'',
    'request.object.spec.[ephemeralContainers, initContainers, containers][]',
    'items[?status.phase == `"Running"`].metadata.name | [0]',
    "length(items[?contains(@.image, ':latest')]) > `0`",
    '{name: metadata.name, all: [a, b.c]}',
    'sort_by(items, &metadata.name)[-1].spec.replicas',
    'let $name = metadata.name in items[?name == $name]',
  ])('reads what the parser of jmespath-community reads: %j', text => {
    expect(readsJmesPath(text)).toBe(true);
    expect(parseJmesPath(text).problem).toBeNull();
  });

  it.each(['a b', 'a.', 'a[b]', 'a[?b', '(a', 'a.1', '{a}', '"a"(b)', 'a # b', 'a ||', '[a, b', 'f(a', '&', 'a..b'])(
    'refuses what it refuses: %j',
    text => {
      expect(readsJmesPath(text)).toBe(false);
      expect(parseJmesPath(text).problem).not.toBeNull();
    },
  );

  // brackets that are closed alone: their parser also reads lists and arguments without commas, and `(a)(b)`,
  // which go-jmespath in Kyverno does not
  const words = 'a b . * [*] [] [?a] (a) && || ! | @ & : == - "b" \'c\' `1` length(a) {a:b} [0] [1:2] a.b [a] [a,b] $x ?'.split(' ');

  it('reads whatever of 10,000 random and cut expressions it reads', () => {
    let read = 0;
    fc.assert(
      fc.property(random(words), text => {
        if (/\)\s*\(/.test(text) || !readsJmesPath(text)) return;
        read++;
        expect(parseJmesPath(text).problem, text).toBeNull();
      }),
      { numRuns: 10_000 },
    );
    expect(read).toBeGreaterThan(200);
  }, 60_000);
});
