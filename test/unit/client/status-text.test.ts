import { expect, test } from 'vitest';
import { detail, headline } from '../../../client/src/status-text';
import type { DocumentStatus } from '../../../shared/src/output/protocol/messages';

const l10n = {
  t: ((text: string, ...values: unknown[]) => text.replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)]))) as never,
};

const status = (counts: Partial<DocumentStatus['counts']>, members: Partial<DocumentStatus> = {}): DocumentStatus => ({
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
const lines = (of: DocumentStatus, config: string | null = null): readonly string[] => [headline(of, l10n), detail(of, config, l10n)];

test.each([
  [status({}), ['No findings', 'profile recommended']],
  [status({ warning: 1 }), ['1 finding', 'profile recommended']],
  [status({ error: 1, warning: 2, info: 4, hint: 2 }), ['7 findings', '2 hints, in the editor only · profile recommended']],
  [status({ warning: 5, hint: 2 }, { hintsAlone: 1 }), ['6 findings', '1 hint, in the editor only · profile recommended']],
  [status({ hint: 1 }), ['1 hint', 'in the editor only · profile recommended']],
  [
    status({ error: 1 }, { state: 'limited', reason: 'the file is a template' }),
    ['Partly checked: 1 finding', 'the file is a template · profile recommended'],
  ],
  [
    status({}, { state: 'ignored', family: 'compose', reason: 'Compose files are not checked yet' }),
    ['Not checked', 'Compose files are not checked yet'],
  ],
  [
    status({}, { state: 'ignored', family: 'none', reason: 'the text has no apiVersion and kind' }),
    ['Not a container file', 'the text has no apiVersion and kind'],
  ],
])('%j', (of, expected) => {
  expect(lines(of)).toEqual(expected);
});

test('problems of the configuration are counted', () => {
  expect(detail(status({}, { config: 'file:///w/.bulkhead.yaml', configProblems: 1 }), '.bulkhead.yaml', l10n)).toBe(
    'profile recommended · 1 problem in .bulkhead.yaml',
  );
});
