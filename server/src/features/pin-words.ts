import { joined, masked, plain, trusted, type MaskedText } from '../../../shared/src/early';
import type { PinFilesResult } from '../../../shared/src/output/protocol/registry';
import type { Say } from '../lsp/say';

/** What came of pinning, as one line: what was done, and why something was not looked up, in the registry's or network's own words. Images and reasons are masked. */
export function pinSummary({ pinned, files, current, left }: Omit<PinFilesResult, 'summary'>, say: Say): MaskedText {
  const failed = left.filter(image => image.failed);
  const others = left.length - failed.length;
  const parts: MaskedText[] = [];
  if (pinned === 1) parts.push(say('pinnedOne'));
  else if (pinned > 0) parts.push(say(files === 1 ? 'pinnedHere' : 'pinnedMany', { count: pinned, files }));
  if (current > 0) parts.push(say('pinnedAlready', { count: current }));
  if (others > 0) parts.push(say('leftToYou', { count: others }));
  const done = joined(parts, ', ');
  const [first] = failed;
  if (!first) return parts.length === 0 ? say('nothingToPin') : done;
  const data = { image: trusted(first.image), reason: trusted(first.reason), count: failed.length };
  const why =
    failed.length === 1
      ? say('notPinned', data)
      : say(failed.every(({ reason }) => reason === first.reason) ? 'notPinnedMany' : 'notPinnedSuchAs', data);
  return parts.length === 0 ? why : masked`${why}${plain('; ')}${done}`;
}
