import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { loadCatalogue } from './rules/catalogue';
import { families } from './rules/families';
import { ruleFile, rulePath } from './rules/files';
import { neighboursOf } from './rules/neighbours';
import { scaffoldRule } from './rules/scaffold';

/** `npm run new-rule FAMILY/NAME`: writes the two files of a rule, to be changed, and names the rules that may be about the same. */
async function main(): Promise<number> {
  const id = process.argv[2] ?? '';
  const [, family, name] = /^([a-z]+)\/([a-z][a-z0-9]*(?:-[a-z0-9]+)*)$/.exec(id) ?? [];
  const face = family === undefined ? undefined : families.get(family);
  if (!face || name === undefined) {
    console.error(`usage: npm run new-rule FAMILY/some-name, where FAMILY is ${[...families.keys()].join(' or ')}`);
    return 2;
  }
  if (existsSync(ruleFile(id, '.ts')) || existsSync(ruleFile(id, '.md'))) {
    console.error(`${id} exists already: ${rulePath(id)}`);
    return 2;
  }
  const near = neighboursOf(id, (await loadCatalogue()).rules);
  const { ts, md } = scaffoldRule(id, face);
  mkdirSync(dirname(ruleFile(id, '.ts')), { recursive: true });
  writeFileSync(ruleFile(id, '.ts'), ts);
  writeFileSync(ruleFile(id, '.md'), md);
  console.log(`wrote ${rulePath(id)}.ts and ${name}.md`);
  if (near.length > 0) console.log(`\nNear to it; perhaps one of them is what you want, or yields to it (supersedes):`);
  for (const { rule, why } of near) {
    const peers = Object.entries(rule.peers).map(([tool, ids]) => `${tool} ${ids.join(', ')}`);
    console.log(`  ${rule.id}: ${rule.title} (${why})${peers.length > 0 ? `\n    ${peers.join('; ')}` : ''}`);
  }
  console.log(`\nnext: change both, then\n  npm run rule -- ${id}     updates the page, generates, and tests this rule: review the diff`);
  return 0;
}

void main().then(code => (process.exitCode = code));
