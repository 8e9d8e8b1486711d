import { expect, test } from 'vitest';
import { createEngine } from '../../shared/src/engine/create-engine';
import { rules } from '../../shared/src/families/generated/index';
import { newFindings } from '../../tools/accuracy/new-findings';
import { loadCatalogue } from '../../tools/rules/catalogue';
import { ruleIds } from '../../tools/rules/files';
import { prepareCase } from '../../tools/rules/run-case';

/** What a command whose image nobody knows has, once it is read as a whole. */
const ofCommand = [
  'capabilities-not-dropped',
  'default-network',
  'missing-digest',
  'missing-memory-limit',
  'missing-pids-limit',
  'root-user',
  'writable-root-filesystem',
];
const whole = (title: string, ids: readonly string[] = ofCommand): readonly string[] => ids.map(id => `${title}: run/${id}: 1 more`);

// At the default profile: the strict one asks for values that only a configuration can give.
test.skipIf(process.env['RULE'] !== undefined)(
  'harden adds nothing to the cases of the pages that it would report itself',
  async () => {
    const engine = createEngine(rules);
    const { pages } = await loadCatalogue(ruleIds());
    const added: string[] = [];
    let hardened = 0;
    for (const rule of rules) {
      for (const { title, blocks } of pages.get(rule.id)!.cases) {
        const prepared = prepareCase(engine, rule, blocks);
        for (const file of prepared.files) {
          const given = prepared.contextOf(file);
          const context = { ...given, config: { ...given.config, profile: 'recommended' as const } };
          const opened = engine.open(file.input);
          const { text } = opened.harden(context);
          if (text === file.input.text) continue;
          hardened++;
          const before = opened.lint(context).findings;
          const after = engine.open({ ...file.input, text });
          const found = context.workspace.assuming(file.input.path, after.facts(), () => after.lint(context).findings);
          added.push(...newFindings(before, found).map(line => `${rule.id}, ${title}: ${line}`));
        }
      }
    }
    expect(hardened).toBeGreaterThan(500);
    // What was there already, and another defect hid: a CMD that was no exec form, a folder that WORKDIR makes absolute, a flag in quotes,
    // a command that its client refused, or that ended before its image, a worse thing about an action than that its tag can move.
    expect(added).toEqual([
      'dockerfile/invalid-instruction, A comment after the exec form: dockerfile/missing-init: 1 more',
      'dockerfile/invalid-instruction, Quotes that are not valid JSON: dockerfile/missing-init: 1 more',
      'dockerfile/shell-form, Its own SHELL, or covered by another rule: dockerfile/missing-init: 1 more',
      'dockerfile/whole-filesystem-copy, From the context, elsewhere: dockerfile/whole-filesystem-copy: 1 more',
      'kubernetes/privileged, A quoted word is not a boolean, and a pod has no such field: kubernetes/privileged: 1 more',
      ...whole('run/broken-continuation, Comments after the backslashes', [
        'default-network',
        'missing-digest',
        'missing-memory-limit',
        'missing-pids-limit',
      ]),
      ...whole('run/broken-continuation, A space'),
      ...whole('run/broken-continuation, In a makefile'),
      ...whole('run/unknown-flag, One dash'),
      ...whole(
        'run/unknown-flag, A similar name',
        ofCommand.filter(id => id !== 'writable-root-filesystem'),
      ),
      ...['A service that is gone', 'A runtime that is gone'].map(
        title => `workflow/outdated-action, ${title}: workflow/unpinned-action: 1 more`,
      ),
      ...['A vulnerability', 'A reusable workflow'].map(title => `workflow/vulnerable-action, ${title}: workflow/unpinned-action: 1 more`),
    ]);
  },
  300_000,
);
