import { matchGlob } from '../../base/text/glob';
import type { Part } from '../../families/family/part';
import type { RawFinding } from '../../rule/finding/engine-finding';
import { contains, type Range } from '../../base/text/range';
import { baseName } from '../../workspace/source/names';
import type { PeerSettingFact } from '../../workspace/unkeyed-facts';
import type { PeerIds } from './peer-ids';

/** What a finding has to be for a setting to leave it out. */
type Test = (part: Part, finding: RawFinding) => boolean;

/** What behind `uses:` stands in front of the place that a finding names: `owner/repo[/path]@`. */
const action = /([\w.-]{1,100}\/[\w./-]{1,200})@$/;

/** Whether a pattern of zizmor's policies names an action: `*`, `owner/*`, `owner/repo`, `owner/repo/*`, `owner/repo/path`. */
function names(pattern: string, used: string): boolean {
  const wanted = pattern.toLowerCase().split('@')[0]!;
  const given = used.toLowerCase();
  if (wanted === '*') return true;
  if (!wanted.endsWith('/*')) return wanted === given;
  const owner = wanted.slice(0, -2);
  return given === owner || given.startsWith(`${owner}/`);
}

/** Whether no commit is asked of the action that a finding speaks of: of several patterns the longest counts. */
function isLet(uses: NonNullable<PeerSettingFact['uses']>, part: Part, { range }: RawFinding): boolean {
  const used = action.exec(part.text.slice(Math.max(0, range.start - 310), range.start))?.[1];
  if (used === undefined) return false;
  const [best] = uses.filter(({ pattern }) => names(pattern, used)).sort((a, b) => b.pattern.length - a.pattern.length);
  return best !== undefined && !best.pinned;
}

/** What begins on a line of the file, from 1, as a comment on that line would speak of it. A workflow is one document. */
function placeAt([part]: readonly Part[], line: number): { readonly part: Part; readonly range: Range } | null {
  if (part?.base !== 0) return null;
  let at = 0;
  for (let n = 1; n < line; n++) {
    const next = part.text.indexOf('\n', at);
    if (next < 0) return null;
    at = next + 1;
  }
  const range = part.beside(at);
  return range && { part, range };
}

/** Which tool is told, by its own configuration, to leave a finding out; `null`: none is. */
export function createPeerSettings(
  parts: readonly Part[],
  { path, settings, peers }: { readonly path: string; readonly settings: readonly PeerSettingFact[]; readonly peers: PeerIds | null },
): (part: Part, finding: RawFinding) => string | null {
  const tests = new Map<string, { readonly peer: string; readonly holds: Test }[]>();
  for (const { peer, ids, file, line, jobs, uses } of peers ? settings : []) {
    if (file !== undefined && (peer === 'zizmor' ? file !== baseName(path) : !matchGlob(file, path))) continue;
    const place = line === undefined ? null : placeAt(parts, line);
    if (line !== undefined && !place) continue;
    const answers = ids === 'all' ? peers!.all(peer) : ids.flatMap(id => peers!.answers(peer, id));
    for (const { rule, messages } of answers) {
      const holds: Test = (part, finding) =>
        (messages === null || messages.has(finding.messageId)) &&
        (place === null || (part === place.part && contains(place.range, finding.range))) &&
        (jobs === undefined || jobs.includes(finding.object?.name ?? '')) &&
        (uses === undefined || isLet(uses, part, finding));
      const list = tests.get(rule);
      if (list) list.push({ peer, holds });
      else tests.set(rule, [{ peer, holds }]);
    }
  }
  return (part, finding) => tests.get(finding.rule)?.find(({ holds }) => holds(part, finding))?.peer ?? null;
}
