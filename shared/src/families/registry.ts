import type { Family } from './family/types';
import type { FindingGroup } from '../rule/finding/group';
import { detectSource } from './detect';
import { baseName, kindOfName } from '../workspace/source/names';
import type { Source } from '../workspace/source/types';
import { compose } from './compose/family';
import { dockerfile } from './dockerfile/family';
import { gitlab } from './gitlab/family';
import { kubernetes } from './kubernetes/family';
import { policy } from './policy/family';
import { run } from './run/family';
import { placeOf } from './run/model/place-of';
import { workflow } from './workflow/family';

/** Every family. A document is claimed by the first that wants it, so that narrower families stand before wider ones. */
export const families: readonly Family[] = [dockerfile, policy, gitlab, workflow, compose, kubernetes, run];

/** What rules have in common whose findings are shown together, of all families. */
export const groups: readonly FindingGroup[] = families.flatMap(family => family.groups ?? []);

const groupsByRule = new Map(groups.flatMap(group => Object.keys(group.rules).map(rule => [rule, group] as const)));

/** The group that a rule is in; `null`: none. */
export function groupOf(rule: string): FindingGroup | null {
  return groupsByRule.get(rule) ?? null;
}

/** Says what a file is, by its path and its text; `languageId` (the editor's) only decides where both leave it open. Parses nothing. */
export function sourceOf(path: string, text: string, languageId?: string): Source {
  return detectSource(families, path, text, languageId);
}

/** What the files of a family are called in the plural: `Dockerfiles`; of no family: `such files`. */
export function labelOf(family: string): string {
  return families.find(({ id }) => id === family)?.label ?? 'such files';
}

/** Whether the files of a family say how images are built. */
export function buildsImages(family: string): boolean {
  return families.some(({ id, buildsImages: does }) => id === family && does === true);
}

/** The family of a file whose text nobody may look into; where its name does not tell, the one that most such files are of. */
export function familyByName(path: string): string {
  if (kindOfName(baseName(path)).kind === 'dockerfile') return dockerfile.id;
  return placeOf(path, '') === null ? kubernetes.id : run.id;
}
