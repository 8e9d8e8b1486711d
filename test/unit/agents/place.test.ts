import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { placeBelow } from '../../../server/src/cli/mcp/place';

const root = resolve('/work/shop');
const inside = (below: string): object => ({ absolute: join(root, below) });
const outside = { reason: 'is outside of the root of this server' };
const noPath = { reason: 'is not a path of a file' };

/** Nothing is read here: links, devices and what is not there are in test/cli/mcp.test.ts. */
describe('the place that a path of a call names', () => {
  test.each<[string, string, object]>([
    ['a file', 'Dockerfile', inside('Dockerfile')],
    ['one in a folder', './deploy//web.yaml', inside('deploy/web.yaml')],
    ['the root', '.', inside('')],
    ['an absolute path', join(root, 'Dockerfile'), inside('Dockerfile')],
    ['a URI', pathToFileURL(join(root, 'a b/Dockerfile')).href, inside('a b/Dockerfile')],
    ['a name with dots', '..Dockerfile/...', inside('..Dockerfile/...')],
    ['a name with a colon', 'web:1.yaml', inside('web:1.yaml')],
    ['what looks encoded is a name', '%2e%2e/Dockerfile', inside('%2e%2e/Dockerfile')],
    ['a glob is a name', '**/*.yaml', inside('**/*.yaml')],
    ['the folder around', '..', outside],
    ['a way out', '../etc/passwd', outside],
    ['a way out and back', '../shop/Dockerfile', outside],
    ['a way around inside', 'deploy/../Dockerfile', outside],
    ['a way out with backslashes', 'deploy\\..\\..\\x', outside],
    ['an absolute path elsewhere', '/etc/passwd', outside],
    ['a folder with the same beginning', `${root}-other/Dockerfile`, outside],
    ['a device', '/dev/stdin', outside],
    ['a stream of the shell', '/proc/self/fd/0', outside],
    ['a URI elsewhere', 'file:///etc/passwd', outside],
    ['a URI that leads out', `${pathToFileURL(root).href}/%2e%2e/x`, outside],
    ['a URI that is encoded twice', `${pathToFileURL(root).href}/%252e%252e/x`, inside('%2e%2e/x')],
    ['a URI with an encoded slash', `${pathToFileURL(root).href}/a%2f..%2f..%2fx`, noPath],
    ['a URI of another machine', 'file://example.com/etc/passwd', noPath],
    ['another scheme', 'https://example.com/Dockerfile', noPath],
    ['an editor', 'untitled://x', noPath],
    ['nothing', '', noPath],
    ['a byte that ends names', 'Dockerfile\0.yaml', noPath],
  ])('%s: %j', (_, path, expected) => {
    expect(placeBelow(root, path)).toEqual(expected);
  });
});
