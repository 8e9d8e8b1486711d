import { describe, expect, it } from 'vitest';
import { coveredRange, nodeAt } from '../../../shared/src/syntax/yaml/lookup';
import { mapOf } from '../../../shared/src/syntax/yaml/values';
import { parseDocument, parseStream } from '../../../shared/src/syntax/yaml/parse';
import { renderYaml } from '../../../shared/src/syntax/yaml/fix/render/render-yaml';
import { expectLinear } from '../../support/growth';

const many = 20_000;

/** Text by size: what broke parsers, or might. */
const hostile: Readonly<Record<string, (size: number) => string>> = {
  'nested [': size => '['.repeat(size),
  'nested {': size => ' {'.repeat(size),
  'nested [{': size => '[{a: '.repeat(size / 2),
  'nested dashes': size => '- '.repeat(size),
  'nested ?': size => '? '.repeat(size),
  'nested keys on one line': size => 'a: '.repeat(size),
  'nested keys': size => Array.from({ length: size / 20 }, (_, i) => ' '.repeat(i) + 'a:\n').join(''),
  'many keys': size => Array.from({ length: size }, (_, i) => `k${i}: v\n`).join(''),
  'many flow keys': size => `{${Array.from({ length: size }, (_, i) => `k${i}: v`).join(', ')}}`,
  'one key many times': size => 'k: v\n'.repeat(size),
  'a long line': size => `a: ${'x y '.repeat(size * 2)}\n`,
  'a long quoted line': size => `a: "${'x \\n'.repeat(size * 2)}"\n`,
  'a long plain scalar': size => `a: x\n${'  y z\n'.repeat(size)}`,
  'a long literal': size => `a: |\n${'  y z\n'.repeat(size)}`,
  'blank lines': size => `a: |\n${'\n'.repeat(size)}  x\n`,
  blanks: size => `a:${' '.repeat(size * 5)}# x\n`,
  comments: size => `${'# x\n'.repeat(size)}a: 1\n`,
  'an alias bomb': size =>
    `a: &a [x]\n${Array.from(
      { length: size / 200 },
      (_, i) =>
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i ? i - 1 : ''}`)
          .join(',')}]\n`,
    ).join('')}`,
  'a bomb of merge keys': size =>
    `a: &a {x: 1}\n${Array.from(
      { length: size / 200 },
      (_, i) =>
        `a${i}: &a${i}\n  <<: [${Array(10)
          .fill(`*a${i ? i - 1 : ''}`)
          .join(',')}]\n`,
    ).join('')}`,
  'many aliases': size => `a: &a x\nb: [${'*a,'.repeat(size)}]\n`,
  'many anchors': size => Array.from({ length: size }, (_, i) => `k${i}: &a${i} v\n`).join(''),
  binary: size => Array.from({ length: size }, (_, i) => String.fromCharCode((i * 7919) % 256)).join(''),
  'binary without NUL': size => Array.from({ length: size }, (_, i) => String.fromCharCode(((i * i * 31 + i * 7) % 255) + 1)).join(''),
  'UTF-16 read as UTF-8': size => Array.from({ length: size }, () => '\uFFFDa\0').join(''),
  'lone surrogates': size => `a: ${'\ud800'.repeat(size)}\n`,
  'open actions': size => 'a: {{ "\n'.repeat(size / 2),
  actions: size => 'a: {{ .x }}\n{{- if }}\n'.repeat(size / 4),
  'actions on one line': size => '{{ x }}'.repeat(size),
  braces: size => '{{'.repeat(size),
  documents: size => '---\na: b\n'.repeat(size / 2),
  'end marks': size => '...\n'.repeat(size),
  directives: size => '%a\n'.repeat(size / 2),
  'directives and documents': size => '%a\n---\na: b\n...\n'.repeat(size / 10),
  tabs: size => '\t\n'.repeat(size),
  quotes: size => '"\n'.repeat(size / 2),
  brackets: size => ']\n'.repeat(size / 4),
  'unclosed flow': size => 'a: [b\n'.repeat(size / 4),
  commas: size => `[${','.repeat(size / 4)}]`,
  'anchors alone': size => '&a '.repeat(size / 4),
  'tags alone': size => '! '.repeat(size / 4),
  'carriage returns': size => 'a: b\r'.repeat(size),
};

describe('hostile text', () => {
  it.each(Object.entries(hostile))('%s: no throw, and linear time', (name, make) => {
    const run = (text: string): void => {
      for (const { document } of parseStream(text, new Map())) {
        expect(document.text.length).toBeLessThanOrEqual(text.length);
        nodeAt(document, ['a', 0, 'x', 'y']);
        mapOf(document.root)?.get('absent');
        coveredRange(document, 1);
        renderYaml(document, [{ type: 'yaml.set', path: ['new', 'key'], value: 1 }]);
      }
    };
    expectLinear(name, make, run, many);
  });

  it.each(['nested [', 'nested dashes', 'nested ?', 'nested keys on one line', 'nested keys'])('%s: one problem', name => {
    expect(parseDocument(hostile[name]!(many)).problems).toMatchObject([{ code: 'TOO_DEEP' }]);
  });

  it('lets real files nest', () => {
    const text = Array.from({ length: 150 }, (_, i) => `${' '.repeat(i)}a:\n`).join('');
    expect(parseDocument(text).problems).toEqual([]);
  });
});

const fixture = `\uFEFF# head
--- # é
a: &x
  b: "q\\t" # 😀
  c: 'it''s'
list:
- - 1
  - {x: [1, "y", *x], z: }
- ? k
  : |+
    text

merge:
  <<: *x
  d: >-
    one
    two
...
---
t: {{ .Values.t | quote }}
{{- if .Values.u }}
u: "{{ .Values.u }}"
{{- end }}
`;

describe('a text cut anywhere', () => {
  it.each([
    ['with LF', fixture],
    ['with CRLF', fixture.replaceAll('\n', '\r\n')],
  ])('%s: never throws', (_, text) => {
    for (let end = 0; end <= text.length; end++) {
      for (const part of [text.slice(0, end), text.slice(end), text.slice(end, end + 40)]) {
        for (const { document, base } of parseStream(part, new Map())) {
          expect(base + document.text.length).toBeLessThanOrEqual(part.length);
          for (const { range } of [...document.comments, ...document.problems]) {
            expect(range.start).toBeLessThanOrEqual(range.end);
            expect(range.end).toBeLessThanOrEqual(document.text.length);
          }
          renderYaml(document, [
            { type: 'yaml.set', path: ['a', 'b'], value: 'x' },
            { type: 'yaml.append', path: ['list'], value: 1 },
            { type: 'yaml.remove', path: ['merge', 'd'], prune: true },
          ]);
        }
      }
    }
  });
});

it('what the library objects to has no stack: fifty thousand of them cost twenty times the parse', () => {
  const usual = Error.stackTraceLimit;
  const limits: number[] = [];
  Object.defineProperty(Error, 'stackTraceLimit', {
    configurable: true,
    get: () => usual,
    set: (limit: number) => void limits.push(limit),
  });
  try {
    parseDocument('a: &b ${${${');
  } finally {
    Object.defineProperty(Error, 'stackTraceLimit', { configurable: true, writable: true, value: usual });
  }
  // and those of others keep theirs
  expect(limits).toEqual([0, usual]);
});
