import { fc } from '../../support/property';
import { describe, expect, test } from 'vitest';
import { frameOf } from '../../../shared/src/output/report/frame';
import { maskSlice, mergeRanges } from '../../../shared/src/base/text/mask';
import { printable } from '../../../shared/src/output/report/printable';
import { createLineTable } from '../../../shared/src/base/text/line-table';

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

describe('secrets', () => {
  test('are masked where the findings say, whatever their length', () => {
    const text = 'ENV TOKEN=hunter2 X=y';
    expect(maskSlice(text, { start: 0, end: text.length }, mergeRanges([{ start: 10, end: 17 }]))).toBe('ENV TOKEN=******** X=y');
  });

  test('overlapping ones are one, empty ones none', () => {
    const secrets = [4, 1, 9, 3].map((start, i) => ({ start, end: [8, 5, 10, 3][i]! }));
    expect(mergeRanges(secrets)).toEqual([
      { start: 1, end: 8 },
      { start: 9, end: 10 },
    ]);
  });
});
