import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../../shared/src/base/text/edits';
import { effectiveConfig } from '../../../shared/src/engine/config/effective';
import { parseConfig } from '../../../shared/src/engine/config/parse';
import type { Answered } from '../../../shared/src/engine/config/types';
import { addAnswers } from '../../../shared/src/engine/config/write';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { answersTo, type Question, questionsOf } from '../../../shared/src/engine/questions';
import { rules } from '../../../shared/src/families/generated/index';
import { plainContext } from '../../../tools/lint-context';

const engine = createEngine(rules);
const path = 'deploy/agent.yaml';

/** Two workloads of one image that see the processes of their node, each with a container that is privileged. */
const agents = ['one', 'two']
  .map(
    name => `apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: ${name}
spec:
  template:
    spec:
      hostPID: true
      containers:
        - name: agent
          image: quay.io/acme/agent:1.2.3
          securityContext:
            privileged: true
`,
  )
  .join('---\n');

function lintWith(text: string, config: string) {
  const parsed = parseConfig(config, rules);
  expect(parsed.problems).toEqual([]);
  const inForce = effectiveConfig(parsed.config, path);
  if (inForce === 'excluded') throw new Error('excluded');
  const context = { ...plainContext(), config: inForce };
  const opened = engine.open({ path, text });
  return { opened, context, answers: parsed.config?.answers, findings: opened.lint(context).findings };
}

function ask(text: string, config = ''): readonly Question[] {
  const { opened, context, answers } = lintWith(text, config);
  return questionsOf(opened.asked(context), { path, answers, today: '2026-12-01' });
}

const rulesOf = (questions: readonly Question[]): readonly string[] =>
  questions.map(({ groups }) => [...new Set(groups.flatMap(group => group.answers.map(({ rule }) => rule)))].sort().join(' '));

function keep(question: Question, said: Pick<Answered, 'answer' | 'reason' | 'date'>, config = ''): string {
  const edits = addAnswers(config, answersTo([{ path, question }], said), rules);
  if (!edits) throw new Error('not written');
  return applyEdits(config, edits);
}

describe('questions', () => {
  test('are one for all containers of an image, and one for each object where no image is asked about', () => {
    const found = rulesOf(ask(agents));
    expect(found.filter(list => list === 'kubernetes/host-pid')).toHaveLength(2);
    expect(found.filter(list => list.includes('kubernetes/privileged'))).toHaveLength(1);
  });

  test('have the same id whatever else is in the file', () => {
    const id = ask(agents).find(({ image }) => image !== null)!.id;
    expect(ask(`# moved\n${agents}`).map(question => question.id)).toContain(id);
  });
});

describe('answers', () => {
  const privileged = ask(agents).find(({ groups }) => groups.some(({ rules: all }) => all.includes('kubernetes/privileged')))!;
  const config = keep(privileged, { answer: 'needed', reason: 'it loads a kernel module', date: '2026-12-01' });

  test('that say needed suppress what was asked about, with the reason, and are not asked again', () => {
    const { findings } = lintWith(agents, config);
    const own = findings.filter(({ rule }) => rule === 'kubernetes/privileged');
    expect(own).toHaveLength(2);
    expect(own.map(({ suppression }) => suppression)).toEqual(own.map(() => ({ kind: 'config', reason: 'it loads a kernel module' })));
    expect(ask(agents, config).map(({ id }) => id)).not.toContain(privileged.id);
  });

  test('hold for no other image, and that is said', () => {
    const { findings } = lintWith(agents.replaceAll('acme/agent', 'acme/other'), config);
    expect(findings.filter(({ rule }) => rule === 'kubernetes/privileged').every(({ suppression }) => suppression === null)).toBe(true);
    const unused = findings.filter(({ rule }) => rule === 'bulkhead/unused-suppression');
    expect(unused.map(({ data }) => data['of'])).toContain('agent');
  });

  test('are not unused while they suppress something', () => {
    expect(lintWith(agents, config).findings.filter(({ rule }) => rule === 'bulkhead/unused-suppression')).toEqual([]);
  });

  test('that say later suppress nothing, and are asked again after 30 days', () => {
    const later = keep(privileged, { answer: 'later', date: '2026-12-01' });
    expect(lintWith(agents, later).findings.every(({ suppression }) => suppression === null)).toBe(true);
    expect(ask(agents, later).map(({ id }) => id)).not.toContain(privileged.id);
    expect(ask(agents, later.replace('2026-12-01', '2026-11-01')).map(({ id }) => id)).toContain(privileged.id);
  });

  test('keep every other byte of the configuration', () => {
    const before = '# ours\nprofile: strict   # all of it\n';
    expect(keep(privileged, { answer: 'later', date: '2026-12-01' }, before).startsWith(before)).toBe(true);
  });

  test.each([
    ['answers:\n  - question: no/rule\n    where: [{ path: a }]\n    answer: later\n    date: 2026-12-01\n', 'Unknown rule "no/rule"'],
    [
      'answers:\n  - question: kubernetes/privileged\n    where: [{ path: a }]\n    answer: needed\n    date: 2026-12-01\n',
      'needs "reason"',
    ],
    ['answers:\n  - question: kubernetes/privileged\n    answer: later\n    date: 2026-12-01\n', 'needs "where"'],
    ['answers:\n  - question: kubernetes/privileged\n    where: [{ name: a }]\n    answer: later\n    date: 2026-12-01\n', 'needs "path"'],
    [
      'answers:\n  - question: kubernetes/privileged\n    where: [{ path: a }]\n    answer: maybe\n    date: 2026-12-01\n',
      'one of needed, later',
    ],
    ['answers:\n  - question: kubernetes/privileged\n    where: [{ path: a }]\n    answer: later\n    date: soon\n', 'must be a date'],
    ['answers: yes\n', 'answers must be a list'],
  ])('with something wrong hold nowhere: %j', (text, message) => {
    const { config: read, problems } = parseConfig(text, rules);
    expect(problems.map(problem => problem.message).join('\n')).toContain(message);
    expect(read?.answers ?? []).toEqual([]);
  });
});
