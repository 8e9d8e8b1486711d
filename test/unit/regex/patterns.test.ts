import * as fs from 'node:fs';
import * as path from 'node:path';
import { fc } from '../../support/property';
import { describe, expect, it } from 'vitest';
import { prove } from '../../../tools/regex/ambiguity';
import { patternsIn, type FoundPattern } from '../../../tools/regex/patterns';
import { countSteps } from './backtrack';

/** No regular expression of the product backtracks more than so many steps for each character of a text. See CONTRIBUTING.md. */

const root = path.resolve(import.meta.dirname, '../../..');

const files = ['shared/src', 'shared/host', 'server/src', 'client/src'].flatMap(folder =>
  fs
    .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => `${folder}/${name.split(path.sep).join('/')}`),
);
const patterns = files.flatMap(file => patternsIn(file, fs.readFileSync(path.join(root, file), 'utf8')));
const place = ({ file, line }: FoundPattern): string => `${file}:${line}`;

describe('regular expressions of the product', () => {
  it('are linear, provably', () => {
    expect(patterns.length).toBeGreaterThan(800);
    const verdicts = new Map<string, string | null>();
    const slow = patterns.flatMap(found => {
      if (!found.pattern) return [];
      const { source, flags } = found.pattern;
      const key = `/${source}/${flags}`;
      if (!verdicts.has(key)) {
        const proof = prove(source, flags);
        verdicts.set(key, proof.linear ? null : proof.why);
      }
      const why = verdicts.get(key);
      return why == null ? [] : [`${place(found)} ${key} ${why}`];
    });
    expect(slow).toEqual([]);
  });

  it('say what they are like where they are made at run time', () => {
    expect(patterns.filter(({ pattern, composed }) => !pattern && !composed).map(place)).toEqual([]);
  });
});

describe('finding regular expressions', () => {
  const found = (text: string): unknown => patternsIn('a.ts', text).map(({ pattern, composed }) => pattern ?? composed);

  it.each([
    ['const a = /a\\/[/]b/gi;', [{ source: 'a\\/[/]b', flags: 'gi' }]],
    ["x.replace(/a/, '').split(/b/)", [{ source: 'a', flags: '' }, { source: 'b', flags: '' }]], // prettier-ignore
    ["new RegExp('a+', 'g')", [{ source: 'a+', flags: 'g' }]],
    ["RegExp('a+')", [{ source: 'a+', flags: '' }]],
    ["text.match('a+')", [{ source: 'a+', flags: '' }]],
    ['new RegExp(name)', [false]],
    ['// regex: like /\\bNAME=/g: of letters\nnew RegExp(name)', [{ source: '\\bNAME=', flags: 'g' }]],
    ['new RegExp(name) // regex: like /a/', [{ source: 'a', flags: '' }]],
    ['// regex: made of those above\nnew RegExp(a + b)', [true]],
    ['// regex: whatever\nnew RegExp(a + b)', [false]],
    ['const a = b / c / d; // /e/', []],
  ])('%s', (text, expected) => expect(found(text)).toEqual(expected));
});

describe('what is proven linear', () => {
  it.each([
    ['^a+$', '', 1],
    ['a+', '', 1],
    ['a+b', '', null],
    ['/+$', '', null],
    ['\\s+$', '', null],
    ['\\s+', 'g', 1],
    ['@.*$', '', null],
    ['@.*', '', 1],
    ['^a*a*$', '', null],
    ['^a*ba*$', '', 1],
    ['^\\d+\\.?\\d*$', '', null],
    ['^\\d+(?:\\.\\d*)?$', '', 1],
    ['^(?:a+)+$', '', null],
    ['^(?:a|a)*$', '', null],
    ['^(?:a*)*$', '', null],
    ['^(?:a?){20}$', '', null],
    ['^s(#)(?:\\\\.|(?!\\1).)*\\1', '', null],
    ['^(?:\\\\.|[^\\\\])*$', '', 1],
    ['^(?:-\\S+ )*x', '', 1],
    ['^(?:--?\\S+ )*x', '', null],
    ['\\[[^\\]]*\\]', '', null],
    ['\\[[^[\\]]*\\]', '', 1],
    ['^[ \\t]*#', 'm', 1],
    ['^\\s*#', 'm', null],
    ['key[\\w-]{0,80}=', '', 80],
    ['key[\\w-]{0,800}=', '', null],
    ['key[\\w-]{0,80} {0,9}=', '', 80],
    ['key[\\w-]{0,80}[a-z]{0,80}=', '', null],
    ['a.*b', 'y', 1],
    ['a.*.*b', 'y', null],
    ['^(?=.*a)b', '', 1],
    ['(?=.*a)b', '', null],
    ['(?<=a{0,9})b', '', 10],
    ['(?<=a*)b', '', null],
    ['(?:ab)+c', '', null],
    ['K+k+1', 'i', null],
    ['(?:^|,)a+,b', '', 1],
  ])('/%s/%s: %s', (source, flags, factor) => {
    const proof = prove(source, flags);
    expect(proof.linear ? proof.factor : null).toBe(factor);
  });

  it.each([
    ['^\\d+\\.?[0-9]*$', 'can share a text: the loops of \\d, [0-9]'],
    ['/+$', 'can share a text: the loops of the search, /'],
    ['^(?:--?\\S+ )*x', 'can read a text in two ways: the loop of - - \\S  '],
    ['key[a-z]{0,800}=', 'takes 800 steps for each character'],
    ['(a)\\1', 'Backreference'],
  ])('/%s/ %s', (source, why) => expect(prove(source, '')).toEqual({ linear: false, why }));

  const piece = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.constantFrom('a', 'b', '[ab]', '.', '\\w', '[^a]', '\\n'), fc.constantFrom('', '', '*', '+', '?', '*?', '{0,3}', '{2}')).map(parts => parts.join('')) }, // prettier-ignore
    { weight: 1, arbitrary: fc.constantFrom('\\b', '^', '$', '(?=a*b)', '(?!b)') },
  );
  const sequence = fc.array(piece, { maxLength: 4 }).map(pieces => pieces.join(''));
  const group = fc.tuple(fc.array(sequence, { minLength: 1, maxLength: 2 }), fc.constantFrom('', '*', '+', '?')).map(([all, times]) => `(?:${all.join('|')})${times}`); // prettier-ignore
  const pattern = fc.tuple(fc.constantFrom('', '^'), fc.array(fc.oneof(sequence, group), { minLength: 1, maxLength: 3 }), fc.constantFrom('', '$')).map(([start, parts, end]) => start + parts.join('') + end); // prettier-ignore
  const attack = fc.tuple(fc.constantFrom('', 'a', 'b', '\n'), fc.constantFrom('a', 'b', ' ', '\n', 'ab', 'aab', 'a\nb', '\na'), fc.constantFrom('', ' ', '!')); // prettier-ignore

  it('a plain matcher takes no more than so many times the steps for twice the text', () => {
    fc.assert(
      fc.property(pattern, fc.constantFrom('', 'm', 's'), fc.array(attack, { minLength: 6, maxLength: 6 }), (source, flags, attacks) => {
        fc.pre(prove(source, flags).linear);
        for (const [before, again, behind] of attacks) {
          const [once, twice] = [30, 60].map(n => countSteps(source, flags, before + again.repeat(n) + behind, 40_000)) as [number, number];
          if (twice > 3000) expect(twice).toBeLessThan(3 * once);
        }
      }),
      { numRuns: 60 },
    );
  });
});
