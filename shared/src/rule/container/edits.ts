import type { Proposal, Remedy } from '../fix/remedy';
import type { Edit } from './types';

/** Several edits as one: all of them, or the reason why the first that cannot be made cannot. */
export function joined(edits: readonly Edit[]): Edit {
  const refused = edits.find(edit => typeof edit !== 'function');
  if (refused !== undefined) return refused;
  return () => edits.flatMap(edit => (typeof edit === 'function' ? edit() : []));
}

/** An edit as what `report.remedy` takes. */
export function remedyOf(edit: Edit, extras: Omit<Proposal, 'operations'> = {}): Remedy {
  return typeof edit === 'function' ? { fix: { operations: edit, ...extras }, noFix: null } : { fix: null, noFix: edit };
}

/** Names for new volumes of a container, from its own and those of the folders; the last `_` parts the two, so that no other container comes to the same. */
export function volumeNames(container: string, paths: readonly string[], isTaken: (name: string) => boolean): readonly string[] {
  const word = (text: string): string =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9.]+/g, '-')
      .replace(/^[-.]/, '');
  const last = (path: string): string => word(path.slice(path.lastIndexOf('/') + 1));
  return paths.map(path => {
    const name = paths.filter(other => last(other) === last(path)).length > 1 ? word(path.slice(1)) : last(path);
    const names = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(count => `${container}_${name}${count === 1 ? '' : `-${count}`}`);
    return names.find(each => !isTaken(each)) ?? names.at(-1)!;
  });
}
