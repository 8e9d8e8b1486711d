import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { joined, masked, maskedJson, plain, trusted, type MaskedText } from '../../../shared/src/output/report/masked-text';
import type { Output } from '../../../server/src/cli/output';
import type { Say } from '../../../server/src/lsp/say';

describe('masked text', () => {
  test('a plain string is none, whoever prints', () => {
    const text: string = 'from a file';
    expectTypeOf(text).not.toExtend<MaskedText>();
    expectTypeOf<Parameters<Output['print']>[0]>().toEqualTypeOf<MaskedText>();
    expectTypeOf<Parameters<Output['say']>[0]>().toEqualTypeOf<MaskedText>();
    expectTypeOf<ReturnType<Say>>().toEqualTypeOf<MaskedText>();
    // @ts-expect-error -- a computed string is no literal
    plain(text);
    // @ts-expect-error -- nor does it fill a template
    void masked`${text}`;
    // @ts-expect-error -- nor is it joined
    joined([text], '');
    // @ts-expect-error -- nor does it stand anywhere in JSON
    maskedJson({ a: [{ b: text }] });
    // @ts-expect-error -- nor what nobody knows
    maskedJson({ a: text as unknown });
  });

  test('literals, numbers and masked texts make masked texts', () => {
    expect(masked`${trusted('a')}: ${1}\n`).toBe('a: 1\n');
    expect(joined([plain('a'), plain('b')], ', ')).toBe('a, b');
    expect(JSON.parse(maskedJson({ a: plain('x'), b: [1, true, null], c: { d: plain('y') } }))).toEqual({
      a: 'x',
      b: [1, true, null],
      c: { d: 'y' },
    });
  });
});

/** Who may go around the gate, and why: `trusted` is for what comes from no file, `fileBytes` for what is of no use without the bytes of one. */
const keepsBytes = [
  'server/src/cli/convert.ts',
  'server/src/cli/diff.ts',
  'server/src/cli/harden.ts',
  'server/src/features/convert.ts',
  'server/src/features/write-policy.ts',
  'shared/src/services/convert/json.ts',
];

test('the bytes of a file go out unmasked as a diff, as hardened text and as what is written of it, and only there', () => {
  const root = path.resolve(import.meta.dirname, '../../..');
  const sources = ['shared/src', 'shared/host', 'server/src'].flatMap(folder =>
    fs
      .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .map(name => `${folder}/${name.split(path.sep).join('/')}`)
      .filter(name => name.endsWith('.ts') && !name.endsWith('/report/masked-text.ts')),
  );
  const using = (word: string): string[] => sources.filter(name => fs.readFileSync(path.join(root, name), 'utf8').includes(word)).sort();
  expect(using('fileBytes(')).toEqual(keepsBytes);
  // the brand is put on by the gate, the frame that shows what the gate masked, and the module of the type
  expect(using('as MaskedText')).toEqual(['shared/src/output/report/frame.ts', 'shared/src/output/report/gate.ts']);
});
