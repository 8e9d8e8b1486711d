import { expect, test } from 'vitest';
import { pinSummary } from '../../../server/src/features/pin-words';
import { detailOf, headlineOf, type StatusExtras, type StatusFacts } from '../../../server/src/features/status-words';
import { createSay } from '../../../server/src/lsp/say';
import type { PinFilesResult, UnpinnedImage } from '../../../shared/src/output/protocol/registry';

const say = createSay();

const status = (counts: Partial<StatusFacts['counts']>, members: Partial<StatusFacts> = {}): StatusFacts => ({
  uri: 'file:///w/a.yaml',
  version: 1,
  state: 'checked',
  family: 'kubernetes',
  reason: null,
  profile: 'recommended',
  config: null,
  configProblems: 0,
  counts: { error: 0, warning: 0, info: 0, hint: 0, ...counts },
  hintsAlone: counts.hint ?? 0,
  suppressed: 0,
  durationMs: 1,
  ...members,
});
const nothing: StatusExtras = { config: null, pods: { restricted: 0, all: 0 }, earlier: null };

test.each<[StatusFacts, Partial<StatusExtras>, string[]]>([
  [status({}), {}, ['No findings', 'profile recommended']],
  [status({ warning: 1 }), {}, ['1 finding', 'profile recommended']],
  [status({ error: 1, warning: 2, info: 4, hint: 2 }), {}, ['7 findings', '2 hints, in the editor only · profile recommended']],
  [status({ warning: 5, hint: 2 }, { hintsAlone: 1 }), {}, ['6 findings', '1 hint, in the editor only · profile recommended']],
  [status({ hint: 1 }), {}, ['1 hint', 'in the editor only · profile recommended']],
  [
    status({ error: 1 }, { state: 'limited', reason: 'the file is a template' }),
    {},
    ['Partly checked: 1 finding', 'the file is a template · profile recommended'],
  ],
  [status({}, { state: 'ignored', family: 'compose', reason: 'not yet' }), {}, ['Not checked', 'not yet']],
  [status({}, { state: 'ignored', family: 'none', reason: 'no apiVersion' }), {}, ['Not a container file', 'no apiVersion']],
  [status({}, { configProblems: 1 }), { config: '.bulkhead.yaml' }, ['No findings', 'profile recommended · 1 problem in .bulkhead.yaml']],
  [
    status({ error: 3 }),
    { pods: { restricted: 2, all: 7 }, earlier: { errors: 2, since: 'HEAD' } },
    ['3 findings', 'Pod Security: 2 of 7 workloads at the restricted level · errors: 1 more than at HEAD · profile recommended'],
  ],
  [status({}), { earlier: { errors: 2, since: 'HEAD' } }, ['No findings', 'errors: 2 fewer than at HEAD · profile recommended']],
  // what is as it was is not worth a word
  [status({ error: 2 }), { earlier: { errors: 2, since: 'HEAD' } }, ['2 findings', 'profile recommended']],
])('a status: %j %j', (of, extras, expected) => {
  expect([headlineOf(of, say), detailOf(of, { ...nothing, ...extras }, say)]).toEqual(expected);
});

const offline = 'registry-1.docker.io: no such host';
const lost = (image: string, reason = offline): UnpinnedImage => ({ uri: 'a', image, reasonId: 'unreachable', reason, failed: true });
const refused: UnpinnedImage = {
  uri: 'a',
  image: '${X}',
  reasonId: 'variable',
  reason: 'the value is built from variables',
  failed: false,
};

test.each<[Partial<PinFilesResult>, string]>([
  [{}, 'No image to pin'],
  [{ pinned: 1, files: 1 }, '1 image pinned'],
  [{ pinned: 2, files: 1 }, '2 images pinned'],
  [{ pinned: 3, files: 2, current: 1, left: [refused] }, '3 images pinned in 2 files, 1 already pinned, 1 left for you to resolve'],
  // offline, the reason is what a person needs
  [{ left: [lost('node:24')] }, `node:24 was not pinned: ${offline}`],
  [{ left: [lost('node:24'), lost('redis:8')] }, `2 images were not pinned: ${offline}`],
  [
    { left: [lost('node:24'), lost('redis:8', 'denied'), refused] },
    `2 images were not pinned, such as node:24: ${offline}; 1 left for you to resolve`,
  ],
  [{ pinned: 1, files: 1, left: [lost('node:24')] }, `node:24 was not pinned: ${offline}; 1 image pinned`],
])('pinning: %o: %s', (result, line) => {
  expect(pinSummary({ pinned: 0, files: 0, current: 0, applied: true, cancelled: false, left: [], ...result }, say)).toBe(line);
});
