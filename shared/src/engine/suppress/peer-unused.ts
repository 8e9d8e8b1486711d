import type { Part } from '../../families/family/part';
import { engineFinding, type RawFinding } from '../../rule/finding/engine-finding';
import { baseName } from '../../workspace/source/names';
import type { Range } from '../../base/text/range';
import type { PeerSettingFact } from '../../workspace/unkeyed-facts';
import { mayBePeers, parsePeerComment } from './peer-directives';
import type { PeerIds } from './peer-ids';

/** The text with blanks where its comments stand. */
function withoutComments({ text, comments }: Part): string {
  let code = '';
  for (const { range } of comments) code += text.slice(code.length, range.start) + ' '.repeat(range.end - range.start);
  return code + text.slice(code.length);
}

/** Finds the step that holds an offset. */
function stepFinder(steps: readonly Range[]): (offset: number) => Range | null {
  return offset => {
    let [low, high] = [0, steps.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (steps[middle]!.end < offset) low = middle + 1;
      else high = middle;
    }
    const found = steps[low];
    return found && found.start <= offset ? found : null;
  };
}

/** What is known of the suppressions for other tools once all findings of a file have been asked for. */
interface PeerUse {
  readonly path: string;
  readonly settings: readonly PeerSettingFact[];
  readonly peers: PeerIds;
  /** Where those stand that have suppressed something, and its rule, divided by a blank. */
  readonly heeded: ReadonlySet<string>;
}

/**
 * Suppressions for other tools in a file that says what they look for, in it or about it in their configuration, with which those tools can do nothing: what they are about does not stand
 * where they speak of. What only may be unused is not told: it may serve the tool that it was written for.
 */
export function unusedPeers(
  parts: readonly Part[],
  { path, settings, peers, heeded }: PeerUse,
): readonly { readonly part: Part; readonly finding: RawFinding }[] {
  const [part, other] = parts;
  if (!part?.peerChecks || other) return [];
  const { text, peerChecks } = part;
  const found: RawFinding[] = [];
  const report = (message: string, data: Readonly<Record<string, string | number>>, range: Range): void => {
    found.push(engineFinding('bulkhead/unused-suppression', message, data, { severity: 'info', range }));
  };
  const comments = /zizmor:|checkov:/.test(text) ? part.comments.filter(comment => mayBePeers(comment.text)) : [];
  const own = settings.filter(({ file, peer }) => file !== undefined && file === (peer === 'zizmor' ? baseName(path) : path));
  if (comments.length === 0 && own.length === 0) return [];
  const code = withoutComments(part);
  const stepAt = stepFinder(peerChecks.stepsOf(code));
  // a step may hold thousands of comments
  const known = new Map<string, boolean>();
  const isIdle = (peer: string, id: string, step: Range | null): boolean => {
    const key = `${step?.start ?? ''} ${peer} ${id}`;
    let idle = known.get(key);
    if (idle === undefined)
      known.set(key, (idle = peerChecks.cannotFind(peer, id, step ? code.slice(step.start, step.end) : code, step !== null)));
    return idle;
  };
  for (const { range, ownLine } of comments)
    for (const { peer, ids } of parsePeerComment(text.slice(range.start, range.end), part.language)) {
      const step = peer === 'zizmor' && !ownLine ? stepAt(range.start) : null;
      // zizmor heeds a comment in what a finding spans, and outside of steps that may be much
      if (ids === 'all' || (peer !== 'checkov' && !step)) continue;
      for (const id of ids) {
        const isHeeded = peers.answers(peer, id).some(({ rule }) => heeded.has(`${range.start} ${rule}`));
        if (!isHeeded && isIdle(peer, id, step)) report('peer', { peer, id }, range);
      }
    }
  const starts = own.some(({ line }) => line !== undefined) ? lineStarts(text) : [];
  for (const { peer, ids, line, path: file, uses: policies, jobs } of own) {
    if (ids === 'all' || policies || jobs) continue;
    const start = line === undefined ? 0 : starts[line - 1];
    const stop = start === undefined ? text.length : (text.indexOf('\n', start) + 1 || text.length + 1) - 1;
    const said = code.slice(start ?? stop, stop).trim();
    const step = line === undefined || start === undefined ? null : stepAt(stop);
    for (const id of ids) {
      if (line === undefined ? isIdle(peer, id, null) : said === '' || (step && isIdle(peer, id, step)))
        report(
          line === undefined ? 'peer-file' : 'peer-line',
          { peer, id, file, line: line ?? 0 },
          { start: start ?? stop, end: line === undefined ? 0 : stop },
        );
    }
  }
  return found.map(finding => ({ part, finding }));
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
