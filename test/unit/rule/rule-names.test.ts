import { expect, test } from 'vitest';
import { findRules, otherNames, rules, rulesAbout, standardLabels } from '../../../shared/src/index';

const named = (name: string): readonly string[] => findRules(rules, name).rules;

test.each([
  ['kubernetes/privileged', ['kubernetes/privileged']],
  ['host-pid', ['kubernetes/host-pid']],
  ['latest-tag', ['compose/latest-tag', 'dockerfile/latest-tag', 'kubernetes/latest-tag', 'run/latest-tag']],
  ['DL3007', ['dockerfile/latest-tag']],
  ['dl3007', ['dockerfile/latest-tag']],
  ['hadolint/DL3020', ['dockerfile/add-for-copy']],
  ['KSV-0017', ['kubernetes/privileged']],
  ['KSV017', ['kubernetes/privileged']],
  ['AVD-KSV-0017', ['kubernetes/privileged']],
  ['CKV_K8S_16', ['kubernetes/privileged']],
  ['ckv_k8s_16', ['kubernetes/privileged']],
  ['privileged-container', ['kubernetes/privileged', 'workflow/privileged-container']],
  ['hostPIDSet', ['kubernetes/host-pid']],
])('%s', (name, ids) => {
  expect(named(name)).toEqual(ids);
});

test('the spellings of a name stand for the same', () => {
  for (const same of [
    ['DS-0002', 'DS002', 'AVD-DS-0002', 'ds002'],
    ['C-0057', 'c0057', 'C-57'],
    ['CIS 5.2.2', '5.2.2', 'CIS-5.2.2'],
    ['DL3020', 'hadolint/DL3020', ' DL3020 '],
  ]) {
    expect(named(same[0]!)).not.toEqual([]);
    for (const name of same) expect(named(name), name).toEqual(named(same[0]!));
  }
  // numbers keep their points: 5.2.11 is not 5.21.1
  expect(named('5.21.1')).toEqual([]);
});

test('every name of every rule leads to it', () => {
  for (const rule of rules) for (const name of otherNames(rule)) expect(named(name), name).toContain(rule.id);
});

test('what nobody knows gives what was probably meant, or nothing', () => {
  expect(findRules(rules, 'kubernetes/privilegd')).toEqual({ rules: [], near: 'kubernetes/privileged' });
  expect(findRules(rules, 'privilegd').near).toBe('privileged');
  for (const none of ['', '--', 'SC2086', 'x'.repeat(500)]) expect(findRules(rules, none).rules).toEqual([]);
});

test('every number of a standard, as it is printed, leads to the rules that print it', () => {
  for (const [key, label] of Object.entries(standardLabels)) {
    const printed = (id: string) => rules.filter(({ references }) => references[key as keyof typeof standardLabels]?.includes(id));
    const ids = new Set(rules.flatMap(({ references }) => references[key as keyof typeof standardLabels] ?? []));
    for (const id of ids)
      expect(named(`${label} ${id}`), `${label} ${id}`).toEqual(expect.arrayContaining(printed(id).map(rule => rule.id)));
  }
  expect(named('cis docker 4.1')).toContain('dockerfile/root-user');
  // 2.0 of one standard is not 2.0 of another
  expect(named('NSA/CISA 2.0').every(id => rules.find(rule => rule.id === id)?.references.nsaCisa?.includes('2.0'))).toBe(true);
});

test.each([
  ['root', 'dockerfile/root-user'],
  ['latest', 'kubernetes/latest-tag'],
  ['distroless', 'dockerfile/base-image-alternative'],
  ['network policy', 'kubernetes/missing-network-policy'],
])('rules about %s: %s is among them', (topic, id) => {
  const page = (rule: string): string => (rule === 'dockerfile/base-image-alternative' ? 'Such as distroless images.' : '');
  expect(rulesAbout(rules, topic, page).map(rule => rule.id)).toContain(id);
});

test('no rule is about nothing, or about half a word', () => {
  for (const none of ['', '--', 'privilegd', 'x'.repeat(500)]) expect(rulesAbout(rules, none, () => null)).toEqual([]);
});
