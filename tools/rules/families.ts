import { families as registered } from '../../shared/src/families/registry';
import type { Family, Scaffold } from '../../shared/src/families/family/types';

/** A family that rules can be written for. */
export type RuleFamily = Family & { readonly scaffold: Scaffold };

/** The families that rules can be written for, by id: those that give a scaffold. */
export const families: ReadonlyMap<string, RuleFamily> = new Map(
  registered
    .filter((family): family is RuleFamily => family.scaffold !== null)
    .map(family => [family.id, family] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1)),
);

/** What a page's file is called that has no name of its own. */
export function fileNameOf(family: string): string {
  const language = families.get(family)?.language;
  // a Compose file is known by its name first
  if (family === 'compose') return 'compose.yaml';
  if (family === 'workflow') return '.github/workflows/ci.yaml';
  if (family === 'gitlab') return '.gitlab-ci.yml';
  return language === 'dockerfile' ? 'Dockerfile' : language === 'script' ? 'run.sh' : 'manifest.yaml';
}
