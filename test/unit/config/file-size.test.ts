import { expect, it } from 'vitest';
import { effectiveConfig } from '../../../shared/src/engine/config/effective';
import { parseFileSize } from '../../../shared/src/engine/config/file-size';
import { parseConfig } from '../../../shared/src/engine/config/parse';
import { rules } from '../../../shared/src/families/generated/index';

it.each<[string, number | null]>([
  ['1', 1],
  ['4Mi', 4 << 20],
  ['512Ki', 512 << 10],
  ['2m', 2 << 20],
  ['64MiB', 64 << 20],
  ['65Mi', null],
  ['0', null],
  ['1Gi', null],
  ['-1', null],
  ['1.5Mi', null],
  ['', null],
  [' 1', null],
])('the size %j is %j', (text, size) => expect(parseFileSize(text)).toBe(size));

it('counts in overrides, and gives way to the command line', () => {
  const { config } = parseConfig('maxFileSize: 8Mi\noverrides:\n  - files: big/**\n    maxFileSize: 33554432\n', rules);
  const sizeOf = (path: string, overrides = {}): unknown => {
    const effective = effectiveConfig(config, path, overrides);
    return effective === 'excluded' ? null : effective.maxFileSize;
  };
  expect([sizeOf('a.yaml'), sizeOf('big/a.yaml'), sizeOf('big/a.yaml', { maxFileSize: 5 })]).toEqual([8 << 20, 32 << 20, 5]);
  expect(effectiveConfig(null, 'a.yaml')).not.toHaveProperty('maxFileSize');
});
