import type { YamlOperation } from '../../../shared/src/syntax/yaml/operations';
import { describe, expect, it } from 'vitest';
import { renderYaml } from '../../../shared/src/syntax/yaml/fix/render/render-yaml';
import { verifyYaml } from '../../../shared/src/syntax/yaml/fix/verify/verify-yaml';
import { parseDocument } from '../../../shared/src/syntax/yaml/parse';
import { applyEdits, haveConflict } from '../../../shared/src/base/text/edits';
import { fixCases } from './cases';
import type { FixCase } from './cases';

const cases = fixCases();
const applied = cases.filter((one): one is FixCase & { after: string } => one.after !== null);

/** Other ways to write a file; the result must be written in the same way. */
const variants: Readonly<Record<string, (text: string) => string>> = {
  'as it stands': text => text,
  'with CRLF': text => text.replaceAll('\n', '\r\n'),
  'with a byte order mark': text => '\uFEFF' + text,
  'without a final line break': text => text.replace(/\n$/, ''),
  'with CRLF and without a final line break': text => text.replace(/\n$/, '').replaceAll('\n', '\r\n'),
};

describe.each(Object.entries(variants))('operations on a file %s', (_, vary) => {
  it.each(applied)('$name', ({ before, after, operations }) => {
    // A file of one line without line break does not show which line breaks it has.
    if (!vary(before).includes('\n') && vary(after).includes('\r')) return;
    const document = parseDocument(vary(before));
    const rendered = renderYaml(document, operations);
    expect(rendered).toMatchObject({ ok: true });
    if (!rendered.ok) return;
    expect(haveConflict(rendered.edits)).toBe(false);
    const text = applyEdits(document.text, rendered.edits);
    expect(text).toBe(vary(after));
    expect(verifyYaml(document, parseDocument(text), operations)).toBeNull();
  });

  it.each(cases.filter(one => one.reason !== null))('$name', ({ before, reason, operations }) => {
    expect(renderYaml(parseDocument(vary(before)), operations)).toMatchObject({ ok: false, reason });
  });
});

describe('a moved key', () => {
  const before = '# other\na: 1\n# one\n# two\nb: 1 # beside\nc:\n  # first\n  d: 1\n';
  const operations: readonly YamlOperation[] = [{ type: 'yaml.move', from: ['b'], to: ['c', 'b'] }];
  const rest = '# other\na: 1\nc:\n  # first\n  d: 1\n';

  it.each<[string, string, boolean]>([
    ['with its comments', rest + '  # one\n  # two\n  b: 1 # beside\n', true],
    ['whose comments stay behind', '# other\na: 1\n# one\n# two\nc:\n  # first\n  d: 1\n  b: 1 # beside\n', false],
    ['that loses a comment', rest + '  # two\n  b: 1 # beside\n', false],
    ['that loses the comment beside it', rest + '  # one\n  # two\n  b: 1\n', false],
    ['whose comments change places', rest + '  # two\n  # one\n  b: 1 # beside\n', false],
    ['whose comments stand apart', rest + '  # one\n  # two\n\n  b: 1 # beside\n', false],
    ['whose comments are not indented', rest + '# one\n# two\n  b: 1 # beside\n', false],
    ['with a comment beside it that belongs above', rest + '  # one\n  b: 1 # two # beside\n', false],
    ['with a comment of another key', 'a: 1\nc:\n  # first\n  d: 1\n  # other\n  # one\n  # two\n  b: 1 # beside\n', false],
    ['beside keys whose comments change places', '# first\na: 1\nc:\n  # other\n  d: 1\n  # one\n  # two\n  b: 1 # beside\n', false],
  ])('%s', (_, after, right) => {
    const refusal = verifyYaml(parseDocument(before), parseDocument(after), operations);
    expect(refusal?.reason ?? null).toBe(right ? null : 'unverified');
  });
});

describe('what a document was changed to', () => {
  it.each(applied.filter(({ before, after }) => before !== after))('is told from what it was: $name', ({ before, operations }) => {
    const document = parseDocument(before);
    expect(verifyYaml(document, parseDocument(before), operations)).toMatchObject({ reason: 'unverified' });
  });

  it.each(applied)('cannot say anything else: $name', ({ before, after, operations }) => {
    const document = parseDocument(before);
    // Another key, another comment, and a key less.
    const wrong = [
      /^ *\S/m.test(after) && !after.includes('...') ? after.replace(/\n?$/, '\n# new\n') : null,
      /^[a-z]+:/m.test(after) ? after.replace(/^([a-z]+):/m, '$1x:') : null,
      after.includes(' # ') ? after.replace(/ # \S+/, '') : null,
    ];
    for (const text of wrong) {
      if (text !== null && text !== after) expect(verifyYaml(document, parseDocument(text), operations), text).not.toBeNull();
    }
  });

  it.each(applied)('loses no line that is not changed: $name', ({ before, operations }) => {
    const document = parseDocument(before);
    const rendered = renderYaml(document, operations);
    if (!rendered.ok) return;
    // Outside the edits every byte is the same.
    let at = 0;
    let rest = '';
    for (const { range } of rendered.edits) {
      rest += before.slice(at, range.start);
      at = range.end;
    }
    rest += before.slice(at);
    const text = applyEdits(before, rendered.edits);
    let found = 0;
    for (const char of rest) {
      found = text.indexOf(char, found);
      expect(found).toBeGreaterThanOrEqual(0);
      found += char.length;
    }
  });
});
