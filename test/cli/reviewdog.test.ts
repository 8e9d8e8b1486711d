import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { bulkhead, folder, privilegedPod, today } from './cli';

/** What reviewdog understands of the formats that are made for it. `BULKHEAD_REVIEWDOG` names its program (v0.20 or newer). */

const reviewdog = process.env['BULKHEAD_REVIEWDOG'];
if (reviewdog === undefined) console.log('skipped: reviewdog: BULKHEAD_REVIEWDOG names no program');

interface Rdjson {
  readonly source?: unknown;
  readonly diagnostics: readonly {
    readonly location: { readonly path: string; readonly range: object };
    readonly source?: unknown;
    readonly suggestions?: readonly { readonly range: object; readonly text?: string }[];
  }[];
}

describe.skipIf(reviewdog === undefined)('reviewdog', () => {
  const { path: cwd } = folder({
    Dockerfile: 'FROM node:20\r\n# 🚢 é\r\nRUN echo "é𐐀" && sudo apk add x && sudo ls\r\nADD a.txt /srv/\r\n',
    'a b/ü&.yaml': privilegedPod,
  });
  execFileSync('git', ['init', '-q'], { cwd });
  /** What reviewdog has read of a report, as it says it itself. */
  const readBack = (input: string, format: string): Rdjson =>
    JSON.parse(
      execFileSync(reviewdog!, [`-f=${format}`, '-reporter=rdjson', '-filter-mode=nofilter'], { cwd, input, encoding: 'utf8' }),
    ) as Rdjson;
  const lint = (format: string): string => bulkhead(['lint', ...today, '--format', format], { cwd }).stdout;
  /** A diagnostic as text, to compare lists of them whatever their order. */
  const sorted = (items: readonly object[]): string[] => items.map(item => JSON.stringify(item)).sort();

  test('rdjson: reads every finding and every suggestion as it is meant', () => {
    const written = lint('rdjson');
    const ours = JSON.parse(written) as Rdjson;
    const theirs = readBack(written, 'rdjson');
    // an empty text is left out when reviewdog writes it
    const normal = ({ diagnostics }: Rdjson): string[] =>
      sorted(
        diagnostics.map(({ source: _, suggestions = [], ...rest }) => ({
          ...Object.fromEntries(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))),
          suggestions: suggestions.map(({ range, text }) => ({ range, text: text ?? '' })),
        })),
      );
    expect(ours.diagnostics.length).toBeGreaterThan(10);
    expect(ours.diagnostics.some(({ suggestions }) => suggestions !== undefined)).toBe(true);
    expect(normal(theirs)).toEqual(normal(ours));
    expect(new Set(theirs.diagnostics.map(({ source }) => JSON.stringify(source)))).toEqual(new Set([JSON.stringify(ours.source)]));
  });

  test('sarif: the same lines', () => {
    const lines = ({ diagnostics }: Rdjson): string[] =>
      sorted(diagnostics.map(({ location: { path, range } }) => ({ path, line: (range as { start: { line: number } }).start.line })));
    expect(lines(readBack(lint('sarif'), 'sarif'))).toEqual(lines(JSON.parse(lint('rdjson')) as Rdjson));
  });
});
