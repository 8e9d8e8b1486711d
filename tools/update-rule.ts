import { printProblems, unknownRule } from './rules/catalogue';
import { ruleIds } from './rules/files';
import { updatePage } from './rules/update-page';

/** `npm run update-rule -- RULE...`: writes the carets and Hardened blocks of rule pages from what the rules do now, for review in the diff. */
async function main(): Promise<number> {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter(id => !ruleIds().includes(id));
  if (wanted.length === 0 || unknown.length > 0) {
    console.error(wanted.length === 0 ? 'usage: npm run update-rule -- FAMILY/NAME...' : unknown.map(unknownRule).join('\n'));
    return 2;
  }
  let failed = false;
  for (const id of wanted) {
    const { blocks, problems, remarks } = await updatePage(id);
    if (problems.length + remarks.length > 0) console.error(printProblems([...problems, ...remarks]));
    if (problems.length > 0) failed = true;
    else console.log(`${id}: ${blocks} block(s) written`);
  }
  return failed ? 1 : 0;
}

void main().then(code => (process.exitCode = code));
