import type * as vscode from 'vscode';
import type { PinFilesResult } from '../../shared/src/output/protocol/registry';

/** The editor's translation. */
type L10n = Pick<typeof vscode.l10n, 't'>;

/** What came of pinning, as one line: what was done, and why something was not looked up, in the registry's or network's own words. */
export function pinSummary({ pinned, files, current, left }: PinFilesResult, l10n: L10n): string {
  const failed = left.filter(image => image.failed);
  const others = left.length - failed.length;
  const done = [
    ...(pinned > 0
      ? [
          pinned === 1
            ? l10n.t('1 image pinned')
            : files === 1
              ? l10n.t('{0} images pinned', pinned)
              : l10n.t('{0} images pinned in {1} files', pinned, files),
        ]
      : []),
    ...(current > 0 ? [l10n.t('{0} already pinned', current)] : []),
    ...(others > 0 ? [l10n.t('{0} left to you', others)] : []),
  ].join(', ');
  const [first] = failed;
  if (!first) return done === '' ? l10n.t('No image to pin') : done;
  const { image, reason } = first;
  const why =
    failed.length === 1
      ? l10n.t('{0} was not pinned: {1}', image, reason)
      : failed.every(one => one.reason === reason)
        ? l10n.t('{0} images were not pinned: {1}', failed.length, reason)
        : l10n.t('{0} images were not pinned, such as {1}: {2}', failed.length, image, reason);
  return done === '' ? why : `${why}; ${done}`;
}
