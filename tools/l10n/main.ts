import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadCatalogue } from '../rules/catalogue';
import { checkout } from './checkout';
import { printTable } from './tables';
import { checkTranslations, exportSheet, importSheet, prune, type FilledSheet } from './translations';

const usage = `npm run l10n -- export FILE [--only missing|stale]... [--part words|cli|client|manifest|page|doc]...
npm run l10n -- import FILE
npm run l10n -- check
npm run l10n -- prune`;

/** `npm run l10n`: what translators get, and what they give back. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { only: { type: 'string', multiple: true, default: [] }, part: { type: 'string', multiple: true, default: [] } },
  });
  const [command, file] = positionals;
  const { rules } = await loadCatalogue();
  if (command === 'export' && file !== undefined) {
    const sheet = exportSheet(rules, checkout, { only: values.only, parts: values.part });
    writeFileSync(resolve(file), printTable(sheet));
    console.log(`${Object.keys(sheet).length} texts in ${file}`);
    return 0;
  }
  if (command === 'import' && file !== undefined) {
    const { taken, problems } = importSheet(rules, JSON.parse(readFileSync(resolve(file), 'utf8')) as FilledSheet, checkout);
    for (const problem of problems) console.error(problem);
    console.log(`${taken} texts taken; ${problems.length} problems`);
    return problems.length > 0 ? 1 : 0;
  }
  if (command === 'prune') {
    prune(rules, checkout);
    return 0;
  }
  if (command === 'check') {
    const problems = checkTranslations(rules, checkout);
    for (const { file: path, what } of problems) console.error(`${path}: ${what}`);
    return problems.length > 0 ? 1 : 0;
  }
  console.error(usage);
  return 2;
}

void main().then(code => (process.exitCode = code));
