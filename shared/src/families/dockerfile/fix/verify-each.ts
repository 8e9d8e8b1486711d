import type { PartChange } from '../../family/part';
import type { DockerfileOperation, Operation } from '../../../rule/fix/types';
import { applyEdits, haveConflict } from '../../../base/text/edits';
import { lineEnd, lineStart } from '../../../base/text/lines';
import { firstIndex } from '../../../base/text/search';
import { parseDockerfile } from '../model/parse';
import type { DockerfileModel } from '../model/types';
import { verifyDockerfile } from './verify';

/** A change that can be looked at together with others, and the instructions that it touches or stands beside. */
interface Candidate {
  readonly index: number;
  readonly change: PartChange;
  readonly claims: readonly number[];
}

/** What is left after so many rounds is verified one by one: a file of one instruction takes a round for each fix. */
const maxRounds = 8;
/** How often what fails together is parted. */
const maxPartings = 4;

/**
 * Which of many changes, by index, are proven to be, each alone, what their operations promised; about the others nothing is said.
 *
 * Changes that have no instruction in common are put into one text, and that is parsed once. It is sound to conclude from there to each
 * alone: what an instruction is depends on its own lines, and on the parser directives, which no change here touches. The few problems
 * that look further (what stands before the first FROM, the signals of Windows) cannot come about.
 */
export function verifyDockerfileEach(before: DockerfileModel, changes: readonly PartChange[]): ReadonlySet<number> {
  const proven = new Set<number>();
  if (before.problems.length > 0 || before.instructions.some(({ keyword }) => keyword === 'STOPSIGNAL')) return proven;
  let waiting = changes.flatMap((change, index): Candidate[] => {
    const claims = claimsOf(before, change);
    return claims ? [{ index, change, claims }] : [];
  });
  for (let rounds = 0; rounds < maxRounds && waiting.length > 1; rounds++) {
    const claimed = new Set<number>();
    const taken: Candidate[] = [];
    const left: Candidate[] = [];
    for (const candidate of waiting) {
      const free = candidate.claims.every(index => !claimed.has(index));
      (free ? taken : left).push(candidate);
      if (free) for (const index of candidate.claims) claimed.add(index);
    }
    prove(before, taken, proven, maxPartings);
    waiting = left;
  }
  return proven;
}

function prove(before: DockerfileModel, round: readonly Candidate[], proven: Set<number>, partings: number): void {
  // alone, a change is verified as usual
  if (round.length < 2) return;
  if (isRight(before, round)) {
    for (const { index } of round) proven.add(index);
    return;
  }
  if (partings === 0) return;
  const middle = round.length >> 1;
  prove(before, round.slice(0, middle), proven, partings - 1);
  prove(before, round.slice(middle), proven, partings - 1);
}

function isRight(before: DockerfileModel, round: readonly Candidate[]): boolean {
  const edits = round.flatMap(({ change }) => change.edits);
  if (haveConflict(edits)) return false;
  const operations = round.flatMap(({ change }) => change.operations).filter(isDockerfile);
  const after = parseDockerfile(applyEdits(before.text, edits));
  const ranges = edits.map(({ range }) => range);
  return verifyDockerfile(before, after, operations, ranges) === null;
}

/** The instructions on whose lines, or beside whose lines, a change edits; `null` where more than these decides what comes of it. */
function claimsOf(before: DockerfileModel, { operations, edits }: PartChange): readonly number[] | null {
  const { text, instructions, stages } = before;
  const firstFrom = stages[0]?.from;
  if (!firstFrom || !operations.every(isDockerfile)) return null;
  if (operations.some(o => o.type === 'dockerfile.remove-instruction' && instructions[o.instruction]?.keyword === 'FROM')) return null;
  const claims: number[] = [];
  for (const { range } of edits) {
    if (range.start < firstFrom.range.start) return null;
    const from = lineStart(text, Math.max(0, lineStart(text, range.start) - 1));
    const to = Math.min(text.length, lineEnd(text, range.end) + 1);
    let index = firstIndex(instructions.length, i => instructions[i]!.range.end >= from);
    for (; index < instructions.length && instructions[index]!.range.start <= to; index++) claims.push(index);
  }
  return claims;
}

function isDockerfile(operation: Operation): operation is DockerfileOperation {
  return operation.type.startsWith('dockerfile.');
}
