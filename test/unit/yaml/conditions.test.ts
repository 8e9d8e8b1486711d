import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../shared/src/syntax/yaml/parse';

/** What a template's parts ask of values: the keys in each part, then its tests. */
function conditionsOf(text: string): readonly string[] {
  const { conditions = [] } = parseDocument(text);
  return conditions.map(({ start, end, mode, tests }) => {
    const keys = [...text.slice(start, end).matchAll(/^(\w+):/gm)].map(([, key]) => key).join(' ');
    return `${keys}: ${mode} ${tests.map(({ value, set, text: own }) => `${set ? '' : '!'}${value}${own === undefined ? '' : `=${own}`}`).join(' ')}`;
  });
}

const block = (...lines: string[]): string => `${lines.join('\n')}\n{{ end }}\nz: 1\n`;

describe('the conditions of a template', () => {
  it.each<[name: string, text: string, expected: readonly string[]]>([
    ['a value', block('{{- if .Values.a.b }}', 'x: 1'), ['x: all a.b']],
    ['the root of the data', block('{{ if $.Values.a -}}', 'x: 1'), ['x: all a']],
    ['with and range', block('{{ with .Values.a }}', 'x: 1', '{{ end }}', '{{ range .Values.b }}', 'y: 1'), ['x: all a', 'y: all b']],
    ['not', block('{{ if not .Values.a }}', 'x: 1'), ['x: any !a']],
    ['brackets', block('{{ if (not (.Values.a)) }}', 'x: 1'), ['x: any !a']],
    [
      'and, of which something is not known',
      block('{{ if and .Values.a (eq .Values.b "c (") (.Values.d | default true) }}', 'x: 1'),
      ['x: all a b=c ('],
    ],
    ['and', block('{{ if and .Values.a (not .Values.b) (gt 1 2) }}', 'x: 1'), ['x: all a !b']],
    ['or', block('{{ if or .Values.a .Values.b }}', 'x: 1'), ['x: any a b']],
    ['or, of which something is not known', block('{{ if or .Values.a (eq 1 2) }}', 'x: 1'), []],
    ['else', block('{{ if .Values.a }}', 'x: 1', '{{ else }}', 'y: 1'), ['x: all a', 'y: any !a']],
    ['else of several', block('{{ if or .Values.a .Values.b }}', 'x: 1', '{{ else }}', 'y: 1'), ['x: any a b', 'y: all !a !b']],
    ['else if', block('{{ if .Values.a }}', 'x: 1', '{{ else if .Values.b }}', 'y: 1', '{{ else }}', 'w: 1'), ['x: all a', 'y: all b']],
    ['within each other', block('{{ if .Values.a }}', 'x: 1', '{{ if .Values.b }}', 'y: 1', '{{ end }}'), ['y: all b', 'x y: all a']],
    ['a pipe', block('{{ if .Values.a | default true }}', 'x: 1'), []],
    ['a quote without an end', block('{{ if and .Values.a "b }}', 'x: 1'), []],
    ['a comparison', block('{{ if eq .Values.a "b" }}', 'x: 1', '{{ else }}', 'y: 1'), ['x: any a=b', 'y: all !a=b']],
    ['a comparison with several', block('{{ if eq .Values.a "b" "c" }}', 'x: 1'), ['x: any a=b a=c']],
    ['several in front of the value', block('{{ if eq "b" "c" .Values.a }}', 'x: 1'), []],
    ['a comparison the other way round', block('{{ if eq 3 .Values.a }}', 'x: 1'), ['x: any a=3']],
    ['a difference', block('{{ if ne .Values.a `b` }}', 'x: 1'), ['x: all !a=b']],
    ['not equal', block('{{ if not (eq .Values.a "b") }}', 'x: 1'), ['x: all !a=b']],
    ['two values', block('{{ if eq .Values.a .Values.b }}', 'x: 1'), []],
    ['a default that is nothing', block('{{ if .Values.a | default false }}', 'x: 1'), ['x: all a']],
    ['a default in a comparison', block('{{ if (eq (.Values.a | default "") "b") }}', 'x: 1'), ['x: any a=b']],
    ['a default in a comparison that counts', block('{{ if eq (.Values.a | default "b") "b" }}', 'x: 1'), []],
    ['another variable', block('{{ if .enabled }}', 'x: 1'), []],
    ['the cluster', block('{{ if .Capabilities.APIVersions.Has "a/v1" }}', 'x: 1'), []],
    ['what is never closed', '{{ if .Values.a }}\nx: 1\n', []],
    ['what was never opened', 'x: {{ .Values.a }}\n{{ end }}\n{{ else }}\n', []],
    ['brackets that do not match', block('{{ if (not .Values.a }}', 'x: 1'), []],
    ['brackets without an end', block(`{{ if ${'('.repeat(20)}.Values.a${')'.repeat(20)} }}`, 'x: 1'), []],
  ])('%s', (_, text, expected) => {
    expect(conditionsOf(text)).toEqual(expected);
  });
});
