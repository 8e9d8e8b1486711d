import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import type { Accepted } from '../../../shared/src/engine/accept';
import type { LintContext } from '../../../shared/src/engine/types';
import { defineRule, type Rule } from '../../../shared/src/rule/define-rule';
import type { Range } from '../../../shared/src/base/text/range';
import { fakeContext, fakeRules } from './small-rules';

const engine = createEngine(fakeRules);
const deployment = (name: string, body = ''): string => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  template:
    spec:
${body}      containers:
        - name: app
          image: app:1
`;
const rulesOf = (path: string, text: string, context: LintContext = fakeContext): string[] =>
  engine
    .open({ path, text })
    .lint(context)
    .findings.map(f => f.rule);

describe('lint', () => {
  test('a superseded finding on the same token goes, elsewhere it stays', () => {
    expect(rulesOf('a.yaml', deployment('a', '      hostPID: true\n      hostUsers: false\n'))).toEqual([
      'kubernetes/fake-host',
      'kubernetes/fake-any',
      'kubernetes/fake-escalation',
    ]);
  });

  test('profiles: a message counts where its own profile is in force', () => {
    const at = (profile: LintContext['config']['profile']): string[] =>
      rulesOf('a.yaml', deployment('a'), { ...fakeContext, config: { ...fakeContext.config, profile } });
    expect(at('baseline')).toEqual([]);
    expect(at('restricted')).toEqual(['kubernetes/fake-escalation']);
    expect(at('strict')).toEqual(['kubernetes/fake-escalation', 'kubernetes/fake-escalation']);
  });

  test('a severity from the configuration wins and switches the rule on; null switches it off', () => {
    const config = {
      ...fakeContext.config,
      profile: 'baseline' as const,
      rules: { 'kubernetes/fake-escalation': { severity: 'hint' as const }, 'kubernetes/fake-any': { severity: null } },
    };
    const findings = engine
      .open({ path: 'a.yaml', text: deployment('a', '      hostUsers: false\n') })
      .lint({ ...fakeContext, config }).findings;
    expect(findings.map(f => [f.rule, f.severity])).toEqual([
      ['kubernetes/fake-escalation', 'hint'],
      ['kubernetes/fake-escalation', 'hint'],
    ]);
  });

  test('documents are numbered in the file, and ranges are the file’s', () => {
    const text = `${deployment('a')}---\n${deployment('b')}`;
    const findings = engine.open({ path: 'a.yaml', text }).lint(fakeContext).findings;
    expect(findings.map(f => [f.object?.document, f.object?.name, f.object?.container, text.slice(f.range.start, f.range.end)])).toEqual([
      [0, 'a', 'app', 'app'],
      [1, 'b', 'app', 'app'],
    ]);
  });

  test('fingerprints survive edits elsewhere and differ from each other', () => {
    const prints = (text: string): string[] =>
      engine
        .open({ path: 'a.yaml', text })
        .lint(fakeContext)
        .findings.map(f => f.fingerprint);
    const two = `${deployment('a')}---\n${deployment('b')}`;
    expect(new Set(prints(two)).size).toBe(2);
    expect(prints(`# new\n\n${deployment('c')}---\n${two}`).slice(1)).toEqual(prints(two));
  });

  test('what is forgotten is worked out again, and is the same', () => {
    let checks = 0;
    const rules = fakeRules.map(rule => {
      const on = Object.entries(rule.on).map(([target, check]) => [
        target,
        (...of: Parameters<typeof check>) => {
          checks++;
          return check(...of);
        },
      ]);
      return { ...rule, on: Object.fromEntries(on) as typeof rule.on };
    });
    const own = createEngine(rules);
    const file = { path: 'a.yaml', text: deployment('a', '      hostPID: true\n') };
    const opened = own.open(file);
    // as text: the operations of a fix are functions
    const said = (of: typeof opened): string => JSON.stringify(of.lint(fakeContext).findings);
    const first = said(opened);
    const once = checks;
    expect([said(opened), checks]).toEqual([first, once]);
    opened.forget();
    expect([said(opened), checks]).toEqual([first, 2 * once]);
    opened.forget();
    expect([said(own.open(file)), checks]).toEqual([first, 3 * once]);
  });

  test('a rule that throws costs only itself and shows as an internal error', () => {
    const { findings } = engine.open({ path: 'Dockerfile', text: 'FROM scratch\nRUN a\nUSER x\nUSER y\n' }).lint(fakeContext);
    expect(findings.map(f => f.rule)).toEqual(['bulkhead/internal-error', 'dockerfile/fake-run']);
    expect(findings[0]!.data).toEqual({ rule: 'dockerfile/fake-crash', error: 'on purpose' });
  });

  test.each<readonly [string, unknown]>([
    ['no range', undefined],
    ['a range behind the text', { start: 3, end: 99 }],
    ['a range before the text', { start: -1, end: 3 }],
    ['a range that ends before it begins', { start: 3, end: 2 }],
    ['numbers that are none', { start: NaN, end: NaN }],
  ])('a rule that reports %s costs only itself and is named', (_, range) => {
    const reporting = (name: string, related: boolean): Rule =>
      defineRule({
        id: `dockerfile/${name}`,
        title: 'Fake: a bad range',
        severity: 'warning',
        category: 'surface',
        profile: 'baseline',
        messages: { found: { text: 'never' } },
        on: {
          instruction: (instruction, report) =>
            related
              ? report(instruction.keywordRange, 'found', {}, report.related(range as Range, 'found'))
              : report(range as Range, 'found'),
        },
      });
    const others = fakeRules.filter(({ id }) => id === 'dockerfile/fake-run');
    const { findings } = createEngine([...others, reporting('bad-range', false), reporting('bad-related', true)])
      .open({ path: 'Dockerfile', text: 'FROM scratch\nRUN a\n' })
      .lint(fakeContext);
    expect(findings.map(f => [f.rule, f.data['rule']])).toEqual([
      ['bulkhead/internal-error', 'dockerfile/bad-range'],
      ['bulkhead/internal-error', 'dockerfile/bad-related'],
      ['dockerfile/fake-run', undefined],
    ]);
  });

  test('a text over the limit gives one error', () => {
    const { findings, limited } = engine.open({ path: 'a.yaml', text: deployment('a') }).lint({ ...fakeContext, sizeLimit: 10 });
    expect(findings.map(f => [f.rule, f.severity])).toEqual([['bulkhead/incomplete', 'error']]);
    expect(limited).not.toBeNull();
  });

  test.each([
    [{ sizeLimit: 10 }, 1000, 0],
    [{ sizeLimit: 1000 }, 10, 1],
    [{}, 10, 1],
    [{ sizeLimit: 10 }, undefined, 1],
    [{}, undefined, 0],
  ])('the configuration sets the limit, before the host does: %j and %j', (host, maxFileSize, errors) => {
    const config = { ...fakeContext.config, ...(maxFileSize !== undefined && { maxFileSize }) };
    const { findings } = engine.open({ path: 'a.yaml', text: deployment('a') }).lint({ ...fakeContext, ...host, config });
    expect(findings.filter(f => f.messageId === 'too-large')).toHaveLength(errors);
  });

  test('a template is checked and not edited', () => {
    const text = deployment('a', '      hostPID: true\n').replace('name: a ', 'name: {{ .Release.Name }} ');
    const findings = engine
      .open({ path: 'templates/a.yaml', text })
      .lint(fakeContext)
      .findings.filter(f => f.rule === 'kubernetes/fake-host');
    expect(findings.map(f => [f.fixes.length, f.left?.reason])).toEqual([[0, 'templated']]);
    expect(engine.open({ path: 'templates/a.yaml', text }).harden(fakeContext).text).toBe(text);
  });
});

describe('harden', () => {
  test('applies what its classes allow, says what is left and why', () => {
    const text = deployment('a', '      hostPID: true\n');
    const result = engine.open({ path: 'a.yaml', text }).harden(fakeContext);
    expect(result.text).toBe(
      `${deployment('a', '      hostPID: true\n')}          securityContext:\n            allowPrivilegeEscalation: false\n`,
    );
    expect(result.applied.map(a => a.finding.rule)).toEqual(['kubernetes/fake-escalation']);
    expect(result.left.map(l => [l.finding.rule, l.reason])).toEqual([['kubernetes/fake-host', 'attended']]);
  });

  test('what a program writes is left where that is asked for', () => {
    const text = `# Code generated by make. DO NOT EDIT.\n${deployment('a')}`;
    const opened = engine.open({ path: 'a.yaml', text });
    expect(opened.harden(fakeContext).text).toBe(text);
    expect(opened.harden(fakeContext, { accept: 'all' }).text).not.toBe(text);
    const result = opened.harden(fakeContext, { leavesGenerated: true });
    expect(result.text).toBe(text);
    expect(result.left.map(l => [l.finding.rule, l.reason])).toEqual([['kubernetes/fake-escalation', 'generated']]);
  });

  test('a suppressed finding is not fixed', () => {
    const text = deployment('a').replace('- name: app', '- name: app # bulkhead-ignore kubernetes/fake-escalation');
    expect(engine.open({ path: 'a.yaml', text }).harden(fakeContext).text).toBe(text);
  });

  test('a chosen attended fix is applied', () => {
    const text = deployment('a', '      hostPID: true\n');
    expect(engine.open({ path: 'a.yaml', text }).applyFixes(fakeContext, (_, fix) => fix.id === 'remove').text).toBe(deployment('a'));
  });

  test('an attended fix is applied where its rule is accepted', () => {
    const opened = engine.open({ path: 'a.yaml', text: deployment('a', '      hostPID: true\n') });
    const taken = (accept: Accepted): unknown =>
      opened.harden(fakeContext, { accept }).applied.map(({ finding, fix }) => [fix.class, finding.rule]);
    const both = [
      ['attended', 'kubernetes/fake-host'],
      ['safe', 'kubernetes/fake-escalation'],
    ];
    expect(taken(new Set(['kubernetes/fake-host']))).toEqual(both);
    expect(taken('all')).toEqual(both);
    expect(taken(new Set(['kubernetes/fake-escalation']))).toEqual([both[1]]);
  });

  test('to accept everything is not to lose directives', () => {
    const text = deployment('a', '      hostPID: true\n').replace('spec:', '# bulkhead-ignore-file kubernetes/fake-any\nspec:');
    const result = engine.open({ path: 'a.yaml', text }).harden(fakeContext, { accept: 'all' });
    expect(result.text).toContain('# bulkhead-ignore-file kubernetes/fake-any');
    expect(result.left.map(({ finding, reason }) => [finding.rule, reason])).toEqual([['bulkhead/unused-suppression', 'attended']]);
  });

  test('attended fixes of one group go together', () => {
    const setting = (name: string, group: string): Rule =>
      defineRule({
        id: `kubernetes/fake-${name.toLowerCase()}`,
        title: 'Fake: a setting',
        severity: 'warning',
        category: 'isolation',
        profile: 'baseline',
        messages: { unset: { text: 'Pod without it' } },
        fixes: { set: { title: 'Set it', class: 'attended' } },
        on: {
          pod(pod, report) {
            if (pod.node.get(name) !== undefined) return;
            report(
              pod.reportRange,
              'unset',
              {},
              report.fix('set', () => [{ type: 'yaml.set', path: [...pod.path, name], value: false }], { group }),
            );
          },
        },
      });
    const grouped = createEngine([setting('hostPID', 'host'), setting('hostIPC', 'host'), setting('hostNetwork', 'network')]);
    const { text } = grouped
      .open({ path: 'a.yaml', text: deployment('a') })
      .harden(fakeContext, { accept: new Set(['kubernetes/fake-hostpid']) });
    expect([text.includes('hostPID'), text.includes('hostIPC'), text.includes('hostNetwork')]).toEqual([true, true, false]);
  });

  test('evidence against a review fix makes it attended', () => {
    const rule = (evidence: boolean): Rule =>
      defineRule({
        id: 'kubernetes/fake-doubt',
        title: 'Fake: a fix in doubt',
        severity: 'warning',
        category: 'isolation',
        profile: 'baseline',
        messages: { set: { text: 'Pod has it' } },
        fixes: { remove: { title: 'Remove it', class: 'review' } },
        assumptions: { unused: 'Nothing uses it' },
        on: {
          pod(pod, report) {
            if (!pod.node.entry('hostPID')) return;
            const assumes = [{ id: 'unused', ...(evidence && { evidence: true as const }) }];
            report(
              pod.reportRange,
              'set',
              {},
              report.fix('remove', () => [{ type: 'yaml.remove', path: [...pod.path, 'hostPID'] }], { assumes }),
            );
          },
        },
      });
    const result = (evidence: boolean): unknown => {
      const text = deployment('a', '      hostPID: true\n');
      const { applied, left } = createEngine([rule(evidence)])
        .open({ path: 'a.yaml', text })
        .harden(fakeContext);
      return [applied.map(({ fix }) => fix.class), left.map(({ reason }) => reason)];
    };
    expect(result(false)).toEqual([['review'], []]);
    expect(result(true)).toEqual([[], ['attended']]);
  });
});
