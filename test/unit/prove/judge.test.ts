import { describe, expect, test } from 'vitest';
import type { TrialObservation } from '../../../shared/src/services/prove/contract';
import { answers, isSame, judge } from '../../../shared/src/services/prove/judge';
import { observation } from './observed';

const page = { port: 8080, scheme: 'http', status: 200, type: 'text/html', length: 600 } as const;

describe('a start against its baseline', () => {
  const cases: readonly (readonly [string, Partial<TrialObservation>, readonly string[]])[] = [
    ['nothing differs', {}, []],
    ['another time in the log', { log: ['2026-12-02 11:11:11 listening on 8080'] }, []],
    ['a status of the same class', { answers: [{ ...page, status: 204 }] }, []],
    ['a longer page', { answers: [{ ...page, length: 1100 }] }, []],
    ['an init in front of it', { processes: [{ name: 'catatonit', uid: 0 }, ...observation({}).processes] }, []],
    ['other users', { processes: observation({}).processes.map(({ name }) => ({ name, uid: 999 })) }, []],
    ['one more socket', { sockets: ['tcp 8080', 'tcp 9000'] }, []],
    ['143 on its stop signal', { stop: { ms: 100, exitCode: 143, wasKilled: false } }, []],
    ['a refusal of the engine', { outcome: 'refused' }, ['refused']],
    ['an end by itself', { outcome: 'ended', exitCode: 1 }, ['ended']],
    ['no socket', { sockets: [], answers: [] }, ['sockets', 'no-answer']],
    ['loopback alone', { sockets: ['tcp 127.0.0.1:8080'] }, ['sockets']],
    ['an error page', { answers: [{ ...page, status: 500 }] }, ['status']],
    ['200 with nothing', { answers: [{ ...page, length: 0 }] }, ['empty']],
    ['another media type', { answers: [{ ...page, type: 'text/plain' }] }, ['type']],
    ['a page of a tenth', { answers: [{ ...page, length: 60 }] }, ['length']],
    ['a dead worker', { processes: observation({}).processes.slice(0, 2) }, ['processes']],
    ['a missing master', { processes: observation({}).processes.slice(1) }, ['processes']],
    ['a kill after the grace time', { stop: { ms: 10_000, exitCode: 137, wasKilled: true } }, ['stop']],
    ['an error on its stop signal', { stop: { ms: 100, exitCode: 1, wasKilled: false } }, ['stop']],
    ['a failing exercise', { exercise: { exitCode: 3 } }, ['exercise']],
  ];
  test.each(cases)('%s', (_, differs, expected) => {
    const { verdict, differences } = judge(observation({}), observation(differs));
    expect(differences.map(({ what }) => what)).toEqual(expected);
    expect(verdict).toBe(expected.length === 0 ? 'same' : 'failed');
  });
});

test('an answer of the same kind and size that says something else fails where the text is the same from start to start', () => {
  const says = (text: string): TrialObservation => observation({ answers: [{ ...page, text }] });
  expect(judge(says('welcome'), says('read-only'), true).differences).toEqual([{ what: 'text', detail: '8080' }]);
  expect(judge(says('welcome'), says('welcome'), true).verdict).toBe('same');
  expect(judge(says('random a'), says('random b')).verdict).toBe('same');
});

test('what another image does as it is written is compared with what the first did, its text where that is the same from start to start', () => {
  const start = (purpose: 'baseline' | 'all', observed: TrialObservation) => ({ settings: null, purpose, observed });
  const says = (text: string) => start('all', observation({ answers: [{ ...page, text }] }));
  expect(isSame([says('welcome'), says('welcome')], [says('welcome')])).toBe(true);
  expect(isSame([says('welcome'), says('welcome')], [says('read-only')])).toBe(false);
  expect(isSame([says('random a'), says('random b')], [says('random c')])).toBe(true);
  expect(isSame([says('welcome')], [start('baseline', observation({ sockets: [] }))])).toBe(false);
  expect(isSame([says('welcome')], [])).toBe(false);
});

test('a new line about a missing right alone is degraded, and one that the baseline has is nothing', () => {
  const line = 'can not modify /etc/nginx/conf.d/default.conf (read-only file system?)';
  expect(judge(observation({}), observation({ log: [line] }))).toEqual({
    verdict: 'degraded',
    differences: [{ what: 'log', detail: line }],
  });
  expect(
    judge(observation({ log: ['12:00 open /x1: Permission denied'] }), observation({ log: ['13:01 open /x2: Permission denied'] })).verdict,
  ).toBe('same');
});

test('what ended badly as written may end so again', () => {
  const killed = { stop: { ms: 10_000, exitCode: 137, wasKilled: true } };
  expect(judge(observation(killed), observation(killed)).verdict).toBe('same');
  const failing = { stop: { ms: 100, exitCode: 130, wasKilled: false } };
  expect(judge(observation(failing), observation(failing)).verdict).toBe('same');
});

test('a pool of workers may be smaller, and not gone', () => {
  const pool = (count: number): Partial<TrialObservation> => ({
    processes: Array.from({ length: count }, () => ({ name: 'apache2', uid: 33 })),
  });
  expect(judge(observation(pool(10)), observation(pool(6))).verdict).toBe('same');
  expect(judge(observation(pool(10)), observation(pool(1))).verdict).toBe('failed');
});

test('a job is judged by how it ends', () => {
  const job = (exitCode: number): TrialObservation => observation({ outcome: 'ended', exitCode, sockets: [], answers: [], processes: [] });
  expect(judge(job(0), job(0)).verdict).toBe('same');
  expect(judge(job(0), job(1)).verdict).toBe('failed');
});

test.each([
  [observation({}), true],
  [observation({ answers: [{ port: 6379, scheme: 'tcp', status: null, type: null, length: 12 }] }), true],
  [observation({ answers: [{ port: 5432, scheme: 'tcp', status: null, type: null, length: 0 }] }), false],
  [observation({ answers: [], health: 'healthy' }), true],
  [observation({ answers: [] }), false],
])('whether it answered, case %#', (observed, expected) => {
  expect(answers(observed)).toBe(expected);
});
