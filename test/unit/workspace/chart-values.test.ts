import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { filledIn } from '../../../shared/src/workspace/chart-values';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';

const engine = createEngine([]);

/** What the values files of a workspace say of a value that a template asks for: `on`, `off`, both, or nothing. */
function asked(files: Readonly<Record<string, string>>, template: string, value: string, text?: string): string {
  const facts = createWorkspaceIndex({ complete: true });
  for (const [path, text] of Object.entries(files)) facts.update(path, engine.open({ path, text }).facts());
  const known = facts.index.valueIn(template, value, text);
  return known === null ? 'unknown' : [...(known.on ? ['on'] : []), ...(known.off ? ['off'] : [])].join(' ');
}

const web = 'charts/web/templates/web.yaml';

describe('the values of a chart', () => {
  it.each<[name: string, files: Readonly<Record<string, string>>, template: string, value: string, expected: string]>([
    ['on', { 'charts/web/values.yaml': 'a: {b: true}' }, web, 'a.b', 'on'],
    ['a map that is not empty', { 'charts/web/values.yaml': 'a: {b: false}' }, web, 'a', 'on'],
    ['off', { 'charts/web/values.yaml': 'a: {b: false}' }, web, 'a.b', 'off'],
    ['empty', { 'charts/web/values.yaml': 'a: ""\nb: []\nc: {}\nd: 0\ne:\n' }, web, 'c', 'off'],
    ['zero', { 'charts/web/values.yaml': 'd: 0' }, web, 'd', 'off'],
    ['absent', { 'charts/web/values.yaml': 'x: 1' }, web, 'a.b', 'off'],
    ['filled in later', { 'charts/web/values.yaml': 'a: ${A}' }, web, 'a', 'on off'],
    ['another file switches on', { 'charts/web/values.yaml': 'a: false', 'charts/web/values-prod.yaml': 'a: true' }, web, 'a', 'on off'],
    [
      'a file of a test switches on',
      { 'charts/web/values.yaml': 'a: false', 'charts/web/ci/b-values.yaml': 'a: true' },
      web,
      'a',
      'on off',
    ],
    ['another file switches off', { 'charts/web/values.yaml': 'a: true', 'charts/web/values-dev.yaml': 'a: false' }, web, 'a', 'on off'],
    ['what another file leaves as it is', { 'charts/web/values.yaml': 'a: true', 'charts/web/values-dev.yaml': 'b: 1' }, web, 'a', 'on'],
    ['a chart at the root', { 'values.yaml': 'a: true' }, 'templates/web.yaml', 'a', 'on'],
    ['a chart of another folder', { 'charts/api/values.yaml': 'a: true' }, web, 'a', 'unknown'],
    ['no values.yaml', { 'charts/web/values-prod.yaml': 'a: true' }, web, 'a', 'unknown'],
    ['no chart', { 'values.yaml': 'a: true' }, 'deploy/web.yaml', 'a', 'unknown'],
    [
      'the chart around it switches on',
      { 'shop/charts/web/values.yaml': 'a: false', 'shop/values.yaml': 'web: {a: true}' },
      'shop/charts/web/templates/web.yaml',
      'a',
      'on off',
    ],
    [
      'the chart around it says it for all',
      { 'shop/charts/web/values.yaml': 'x: 1', 'shop/values.yaml': 'global: {a: true}' },
      'shop/charts/web/templates/web.yaml',
      'global.a',
      'on off',
    ],
    ['a chart within it', { 'shop/values.yaml': 'x: 1', 'shop/charts/web/values.yaml': 'a: true' }, 'shop/templates/web.yaml', 'a', 'off'],
  ])('%s', (_, files, template, value, expected) => {
    expect(asked(files, template, value)).toBe(expected);
  });

  it.each<[name: string, files: Readonly<Record<string, string>>, expected: string]>([
    ['the text', { 'charts/web/values.yaml': 'mode: prod' }, 'on'],
    ['another text', { 'charts/web/values.yaml': 'mode: dev' }, 'off'],
    ['none', { 'charts/web/values.yaml': 'x: 1' }, 'off'],
    ['another file has it', { 'charts/web/values.yaml': 'mode: dev', 'charts/web/values-prod.yaml': 'mode: "prod"' }, 'on off'],
    ['another file has another', { 'charts/web/values.yaml': 'mode: prod', 'charts/web/values-dev.yaml': 'mode: dev' }, 'on off'],
    ['another file says nothing', { 'charts/web/values.yaml': 'mode: prod', 'charts/web/values-dev.yaml': 'x: dev' }, 'on'],
    ['filled in later', { 'charts/web/values.yaml': 'mode: ${MODE}' }, 'on off'],
    ['a map', { 'charts/web/values.yaml': 'mode: {prod: prod}' }, 'off'],
  ])('compared with a text: %s', (_, files, expected) => {
    expect(asked(files, web, 'mode', 'prod')).toBe(expected);
  });

  it('is not known where part of a file was not read', () => {
    const facts = createWorkspaceIndex({ complete: true });
    const text = Array.from({ length: 5002 }, (_, i) => `a${i}: true`).join('\n');
    facts.update('values.yaml', engine.open({ path: 'values.yaml', text }).facts());
    expect(facts.index.valueIn('templates/web.yaml', 'a1')).toBeNull();
  });
});

describe('a text of a template, filled in', () => {
  const values = 'image: {repository: registry.example.com/acme/shop, tag: "1.20", empty: ""}\nsecretKey: hush\n';
  const facts = createWorkspaceIndex({ complete: true });
  facts.update('charts/web/values.yaml', engine.open({ path: 'charts/web/values.yaml', text: values }).facts());

  it.each<[text: string, expected: string]>([
    ['{{ .Values.image.repository }}:{{ .Values.image.tag }}', 'registry.example.com/acme/shop:1.20'],
    ['{{- .Values.image.repository | quote -}}', 'registry.example.com/acme/shop'],
    ['{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}', 'registry.example.com/acme/shop:1.20'],
    ['{{ .Values.image.repository }}:{{ .Values.image.empty | default "stable" }}', 'registry.example.com/acme/shop:stable'],
    ['nginx:1.29', 'nginx:1.29'],
  ])('%s', (text, expected) => {
    expect(filledIn(text, web, facts.index)).toBe(expected);
  });

  it.each([
    '{{ .Values.image.repository }}:{{ .Values.image.empty | default .Chart.AppVersion }}',
    '{{ .Values.image.repository }}:{{ .Values.image.empty }}',
    '{{ .Values.image.repository }}:{{ .Values.image.absent }}',
    '{{ .Values.image.repository | upper }}',
    '{{ include "web.image" . }}',
    '{{ .Values.secretKey }}',
    '{{ if .Values.image }}a{{ end }}',
    '{{ .Values.image.repository',
  ])('stays as it is where anything else decides: %s', text => {
    expect(filledIn(text, web, facts.index)).toBe(text);
    expect(filledIn(text, 'deploy/web.yaml', facts.index)).toBe(text);
  });
});
