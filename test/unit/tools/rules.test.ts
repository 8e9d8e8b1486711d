import { describe, expect, test } from 'vitest';
import { rules } from '../../../shared/src/families/generated/index';
import { defineRule, type Rule } from '../../../shared/src/rule/define-rule';
import { companionsOf, unknownRule } from '../../../tools/rules/catalogue';
import { peersClaimedTwice } from '../../../tools/rules/checks';
import { fillMarked } from '../../../tools/rules/marked';
import { neighboursOf } from '../../../tools/rules/neighbours';

const claiming = (id: string, peers: Readonly<Record<string, readonly string[]>>, ofMessage = {}): Rule =>
  defineRule({
    id: id as 'kubernetes/a',
    title: id,
    severity: 'info',
    category: 'surface',
    profile: 'strict',
    peers,
    messages: { found: { text: 'a', peers: ofMessage } },
    on: {},
  });

describe('ids of other tools that two rules claim', () => {
  const [a, b, c] = [
    claiming('kubernetes/a', { trivy: ['X1'] }),
    claiming('kubernetes/b', {}, { trivy: ['X1'] }),
    claiming('kubernetes/c', { trivy: ['X2'] }),
  ];

  test.each<readonly [string, readonly Rule[], Readonly<Record<string, readonly string[]>>, readonly (readonly [string, string])[]]>([
    ['none', [a, c], {}, []],
    [
      'not listed, one by a message',
      [a, b, c],
      {},
      [['shared/src/families/kubernetes/rules/a.ts', 'trivy X1 is claimed by kubernetes/a and kubernetes/b']],
    ],
    ['listed', [a, b, c], { 'trivy X1': ['kubernetes/a', 'kubernetes/b'] }, []],
    [
      'one of them listed',
      [a, b],
      { 'trivy X1': ['kubernetes/a'] },
      [['shared/src/families/kubernetes/rules/b.ts', 'trivy X1 is claimed by']],
    ],
    [
      'listed for nothing',
      [a, c],
      { 'trivy X1': ['kubernetes/a', 'kubernetes/b'] },
      [['tools/rules/shared-peers.json', '"trivy X1": kubernetes/b does not']],
    ],
  ])('%s', (_, given, listed, expected) => {
    const problems = peersClaimedTwice(given, listed);
    expect(problems.map(({ file, what }, i) => [file, what.slice(0, expected[i]?.[1].length)])).toEqual(expected);
  });
});

describe('generated parts of pages by hand', () => {
  const mark = (name: string, content: string): string => `<!-- generated: ${name} -->${content}<!-- /generated -->`;

  test('are written anew, and only they', () => {
    const { text, problems } = fillMarked('a.md', `one ${mark('a', 'old $1')} two\n${mark('b', '\nold\n')}`, {
      a: "new $& $'",
      b: '\nx\n',
    });
    expect(text).toBe(`one ${mark('a', "new $& $'")} two\n${mark('b', '\nx\n')}`);
    expect(problems).toEqual([]);
  });

  test('are missed, and none too many', () => {
    expect(fillMarked('a.md', mark('c', 'c'), { a: 'a' }).problems.map(({ what }) => what.split(' ').slice(0, 4).join(' '))).toEqual([
      'remove the mark "generated:',
      'put <!-- generated: a',
    ]);
  });
});

describe('neighbours of a new rule', () => {
  test.each([
    ['kubernetes/host-alias', 'kubernetes/host-aliases', 'a similar name'],
    ['dockerfile/host-pid', 'kubernetes/host-pid', 'the same name'],
    ['kubernetes/limits-of-memory', 'kubernetes/missing-memory-limit', 'memory, limit'],
    ['kubernetes/etc-hosts', 'kubernetes/host-aliases', 'etc'],
    ['kubernetes/path-of-host', 'kubernetes/runtime-socket', 'shares kubeaudit SensitivePathsMounted'],
  ])('%s is near %s: %s', (id, near, why) => {
    expect(neighboursOf(id, rules).find(({ rule }) => rule.id === near)?.why).toContain(why);
  });

  test('what is about something else has none', () => {
    expect(neighboursOf('kubernetes/zebra', rules)).toEqual([]);
  });
});

describe('rules that a page depends on', () => {
  test.each([
    ['what takes findings from it', 'kubernetes/host-path', 'kubernetes/runtime-socket'],
    ['itself', 'kubernetes/host-pid', 'kubernetes/host-pid'],
  ])('%s', (_, id, other) => expect(companionsOf(id)).toContain(other));

  test('are all that supersede it, and few', () => {
    for (const { id, supersedes } of rules) for (const yielding of supersedes) expect(companionsOf(yielding), yielding).toContain(id);
    expect(companionsOf('kubernetes/host-pid').length).toBeLessThan(5);
  });
});

test('a mistyped id is answered with what was meant', () => {
  expect(unknownRule('kubernetes/host-piid')).toBe('there is no rule "kubernetes/host-piid": did you mean kubernetes/host-pid?');
  expect(unknownRule('zebra')).toBe('there is no rule "zebra"');
});
