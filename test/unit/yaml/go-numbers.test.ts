import { expect, it } from 'vitest';
import { parseDocument } from '../../../shared/src/syntax/yaml/parse';
import { booleanOf, mapOf, numberOf } from '../../../shared/src/syntax/yaml/values';

const valueOf = (text: string) => mapOf(parseDocument(`a: ${text}\n`).root)?.get('a');

// As Go's decoder of YAML reads them for Kubernetes.

it.each<[text: string, value: number | null]>([
  ['0', 0],
  ['-0', -0],
  ['+1', 1],
  ['010', 8],
  ['0o10', 8],
  ['0x10', 16],
  ['0b10', 2],
  ['-0b1', -1],
  ['0_0', 0],
  ['1_000', 1000],
  ['1.5', 1.5],
  ['1e3', 1000],
  ['08', 8],
  ['"0"', null],
  ['!!str 0', null],
  ['!!int "7"', 7],
  ['0:0', null],
  ['a', null],
  ['1_', 1],
])('the number %s is %d', (text, value) => expect(numberOf(valueOf(text))).toBe(value));

it.each<[text: string, value: boolean | null]>([
  ...['true', 'True', 'TRUE', 'y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', '!!bool yes', '!!bool "true"'].map(
    word => [word, true] as [string, boolean],
  ),
  ...['false', 'n', 'N', 'no', 'NO', 'off', 'Off', '!!bool no'].map(word => [word, false] as [string, boolean]),
  ...['yEs', '"yes"', "'on'", '!!str yes', '1', '~', 'yes please'].map(word => [word, null] as [string, null]),
])('%s is %s', (text, value) => expect(booleanOf(valueOf(text))).toBe(value));
