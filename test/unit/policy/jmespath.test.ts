import { describe, expect, it } from 'vitest';
import { parseJmesPath, variablesIn } from '../../../shared/src/syntax/jmespath/parse';
import { expectLinear } from '../../support/growth';
import { fc } from '../../support/property';

describe('JMESPath', () => {
  it.each([
    'request.object.metadata.labels."app.kubernetes.io/name" || \'\'',
    'items[?@.spec.name == `"a"` && !@.ok].{name: name, all: [a, b]}[] | length(@)',
    'a[*].b[0:2][::-1].*.c[-1]',
    'items[][[@.a][?b=="c"] && [@.d]][] | length(@)',
    'sort_by(images.*.*[], &to_string(@))[0] > `1` + 2 * - 3',
    "isOpen ? 'a' : b.c",
    'let $a = b, $c = d in $a == $c',
    '$.a.[b, c]',
    '@',
  ])('reads %s', text => expect(parseJmesPath(text).problem).toBeNull());

  it.each([
    ['a b', 'b'],
    ['a.', ''],
    ['a[b]', 'b'],
    ['a[?b', ''],
    ['(a', ''],
    ['a.1', '1'],
    ['a # b', '#'],
    ['f(a b)', 'b'],
    ['{a}', '}'],
    ['"a"(b)', '('],
  ])('refuses %j at %j', (text, found) => {
    const { problem } = parseJmesPath(text);
    expect(problem?.found).toBe(found);
    expect(text.slice(problem!.range.start, problem!.range.end)).toBe(found);
  });

  it('names the functions that are called', () => {
    expect(parseJmesPath('length(to_upper(a)) == `1`').calls.map(({ name }) => name)).toEqual(['length', 'to_upper']);
  });

  it('ends without an exception, whatever stands in it', () => {
    const words = 'a . * [ ] [] [? { } ( ) && || ! | @ & , : ? == - 1 "b" \'c\' `d` let $x = in'.split(' ');
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 40 }), parts => void parseJmesPath(parts.join(' '))),
      { numRuns: 3000 },
    );
    expect(parseJmesPath('('.repeat(5000))).toEqual({ tree: null, calls: [], problem: null });
    expectLinear('JMESPath', n => 'a[0].b || '.repeat(n) + 'c', parseJmesPath, 2000);
  });
});

describe('variables of Kyverno', () => {
  it.each([
    ['a {{ b }} c', [' b ']],
    ['{{ a."{{ b }}".c }}', [' b ', ' a."xxxxxxx".c ']],
    ['{{ a[{{ i }}] }}', [' i ', ' a[1111111] ']],
    ['{{ a.{b: c} }}', [' a.{b: c} ']],
    ['{{{a: b}}}', ['{a: b}']],
    ['\\{{ a }}', []],
    ['a } b', []],
  ])('%j', (text, variables) => {
    const found = variablesIn(text);
    expect(found.variables.map(each => each.text)).toEqual(variables);
    expect(found.open).toBeNull();
  });

  it('that do not end are open', () => {
    expect(variablesIn('a {{ b').open).toBe(2);
    expectLinear('variables', n => '{{ {a'.repeat(n), variablesIn, 5000);
  });
});
