import { memoize } from '../../../base/text/memoize';
import type { DockerfileModel, ImageUse, Stage } from './types';

/** What each stage needs, by its number: the uses of other stages (and of itself) in FROM, COPY and mounts; triggers of ONBUILD run elsewhere. */
const needs = memoize((file: DockerfileModel): readonly (readonly ImageUse[])[] => {
  const lists: ImageUse[][] = file.stages.map(() => []);
  for (const use of file.images)
    if (use.stages.length > 0 && use.stage && !use.instruction.onbuildParent) lists[use.stage.index]!.push(use);
  return lists;
});

/** The number of the cycle that each stage is part of; stages with the same number need each other. Tarjan's way, without recursion. */
const cycles = memoize((file: DockerfileModel): readonly number[] => {
  const edges = needs(file).map(uses => uses.flatMap(use => use.stages.map(stage => stage.index)));
  const order: number[] = edges.map(() => -1);
  const low: number[] = edges.map(() => 0);
  const cycle: number[] = edges.map(() => -1);
  const open: number[] = [];
  let next = 0;
  for (let root = 0; root < edges.length; root++) {
    if (order[root] !== -1) continue;
    const path: { readonly at: number; edge: number }[] = [{ at: root, edge: 0 }];
    while (path.length > 0) {
      const step = path[path.length - 1]!;
      const { at } = step;
      if (step.edge === 0) {
        order[at] = low[at] = next++;
        open.push(at);
      }
      const to = edges[at]![step.edge++];
      if (to !== undefined) {
        if (order[to] === -1) path.push({ at: to, edge: 0 });
        else if (cycle[to] === -1) low[at] = Math.min(low[at]!, order[to]!);
        continue;
      }
      path.pop();
      const above = path[path.length - 1];
      if (above) low[above.at] = Math.min(low[above.at]!, low[at]!);
      if (low[at] !== order[at]) continue;
      for (let member = open.pop()!; ; member = open.pop()!) {
        cycle[member] = at;
        if (member === at) break;
      }
    }
  }
  return cycle;
});

/** Whether a use closes a cycle: a stage needs itself, or one behind it that needs it in turn. FROM only looks back, so each cycle has such a use. */
export function closesCycle(use: ImageUse): boolean {
  const { stage } = use;
  if (!stage || use.instruction.onbuildParent) return false;
  return use.stages.some(
    other => other.index >= stage.index && (other === stage || cycles(stage.file)[other.index] === cycles(stage.file)[stage.index]),
  );
}

/** How many stages a way back is looked for in. */
const farthest = 100;

/** The uses by which a stage leads back to another one, nearest first; empty where it does not, or the cycle is a large one. */
export function pathBack(from: Stage, to: Stage): readonly ImageUse[] {
  const lists = needs(from.file);
  const cycle = cycles(from.file);
  const reached = new Map<Stage, ImageUse | null>([[from, null]]);
  for (const stage of reached.keys()) {
    if (stage === to || reached.size > farthest) break;
    for (const use of lists[stage.index]!)
      for (const other of use.stages) if (!reached.has(other) && cycle[other.index] === cycle[to.index]) reached.set(other, use);
  }
  const way: ImageUse[] = [];
  for (let use = reached.get(to); use; use = reached.get(use.stage!)) way.push(use);
  return way.reverse();
}

/** The stages of some names, and all that they need. */
export function stagesNeededFor(file: DockerfileModel, names: readonly string[]): ReadonlySet<Stage> {
  const lists = needs(file);
  const found = new Set(file.stages.filter(({ name }) => name !== null && names.includes(name)));
  for (const stage of found) for (const use of lists[stage.index]!) for (const other of use.stages) found.add(other);
  return found;
}
