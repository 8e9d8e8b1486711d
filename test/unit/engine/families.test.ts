import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules as realRules } from '../../../shared/src/families/generated/index';
import type { YamlFamily } from '../../../shared/src/families/family/types';
import { yamlPart } from '../../../shared/src/families/family/yaml-part';
import { families } from '../../../shared/src/families/registry';
import type { Rule } from '../../../shared/src/rule/define-rule';
import { groupOf } from '../../../shared/src/workspace/source/document-head';
import type { YamlMap } from '../../../shared/src/syntax/yaml/types';
import { mapOf, stringOf } from '../../../shared/src/syntax/yaml/values';
import { plainContext } from '../../../tools/lint-context';
import { fakeContext, fakeRules } from './small-rules';

/** A family as a newcomer would add it: documents of one API group, with one target. */
const sample: YamlFamily = {
  id: 'sample',
  label: 'samples',
  language: 'yaml',
  targets: ['thing'],
  claims: ({ head }) =>
    groupOf(head) === 'sample.example' ? { reason: 'a sample', dialect: { templated: false, fragment: false } } : null,
  part: piece =>
    yamlPart(piece, {
      family: 'sample',
      visit: visitor => {
        const map = mapOf(piece.document.root);
        if (map) visitor['thing']?.(map as never);
      },
      objectOf: view => ({ document: 0, kind: 'Thing', name: stringOf((view as YamlMap).get('name')), path: '' }),
    }),
  facts: () => [],
  images: () => [],
  scaffold: null,
};

const thingRule: Rule = {
  id: 'sample/thing',
  family: 'sample',
  title: 'Fake: a thing',
  severity: 'warning',
  category: 'surface',
  profile: 'baseline',
  references: {},
  peers: {},
  supersedes: [],
  options: {},
  messages: { found: { text: 'a thing' } },
  fixes: { rename: { title: 'Rename it', class: 'safe' } },
  assumptions: {},
  needsWhole: false,
  isOfRepository: false,
  on: {
    thing: (view, report) => {
      const map = view as unknown as YamlMap;
      const name = map.entry('name');
      if (stringOf(name?.value) !== 'bad') return;
      const fix = report.fix('rename', () => [{ type: 'yaml.set', path: ['name'], value: 'good' }]);
      report(name!.value!.range, 'found', {}, fix);
    },
  },
};

const thing = (name: string): string => `apiVersion: sample.example/v1\nkind: Thing\nname: ${name}\n`;
const pod =
  'apiVersion: v1\nkind: Pod\nmetadata: { name: p }\nspec: { containers: [{ name: a, image: b, securityContext: { privileged: true } }] }\n';

describe('a family of documents', () => {
  const engine = createEngine([...fakeRules, thingRule], [...families.slice(0, 1), sample, ...families.slice(1)]);
  const findings = (text: string, path = 'a.yaml') => engine.open({ path, text }).lint(fakeContext).findings;

  test('its rules run on its documents, those of another family on the rest of the stream', () => {
    const found = findings(`${pod}---\n${thing('bad')}---\n${thing('good')}`);
    expect(found.map(f => [f.rule, f.object?.document, f.object?.kind])).toEqual([
      ['kubernetes/fake-escalation', 0, 'Pod'],
      ['sample/thing', 1, 'Thing'],
    ]);
  });

  test('a file of its documents alone is its own', () => {
    const opened = engine.open({ path: 'a.yaml', text: thing('bad') });
    expect(opened.source).toMatchObject({ family: 'sample', reason: 'a sample' });
    expect(opened.isChecked(fakeContext)).toBe(true);
  });

  test('it is suppressed, fixed and hardened like any other', () => {
    const text = `${pod}---\n${thing('bad')}`;
    const opened = engine.open({ path: 'a.yaml', text });
    const [, finding] = opened.lint(fakeContext).findings;
    expect(opened.render(finding!, finding!.fixes[0]!)).toMatchObject({ ok: true, edits: [{ newText: 'good' }] });
    expect(opened.harden(fakeContext).text).toContain('name: good');
    expect(opened.suppress(finding!.range, ['sample/thing'], 'line')?.newText).toContain('# bulkhead-ignore sample/thing');
    expect(findings(`# bulkhead-ignore-file sample/thing -- why\n${thing('bad')}`)[0]?.suppression).toMatchObject({ kind: 'file' });
    const config = { ...fakeContext.config, exceptions: [{ rule: 'sample/thing', kind: 'Thing', name: 'b*' }] };
    expect(opened.lint({ ...fakeContext, config }).findings[1]?.suppression).toMatchObject({ kind: 'config' });
  });

  test('without rules its documents go with the rest of the file', () => {
    const bare = createEngine(fakeRules, [...families.slice(0, 1), sample, ...families.slice(1)]);
    expect(bare.families.has('sample')).toBe(false);
    expect(bare.open({ path: 'a.yaml', text: thing('bad') }).lint(fakeContext)).toMatchObject({ checked: false, findings: [] });
  });
});

describe('rules that nobody would run', () => {
  test.each<[string, Rule, string]>([
    ['of a family that is not registered', { ...thingRule, id: 'nowhere/thing', family: 'nowhere' }, 'there is no family "nowhere"'],
    ['of a target that the family has not', { ...thingRule, on: { other: () => {} } }, 'has no target "other"'],
  ])('%s stop the build', (_, rule, message) => {
    expect(() => createEngine([rule], [...families, sample])).toThrow(message);
  });
});

test('a text that no family claims is judged as part of its file, whatever file it stood in before', () => {
  const context = plainContext();
  const broken = 'a: b\n    c: d\n';
  const compose = `${broken}---\nservices:\n  web:\n    image: nginx:1.29.1\n`;
  const manifest = `${broken}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n`;
  const first = (engine: ReturnType<typeof createEngine>, text: string): string | undefined =>
    engine.open({ path: 'all.yaml', text }).lint(context).findings[0]?.rule.split('/')[0];
  const fresh = [compose, manifest].map(text => first(createEngine(realRules), text));
  expect(fresh).toEqual(['compose', 'kubernetes']);
  const engine = createEngine(realRules);
  expect([compose, manifest, compose].map(text => first(engine, text))).toEqual(['compose', 'kubernetes', 'compose']);
});
