import { describe, expect, test } from 'vitest';
import { effectiveConfig } from '../../../shared/src/engine/config/effective';
import { globOf, matchGlob } from '../../../shared/src/base/text/glob';
import { parseConfig } from '../../../shared/src/engine/config/parse';
import { addBaselineOverride, addExceptions } from '../../../shared/src/engine/config/write';
import { rules } from '../../../shared/src/families/generated/index';
import { starterConfiguration } from '../../../shared/src/output/protocol/starter';
import { applyEdits } from '../../../shared/src/base/text/edits';

const exception = { rule: 'kubernetes/host-network', path: '/a.yaml', reason: 'it: is "so" # x', until: '2027-01-02' };

const texts = {
  empty: '',
  comments: '# only',
  'no last line break': 'profile: strict',
  crlf: 'profile: strict\r\nrules: {}\r\n',
  starter: starterConfiguration,
  'a list': 'exceptions:\n- rule: kubernetes/host-pid # why\n\n# end\nprofile: strict\n',
  'an empty list': 'exceptions: []\noverrides:\n',
  flow: '{ exceptions: [{ rule: kubernetes/host-pid }], profile: strict }\n',
  document: '---\nprofile: baseline\n...\n',
};

describe.each(Object.entries(texts))('%s', (_, text) => {
  test('an exception is added, and every other byte stays', () => {
    const edits = addExceptions(text, [exception], rules)!;
    const after = applyEdits(text, edits);
    const { config, problems } = parseConfig(after, rules);
    expect(problems).toEqual([]);
    expect(config!.exceptions.at(-1)).toEqual(exception);
    expect(config!.exceptions).toHaveLength(1 + (parseConfig(text, rules).config?.exceptions.length ?? 0));
    expect(config!.profile).toBe(parseConfig(text, rules).config!.profile);
    for (const { range } of edits) expect(text.slice(range.start, range.end)).toMatch(/^ ?(?:\[\])?$/);
    expect(/(?<!\r)\n/.test(after)).toBe(!text.includes('\r') && after.includes('\n'));
  });

  test('several exceptions are added, in their order', () => {
    const all = [exception, { ...exception, rule: 'kubernetes/host-pid' }];
    const { config, problems } = parseConfig(applyEdits(text, addExceptions(text, all, rules)!), rules);
    expect(problems).toEqual([]);
    expect(config!.exceptions.slice(-2)).toEqual(all);
    expect(config!.exceptions).toHaveLength(2 + (parseConfig(text, rules).config?.exceptions.length ?? 0));
  });

  test('an override is added, and joined by the next file', () => {
    const once = applyEdits(text, addBaselineOverride(text, globOf('gen/a.yaml'), rules)!);
    const twice = applyEdits(once, addBaselineOverride(once, globOf('b.yaml'), rules)!);
    const config = parseConfig(twice, rules).config!;
    expect(config.overrides).toMatchObject([{ files: ['gen/a.yaml', '/b.yaml'], profile: 'baseline' }]);
    expect(effectiveConfig(config, 'b.yaml')).toMatchObject({ profile: 'baseline' });
    expect(effectiveConfig(config, 'x/b.yaml')).toMatchObject({ profile: parseConfig(text, rules).config!.profile ?? 'recommended' });
  });
});

test('an override that says more is left as it is', () => {
  const text = 'overrides:\n  - files: [a]\n    profile: baseline\n    rules: { kubernetes/host-pid: off }\n';
  expect(applyEdits(text, addBaselineOverride(text, 'b/c', rules)!)).toBe(`${text}  - files: [b/c]\n    profile: baseline\n`);
});

test('what is no configuration is left alone', () => {
  for (const text of ['a: [\n', '- a\n', 'exceptions: 1\n', 'a: 1\n---\nb: 2\n'])
    expect(addExceptions(text, [exception], rules), text).toBeNull();
});

test('the glob of a path matches that path and no other', () => {
  for (const path of ['a.yaml', 'x/[a].yaml', '!a', 'a/{b,c}*?.yaml', 'a\\b/c']) {
    expect(matchGlob(globOf(path), path), path).toBe(true);
    expect(matchGlob(globOf(path), `sub/${path}`), path).toBe(false);
    expect(globOf(path).startsWith('!')).toBe(false);
  }
  expect(matchGlob(globOf('x/[a].yaml'), 'x/a.yaml')).toBe(false);
});
