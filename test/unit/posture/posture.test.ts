import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { createPosture } from '../../../shared/src/output/posture/collect';
import { postureFileOf } from '../../../shared/src/output/posture/file';
import { postureHtml } from '../../../shared/src/output/posture/html';
import { postureJson } from '../../../shared/src/output/posture/json';
import { postureMarkdown } from '../../../shared/src/output/posture/markdown';
import type { Posture } from '../../../shared/src/output/posture/types';
import { createWords } from '../../../shared/src/output/report/words';
import { plainContext } from '../../../tools/lint-context';
import { planted } from '../../support/planted';
import { spellings } from '../../support/spellings';

/** How secure a workspace is, summed up from its files. */

const engine = createEngine(rules);
const words = createWords(rules);
const context = plainContext();

/** The posture of files, as the command line sums it up. */
function postureOf(files: Readonly<Record<string, string>>, known: ReadonlySet<string> | null = null): Posture {
  const head = { version: '1.2.3', profile: 'recommended', kubernetesVersion: '1.37', today: '2026-11-24', rules, words } as const;
  const posture = createPosture({ ...head, hasBaseline: known !== null });
  for (const [path, text] of Object.entries(files)) {
    const opened = engine.open({ path, text });
    const result = opened.lint(context);
    const findings = result.findings.map(finding =>
      known?.has(finding.rule) ? { ...finding, suppression: { kind: 'baseline' as const, reason: null } } : finding,
    );
    posture.add(postureFileOf({ path, engine, opened, context, result: { ...result, findings } }));
  }
  return posture.finish();
}

const pod = (name: string, more = '', container = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop}\nspec:\n${more}  containers:\n    - name: app\n      image: nginx:1.27.4\n${container}`;
const restricted = '  securityContext: {runAsNonRoot: true, runAsUser: 101, seccompProfile: {type: RuntimeDefault}}\n';
const tight = '      securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}\n';

describe('the posture of a workspace', () => {
  test('the level of Pod Security of each workload, now and hardened', () => {
    const { workloads } = postureOf({
      'a.yaml': `${pod('host', '  hostNetwork: true\n')}---\n${pod('plain')}---\n${pod('tight', restricted, tight)}`,
    });
    expect(workloads.map(({ name, namespace, before, after }) => `${namespace}/${name}: ${before}, ${after}`)).toEqual([
      // a shared network may be meant, so that harden leaves it
      'shop/host: privileged, privileged',
      'shop/plain: baseline, restricted',
      'shop/tight: restricted, restricted',
    ]);
  });

  test('an image that a template makes up is shown as it is written', () => {
    const { images } = postureOf({ 'chart/templates/a.yaml': pod('x').replace('nginx:1.27.4', '"{{ .Values.image }}:{{ .Values.tag }}"') });
    expect(images.map(({ image, pin, user }) => ({ image, pin, user }))).toEqual([
      { image: '{{ .Values.image }}:{{ .Values.tag }}', pin: 'template', user: 'unknown' },
    ]);
  });

  test('images by how they are named, whom they run as, and their end of life', () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    const { images } = postureOf({
      Dockerfile: 'FROM node:16.20.0 AS a\nFROM nginx\nFROM debian:12.5\nFROM debian:12.5\n',
      'b.yaml': pod('x').replace('nginx:1.27.4', `registry.example.com/shop@${digest}`),
    });
    expect(images.map(({ image, places, pin, user, ended }) => ({ image, places, pin, user, ended: ended?.product ?? null }))).toEqual([
      { image: 'node:16.20.0', places: 1, pin: 'tag', user: 'root', ended: 'Node.js' },
      { image: 'nginx', places: 1, pin: 'moving', user: 'root', ended: null },
      { image: 'debian:12.5', places: 2, pin: 'tag', user: 'root', ended: null },
      { image: `registry.example.com/shop@${digest}`, places: 1, pin: 'digest', user: 'unknown', ended: null },
    ]);
  });

  test('counts agree with each other', () => {
    const posture = postureOf({ 'a/b/c/x.yaml': pod('one'), 'a/b/y.yaml': pod('two'), Dockerfile: 'FROM node\nRUN sudo ls\n' });
    const sum = (counts: Posture['counts']): number => counts.error + counts.warning + counts.info + counts.hint;
    const total = sum(posture.counts);
    expect(total).toBeGreaterThan(10);
    for (const groups of [posture.families, posture.folders, posture.worstFiles])
      expect(groups.reduce((all, { counts }) => all + sum(counts), 0)).toBe(total);
    expect(posture.rules.reduce((all, { findings }) => all + findings, 0)).toBe(total);
    expect(posture.folders.map(({ name, files }) => `${name} ${files}`).sort()).toEqual(['. 1', 'a/b 2']);
    expect(posture.fixes.length).toBeLessThanOrEqual(5);
    expect(posture.fixes.reduce((all, { findings }) => all + findings, 0)).toBeLessThanOrEqual(posture.fixable);
    const [first, second] = posture.fixes;
    expect(first!.findings).toBeGreaterThanOrEqual(second!.findings);
  });

  // U12
  test('the worst first, by danger and not by number, each with one action', () => {
    const calm = Array.from({ length: 30 }, (_, i) => `  calm${i}:\n    image: registry.example/calm:1.0@sha256:${'a'.repeat(64)}\n`).join(
      '',
    );
    const { worst } = postureOf({
      'a.yaml': `services:\n${calm}`,
      ...Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`pod${i}.yaml`, pod(`p${i}`, '  hostPID: true\n')])),
      // behind all the others, where the order of files alone would leave it out
      'compose.yaml': `services:\n  ci:\n    image: registry.example/ci:1.0\n    volumes: ["/var/run/docker.sock:/var/run/docker.sock"]\n`,
    });
    expect(worst).toHaveLength(5);
    expect(worst[0]).toMatchObject({ path: 'compose.yaml' });
    for (const { action, line } of worst) {
      expect(action).not.toBe(null);
      expect(line).toBeGreaterThan(0);
    }
  });

  test('standards: failed where a rule found something, not applicable where no file is of a kind that its rules check', () => {
    const only = postureOf({ Dockerfile: 'FROM debian:12.5\nADD a b\nUSER 1000\n' });
    const controls = (key: string) => only.standards.find(standard => standard.key === key)!.controls;
    expect(controls('pss').every(({ status }) => status === 'not-applicable')).toBe(true);
    const failed = controls('cisDocker').filter(({ status }) => status === 'failed');
    expect(failed.length).toBeGreaterThan(0);
    for (const { findings, failing, rules: covering } of failed) {
      expect(findings).toBeGreaterThan(0);
      expect(covering).toEqual(expect.arrayContaining([...failing]));
    }
    expect(controls('cisDocker').some(({ status }) => status === 'passed')).toBe(true);
  });

  test('what a baseline has is counted apart', () => {
    const file = { Dockerfile: 'FROM debian:12.5\nRUN sudo ls\nUSER 1000\n' };
    const whole = postureOf(file);
    const rest = postureOf(file, new Set(['dockerfile/sudo']));
    expect(rest.baseline).toEqual({ known: 1 });
    expect(rest.counts.warning).toBe(whole.counts.warning - 1);
    expect(whole.baseline).toBeNull();
  });
});

describe('its reports', () => {
  const reports = (posture: Posture): readonly string[] => [postureHtml(posture), postureMarkdown(posture), postureJson(posture)];

  test('nothing checked', () => {
    for (const text of reports(postureOf({}))) expect(text).not.toMatch(/undefined|NaN|Infinity/);
    expect(postureMarkdown(postureOf({}))).toContain('0 files checked: no findings.');
  });

  test('no text of a file becomes markup, or steers a terminal', () => {
    const evil = '"><script>alert(1)</script>\u001b[31m\u202e|`';
    const posture = postureOf({ [`${evil}/x.yaml`]: pod(JSON.stringify(evil)), [`${evil}.dockerfile`]: `FROM ${evil}\n` });
    const [page, markdown, json] = reports(posture);
    expect(page).not.toMatch(/<script|\son\w+=/i);
    for (const text of [page!, markdown!]) {
      // eslint-disable-next-line no-control-regex
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/);
    }
    // in a code span it is text
    expect(markdown!.replace(/(`+) .*? \1|`[^`\n]*`/g, '')).not.toContain('<script');
    expect(posture.workloads).toMatchObject([{ before: 'baseline' }]);
    expect(JSON.parse(json!)).toMatchObject({ schemaVersion: 1, files: 2 });
  });

  test('the page asks for nothing, and nothing in it runs', () => {
    const [page] = reports(postureOf({ 'a.yaml': pod('a') }));
    expect(page).toContain(`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`);
    expect(page).not.toMatch(/<(script|link|img|iframe|object|embed)\b|url\(|@import|https?:/i);
  });

  test('hold no credential', () => {
    const all = [...spellings, ...planted];
    const files = Object.fromEntries(all.map(({ path, text }, index) => [`${String(index)}/${path}`, text]));
    const pieces = all.flatMap(spelling => spelling.pieces);
    for (const text of reports(postureOf(files))) expect(pieces.filter(piece => text.includes(piece))).toEqual([]);
  });
});
