import { readFileSync, writeFileSync } from 'node:fs';
import type { Engine } from '../../shared/src/engine/engine';
import { createEngine } from '../../shared/src/engine/create-engine';
import type { Rule } from '../../shared/src/rule/define-rule';
import { companionsOf, loadCatalogue, type Problem } from './catalogue';
import { ruleFile, rulePath } from './files';
import { parsePage, printMark, type Block } from './page';
import { applyFix, findingsOf, hardenedOf, prepareCase, toMarks } from './run-case';

/** What became of a page. */
export interface Update {
  /** How many blocks say what the rule does now; 0 where there are problems. */
  readonly blocks: number;
  /** What keeps the page from being written. */
  readonly problems: readonly Problem[];
  /** What the rule does that a page cannot show so. */
  readonly remarks: readonly Problem[];
}

/** Writes the carets and Hardened blocks of a rule's page from what the rule does now, for review in the diff. Loads the rule and those that it depends on. */
export async function updatePage(id: string): Promise<Update> {
  const { rules, problems } = await loadCatalogue(companionsOf(id));
  const rule = rules.find(r => r.id === id);
  const own = problems.filter(({ file }) => file.startsWith(`${rulePath(id)}.`));
  if (!rule || own.length > 0) return { blocks: 0, problems: own, remarks: [] };
  const markdown = readFileSync(ruleFile(id, '.md'), 'utf8');
  const { replacements, problems: found, remarks } = replacementsOf(createEngine(rules), rule, markdown);
  if (found.length > 0) return { blocks: 0, problems: found, remarks };
  const lines = markdown.split('\n');
  for (const { block, lines: fresh } of [...replacements].sort((a, b) => b.block.lines[0] - a.block.lines[0]))
    lines.splice(block.lines[0], block.lines[1] - block.lines[0], ...fresh);
  writeFileSync(ruleFile(id, '.md'), lines.join('\n'));
  return { blocks: replacements.length, problems: [], remarks };
}

interface Replacement {
  readonly block: Block;
  readonly lines: readonly string[];
}

function replacementsOf(
  engine: Engine,
  rule: Rule,
  markdown: string,
): Omit<Update, 'blocks'> & { readonly replacements: readonly Replacement[] } {
  const replacements: Replacement[] = [];
  const [problems, remarks]: [Problem[], Problem[]] = [[], []];
  const page = (line: number): string => `${rulePath(rule.id)}.md:${line}`;
  for (const fixture of parsePage(markdown).cases) {
    const prepared = prepareCase(engine, rule, fixture.blocks);
    for (const file of prepared.files) {
      const findings = findingsOf(engine, rule, file.input, prepared.contextOf(file));
      const broken = findings.find(f => f.rule === 'bulkhead/internal-error');
      const marks = toMarks(engine, file.input.text, findings);
      if (broken) {
        const what = `fails at the block of line ${file.block.lines[0]} of its page: ${String(broken.data['error'])}`;
        problems.push({ file: `${rulePath(String(broken.data['rule']))}.ts`, what });
      } else if (file.block.role === 'reported') replacements.push({ block: file.block, lines: withMarks(file.block, marks) });
      else if (findings.length > 0) {
        const where = marks.map(m => `${m.start.line + 1}:${m.start.character + 1} ${m.message}`).join('; ');
        remarks.push({ file: page(file.block.lines[0]), what: `"${fixture.title}" should be silent, and is not: ${where}` });
      }
    }
    for (const { block, from } of hardenedOf(fixture, prepared)) {
      const text = applyFix(engine, rule, from.input, prepared.contextOf(from), block.setup.fix);
      if (text === from.input.text) remarks.push({ file: page(block.lines[0]), what: `"${fixture.title}": the fix changes nothing` });
      const lines = text
        .replace(/^\ufeff/, '')
        .replace(/\r\n/g, '\n')
        .split('\n');
      replacements.push({ block, lines: lines.at(-1) === '' ? lines.slice(0, -1) : lines });
    }
  }
  return { replacements, problems, remarks };
}

function withMarks(block: Block, marks: ReturnType<typeof toMarks>): string[] {
  const lines = block.setup.chopped ? block.text.split('\n') : block.text.slice(0, -1).split('\n');
  return lines.flatMap((line, at) => [line, ...marks.filter(m => m.start.line === at).map(printMark)]);
}
