import { joined, masked, type MaskedText } from '../../../shared/src/early';
import { maskAlone } from '../../../shared/src/index';
import type { PinFilesResult } from '../../../shared/src/output/protocol/registry';
import type { Say } from '../lsp/say';

/** What came of pinning, as one line: what was done, and why something was not looked up, in the registry's or network's own words. */
export function pinSummary({ pinned, files, current, left }: Omit<PinFilesResult, 'summary'>, say: Say): MaskedText {
  const failed = left.filter(image => image.failed);
  const others = left.length - failed.length;
  const done = [
    ...(pinned === 1 ? [say('pinnedOne')] : []),
    ...(pinned > 1 ? [files === 1 ? say('pinnedMany', { count: pinned }) : say('pinnedIn', { count: pinned, files })] : []),
    ...(current > 0 ? [say('pinnedAlready', { count: current })] : []),
    ...(others > 0 ? [say('pinLeft', { count: others })] : []),
  ];
  const [first] = failed;
  if (!first) return done.length === 0 ? say('pinNothing') : joined(done, ', ');
  const data = { count: failed.length, image: maskAlone(first.image), reason: maskAlone(first.reason) };
  const why =
    failed.length === 1
      ? say('pinFailedOne', data)
      : failed.every(one => one.reason === first.reason)
        ? say('pinFailedAll', data)
        : say('pinFailedMany', data);
  return done.length === 0 ? why : masked`${why}; ${joined(done, ', ')}`;
}
