import { expect, test } from 'vitest';
import { pinSummary } from '../../../server/src/features/pin-summary';
import { createSay } from '../../../server/src/lsp/say';
import type { PinFilesResult, UnpinnedImage } from '../../../shared/src/output/protocol/registry';

const offline = 'registry-1.docker.io: no such host';
const lost = (image: string, reason = offline): UnpinnedImage => ({ uri: 'a', image, reasonId: 'unreachable', reason, failed: true });
const refused: UnpinnedImage = { uri: 'a', image: '${X}', reasonId: 'variable', reason: 'it is built from variables', failed: false };

test.each<[Partial<PinFilesResult>, string]>([
  [{}, 'No image to pin'],
  [{ pinned: 1, files: 1 }, '1 image pinned'],
  [{ pinned: 2, files: 1 }, '2 images pinned'],
  [{ pinned: 3, files: 2, current: 1, left: [refused] }, '3 images pinned in 2 files, 1 already pinned, 1 left to you'],
  // offline, the reason is what a person needs
  [{ left: [lost('node:24')] }, `node:24 was not pinned: ${offline}`],
  [{ left: [lost('node:24'), lost('redis:8')] }, `2 images were not pinned: ${offline}`],
  [{ left: [lost('node:24'), lost('redis:8', 'denied'), refused] }, `2 images were not pinned, such as node:24: ${offline}; 1 left to you`],
  [{ pinned: 1, files: 1, left: [lost('node:24')] }, `node:24 was not pinned: ${offline}; 1 image pinned`],
])('%o: %s', (result, line) => {
  expect(pinSummary({ pinned: 0, files: 0, current: 0, applied: true, cancelled: false, left: [], ...result }, createSay())).toBe(line);
});
