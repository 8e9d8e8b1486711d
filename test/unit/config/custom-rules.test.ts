import { describe, expect, test } from 'vitest';
import { extendConfig, locksOf } from '../../../shared/src/engine/config/base';
import { effectiveConfig } from '../../../shared/src/engine/config/effective';
import { parseConfig } from '../../../shared/src/engine/config/parse';
import type { Config } from '../../../shared/src/engine/config/types';
import { createEngine } from '../../../shared/src/engine/create-engine';
import type { Finding } from '../../../shared/src/rule/finding/types';
import { rules } from '../../../shared/src/families/generated/index';
import { createWords } from '../../../shared/src/output/report/words';
import { emptyWorkspace } from '../../../shared/src/workspace/workspace-index';

/** `customRules`: what a configuration can have rules of its own about, what is wrong in them, and what bounds them. */

const engine = createEngine(rules);
const words = createWords(rules);
const indent = (text: string, by: string): string => text.replace(/^(?=.)/gm, by);

/** A configuration with one rule. */
const own = (rule: string, more = ''): string => `${more}customRules:\n  - id: custom/x\n${indent(rule, '    ')}\n    message: Not ours.\n`;

function configOf(text: string): Config {
  const { config, problems } = parseConfig(text, rules);
  expect(problems).toEqual([]);
  return config!;
}

function findingsIn(config: Config, path: string, text: string): readonly Finding[] {
  const effective = effectiveConfig(config, path);
  if (effective === 'excluded') return [];
  const context = { config: effective, today: '2026-11-24', workspace: emptyWorkspace, digest: () => null };
  return engine.open({ path, text }).lint(context).findings;
}

/** Findings as `text|message`, where text is what the range covers. */
function found(config: string, path: string, text: string): readonly string[] {
  return findingsIn(configOf(config), path, text)
    .filter(({ rule, suppression }) => rule === 'custom/x' && suppression === null)
    .map(finding => `${text.slice(finding.range.start, finding.range.end)}|${words.message(finding)}`);
}

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  template:
    spec:
      containers: [{ name: web, image: "web:1" }]
`;
const compose = `services:
  web:
    image: nginx:\${TAG}
    restart: "no"
  db:
    extends: { file: base.yaml, service: db }
    image: postgres:17
`;
const dockerfile = `ARG BASE
FROM node:20 AS build
ENV A=1 B=2
RUN --mount=type=cache,target=/c npm ci
FROM build
USER 1000
FROM $BASE
`;
const workflow = 'on: push\njobs:\n  a:\n    runs-on: self-hosted\n    steps: []\n';

describe('what a rule is asked about', () => {
  test.each<readonly [what: string, path: string, text: string, rule: string, expected: readonly string[]]>([
    ['the field that decides', 'a.yaml', deployment, 'kind: Deployment\ncel: object.spec.replicas >= 2', ['1|Not ours']],
    ['what lacks a field', 'a.yaml', deployment, 'kind: Deployment\ncel: has(object.spec.paused)', ['spec|Not ours']],
    [
      'a field that is named',
      'a.yaml',
      deployment,
      'kind: Deployment\nat: metadata.name\ncel: object.spec.replicas >= 2',
      ['web|Not ours'],
    ],
    ['an object that passes', 'a.yaml', deployment, 'kind: Deployment\ncel: object.spec.replicas == 1', []],
    ['another kind', 'a.yaml', deployment, 'kind: [Pod, StatefulSet]\ncel: "false"', []],
    ['a family', 'a.yaml', deployment, 'family: kubernetes\ncel: kind == "Pod"', ['web|Not ours']],
    ['another family', 'a.yaml', deployment, 'family: compose\ncel: "false"', []],
    ['files', 'deploy/a.yaml', deployment, 'files: deploy/**\ncel: name != "web"', ['web|Not ours']],
    ['other files', 'test.yaml', deployment, 'files: [deploy/**]\ncel: "false"', []],
    ['a path', 'deploy/a.yaml', deployment, 'kind: Deployment\ncel: path.startsWith("deploy/")', []],
    ['what fails', 'a.yaml', deployment, 'kind: Deployment\ncel: object.spec.paused', ['spec|Not ours (no such key: paused)']],
    [
      'what is no bool',
      'a.yaml',
      deployment,
      'kind: Deployment\ncel: object.spec.replicas',
      ['1|Not ours (the expression is a int, not a bool)'],
    ],
    ['services', 'compose.yaml', compose, 'kind: service\ncel: object.restart == "always"', ['"no"|Not ours']],
    ['what is filled in', 'compose.yaml', compose, 'kind: service\ncel: object.image == "x" || name == "db"', []],
    [
      'stages',
      'Dockerfile',
      dockerfile,
      'family: dockerfile\ncel: has(object.from.stage) || object.from.tag == "22"',
      ['node:20|Not ours'],
    ],
    [
      'instructions',
      'Dockerfile',
      dockerfile,
      'kind: stage\ncel: object.instructions.all(i, i.keyword != "RUN" || i.flags.size() == 0)',
      ['RUN|Not ours'],
    ],
    [
      'pairs, flags and words',
      'Dockerfile',
      dockerfile,
      'kind: stage\ncel: object.instructions.all(i, !has(i.pairs) || i.pairs.B != "2")',
      ['B=2|Not ours'],
    ],
    ['users', 'Dockerfile', dockerfile, 'kind: stage\ncel: object.?user.orValue("") != "1000"', ['1000|Not ours']],
    ['jobs', '.github/workflows/a.yml', workflow, 'kind: job\ncel: object["runs-on"] != "self-hosted"', ['self-hosted|Not ours']],
    [
      'what a template fills in',
      'templates/a.yaml',
      deployment.replace(': 1\n', ': {{ .Values.n }}\n'),
      'kind: Deployment\ncel: object.spec.replicas > 1',
      [],
    ],
  ])('%s', (_what, path, text, rule, expected) => {
    expect(found(own(rule), path, text)).toEqual(expected);
  });
});

describe('what holds for them as for ours', () => {
  const rule = own('kind: Deployment\nseverity: info\ncel: object.spec.replicas >= 2');
  test.each<readonly [what: string, more: string, text: string, expected: readonly string[]]>([
    ['their severity', '', deployment, ['info']],
    ['another one', 'rules: { custom/x: error }\n', deployment, ['error']],
    ['off', 'rules: { custom/x: off }\n', deployment, []],
    ['off in some files', 'overrides: [{ files: a.yaml, rules: { custom/x: off } }]\n', deployment, []],
    ['an exception', 'exceptions: [{ rule: custom/x, name: web }]\n', deployment, []],
    ['an exception of another object', 'exceptions: [{ rule: custom/x, name: db }]\n', deployment, ['info']],
    ['a directive', '', `# bulkhead-ignore-file custom/x -- small\n${deployment}`, []],
  ])('%s', (_what, more, text, expected) => {
    const all = findingsIn(configOf(more + rule), 'a.yaml', text);
    expect(
      all.filter(({ suppression }) => suppression === null).flatMap(({ rule: id, severity }) => (id === 'custom/x' ? [severity] : [])),
    ).toEqual(expected);
    expect(all.map(({ rule: id }) => id).filter(id => id.startsWith('bulkhead/'))).toEqual([]);
  });

  test('other words leave the fingerprint as it is', () => {
    const prints = [rule, rule.replace('Not ours.', 'Two replicas')].map(text =>
      findingsIn(configOf(text), 'a.yaml', deployment)
        .filter(({ rule: id }) => id === 'custom/x')
        .map(({ fingerprint }) => fingerprint),
    );
    expect(prints[0]).toHaveLength(1);
    expect(prints[1]).toEqual(prints[0]);
  });

  test('credentials in a message are masked', () => {
    const text = rule.replace('Not ours.', 'password=hunter2hunter2 is bad');
    expect(found(text, 'a.yaml', deployment).join()).not.toContain('hunter2');
  });

  test('those of an organisation hold for those who extend it, and can be locked', () => {
    const base = configOf(`${rule}locked: [custom/x]\n`);
    const read = (text: string) =>
      parseConfig(text, rules, { locks: locksOf({ file: 'acme.yaml' }, base), customRules: base.customRules ?? [] });
    const more = own('kind: Deployment\ncel: object.metadata.name == "x"').replace('custom/x', 'custom/y');
    const both = read(more);
    expect(both.problems).toEqual([]);
    const ids = findingsIn(extendConfig(base, both.config!), 'a.yaml', deployment).map(({ rule: id }) => id);
    expect(ids.filter(id => id.startsWith('custom/')).sort()).toEqual(['custom/x', 'custom/y']);
    expect(read('rules: { custom/x: off }\n').problems.map(({ message }) => message)).toEqual([
      '"custom/x" is locked by acme.yaml: at least info',
    ]);
    expect(read(rule).problems.map(({ message }) => message)).toEqual(['"custom/x" is already defined']);
  });
});

describe('what is wrong in them is reported where it stands', () => {
  test.each<readonly [rule: string, problems: readonly string[]]>([
    ['kind: Pod\ncel: object.spec.a >', ['>|The expression ends in the middle']],
    ['kind: Pod\ncel: |\n  object.a == 1 &&\n    objekt.b', ['objekt|Unknown name "objekt": known names are object, kind, name, path']],
    ['kind: Pod\ncel: object.a.shout()', ['shout|Unknown function shout()']],
    ['kind: Pod\ncel: object.a === 1', ['===|"===" is not an operator of CEL, == is']],
    ['kind: Pod\ncel: [a]', ['[a]|cel must be a string, not a list']],
    ['kind: Pod', ['id|A rule needs "cel"']],
    ['cel: "true"', ['id|A rule needs "kind", "family" or "files" to select what it checks']],
    ['family: helm\ncel: "true"', ['helm|family must be one of dockerfile, workflow, compose, kubernetes, not "helm"']],
    ['kind: Pod\ncel: "true"\nseverity: fatal', ['fatal|severity must be one of hint, info, warning, error, not "fatal"']],
    ['kind: Pod\ncel: "true"\nat: $.spec', ['$.spec|"at" must be names joined by dots, such as "spec.replicas", not "$.spec"']],
    ['kind: Pod\ncel: "true"\n__proto__: { id: custom/y }', ['__proto__|Unknown key "__proto__" in the rule']],
    ['kind: Pod\ncel: "true"\ntests: [{ text: a }]', ['{ text: a }|A test needs "text" and "reports"']],
    ['kind: Pod\ncel: "true"\ntests: [{ text: a, reports: 2 }]', ['2|"reports" must be true or false']],
    [`kind: Pod\ncel: "${'('.repeat(99)}1"`, [`${'('.repeat(99)}1|The expression is nested too deeply`]],
  ])('%s', (rule, expected) => {
    const text = own(rule);
    const { config, problems } = parseConfig(text, rules);
    expect(problems.map(({ range, message }) => `${text.slice(range.start, range.end)}|${message}`)).toEqual(expected);
    expect(config?.customRules).toBeUndefined();
  });

  test('at most a hundred', () => {
    const many = Array.from({ length: 102 }, (_, i) => `  - { id: custom/r${i}, kind: Pod, cel: "true", message: m }\n`).join('');
    const { config, problems } = parseConfig(`customRules:\n${many}`, rules);
    expect(config?.customRules).toHaveLength(100);
    expect(problems.map(({ message }) => message)).toEqual([
      'At most 100 custom rules are allowed',
      'At most 100 custom rules are allowed',
    ]);
  });
});

describe('what they may cost', () => {
  const list = (items: number): string => `${deployment}extra: [${Array.from({ length: items }, (_, i) => i).join()}]\n`;

  test('work that grows with a power ends, and is said once for a file', () => {
    const rule = own('kind: Deployment\ncel: object.extra.all(a, object.extra.all(b, object.extra.all(c, a + b + c >= 0)))');
    expect(found(rule, 'a.yaml', list(3))).toEqual([]);
    const twice = `${list(2000)}---\n${list(2000)}`;
    expect(found(rule, 'a.yaml', twice)).toEqual(['web|Rule not evaluated from here on: it takes more work than is done for one file']);
  });

  test('regular expressions that explode elsewhere do not', () => {
    const rule = own('kind: Deployment\ncel: \'!object.metadata.name.matches("^(a+)+$")\'');
    const start = process.cpuUsage();
    expect(found(rule, 'a.yaml', deployment.replace('name: web\n', `name: ${'a'.repeat(5000)}!\n`))).toHaveLength(0);
    const { user } = process.cpuUsage(start);
    expect(user).toBeLessThan(5_000_000);
  });
});
