import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameOf } from '../../../shared/src/report/frame';
import { maskSlice, secretRanges } from '../../../shared/src/report/mask';
import { printable } from '../../../shared/src/report/printable';
import { createLineTable } from '../../../shared/src/text/line-table';

/** Reads `«` and `»` as the ends of a range. */
function marked(template: string): { text: string; range: { start: number; end: number } } {
  const start = template.indexOf('«');
  const end = template.indexOf('»') - 1;
  return { text: template.replace('«', '').replace('»', ''), range: { start, end } };
}

describe('frameOf', () => {
  const cases: [template: string, source: string, carets: string][] = [
    ['FROM «node»\n', 'FROM node', '     ^^^^'],
    ['«FROM» a', 'FROM a', '^^^^'],
    ['a «»b', 'a b', '  ^'],
    ['a«»\nb', 'a', ' ^'],
    ['\tx «y»', '    x y', '      ^'],
    ['日本 «x»', '日本 x', '     ^'],
    ['«日本»', '日本', '^^^^'],
    ['😀«😀»', '😀😀', '  ^^'],
    ['a\nb «c\nd» e\n', 'b c', '  ^'],
    ['a\r\n«b»\r\n', 'b', '^'],
    ['\ufeff«FROM» a', 'FROM a', '^^^^'],
    ['a \u001b[2J«b»', 'a \ufffd[2Jb', '      ^'],
  ];
  test.each(cases)('%j', (template, source, carets) => {
    const { text, range } = marked(template);
    const frame = frameOf(text, createLineTable(text), range, []);
    expect({ source: frame.source, carets: ' '.repeat(frame.start) + '^'.repeat(frame.end - frame.start) }).toEqual({ source, carets });
  });

  test('a long line is cut around the range', () => {
    const text = `${'a'.repeat(100_000)}X${'b'.repeat(100_000)}`;
    const frame = frameOf(text, createLineTable(text), { start: 100_000, end: 100_001 }, []);
    expect(frame.source).toBe(`…${'a'.repeat(60)}X${'b'.repeat(99)}…`);
    expect(frame.source.slice(frame.start, frame.end)).toBe('X');
  });

  test('carets stand under a masked secret and behind it', () => {
    const text = 'ENV T=secretsecret X=y';
    const secrets = [{ start: 6, end: 18 }];
    expect(frameOf(text, createLineTable(text), { start: 6, end: 18 }, secrets)).toMatchObject({
      source: 'ENV T=******** X=y',
      start: 6,
      end: 14,
    });
    expect(frameOf(text, createLineTable(text), { start: 19, end: 20 }, secrets)).toMatchObject({ start: 15, end: 16 });
    expect(frameOf(text, createLineTable(text), { start: 8, end: 9 }, secrets)).toMatchObject({ start: 6, end: 14 });
  });

  test('whatever the text, the caret is within the line and no control character is shown', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(), fc.nat(), (text, a, b) => {
        const start = a % (text.length + 1);
        const end = Math.min(text.length, start + (b % 10));
        const frame = frameOf(text, createLineTable(text), { start, end }, [{ start, end }]);
        expect(frame.end).toBeGreaterThan(frame.start);
        expect(printable(frame.source)).toBe(frame.source);
      }),
    );
  });
});

describe('secretRanges', () => {
  const cases: [template: string, shown: string[], masked: string][] = [
    // at the secret itself
    ['value: «hunter2»', [], 'value: ********'],
    ['ENV A=«x y» B=c', [], 'ENV A=******** B=c'],
    // at name and secret
    ['ENV «TOKEN=hunter2» X=y', [], 'ENV TOKEN=******** X=y'],
    ['- «"TOKEN=hunter2"»', [], '- "TOKEN=********'],
    ['a: «password: hunter2»', [], 'a: password: ********'],
    // at the name alone
    ['ENV «TOKEN»=hunter2 X=y', [], 'ENV TOKEN=********'],
    ['  «TOKEN»: "hunter2"', [], '  TOKEN: "********'],
    ['ENV «TOKEN» hunter2', ['TOKEN'], 'ENV TOKEN ********'],
    ['ARG «TOKEN»', ['TOKEN'], 'ARG TOKEN'],
    ['- name: «TOKEN»\n  value: x', ['TOKEN'], '- name: TOKEN\n  value: x'],
    // continued lines
    ['ENV «TOKEN»=a\\\nb c\nRUN x', [], 'ENV TOKEN=********\nRUN x'],
    // base64 is no name and value
    ['value: «YWJjZA==»', [], 'value: ********'],
    ['value: «YWJjZA=»', [], 'value: ********'],
    ['«postgres://u:pw@h/db»', [], '********'],
  ];
  test.each(cases)('%j', (template, shown, masked) => {
    const { text, range } = marked(template);
    const ranges = secretRanges(text, [{ category: 'secrets', range, data: Object.fromEntries(shown.map((s, i) => [`n${i}`, s])) }]);
    expect(maskSlice(text, { start: 0, end: text.length }, ranges)).toBe(masked);
  });

  test('findings about other things mask nothing', () => {
    expect(secretRanges('abc', [{ category: 'privilege', range: { start: 0, end: 3 }, data: {} }])).toEqual([]);
  });

  test('overlapping secrets are one', () => {
    const secret = (start: number, end: number) => ({ category: 'secrets' as const, range: { start, end }, data: {} });
    expect(secretRanges('abcdefghij', [secret(4, 8), secret(1, 5), secret(9, 10)])).toEqual([
      { start: 1, end: 8 },
      { start: 9, end: 10 },
    ]);
  });
});
