import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { printProblems, unknownRule } from './rules/catalogue';
import { root, ruleIds } from './rules/files';
import { updatePage } from './rules/update-page';

/** Runs a program of node_modules on this terminal, with more in its environment. */
function run(program: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<number> {
  return new Promise(resolve => {
    const child = spawn(process.execPath, [join(root, 'node_modules', program), ...args], {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...environment },
    });
    child.on('close', code => resolve(code ?? 1));
  });
}

/** `npm run rule -- FAMILY/NAME...`: updates the pages of rules, generates what follows from them, and tests them. */
async function main(): Promise<number> {
  const ids = process.argv.slice(2);
  const known = ruleIds();
  const unknown = ids.find(id => !known.includes(id));
  if (ids.length === 0 || unknown !== undefined) {
    console.error(unknown === undefined ? 'usage: npm run rule -- FAMILY/NAME...' : unknownRule(unknown));
    return 2;
  }
  for (const id of ids) {
    const { blocks, problems, remarks } = await updatePage(id);
    if (problems.length + remarks.length > 0) console.error(printProblems([...problems, ...remarks]));
    if (problems.length > 0) return 1;
    console.log(`${id}: ${blocks} block(s) written`);
  }
  const results = await Promise.all([
    run('tsx/dist/cli.mjs', ['tools/generate.ts']),
    run('vitest/vitest.mjs', ['run', 'test/rules/pages.test.ts', '--reporter=dot'], { RULE: ids.join(',') }),
  ]);
  return Math.max(...results);
}

void main().then(code => (process.exitCode = code));
