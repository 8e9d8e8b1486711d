import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The project's root folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** The folder of the families. */
const familiesFolder = `${root}shared/src/families/`;

/** The file of a rule without its ending, relative to the checkout: `.ts` and `.md` stand side by side. */
export function rulePath(id: string): string {
  const [family, name] = id.split('/');
  return `shared/src/families/${family}/rules/${name}`;
}

/** The file of a rule, with its ending: its code, its page, its page in Japanese. */
export function ruleFile(id: string, ending: '.ts' | '.md' | '.ja.md'): string {
  return `${root}${rulePath(id)}${ending}`;
}

/** The ids of all rules, sorted, from the files that are there. */
export function ruleIds(): readonly string[] {
  return readdirSync(familiesFolder)
    .filter(family => existsSync(`${familiesFolder}${family}/rules`))
    .flatMap(family =>
      readdirSync(`${familiesFolder}${family}/rules`)
        .filter(name => name.endsWith('.ts'))
        .map(name => `${family}/${name.slice(0, -3)}`),
    )
    .sort();
}
