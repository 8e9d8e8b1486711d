import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The project's root folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The folder of the rules. */
export const rulesFolder = `${root}shared/src/rules/`;

/** The ids of all rules, sorted, from the files that are there. */
export function ruleIds(): readonly string[] {
  return readdirSync(rulesFolder, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && entry.name !== 'generated')
    .flatMap(family =>
      readdirSync(rulesFolder + family.name)
        .filter(name => name.endsWith('.ts'))
        .map(name => `${family.name}/${name.slice(0, -3)}`),
    )
    .sort();
}
