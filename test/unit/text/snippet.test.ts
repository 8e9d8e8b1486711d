import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../../shared/src/base/text/edits';
import { fillSnippets, fromLineStarts, type SnippetEdit, snippetPreview, snippetSyntax } from '../../../shared/src/base/text/snippet';
import { fc } from '../../support/property';

const place = (number: number, text = ''): { readonly place: number; readonly text: string } => ({ place: number, text });

describe('the snippet syntax of LSP', () => {
  test.each([
    ['a place', ['memory: ', place(1)], 'memory: ${1}', 'memory: ‹...›'],
    ['a default', ['curl localhost:', place(1, '8080'), place(2, '/')], 'curl localhost:${1:8080}${2:/}', 'curl localhost:‹8080›‹/›'],
    ['a variable of the file', ['image: ${CLIPBOARD}', place(1)], 'image: \\${CLIPBOARD\\}${1}', 'image: ${CLIPBOARD}‹...›'],
    ['a backslash', ['RUN a \\', place(1, 'b}\\$c')], 'RUN a \\\\${1:b\\}\\\\\\$c}', 'RUN a \\‹b}\\$c›'],
    ['digits behind a place', [place(1), '8'], '${1}8', '‹...›8'],
  ])('%s', (_name, pieces, syntax, preview) => {
    expect(snippetSyntax(pieces)).toBe(syntax);
    expect(snippetPreview(pieces)).toBe(preview);
  });

  test('text without a place comes out as it went in, as editors read it', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'$}{\\a1:|\n') }), text => {
        // an editor takes a backslash off these three, and knows no variable without its dollar
        const syntax = snippetSyntax([text]);
        expect(syntax.replace(/\\([$}\\])/g, '$1')).toBe(text);
        expect(syntax.replace(/\\[$}\\]/g, '')).not.toMatch(/\$/);
      }),
    );
  });
});

describe('edits that write several lines', () => {
  const text = 'a:\n  - name: web\n    image: x\r\n    b: 1';
  const at = (offset: number, ...pieces: SnippetEdit['pieces']): SnippetEdit => ({ range: { start: offset, end: offset }, pieces });
  const web = text.indexOf('web') + 3;

  test('begin where their line does, with what stands there', () => {
    expect(fromLineStarts(text, [at(web, '\n    c:\n      d: ', place(1))])).toEqual([
      { range: { start: 3, end: web }, pieces: ['  - name: web', '\n    c:\n      d: ', place(1)] },
    ]);
    const start = text.indexOf('    b');
    expect(fromLineStarts(text, [at(start, 'x\n')])).toEqual([at(start, 'x\n')]);
    expect(fromLineStarts(text, [at(web, ' # ', place(1))])).toEqual([at(web, ' # ', place(1))]);
  });

  test('two in a line become one, and any of them write the same text', () => {
    expect(fromLineStarts(text, [at(web - 3, '"'), at(web, '"\n    c: 1')])).toEqual([
      { range: { start: web - 3, end: web }, pieces: ['"', 'web', '"\n    c: 1'] },
    ]);
    const piece = fc.constantFrom('a', '\n', '\r\n  b', ' ');
    const edit = fc.tuple(fc.nat(text.length), fc.nat(3), fc.array(piece, { maxLength: 3 }));
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 4 }), drawn => {
        const edits: SnippetEdit[] = [];
        for (const [start, length, pieces] of [...drawn].sort((a, b) => a[0] - b[0])) {
          const end = Math.min(text.length, start + length);
          if (start >= (edits.at(-1)?.range.end ?? 0)) edits.push({ range: { start, end }, pieces });
        }
        const apply = (list: readonly SnippetEdit[]): string =>
          applyEdits(
            text,
            fillSnippets(list, () => ''),
          );
        expect(apply(fromLineStarts(text, edits))).toBe(apply(edits));
      }),
    );
  });
});
