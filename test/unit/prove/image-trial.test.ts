import { describe, expect, test } from 'vitest';
import type { TrialFacts, TrialPlace } from '../../../shared/src/knowledge/trials';
import type { TrialContainer } from '../../../shared/src/services/prove/contract';
import { addedLines, imageTrial, placeBuilt } from '../../../shared/src/services/prove/image-trial';
import type { ServiceBuild } from '../../../shared/src/workspace/types';
import { subject } from './observed';

const facts = {
  user: { uid: 1000, gid: 1000 },
  needs: [],
  folders: [{ path: '/srv/app/data', kind: 'memory' }],
} as unknown as TrialFacts;
const place = { name: '#1', about: { build: 'a-1' } } as unknown as TrialPlace;
const usual = { uid: 10001, gid: 10001 };
const service = {} as ServiceBuild;

describe('what a trial of a service says of the Dockerfile of its image', () => {
  const failed = { ...facts, user: null, needs: ['user', 'files'] } as const satisfies TrialFacts;
  const cases: readonly (readonly [string, Partial<TrialContainer>, TrialFacts, number, TrialFacts['user']])[] = [
    ['its user', {}, facts, 1, facts.user],
    ['the usual one, to be tried, where another failed', {}, failed, 1, usual],
    [
      'nothing where the program is in a folder that it writes',
      {},
      { ...failed, folders: [{ path: '/srv/app', kind: 'volume', isProgram: true }] },
      1,
      null,
    ],
    ['nothing where it was no other user by itself', {}, { ...facts, user: null }, 1, null],
    ['nothing where another service is built from it', {}, facts, 2, null],
    ['nothing where it starts something else', { command: ['worker'] }, facts, 1, null],
    ['nothing where it has another entry point', { entrypoint: [] }, facts, 1, null],
    ['nothing where it works elsewhere', { workdir: '/srv/app/data' }, facts, 1, null],
  ];
  test.each(cases)('%s', (_, differs, found, services, user) => {
    const container = { ...subject.container, entrypoint: null, command: null, workdir: null, ...differs };
    const trial = imageTrial(
      { ...subject, container },
      found,
      place,
      Array.from({ length: services }, () => service),
      usual,
    );
    expect(trial?.facts.user ?? null).toEqual(user);
    expect(trial?.facts.needs ?? []).not.toContain('user');
  });
});

test('a build ends with the last stage, or with the one that is asked for', () => {
  const places = ['base', 'web', '#2'].map(name => ({ ...place, name }));
  expect(placeBuilt(places, null)?.name).toBe('#2');
  expect(placeBuilt(places, 'Web')?.name).toBe('web');
  expect(placeBuilt(places, 'other')).toBeUndefined();
});

test('added lines are those that a text has more of', () => {
  expect(addedLines('FROM a\nRUN b\nCMD c\n', 'FROM a\r\nRUN b\r\nRUN b\r\n\r\nUSER 1\r\nCMD c\r\n')).toEqual(['RUN b', 'USER 1']);
});
