import { describe, expect, test } from 'vitest';
import { draw, drawEvenly } from '../../../tools/precision/draw';
import { countTables, readKept, verdict, type Row } from '../../../tools/precision/judged';
import { drawSheet, type Reports } from '../../../tools/precision/sheet';

const itself = (text: string): string => text;
const ruleOf = (item: string): string => item.split(':')[0]!;
/** Findings of rules of very different frequency: one of `r1`, two of `r2`, ... */
const items = Array.from({ length: 9 }, (_, i) => Array.from({ length: i + 1 }, (_, j) => `r${i + 1}:${j}`)).flat();

describe('what is drawn', () => {
  test('rare and frequent rules in turn, one of each before a second of any, and no more of one than asked', () => {
    const rules = draw(items, ruleOf, itself, { seed: '1', count: 30, most: 3 }).map(ruleOf);
    expect(rules.slice(0, 9)).toEqual(['r1', 'r9', 'r2', 'r8', 'r3', 'r7', 'r4', 'r6', 'r5']);
    expect(Object.fromEntries([...new Set(rules)].sort().map(rule => [rule, rules.filter(one => one === rule).length]))).toEqual({
      ...{ r1: 1, r2: 2 },
      ...Object.fromEntries(['r3', 'r4', 'r5', 'r6', 'r7', 'r8', 'r9'].map(rule => [rule, 3])),
    });
  });

  test('the same for the same seed, in whatever order the findings come, and something else for another', () => {
    const how = { seed: '1', count: 12, most: 2 };
    const drawn = draw(items, ruleOf, itself, how);
    expect(draw([...items].reverse(), ruleOf, itself, how)).toEqual(drawn);
    expect(draw(items, ruleOf, itself, { ...how, seed: '2' })).not.toEqual(drawn);
    // a finding that is gone changes nothing but its own place
    const without = draw(
      items.filter(item => item !== drawn[1]),
      ruleOf,
      itself,
      how,
    );
    expect(without.filter(item => ruleOf(item) !== 'r9')).toEqual(drawn.filter(item => ruleOf(item) !== 'r9'));
  });
});

test('drawn evenly, frequent rules are drawn as often as they occur, but no group more than asked', () => {
  const drawn = (most: number): readonly string[] => drawEvenly(items, ruleOf, itself, { seed: '1', count: 30, most });
  const of = (rule: string, all: readonly string[]): number => all.filter(item => ruleOf(item) === rule).length;
  expect(drawn(9)).toHaveLength(30);
  expect(of('r9', drawn(9)) + of('r8', drawn(9))).toBeGreaterThan(of('r1', drawn(9)) + of('r2', drawn(9)) + of('r3', drawn(9)));
  expect(Math.max(...drawn(2).map(item => of(ruleOf(item), drawn(2))))).toBe(2);
});

test('a sheet asks of each finding and its fix, shows both, and keeps no text of the file', () => {
  const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 4 } };
  const changes = [{ path: 'Dockerfile', edits: [{ range, newText: 'USER 65532' }] }];
  const fix = { id: 'user', title: 'Run as 65532', class: 'review', needs: null, assumes: [], changes };
  const rule = { rule: 'dockerfile/root-user', messageId: 'root', severity: 'warning', message: 'Root' };
  const finding = { ...rule, fingerprint: 'f', range, object: null, suppressed: false, fixes: [fix] };
  const second = { ...finding, fingerprint: 'g' };
  const other = { ...finding, rule: 'compose/x', fixes: [] };
  const reports: Reports = {
    lint: [{ path: 'Dockerfile', findings: [finding, second, { ...finding, suppressed: true }, other] }],
    harden: [{ path: 'Dockerfile', family: 'dockerfile', applied: [{ ...rule, fix }], changes }],
  };
  const entries = drawSheet(reports, () => 'FROM secret\nUSER\n', { seed: '1', by: 'rule', perFamily: 1, most: 3, fixes: 5, diffs: 5 });
  const applied = { id: 'user', class: 'review', applied: true };
  // the fix of the second finding alone: that of the first is judged with it
  expect(entries.map(({ row }) => [row.rule, row.fix, Object.keys(row.readers[0]!)])).toEqual([
    ['compose/x', undefined, ['finding', 'why']],
    ['dockerfile/root-user', applied, ['finding', 'fix', 'why']],
    ['dockerfile/root-user', applied, ['fix', 'why']],
    [undefined, undefined, ['diff', 'why']],
  ]);
  expect(entries[1]!.page.join('\n')).toMatch(/^> +2 USER\n[^]*^-USER\n\+USER 65532\n/m);
  expect(JSON.stringify(entries.map(({ row }) => row))).not.toContain('secret');
});

describe('what readers say', () => {
  const row = (...answers: readonly (readonly [finding: string, fix: string])[]): Row => ({
    ...{ number: 1, path: 'x', family: 'compose', severity: 'error', fix: { id: 'f', class: 'safe', applied: true } },
    readers: answers.map(([finding, fix]) => ({ finding, fix, why: '' })),
  });

  test.each([
    ['no one', [['', '']], null, null],
    [
      'one',
      [
        ['noise', 'right'],
        ['', ''],
      ],
      'noise',
      'right',
    ],
    [
      'two who agree',
      [
        ['true', 'merge'],
        ['true', 'merge'],
      ],
      'true',
      'merge',
    ],
    [
      'two who differ',
      [
        ['true', 'merge'],
        ['noise', 'incomplete'],
      ],
      'false',
      'wrong',
    ],
    [
      'two who differ in whether to ask first',
      [
        ['true', 'merge'],
        ['true', 'right'],
      ],
      'true',
      'right',
    ],
  ] as const)('%s', (_name, answers, finding, fix) => {
    expect([verdict(row(...answers), 'finding'), verdict(row(...answers), 'fix')]).toEqual([finding, fix]);
  });

  test('an answer that is none of the question is an error', () => {
    expect(() => verdict(row(['yes', '']), 'finding')).toThrow('row 1 (x): "yes" is none of true, noise, false');
  });

  test('are counted by family, severity and class', () => {
    const [head, findings, fixes, ...more] = countTables([
      row(['true', 'merge'], ['true', 'wrong']),
      row(['true', 'merge']),
      row(['', '']),
    ]);
    expect(head).toBe('3 rows; 1 have two readers, who differ in 1: such a row counts as the worst answer.');
    expect(findings).toContain('| compose | 2 | 2 | 100.0 % | 0 | 0.0 % | 0 | 0.0 % |\n| error | 2 |');
    expect(fixes).toContain('| safe, by harden | 2 | 1 | 50.0 % | 0 | 0.0 % | 0 | 0.0 % | 1 | 50.0 % |');
    expect(more).toEqual([]);
  });
});

test('the sheets that are kept are judged, with a reason for whatever is not right, and hold no text of the files', () => {
  const fields = ['number', 'path', 'family', 'line', 'rule', 'messageId', 'severity', 'fingerprint', 'fix', 'readers', 'sheet'];
  const rows = readKept();
  expect(rows.flatMap(row => Object.keys(row).filter(field => !fields.includes(field)))).toEqual([]);
  const fine: readonly (string | undefined)[] = ['true', 'merge', 'right', '', undefined];
  const unreasoned = rows.filter(({ readers }) =>
    readers.some(({ finding, fix, diff, why }) => why === '' && ![finding, fix, diff].every(answer => fine.includes(answer))),
  );
  expect(unreasoned.map(({ number }) => number)).toEqual([]);
  expect(countTables(rows).length).toBeGreaterThan(0);
});

test('by repository, each is asked for one finding before any for two', () => {
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
  const findings = ['a', 'b', 'c'].map(message => ({
    ...{ rule: 'dockerfile/root-user', messageId: 'root', severity: 'warning', message, fingerprint: message },
    ...{ range, object: null, suppressed: false, fixes: [] },
  }));
  const paths = ['one/x/Dockerfile', 'one/x/b/Dockerfile', 'one/y/Dockerfile', 'two/x/Dockerfile'];
  const reports = { lint: paths.map(path => ({ path, findings })), harden: [] };
  const entries = drawSheet(reports, () => 'FROM x\n', { seed: '1', by: 'repository', perFamily: 3, most: 9, fixes: 0, diffs: 0 });
  expect(new Set(entries.map(({ row }) => row.path.split('/', 2).join('/')))).toEqual(new Set(['one/x', 'one/y', 'two/x']));
});

test('by what is shown, findings that are shown as one are one row, that of the worst of them', () => {
  const range = { start: { line: 1, character: 2 }, end: { line: 1, character: 5 } };
  const finding = (rule: string, severity: string): Reports['lint'][number]['findings'][number] => ({
    ...{ rule, severity, messageId: 'missing', message: rule, fingerprint: rule },
    ...{ range, object: { name: null, container: 'app' }, suppressed: false, fixes: [] },
  });
  const service = [finding('compose/missing-pids-limit', 'hint'), finding('compose/privilege-escalation', 'warning')];
  const reports = { lint: [{ path: 'one/x/compose.yaml', findings: [...service, finding('compose/latest-tag', 'warning')] }], harden: [] };
  const entries = drawSheet(reports, () => 'services:\n  app:\n', { seed: '1', by: 'shown', perFamily: 9, most: 9, fixes: 0, diffs: 0 });
  expect(entries.map(({ row }) => row.rule).sort()).toEqual(['compose/latest-tag', 'compose/privilege-escalation']);
  expect(entries.find(({ row }) => row.rule === 'compose/privilege-escalation')!.page).toContain(
    'Also hint `compose/missing-pids-limit`: compose/missing-pids-limit',
  );
});
