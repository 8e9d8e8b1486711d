import { readFileSync, writeFileSync } from 'node:fs';
import { createEngine } from '../shared/src/engine/create-engine';
import type { Rule } from '../shared/src/rule/define-rule';
import { parsePage, printMark, type Block } from './rules/page';
import { applyFix, findingsOf, hardenedOf, prepareCase, toMarks } from './rules/run-case';
import { ruleFile, ruleIds } from './rules/files';

/** `npm run update -- RULE...`: writes the carets and Hardened blocks of rule pages from what the rules do now, for review in the diff. */
const wanted = process.argv.slice(2);

async function main(): Promise<void> {
  const ids = ruleIds();
  // Straight from the files, so that a rule can be tried before `npm run generate`; one that does not load yet costs only itself.
  const rules: Rule[] = [];
  for (const id of ids) {
    try {
      const { rule } = (await import(ruleFile(id, '.ts'))) as { rule?: Rule };
      if (!rule) throw new Error('it exports no rule');
      rules.push(rule);
    } catch (error) {
      if (wanted.includes(id)) throw error;
      console.error(`${id} does not load: ${String(error).split('\n')[0]}`);
    }
  }
  const engine = createEngine(rules);
  for (const rule of rules.filter(r => wanted.includes(r.id))) {
    const path = ruleFile(rule.id, '.md');
    const markdown = readFileSync(path, 'utf8');
    const page = parsePage(markdown);
    const replacements: { block: Block; lines: string[] }[] = [];
    for (const fixture of page.cases) {
      const prepared = prepareCase(engine, rule, fixture.blocks);
      for (const file of prepared.files) {
        const findings = findingsOf(engine, rule, file.input, prepared.contextOf(file));
        if (file.block.role === 'reported')
          replacements.push({ block: file.block, lines: withMarks(file.block, toMarks(engine, file.input.text, findings)) });
        else if (findings.length > 0)
          console.error(
            `${rule.id}, "${fixture.title}": ${findings.length} finding(s) in a block that should be silent: ${toMarks(
              engine,
              file.input.text,
              findings,
            )
              .map(m => `${m.start.line + 1}:${m.start.character + 1} ${m.message}`)
              .join('; ')}`,
          );
      }
      for (const { block, from } of hardenedOf(fixture, prepared)) {
        const text = applyFix(engine, rule, from.input, prepared.contextOf(from), block.setup.fix);
        if (text === from.input.text) console.error(`${rule.id}, "${fixture.title}": the fix changed nothing`);
        const lines = text
          .replace(/^\ufeff/, '')
          .replace(/\r\n/g, '\n')
          .split('\n');
        replacements.push({ block, lines: lines.at(-1) === '' ? lines.slice(0, -1) : lines });
      }
    }
    const lines = markdown.split('\n');
    for (const { block, lines: fresh } of replacements.sort((a, b) => b.block.lines[0] - a.block.lines[0])) {
      lines.splice(block.lines[0], block.lines[1] - block.lines[0], ...fresh);
    }
    writeFileSync(path, lines.join('\n'));
    console.log(`${rule.id}: ${replacements.length} block(s) written`);
  }
}

function withMarks(block: Block, marks: ReturnType<typeof toMarks>): string[] {
  const lines = block.setup.chopped ? block.text.split('\n') : block.text.slice(0, -1).split('\n');
  return lines.flatMap((line, at) => [line, ...marks.filter(m => m.start.line === at).map(printMark)]);
}

void main();
