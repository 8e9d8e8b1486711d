import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Rule } from '../../shared/src/rule/define-rule';
import { suggest } from '../../shared/src/base/text/suggest';
import { root, ruleFile, ruleIds, rulePath } from './files';
import { parsePage, type Page } from './page';

/** Something that a person has to mend: where, and how. */
export interface Problem {
  /** The file to edit, relative to the checkout; `file:line` where the line is known. */
  readonly file: string;
  readonly what: string;
}

/** Rules with their pages, from the files that are there. */
export interface Catalogue {
  readonly rules: readonly Rule[];
  readonly pages: ReadonlyMap<string, Page>;
  readonly problems: readonly Problem[];
}

/** Problems as lines, one for each. */
export function printProblems(problems: readonly Problem[]): string {
  return problems.map(({ file, what }) => `${file}: ${what}`).join('\n');
}

/** Loads the rules of these ids, each from its own two files; one that does not load costs only itself. */
export async function loadCatalogue(ids: readonly string[] = ruleIds()): Promise<Catalogue> {
  const rules: Rule[] = [];
  const pages = new Map<string, Page>();
  const problems: Problem[] = [];
  for (const id of ids) {
    const rule = await loadRule(id);
    if ('what' in rule) problems.push(rule);
    else rules.push(rule);
    const page = readPage(id);
    if ('what' in page) problems.push(page);
    else pages.set(id, page);
  }
  return { rules, pages, problems };
}

async function loadRule(id: string): Promise<Rule | Problem> {
  const file = `${rulePath(id)}.ts`;
  try {
    const { rule } = (await import(/* @vite-ignore */ pathToFileURL(ruleFile(id, '.ts')).href)) as { rule?: Rule };
    if (!rule) return { file, what: 'export a rule: `export const rule = defineRule({ ... })`' };
    if (rule.id !== id) return { file, what: `the id "${rule.id}" is not that of the file: write "${id}"` };
    return rule;
  } catch (error) {
    return { file, what: `does not load: ${(error as Error).message.split('\n').slice(0, 2).join(' ')}` };
  }
}

/** The page of a rule, or what is wrong with it. */
export function readPage(id: string): Page | Problem {
  const file = `${rulePath(id)}.md`;
  if (!existsSync(ruleFile(id, '.md'))) return { file, what: 'write the page of the rule (npm run new-rule writes both files of a rule)' };
  try {
    return parsePage(readFileSync(ruleFile(id, '.md'), 'utf8'));
  } catch (error) {
    const { message } = error as Error;
    const at = /^line (\d+): (.*)$/s.exec(message);
    return at ? { file: `${file}:${at[1]}`, what: at[2]! } : { file, what: message };
  }
}

/** Pages beside which no rule stands. */
export function strayPages(ids: readonly string[] = ruleIds()): readonly Problem[] {
  const folders = new Set(ids.map(id => id.slice(0, id.indexOf('/'))));
  return [...folders].flatMap(family =>
    readdirSync(`${root}shared/src/families/${family}/rules`)
      .filter(name => name.endsWith('.md') && !ids.includes(`${family}/${name.replace(/(?:\.ja)?\.md$/, '')}`))
      .map(name => ({ file: `${rulePath(`${family}/${name.slice(0, -3)}`)}.md`, what: 'no rule stands beside the page' })),
  );
}

/**
 * The rules that have a say in what the page of a rule shows: itself, those that take findings from it, and those that a configuration in the page
 * names. Found in the texts, so that nothing else is loaded.
 */
export function companionsOf(id: string): readonly string[] {
  const page = existsSync(ruleFile(id, '.md')) ? readFileSync(ruleFile(id, '.md'), 'utf8') : '';
  return ruleIds().filter(other => {
    if (other === id || page.includes(other)) return true;
    const source = readFileSync(ruleFile(other, '.ts'), 'utf8');
    return source.includes('supersedes') && source.includes(`'${id}'`);
  });
}

/** Why there is no rule of this id, and what may have been meant. */
export function unknownRule(id: string): string {
  const near = suggest(id, ruleIds());
  return `there is no rule "${id}"${near === null ? '' : `: did you mean ${near}?`}`;
}
