import { expect, test } from 'vitest';
import { ruleAddress } from '../../../shared/src/output/protocol/docs';
import { pagesAddress } from '../../../tools/pages-address';

const github = 'https://github.com/acme/bulkhead/blob/v1.2.3/docs/rules/';

test.each([
  [undefined, null],
  [{}, null],
  [{ url: 'git+https://github.com/acme/bulkhead.git' }, github],
  [{ url: 'https://github.com/acme/bulkhead' }, github],
  [{ url: 'git@github.com:acme/bulkhead.git' }, github],
  [{ url: 'git+ssh://git@github.com/acme/bulkhead.git' }, github],
  ['acme/bulkhead', github],
  ['github:acme/bulkhead', github],
  ['gitlab:acme/tools/bulkhead', 'https://gitlab.com/acme/tools/bulkhead/-/blob/v1.2.3/docs/rules/'],
  ['https://codeberg.org/acme/bulkhead.git', 'https://codeberg.org/acme/bulkhead/src/tag/v1.2.3/docs/rules/'],
  // how these show files is not known, or they are no addresses
  ['https://git.example.com/acme/bulkhead', null],
  ['https://github.com/acme', null],
  ['javascript:alert(1)', null],
])('the pages of a manifest whose repository is %j', (repository, address) => {
  expect(pagesAddress({ repository, version: '1.2.3' })).toBe(address);
});

test('only rules have pages', () => {
  expect(ruleAddress(github, 'kubernetes/host-pid')).toBe(`${github}kubernetes/host-pid.md`);
  expect(ruleAddress(null, 'kubernetes/host-pid')).toBeNull();
  for (const none of ['bulkhead/incomplete', 'kubernetes/../x', 'KSV-0017', '']) expect(ruleAddress(github, none)).toBeNull();
});
