import { describe, expect, test } from 'vitest';
import { severityChanges } from '../../shared/src/engine/config/rules-versions';
import { createEngine } from '../../shared/src/engine/create-engine';
import { companionsOf, loadCatalogue, printProblems, unknownRule } from '../../tools/rules/catalogue';
import { ruleIds } from '../../tools/rules/files';
import { printMark, fileText, type Case } from '../../tools/rules/page';
import { applyFix, findingsOf, hardenedOf, prepareCase, toMarks } from '../../tools/rules/run-case';

// Every rule page is a test: see CONTRIBUTING.md for the grammar. RULE=family/name[,family/name...] loads and tests these rules alone.
const only = process.env['RULE']?.split(',');
const unknown = only?.find(id => !ruleIds().includes(id));
if (unknown !== undefined) throw new Error(unknownRule(unknown));
const { rules, pages, problems } = await loadCatalogue(only === undefined ? ruleIds() : [...new Set(only.flatMap(companionsOf))]);
if (problems.length > 0) throw new Error(printProblems(problems));
const engine = createEngine(rules);
const changed = severityChanges.flatMap(({ of }) => of);
const tested = only === undefined ? rules : rules.filter(rule => only.includes(rule.id));

describe.each(tested.map(rule => [rule.id, rule] as const))('%s', (id, rule) => {
  const page = pages.get(id)!;
  const exercised = { messages: new Set<string>(), fixes: new Set<string>(), options: new Set<string>() };

  test('has the title of the rule, an introduction, reported and accepted examples', () => {
    expect(page.title).toBe(rule.title);
    expect(page.intro.length).toBeGreaterThan(80);
    const shown = page.cases.filter(c => !c.hidden).flatMap(c => c.blocks.map(b => b.role));
    expect(shown).toContain('reported');
    expect(shown).toContain('accepted');
  });

  const runCase = (fixture: Case, eol?: '\r\n'): void => {
    const prepared = prepareCase(engine, rule, fixture.blocks, eol);
    for (const file of prepared.files) {
      const context = prepared.contextOf(file);
      for (const name of Object.keys(context.config.rules[rule.id]?.options ?? {})) exercised.options.add(name);
      const findings = findingsOf(engine, rule, file.input, context);
      for (const finding of findings) {
        exercised.messages.add(finding.messageId);
        for (const related of finding.related) exercised.messages.add(related.messageId);
        for (const fix of finding.fixes) {
          if (fix.class === 'manual' || fix.needsDigest !== undefined || fix.elsewhere) exercised.fixes.add(fix.id);
          for (const { id: assumption } of fix.assumes) {
            const [, lender, name] = /^(?:(.*)\/)?(.*)$/.exec(assumption)!;
            expect((lender === undefined ? rule : rules.find(other => other.id === lender)!).assumptions).toHaveProperty(name!);
          }
        }
        expect(rule.messages).toHaveProperty(finding.messageId);
        // what evidence changes is in the table, so that a version can be asked for
        const usual = rule.messages[finding.messageId]!.severity ?? rule.severity;
        const isOwn = finding.severity === usual || file.input.path.endsWith('.md') || finding.data['offByDefault'] !== undefined;
        if (!isOwn && !context.config.rules[rule.id]) expect(changed).toContain(`${rule.id}/${finding.messageId}`);
      }
      const marks = toMarks(engine, file.input.text, findings).map(printMark);
      expect(marks, `${fixture.title}: ${file.input.path}`).toEqual(file.block.marks.map(printMark));
    }
    for (const { block, from } of hardenedOf(fixture, prepared)) {
      const context = prepared.contextOf(from);
      const hardened = applyFix(engine, rule, from.input, context, block.setup.fix);
      expect(hardened).toBe(fileText({ text: block.text, setup: from.block.setup }, eol));
      const filled = applyFix(engine, rule, from.input, context, block.setup.fix, { filled: true });
      expect(applyFix(engine, rule, { ...from.input, text: filled }, context, block.setup.fix), 'hardening twice changes nothing').toBe(
        filled,
      );
      for (const fix of findingsOf(engine, rule, from.input, context).flatMap(f => f.fixes)) {
        if (block.setup.fix !== null && block.setup.fix !== fix.id) continue;
        exercised.fixes.add(fix.id);
        if (block.setup.class !== null) expect(fix.class).toBe(block.setup.class);
      }
    }
  };

  for (const fixture of page.cases.filter(c => c.blocks.length > 0)) {
    test(fixture.title, () => runCase(fixture));
    test(`${fixture.title} (CRLF)`, () => runCase(fixture, '\r\n'));
  }

  test('shows every message, fix and option at work', () => {
    expect([...exercised.messages].sort()).toEqual(Object.keys(rule.messages).sort());
    // those that another rule lends are declared there
    expect([...exercised.fixes].filter(id => !id.includes('/')).sort()).toEqual(Object.keys(rule.fixes).sort());
    expect([...exercised.options].sort()).toEqual(Object.keys(rule.options).sort());
  });
});
