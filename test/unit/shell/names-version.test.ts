import { expect, test } from 'vitest';
import { namesVersion } from '../../../shared/src/syntax/shell/downloads';

test.each<[address: string, names: boolean]>([
  ['https://example.com/tool-1.2.tar.gz', true],
  ['https://example.com/v3/tool-linux-x86_64.tar.gz', false],
  ['https://example.com/archive/3f2b9c1d/tool.zip', true],
  ['https://example.com/tool-$TOOL_VERSION.zip', true],
  ['https://files10.example.com:8443/releases/latest/download/tool.tar.gz', false],
  ['https://example.com/tool/tarball/master', false],
])('%s names a version: %s', (address, names) => expect(namesVersion(address)).toBe(names));
