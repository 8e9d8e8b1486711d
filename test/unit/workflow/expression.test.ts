import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../../shared/src/families/workflow/model/expression/parse';
import type { Expression } from '../../../shared/src/families/workflow/model/expression/types';
import { nameOf, referencesIn, resultsOf } from '../../../shared/src/families/workflow/model/expression/walk';

/** An expression in a form that shows its structure. */
function show(expression: Expression | null): string {
  if (!expression) return 'none';
  switch (expression.kind) {
    case 'literal':
      return JSON.stringify(expression.value);
    case 'reference':
      return nameOf(expression);
    case 'call':
      return `${expression.name}(${expression.args.map(show).join(' ')})`;
    case 'access':
      return `[${show(expression.of)}]`;
    case 'not':
      return `!${show(expression.of)}`;
    case 'binary':
      return `(${show(expression.left)} ${expression.operator} ${show(expression.right)})`;
  }
}

describe('expressions', () => {
  it.each([
    ['github.ref', 'github.ref'],
    ["GitHub.Event['Pull_Request'].title", 'github.event.pull_request.title'],
    ['github.event.commits.*.message', 'github.event.commits.*.message'],
    ['matrix.os[0]', 'matrix.os.*'],
    ["a == 'it''s' && !b || c", '(((a == "it\'s") && !b) || c)'],
    ['a || b && c', '(a || (b && c))'],
    ['1 < 0x1F', '(1 < 31)'],
    ['(a || b) == true', '((a || b) == true)'],
    ['fromJSON(needs.a.outputs.m)[0].name', '[fromjson(needs.a.outputs.m)]'],
    ["format('{0}', a, b.c)", 'format("{0}" a b.c)'],
    ['success()', 'success()'],
    ['', 'none'],
    ['a b', 'none'],
    ['a.', 'none'],
    ['a == ', 'none'],
    ['f(a', 'none'],
    ["'open", 'none'],
    ['a ; b', 'none'],
    ['('.repeat(1000), 'none'],
    ['!'.repeat(1000) + 'a', 'none'],
    [`${'a || '.repeat(2000)}a`, 'none'],
  ])('%s is %s', (text, shown) => expect(show(parseExpression(text, 0))).toBe(shown));

  it.each([
    ["a && 'x' || b.c", ['"x"', 'b.c']],
    ["contains(a, 'x')", []],
    ['a == b', []],
    ["format('{0} {1}', a, b)", ['"{0} {1}"', 'a', 'b']],
    ["case(a, 'x', b, c, d)", ['"x"', 'c', 'd']],
    ['fromJSON(a).b', ['a']],
  ])('the text of %s is one of %j', (text, results) => expect(resultsOf(parseExpression(text, 0)!).map(show)).toEqual(results));

  it('references have their places, those in brackets too', () => {
    const text = "secrets[format('{0}', github.ref)] == env.A";
    const found = referencesIn(parseExpression(text, 10)!);
    expect(found.map(({ range }) => text.slice(range.start - 10, range.end - 10))).toEqual([
      "secrets[format('{0}', github.ref)]",
      'github.ref',
      'env.A',
    ]);
  });
});
