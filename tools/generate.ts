import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { configSchema } from '../shared/src/config/schema';
import { englishWords } from '../shared/src/report/words';
import type { Rule } from '../shared/src/rule/define-rule';
import { parsePage, type Page } from './rules/page';
import { renderIndexPage, renderRulePage } from './rules/docs';
import { renderStandardsPage } from './rules/standards';
import { root, ruleFile, ruleIds } from './rules/files';
import { writeIndexFile } from './rules/products';

/**
 * `npm run generate`: everything that follows from the rule files. Offline and deterministic.
 * With `--check` nothing is written, and stale files are named with exit code 1.
 */
const check = process.argv.includes('--check');
const stale: string[] = [];

function emit(path: string, text: string): void {
  const full = root + path;
  if (existsSync(full) && readFileSync(full, 'utf8') === text) return;
  stale.push(path);
  if (check) return;
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
}

async function main(): Promise<void> {
  const json = (value: unknown): string => JSON.stringify(value, null, 2) + '\n';
  // a rule that is being written has no page yet: it waits, but does not pass the check
  const ids = ruleIds().filter(
    id => check || (existsSync(ruleFile(id, '.md')) && readFileSync(ruleFile(id, '.ts'), 'utf8').includes('export const rule')),
  );
  writeIndexFile();

  const rules: Rule[] = [];
  const pages = new Map<string, Page>();
  for (const id of ids) {
    const { rule } = (await import(ruleFile(id, '.ts'))) as { rule: Rule };
    if (rule.id !== id) throw new Error(`${id}.ts declares the id ${rule.id}`);
    rules.push(rule);
    if (!existsSync(ruleFile(id, '.md'))) throw new Error(`${id}.md is missing`);
    try {
      pages.set(id, parsePage(readFileSync(ruleFile(id, '.md'), 'utf8')));
    } catch (error) {
      throw new Error(`${id}.md, ${(error as Error).message}`, { cause: error });
    }
  }

  emit('l10n/en.json', json(englishWords(rules)));
  emit('schema/bulkhead.schema.json', json(configSchema(rules)));
  for (const rule of rules) emit(`docs/rules/${rule.id}.md`, renderRulePage(rule, pages.get(rule.id)!));
  emit('docs/rules/README.md', renderIndexPage(rules));
  emit('docs/standards.md', renderStandardsPage(rules));

  // A page whose rule is gone would stay for ever.
  for (const family of existsSync(`${root}docs/rules`) ? readdirSync(`${root}docs/rules`, { withFileTypes: true }) : []) {
    if (!family.isDirectory()) continue;
    for (const name of readdirSync(`${root}docs/rules/${family.name}`)) {
      if (ids.includes(`${family.name}/${name.replace(/\.md$/, '')}`)) continue;
      stale.push(`docs/rules/${family.name}/${name}`);
      if (!check) rmSync(`${root}docs/rules/${family.name}/${name}`);
    }
  }

  if (check && stale.length > 0) {
    console.error(`stale, run "npm run generate":\n${stale.map(path => `  ${path}`).join('\n')}`);
    process.exit(1);
  }
  console.log(
    check ? `${rules.length} rules, everything generated is up to date` : `${rules.length} rules, ${stale.length} file(s) written`,
  );
}

void main();
