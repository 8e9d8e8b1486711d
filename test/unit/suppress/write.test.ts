import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../../shared/src/base/text/edits';
import { writeSuppression, type SuppressionScope } from '../../../shared/src/engine/suppress/write';
import { dockerfilePart } from '../../../shared/src/families/dockerfile/part';
import { parseDockerfile } from '../../../shared/src/families/dockerfile/model/parse';
import type { Language, Part } from '../../../shared/src/families/family/part';
import { yamlPart } from '../../../shared/src/families/family/yaml-part';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { plainContext } from '../../../tools/lint-context';
import { createDocumentCache } from '../../../shared/src/syntax/yaml/document-cache';
import { parseDocument, parseStream } from '../../../shared/src/syntax/yaml/parse';

interface Row {
  readonly name: string;
  readonly scope?: SuppressionScope;
  /** Whether it is two rules that are suppressed. */
  readonly several?: true;
  /** The text with the finding between `⟦` and `⟧`. */
  readonly before: string;
  /** The text after the edit; `null`: none is possible. */
  readonly after: string | null;
}

const lines = (...parts: readonly string[]): string => parts.join('\n') + '\n';

const yaml: readonly Row[] = [
  {
    name: 'above the line, with its indentation',
    before: lines('spec:', '  securityContext:', '    privileged: ⟦true⟧', '    a: 1'),
    after: lines('spec:', '  securityContext:', '    # bulkhead-ignore kubernetes/x', '    privileged: true', '    a: 1'),
  },
  {
    name: 'several rules in one directive',
    several: true,
    before: lines('containers:', '  - name: ⟦app⟧'),
    after: lines('containers:', '  # bulkhead-ignore kubernetes/x, kubernetes/y', '  - name: app'),
  },
  {
    name: 'several rules into one that is there',
    several: true,
    before: lines('containers:', '  # bulkhead-ignore a/b', '  - name: ⟦app⟧'),
    after: lines('containers:', '  # bulkhead-ignore a/b, kubernetes/x, kubernetes/y', '  - name: app'),
  },
  {
    name: 'several rules in the whole file',
    several: true,
    scope: 'file',
    before: lines('a: ⟦b⟧'),
    after: lines('# bulkhead-ignore-file kubernetes/x, kubernetes/y', 'a: b'),
  },
  {
    name: 'above the dash of an item',
    before: lines('containers:', '  - name: ⟦app⟧', '    image: a'),
    after: lines('containers:', '  # bulkhead-ignore kubernetes/x', '  - name: app', '    image: a'),
  },
  {
    name: 'dashes in the column of their key',
    before: lines('containers:', '- ⟦name⟧: app'),
    after: lines('containers:', '# bulkhead-ignore kubernetes/x', '- name: app'),
  },
  {
    name: 'appends to the directive above',
    before: lines('a:', '  # bulkhead-ignore kubernetes/y -- because', '  b: ⟦1⟧'),
    after: lines('a:', '  # bulkhead-ignore kubernetes/y, kubernetes/x -- because', '  b: 1'),
  },
  {
    name: 'appends to a directive with another comment between',
    before: lines('a:', '  # bulkhead-ignore kubernetes/y', '  # why', '  b: ⟦1⟧'),
    after: lines('a:', '  # bulkhead-ignore kubernetes/y, kubernetes/x', '  # why', '  b: 1'),
  },
  {
    name: 'appends to the directive behind',
    before: lines('a:', '  b: ⟦1⟧ # bulkhead-ignore kubernetes/y'),
    after: lines('a:', '  b: 1 # bulkhead-ignore kubernetes/y, kubernetes/x'),
  },
  {
    name: 'a directive without rules gets its first',
    before: lines('# bulkhead-ignore -- later', 'b: ⟦1⟧'),
    after: lines('# bulkhead-ignore kubernetes/x -- later', 'b: 1'),
  },
  {
    name: 'a directive above an outer node is left alone',
    before: lines('# bulkhead-ignore kubernetes/y', 'a:', '  b: ⟦1⟧'),
    after: lines('# bulkhead-ignore kubernetes/y', 'a:', '  # bulkhead-ignore kubernetes/x', '  b: 1'),
  },
  {
    name: 'a plain comment above stays where it is',
    before: lines('a:', '  # note', '  b: ⟦1⟧'),
    after: lines('a:', '  # note', '  # bulkhead-ignore kubernetes/x', '  b: 1'),
  },
  {
    name: 'text in a block scalar: above its key',
    before: lines('data:', '  run.sh: |', '    # no comment', '    curl ⟦-k⟧ x', '  b: 1'),
    after: lines('data:', '  # bulkhead-ignore kubernetes/x', '  run.sh: |', '    # no comment', '    curl -k x', '  b: 1'),
  },
  {
    name: 'a quoted scalar over several lines',
    before: lines('a:', '  b: "one', '    ⟦two⟧"'),
    after: lines('a:', '  # bulkhead-ignore kubernetes/x', '  b: "one', '    two"'),
  },
  {
    name: 'flow style on one line',
    before: lines('a:', '  securityContext: { privileged: ⟦true⟧ }'),
    after: lines('a:', '  # bulkhead-ignore kubernetes/x', '  securityContext: { privileged: true }'),
  },
  {
    name: 'in the second document',
    before: lines('a: 1', '---', 'b: ⟦2⟧'),
    after: lines('a: 1', '---', '# bulkhead-ignore kubernetes/x', 'b: 2'),
  },
  {
    name: 'line breaks of the file',
    before: 'a:\r\n  b: ⟦1⟧\r\n',
    after: 'a:\r\n  # bulkhead-ignore kubernetes/x\r\n  b: 1\r\n',
  },
  {
    name: 'behind a byte order mark',
    before: '\ufeffa: ⟦1⟧\n',
    after: '\ufeff# bulkhead-ignore kubernetes/x\na: 1\n',
  },
  {
    name: 'template actions',
    before: lines('spec:', '  {{- if .x }}', '  a: ⟦1⟧', '  {{- end }}'),
    after: lines('spec:', '  {{- if .x }}', '  # bulkhead-ignore kubernetes/x', '  a: 1', '  {{- end }}'),
  },
  {
    name: 'file: at the top',
    scope: 'file',
    before: lines('# note', 'a: ⟦1⟧'),
    after: lines('# bulkhead-ignore-file kubernetes/x', '# note', 'a: 1'),
  },
  {
    name: 'file: before the first document marker',
    scope: 'file',
    before: lines('---', 'a: ⟦1⟧'),
    after: lines('# bulkhead-ignore-file kubernetes/x', '---', 'a: 1'),
  },
  {
    name: 'file: appends to the directive of another document',
    scope: 'file',
    before: lines('# bulkhead-ignore-file kubernetes/y -- r', 'a: 1', '---', 'b: ⟦1⟧'),
    after: lines('# bulkhead-ignore-file kubernetes/y, kubernetes/x -- r', 'a: 1', '---', 'b: 1'),
  },
];

const dockerfile: readonly Row[] = [
  {
    name: 'above the instruction',
    before: lines('FROM a', 'USER ⟦root⟧'),
    after: lines('FROM a', '# bulkhead-ignore kubernetes/x', 'USER root'),
  },
  {
    name: 'not between continued lines',
    before: lines('FROM a', 'RUN a && \\', '    # note', '    curl ⟦-k⟧ b'),
    after: lines('FROM a', '# bulkhead-ignore kubernetes/x', 'RUN a && \\', '    # note', '    curl -k b'),
  },
  {
    name: 'not in a heredoc',
    before: lines('FROM a', 'RUN <<EOF', 'sudo ⟦x⟧', 'EOF'),
    after: lines('FROM a', '# bulkhead-ignore kubernetes/x', 'RUN <<EOF', 'sudo x', 'EOF'),
  },
  {
    name: 'below the parser directives',
    before: lines('# syntax=docker/dockerfile:1', '# escape=`', 'FROM ⟦a⟧'),
    after: lines('# syntax=docker/dockerfile:1', '# escape=`', '# bulkhead-ignore kubernetes/x', 'FROM a'),
  },
  {
    name: 'indented like the instruction',
    before: lines('FROM a', '  USER ⟦root⟧'),
    after: lines('FROM a', '  # bulkhead-ignore kubernetes/x', '  USER root'),
  },
  {
    name: 'appends to a directive above the instruction',
    before: lines('FROM a', '# bulkhead-ignore kubernetes/y -- r', '', '# note', 'USER ⟦root⟧'),
    after: lines('FROM a', '# bulkhead-ignore kubernetes/y, kubernetes/x -- r', '', '# note', 'USER root'),
  },
  { name: 'nothing to stand above', before: lines('# only a comment ⟦⟧'), after: null },
  {
    name: 'file: at the top',
    scope: 'file',
    before: lines('# note', 'FROM ⟦a⟧'),
    after: lines('# bulkhead-ignore-file kubernetes/x', '# note', 'FROM a'),
  },
  {
    name: 'file: below the parser directives',
    scope: 'file',
    before: '# syntax=docker/dockerfile:1\r\n# check=skip=all\r\n\r\nFROM ⟦a⟧\r\n',
    after: '# syntax=docker/dockerfile:1\r\n# check=skip=all\r\n# bulkhead-ignore-file kubernetes/x\r\n\r\nFROM a\r\n',
  },
  {
    name: 'file: appends',
    scope: 'file',
    before: lines('# syntax=docker/dockerfile:1', '# bulkhead-ignore-file kubernetes/y', 'FROM ⟦a⟧'),
    after: lines('# syntax=docker/dockerfile:1', '# bulkhead-ignore-file kubernetes/y, kubernetes/x', 'FROM a'),
  },
];

/** A text that need be of no family, as parts of its language. */
function partsOf(text: string, language: Language): readonly Part[] {
  if (language === 'dockerfile') return [dockerfilePart(parseDockerfile(text))];
  return parseStream(text, createDocumentCache(1)).map(chunk =>
    yamlPart(
      { ...chunk, path: 'a.yaml', fileText: text, dialect: { templated: false, fragment: false }, memo: new Map() },
      { family: 'kubernetes', visit: () => {}, objectOf: () => null },
    ),
  );
}

function run({ before, scope = 'line', several }: Row, language: Language): string | null {
  const start = before.indexOf('⟦');
  const text = before.replace(/[⟦⟧]/g, '');
  const edit = writeSuppression({
    reason: null,
    text,
    parts: partsOf(text, language),
    documents: language === 'yaml' ? parseStream(text, createDocumentCache(1)) : [],
    scope,
    rules: several ? ['kubernetes/x', 'kubernetes/y'] : ['kubernetes/x'],
    range: { start, end: before.indexOf('⟧') - 1 },
  });
  return edit && applyEdits(text, [edit]);
}

describe('suppressions in YAML', () => {
  test.each(yaml)('$name', row => expect(run(row, 'yaml')).toBe(row.after));
});

test('a comment that would break a half-typed document is not written', () => {
  const opened = createEngine(rules).open({ path: 'chart/templates/a.yaml', text: 'apiVersion: networking.k8s.io/v1\nkind: Ingress\n|' });
  const { findings } = opened.lint(plainContext());
  expect(findings.length).toBeGreaterThan(0);
  for (const { range, rule } of findings) {
    const edit = opened.suppress(range, [rule], 'line');
    const text = applyEdits(opened.file.text, edit ? [edit] : []);
    expect(parseDocument(text).problems.length).toBeLessThanOrEqual(parseDocument(opened.file.text).problems.length);
  }
});

describe('suppressions in a Dockerfile', () => {
  test.each(dockerfile)('$name', row => expect(run(row, 'dockerfile')).toBe(row.after));
});

test('files without rules get none', () => {
  const opened = createEngine([]).open({ path: 'compose.yaml', text: 'services: { web: { image: a } }\n' });
  expect(opened.source.family).toBe('compose');
  expect(opened.suppress({ start: 0, end: 1 }, ['compose/x'], 'line')).toBeNull();
});
