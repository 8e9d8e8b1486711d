import { goals, kindOf, reached, starts, type MoveId, type Reached } from '../rule/attack/moves';
import type { Foothold, Move } from '../rule/attack/foothold';
import type { Finding } from '../rule/finding/types';
import type { Range } from '../base/text/range';
import { shift } from '../base/text/range';
import type { Part } from '../families/family/part';
import type { WorkspaceIndex } from '../workspace/types';

/** One way to go a step, and what shows that it is open. */
export interface Way {
  readonly move: MoveId;
  readonly data: Readonly<Record<string, string>>;
  /** In the text of the file. */
  readonly range: Range;
  /** The other file that it is in (a path in the index); `null`: this one. */
  readonly path: string | null;
  /** What is reported there; `null`: nothing, it is a fact. */
  readonly finding: Finding | null;
  /** Whether it takes that the image starts as root, which is not known. */
  readonly ifRoot: boolean;
}

/** A step of a story: all the ways to go it, of which one is enough. */
export interface StoryStep {
  readonly to: Exclude<Reached, 'outside'>;
  readonly ways: readonly Way[];
}

/** What somebody makes of the findings of one container, step by step. */
export interface Story {
  /** `Deployment "api"`; `null`: nothing around the container has a name. */
  readonly object: string | null;
  readonly container: string;
  readonly machine: Foothold['machine'];
  /** Where the container is named. */
  readonly range: Range;
  /** The first says how it begins, and has no way of its own where that is a flaw in the program. */
  readonly steps: readonly StoryStep[];
  readonly goal: Reached;
  /** What else is open on the way, and leads no further. */
  readonly also: readonly Way[];
}

/** The stories of a file, the worst first. Each step has a finding that counts, or a fact. */
export function tellStories(
  path: string,
  parts: readonly Part[],
  { findings }: { readonly findings: readonly Finding[] },
  workspace: WorkspaceIndex,
): readonly Story[] {
  const stories = parts.flatMap(part =>
    (part.footholds?.(workspace) ?? []).flatMap(foothold => {
      const open = findings.filter(({ suppression, document }) => suppression === null && document === part.index);
      const ways = [...waysOf(foothold, part, open, path), ...waysByFinding(foothold, part, open)];
      return starts.flatMap(start => tell(foothold, part, ways, start) ?? []);
    }),
  );
  return stories.sort((a, b) => reached.indexOf(b.goal) - reached.indexOf(a.goal) || a.range.start - b.range.start);
}

/** What the settings of a container open, where it is reported: what is off, suppressed or meant by the image does not count. */
function waysOf({ moves, user }: Foothold, { base, family }: Part, findings: readonly Finding[], path: string): readonly Way[] {
  return moves.flatMap((move: Move): readonly Way[] => {
    const { asRoot = false } = kindOf(move.id);
    if (asRoot && user === 'other') return [];
    const range = move.path === undefined ? shift(move.range, base) : move.range;
    const finding = findings.find(
      ({ rule, range: at }) => rule === `${family}/${move.rule}` && at.start <= range.start && range.end <= at.end,
    );
    // a token that is needed, and what another file says, are facts
    if (!finding ? move.rule !== undefined && move.id !== 'token' : finding.severity === 'hint') return [];
    return [
      {
        move: move.id,
        data: move.data ?? {},
        range,
        path: move.path === undefined || move.path === path ? null : move.path,
        finding: finding ?? null,
        ifRoot: asRoot && user === 'unknown',
      },
    ];
  });
}

/** What findings about a container, or about what it is in, open. */
function waysByFinding({ ref, opens }: Foothold, { family }: Part, findings: readonly Finding[]): readonly Way[] {
  if (!ref) return [];
  const isOurs = ({ rule, object }: Finding): boolean =>
    rule.startsWith(`${family}/`) && object?.kind === ref.kind && object.name === ref.name && isAbove(object.path, ref.path);
  return findings
    .filter(isOurs)
    .flatMap(finding => opens(finding).map((move): Way => ({ move, data: {}, range: finding.range, path: null, finding, ifRoot: false })));
}

/** Whether a pointer leads to something, or to what it is in. */
function isAbove(outer: string, inner: string): boolean {
  return inner === outer || inner.startsWith(`${outer}/`) || outer === '';
}

/** The shortest way from a start to the worst that it leads to; `null`: nothing is worth a story. */
function tell(
  { object, container, machine, range }: Foothold,
  { base }: Part,
  ways: readonly Way[],
  start: (typeof starts)[number],
): Story | null {
  const before = new Map<Reached, StoryStep & { readonly from: Reached }>();
  const open: Reached[] = [start];
  for (const from of open) {
    for (const to of new Set(ways.map(({ move }) => kindOf(move)).flatMap(kind => (kind.from === from ? [kind.to] : [])))) {
      if (to === start || to === 'outside' || before.has(to)) continue;
      before.set(to, { from, to, ways: ways.filter(({ move }) => kindOf(move).from === from && kindOf(move).to === to) });
      open.push(to);
    }
  }
  const goal = reached.findLast(one => before.has(one) && goals[one] !== undefined);
  if (goal === undefined) return null;
  const steps: StoryStep[] = [];
  for (let step = before.get(goal); step; step = before.get(step.from)) steps.unshift({ to: step.to, ways: step.ways });
  if (start === 'code') steps.unshift({ to: 'code', ways: [] });
  const used = new Set(steps.flatMap(step => step.ways));
  const also = [...before.values()].flatMap(step => step.ways).filter(way => !used.has(way) && goals[kindOf(way.move).to] === undefined);
  return { object, container, machine, range: shift(range, base), steps, goal, also };
}
