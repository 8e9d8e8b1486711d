import { describe, expect, test } from 'vitest';
import { peerFixes } from '../../tools/accuracy/fixes';
import { hasCorpus, noCorpus } from '../../tools/corpus-folder';

describe.each(['polaris', 'kubeaudit'] as const)('the fixes of %s', peer => {
  if (!hasCorpus) {
    test.skip(noCorpus, () => undefined);
    return;
  }
  test('ours reach their outcome and change fewer lines', () => {
    const { fixes, others } = peerFixes(peer);
    const reached = fixes.filter(({ missed }) => missed.length === 0).length;
    const lines = fixes.flatMap(fix => fix.lines ?? []);
    const [ours, theirs] = [lines.reduce((sum, each) => sum + each.ours, 0), lines.reduce((sum, each) => sum + each.theirs, 0)];
    console.log(
      `${peer}: ${reached} of ${fixes.length} outcomes reached (${others} pairs are no matter of security, or left on purpose); where lines compare, ${ours} changed instead of ${theirs}`,
    );
    expect(fixes.length).toBeGreaterThan(0);
    expect(fixes.filter(({ missed }) => missed.length > 0)).toEqual([]);
    expect(fixes.filter(fix => fix.lines && fix.lines.ours >= fix.lines.theirs)).toEqual([]);
  });
});
