import { describe, expect, test } from 'vitest';
import { placeOf } from '../../../server/src/features/agent-host';
import { createFolders } from '../../../server/src/session/folders';

const one = { folders: createFolders(['file:///ws/shop']) };
const two = { folders: createFolders(['file:///ws/shop', 'file:///ws/other']) };
const windows = { folders: createFolders(['file:///c%3A/ws']) };
const remote = { folders: createFolders(['vscode-vfs://github/acme/shop']) };
const none = { folders: createFolders([]) };

describe('the place that a path of a call names', () => {
  test.each([
    [one, '/ws/shop/Dockerfile', 'file:///ws/shop/Dockerfile'],
    [one, 'file:///ws/shop/a%20b/Dockerfile', 'file:///ws/shop/a%20b/Dockerfile'],
    [one, 'deploy/web.yaml', 'file:///ws/shop/deploy/web.yaml'],
    // decoded once
    [one, 'file:///ws/shop/%252e%252e/x', 'file:///ws/shop/%252e%252e/x'],
    [one, '/ws/shop/%2e%2e/x', 'file:///ws/shop/%252e%252e/x'],
    [two, '/ws/other/Dockerfile', 'file:///ws/other/Dockerfile'],
    [windows, 'C:\\ws\\deploy\\web.yaml', 'file:///c%3A/ws/deploy/web.yaml'],
    [windows, 'c:/ws/web.yaml', 'file:///c%3A/ws/web.yaml'],
    [remote, 'vscode-vfs://github/acme/shop/Dockerfile', 'vscode-vfs://github/acme/shop/Dockerfile'],
    [remote, '/acme/shop/Dockerfile', 'vscode-vfs://github/acme/shop/Dockerfile'],
  ])('%#: %s', (context, path, uri) => expect(placeOf(context, path)).toEqual({ uri }));

  const outside = 'is outside of the folders of the workspace';
  test.each([
    [one, '/etc/passwd', outside],
    [one, '/ws/shop-2/Dockerfile', outside],
    [one, '/ws/shop/../other/Dockerfile', outside],
    // even where it leads back
    [one, '/ws/shop/../shop/Dockerfile', outside],
    [one, '../shop/Dockerfile', outside],
    [one, 'a\\..\\..\\Dockerfile', outside],
    [one, 'file:///ws/shop/%2e%2e/x', outside],
    [one, 'file:///ws/shop/..%2fx', outside],
    [one, 'file://host/ws/shop/Dockerfile', outside],
    [one, 'git:/ws/shop/Dockerfile', outside],
    [one, 'https://example.com/ws/shop/Dockerfile', outside],
    [one, 'untitled:Dockerfile', outside],
    [windows, 'D:\\ws\\web.yaml', outside],
    [one, '/ws/shop/a\0b', 'is not the path of a file'],
    [one, 'file:///ws/shop/a%00b', 'is not the path of a file'],
    [two, 'Dockerfile', 'is not absolute, and the workspace has several folders'],
    [none, '/ws/shop/Dockerfile', 'is in no folder of the workspace: none is open'],
  ])('%#: %j is refused', (context, path, reason) => expect(placeOf(context, path)).toBe(reason));
});
