import { describe, expect, it } from 'vitest';
import { mayExclude, isFinal, isVariable, mayChange, mayGain } from '../../../shared/src/syntax/yaml/certainty';
import { nodeAt } from '../../../shared/src/syntax/yaml/lookup';
import { parseDocument } from '../../../shared/src/syntax/yaml/parse';
import { mapOf } from '../../../shared/src/syntax/yaml/values';

/** The four words for what a text does not say for certain. */

const document = parseDocument(`fixed: &fixed
  key: 1
  filled: {{ .Values.filled }}
  chosen: \${CHOSEN}
  open:
    a: 1
    {{ include "more" . }}
    b: 1
  list:
    - a
    {{- toYaml .Values.list | nindent 4 }}
  empty:
grown:
  key: 1
  {{- range .Values.more }}
  {{ . }}: 1
  {{- end }}
alias: *fixed
lost: *nowhere
`);

describe('what is not known', () => {
  it.each<[path: readonly string[], gains: boolean, changes: boolean]>([
    [['fixed'], false, false],
    [['fixed', 'key'], false, false],
    [['fixed', 'filled'], true, true],
    [['fixed', 'chosen'], true, true],
    [['fixed', 'open'], true, false],
    [['fixed', 'list'], true, false],
    [['fixed', 'empty'], false, false],
    [['fixed', 'absent'], false, false],
    [['grown'], true, false],
    [['alias'], false, false],
    [['alias', 'open'], true, false],
  ])('%j: gains %s, changes %s', (path, gains, changes) => {
    const node = nodeAt(document, path);
    expect([mayGain(document, node), mayChange(node)]).toEqual([gains, changes]);
  });

  it('an alias that leads nowhere may be anything', () => {
    const lost = mapOf(document.root)?.entry('lost')?.value;
    expect(lost?.kind).toBe('alias');
    expect(mayGain(document, lost)).toBe(true);
  });

  it.each<[path: readonly string[], key: string, final: boolean]>([
    [['fixed'], 'key', true],
    [['fixed'], 'absent', true],
    [['fixed'], 'filled', false],
    [['fixed'], 'open', false],
    [['grown'], 'key', false],
    [['grown'], 'absent', false],
    [['fixed', 'filled'], 'any', false],
    [['fixed', 'absent'], 'any', true],
  ])('of %j "%s" is final: %s', (path, key, final) => expect(isFinal(document, nodeAt(document, path), key)).toBe(final));

  it.each([
    ['web', false],
    ['registry.example.com/web:1', false],
    ['${TAG}', true],
    ['$(TAG)', true],
    ['$TAG', true],
    ['a$b', false],
    ['{{ tag }}', true],
    ['<your-image>', true],
    ['%TAG%', true],
    ['@TAG@', true],
    ['{TAG}', true],
    ['ko://example.com/cmd', true],
  ])('%s is a variable: %s', (text, variable) => expect(isVariable(text)).toBe(variable));
});

describe('branches of a template', () => {
  const text =
    'a:\n{{- if .x }}\n  one: 1\n{{- else if .y }}\n  two: 2\n{{- else }}\n  three: 3\n{{- end }}\n{{- if .z }}\n  four: 4\n{{- if .w }}\n  seven: 7\n{{- end }}\n{{- end }}\n  five: {{ if .x }}6{{ end }}\n{{- if .x }}\n  six: 6\n{{- end }}\n';
  const document = parseDocument(text);
  const at = (word: string): number => text.indexOf(word);

  it.each([
    ['one', 'two', true],
    ['one', 'three', true],
    ['three', 'two', true],
    ['one', 'one', false],
    ['four', 'five', false],
    ['one', 'four', true],
    ['one', 'six', false],
    ['four', 'six', true],
    ['four', 'seven', false],
  ])('%s and %s may exclude each other: %s', (a, b, exclusive) => expect(mayExclude(document, at(a), at(b))).toBe(exclusive));

  it('are too many to look at', () => {
    const many = parseDocument(`a: {{ .x }}\n${'{{ if .x }}\n{{ end }}\n'.repeat(2001)}b: 1\n`);
    expect(mayExclude(many, 0, many.text.length - 3)).toBe(true);
  });

  it('are none where nothing closes them', () =>
    expect(parseDocument('a: {{ .x }}\n{{ if .x }}\nb: 1\n{{ else }}\nc: 1\n').branches).toEqual([]));
});
