import { incompleteRule } from '../../../shared/src/rule/finding/incomplete';
import type { Finding } from '../../../shared/src/rule/finding/types';
import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import type { LintContext } from '../../../shared/src/engine/types';
import { rules } from '../../../shared/src/families/generated/index';
import { budgets } from '../../../shared/src/base/limits/budgets';
import { plainContext } from '../../../tools/lint-context';

/** What is not checked is said, and nothing hides it. */

const engine = createEngine(rules);
const context = plainContext();
const pod =
  '{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{name: a, image: b, securityContext: {privileged: true}}]}}';

const lint = (text: string, path = 'a.yaml', given: LintContext = context): readonly Finding[] =>
  engine.open({ path, text }).lint(given).findings;
const shortfalls = (findings: readonly Finding[]): readonly string[] =>
  findings.filter(({ rule }) => rule === incompleteRule).map(({ messageId, severity }) => `${messageId} ${severity}`);
const rulesOf = (findings: readonly Finding[]): readonly string[] => findings.map(({ rule }) => rule);

/** A List of aliased Lists: seven levels of twenty are 1,280,000,000 Pods. */
const bomb = `x0: &x0 ${pod}\n${Array.from(
  { length: 7 },
  (_, i) => `x${i + 1}: &x${i + 1} {apiVersion: v1, kind: List, items: [${Array(20).fill(`*x${i}`).join(', ')}]}\n`,
).join('')}apiVersion: v1\nkind: List\nitems: [*x7]\n`;

const lists = (depth: number): string => `{apiVersion: v1, kind: List, items: [`.repeat(depth) + pod + ']}'.repeat(depth) + '\n';

describe('YAML', () => {
  test('a bomb of aliased Lists is not followed, and that is said', () => {
    expect(shortfalls(lint(bomb))).toEqual(['aliases error']);
  });

  test('the facts of a bomb are few', () => {
    expect(engine.open({ path: 'a.yaml', text: bomb }).facts().length).toBeLessThan(budgets.aliasedLength);
  });

  test('aliases of ordinary extent are followed', () => {
    const findings = lint(
      `x: &c [{name: a, image: b, securityContext: {privileged: true}}]\napiVersion: v1\nkind: Pod\nspec: {containers: *c}\n`,
    );
    expect(shortfalls(findings)).toEqual([]);
    expect(rulesOf(findings)).toContain('kubernetes/privileged');
  });

  test.each([
    ['a list that holds itself', `apiVersion: v1\nkind: List\nitems: &a [*a, ${pod}]\n`],
    [
      'a container that merges itself',
      'apiVersion: v1\nkind: Pod\nspec: {containers: [&c {<<: *c, name: a, securityContext: {privileged: true}}]}\n',
    ],
  ])('%s: what it holds beside is checked, and the rest is said', (_, text) => {
    const findings = lint(text);
    expect(shortfalls(findings)).toEqual(['aliases error']);
    expect(rulesOf(findings)).toContain('kubernetes/privileged');
  });

  test.each([1, 9, 60])('a Pod in %i Lists is found', depth => {
    const findings = lint(lists(depth));
    expect(shortfalls(findings)).toEqual([]);
    expect(rulesOf(findings)).toContain('kubernetes/privileged');
  });

  test.each([
    ['a Pod in Lists that nest too deep', lists(200)],
    ['brackets', `apiVersion: v1\nkind: Pod\nspec: ${'['.repeat(10_000)}\n`],
    ['maps', `apiVersion: v1\nkind: Pod\nspec: ${'{a: '.repeat(10_000)}\n`],
    ['dashes', `apiVersion: v1\nkind: Pod\nspec:\n  ${'- '.repeat(10_000)}a\n`],
    ['keys', `apiVersion: v1\nkind: Pod\nspec:\n  ${'? '.repeat(10_000)}a\n`],
  ])('%s: said once', (_, text) => {
    expect(shortfalls(lint(text))).toEqual(['depth error']);
    expect(shortfalls(lint(`${text}---\n${text}---\n${pod}\n`))).toEqual(['depth error']);
    expect(rulesOf(lint(`${text}---\n${pod}\n`))).toContain('kubernetes/privileged');
  });

  test('a document that holds no text', () => {
    expect(shortfalls(lint(`apiVersion: v1\nkind: Pod\n${'# filling\n'.repeat(1000)}spec: {hostPID: true} # \0\n`))).toEqual([
      'unparsed error',
    ]);
  });

  test('padding does not hide a Pod', () => {
    expect(rulesOf(lint(`${'# filling\n'.repeat(400_000)}${pod}\n`))).toContain('kubernetes/privileged');
    expect(shortfalls(lint(`${'# filling\n'.repeat(450_000)}${pod}\n`))).toEqual(['too-large error']);
  });
});

describe('too much of it', () => {
  const many = `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [${'{},'.repeat(6000)}]}\n`;

  test('containers: the first are checked, the most severe findings are kept', () => {
    const findings = lint(many);
    expect([...shortfalls(findings)].sort()).toEqual(['findings error', 'views error']);
    expect(findings.length).toBe(budgets.findings + 2);
  });

  test('objects in documents of their own', () => {
    const text = 'apiVersion: v1\nkind: Pod\n---\n'.repeat(budgets.views + 1);
    expect(shortfalls(lint(text))).toContain('views error');
  });

  test('findings: those that are kept are the most severe, and the rest is counted', () => {
    const text = `FROM debian:12\nRUN a \\\n${'\n'.repeat(50_000)} b\nENV PASSWORD=hunter2\n`;
    const findings = lint(text, 'Dockerfile');
    const [one] = findings.filter(({ rule }) => rule === incompleteRule);
    expect(one).toMatchObject({ messageId: 'findings', data: { limit: budgets.findings } });
    expect(Number(one!.data['count'])).toBeGreaterThan(39_000);
    expect(findings.length).toBe(budgets.findings + 1);
    expect(rulesOf(findings)).toContain('dockerfile/secret-in-arg-or-env');
  });

  test('the same text gives the same answer, whatever was linted before', () => {
    const seen = (text: string): unknown => lint(text).map(({ rule, range, fingerprint }) => [rule, range, fingerprint]);
    const texts = [many, `${many}---\n${pod}\n`, many.replace('name: p', 'name: q')];
    const fresh = texts.map(text => createEngine(rules).open({ path: 'a.yaml', text }).lint(context).findings.length);
    expect([...texts, ...texts].map(text => lint(text).length)).toEqual([...fresh, ...fresh]);
    expect(seen(many)).toEqual(seen(many));
  });
});

test('a file with more than is checked was not hardened: nobody could tell what a fix brings', () => {
  const text = `apiVersion: v1\nkind: Pod\nspec: {containers: [${'{},'.repeat(budgets.views + 1)}]}\n`;
  const result = engine.open({ path: 'a.yaml', text }).harden(context);
  expect(result).toMatchObject({ text, edits: [], applied: [], passes: 0 });
  expect(new Set(result.left.map(({ reason }) => reason))).toEqual(new Set(['incomplete']));
});

test('a name without end is quoted in part', () => {
  const name = 'n'.repeat(50_000);
  const findings = lint(`apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec: {containers: [{name: ${name}}]}\n`);
  expect(findings.length).toBeGreaterThan(10);
  const longest = Math.max(...findings.map(({ object, data }) => JSON.stringify({ object, data }).length));
  expect(longest).toBeLessThan(10 * budgets.quotedLength);
});

describe('directives', () => {
  const pods = (above: string): string =>
    `${above}apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {hostPID: true, containers: [{name: a, image: b}]}\n`;
  test.each([
    ['ours', '# bulkhead-ignore kubernetes/host-ipc\n'.repeat(budgets.directives), '# bulkhead-ignore-file kubernetes/host-pid\n'],
    ['ours in one comment', `# bulkhead-ignore ${'a '.repeat(budgets.directives)}\n`, '# bulkhead-ignore-file kubernetes/host-pid\n'],
    ['those of Trivy', '# trivy:ignore:KSV-0009\n'.repeat(budgets.directives), '# trivy:ignore:KSV-0010\n'],
  ])('%s over the budget suppress nothing, and that is said', (_, filling, last) => {
    const suppressed = (text: string): boolean | undefined => {
      const finding = lint(text).find(({ rule }) => rule === 'kubernetes/host-pid');
      return finding && finding.suppression !== null;
    };
    expect(suppressed(pods(last))).toBe(true);
    const over = pods(filling + last);
    expect(shortfalls(lint(over))).toEqual(['directives error']);
    expect(suppressed(over)).toBe(false);
  });
});

describe('nothing hides it', () => {
  const hidden: Readonly<Record<string, { readonly text?: string; readonly context?: Partial<LintContext> }>> = {
    'a directive for the file': { text: `# bulkhead-ignore-file ${incompleteRule}\n${bomb}` },
    'a directive on the line': { text: `# bulkhead-ignore ${incompleteRule}\n${bomb}` },
    'a directive of Trivy': { text: `# trivy:ignore:*\n${bomb}` },
    'a directive of KICS': { text: `# kics-scan ignore\n${bomb}` },
    'an annotation': { text: bomb.replace('{name: p}', `{name: p, annotations: {bulkhead.dev/ignore: ${incompleteRule}}}`) },
    'an exception': { context: { config: { ...context.config, exceptions: [{ rule: incompleteRule }] } } },
    'a severity': { context: { config: { ...context.config, rules: { [incompleteRule]: { severity: null } } } } },
    'a lower severity': { context: { config: { ...context.config, rules: { [incompleteRule]: { severity: 'hint' } } } } },
    'a profile': { context: { config: { ...context.config, profile: 'baseline' } } },
  };
  test.each(Object.keys(hidden))('%s', name => {
    const { text = bomb, context: changes } = hidden[name]!;
    const findings = lint(text, 'a.yaml', { ...context, ...changes });
    expect(findings.filter(({ rule }) => rule === incompleteRule)).toMatchObject([{ severity: 'error', suppression: null }]);
  });
});
