import { describe, expect, test } from 'vitest';
import type { TrialFacts } from '../../../shared/src/knowledge/trials';
import { evidencePath, printEvidence, readEvidence, withTrial, type NamedTrial } from '../../../shared/src/services/prove/evidence-file';
import { plainTrial } from '../../../tools/rules/case-trials';
import { fc } from '../../support/property';

const trial: NamedTrial = {
  name: 'api',
  about: {
    platform: 'engine',
    image: 'example.com/acme/api:1.4',
    digest: null,
    build: null,
    command: '1abc-4',
    environment: '1abc-5',
    options: '1abc-6',
    mounts: ['volume /srv/data'],
    user: null,
  },
  facts: {
    ...plainTrial,
    user: { uid: 1000, gid: 1000 },
    readOnly: true,
    folders: [{ path: '/tmp', kind: 'memory' }],
    capabilities: ['CHOWN'],
    noNewPrivileges: true,
    needs: ['pids'],
  },
};

const withFacts = (facts: Partial<TrialFacts>): NamedTrial => ({ ...trial, facts: { ...trial.facts, ...facts } });

/** What a text says, and what is wrong with it. */
function read(
  text: string,
  origin: TrialFacts['origin'] = 'own',
): { readonly trials: readonly NamedTrial[]; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const trials = readEvidence(text, origin, problem => problems.push(problem));
  return { trials, problems };
}

test('What is written is read, and who wrote it is not in it', () => {
  expect(read(printEvidence([trial]))).toEqual({ trials: [trial], problems: [] });
  expect(printEvidence([trial])).not.toMatch(/origin|own/);
  expect(read(printEvidence([withFacts({ origin: 'own' })]), 'claimed').trials[0]?.facts.origin).toBe('claimed');
});

test('The order of trials, folders and capabilities changes no byte', () => {
  const other = { ...trial, name: 'a' };
  expect(printEvidence([trial, other])).toBe(printEvidence([other, trial]));
  const folders = [
    { path: '/run', kind: 'memory' },
    { path: '/a', kind: 'volume' },
  ] as const;
  expect(printEvidence([withFacts({ folders, capabilities: ['SETUID', 'CHOWN'], needs: ['files', 'user'] })])).toBe(
    printEvidence([withFacts({ folders: [...folders].reverse(), capabilities: ['CHOWN', 'SETUID'], needs: ['user', 'files'] })]),
  );
});

test('A trial that found the same leaves the text as it is, another takes the place of the last', () => {
  const again = withFacts({ date: '2026-12-24', starts: 3 });
  expect(withTrial([trial], again)).toEqual([trial]);
  const other = withFacts({ readOnly: false, date: '2026-12-24' });
  expect(withTrial([trial], other)).toEqual([other]);
  expect(withTrial([trial], { ...trial, name: 'db' })).toHaveLength(2);
  const rebuilt = { ...trial, about: { ...trial.about, build: 'other-1' } };
  expect(withTrial([trial], trial, rebuilt)).toEqual([trial, rebuilt]);
  expect(withTrial([trial, rebuilt], again)).toEqual([trial, rebuilt]);
});

/** The text with one thing of its trial changed. */
function forged(change: (item: Record<string, Record<string, unknown>>) => void): string {
  const root = JSON.parse(printEvidence([trial])) as { trials: Record<string, Record<string, unknown>>[] };
  change(root.trials[0]!);
  return JSON.stringify(root);
}

test.each<[string, (item: Record<string, Record<string, unknown>>) => void]>([
  ['"capabilities" has one that no trial gives', item => (item['found']!['capabilities'] = ['SYS_ADMIN'])],
  ['"capabilities" has one that no trial gives', item => (item['found']!['capabilities'] = ['ALL'])],
  ['"path" is not a folder of an image', item => (item['found']!['folders'] = [{ path: '/proc/sys', kind: 'memory' }])],
  ['"path" is not a folder of an image', item => (item['found']!['folders'] = [{ path: '/tmp/../etc', kind: 'memory' }])],
  ['"path" has another form', item => (item['found']!['folders'] = [{ path: '/', kind: 'volume' }])],
  ['"path" has another form', item => (item['found']!['folders'] = [{ path: '/tmp:exec', kind: 'memory' }])],
  ['"path" has control characters', item => (item['found']!['folders'] = [{ path: '/a\nprivileged', kind: 'memory' }])],
  ['"path" has another form', item => (item['found']!['folders'] = [{ path: '/var/run/docker.sock:/x', kind: 'volume' }])],
  ['"kind" is none of memory, volume', item => (item['found']!['folders'] = [{ path: '/x', kind: 'host' }])],
  ['"uid" is not a whole number from 1 to 2147483647', item => (item['found']!['user'] = { uid: 0, gid: 0 })],
  ['"gid" is not a whole number from 1 to 2147483647', item => (item['found']!['user'] = { uid: 1, gid: '1 --privileged' })],
  ['"level" is none of started, answered, exercised', item => (item['found']!['level'] = 'safe')],
  ['"digest" has another form', item => (item['found']!['digest'] = 'latest')],
  ['"date" is not a date', item => (item['run']!['date'] = 'yesterday')],
  ['"how" is empty or too long', item => (item['run']!['how'] = 'x'.repeat(201))],
  ['"how" has control characters', item => (item['run']!['how'] = 'podman\u001b[2J')],
  ['"readOnly" is neither true nor false', item => (item['found']!['readOnly'] = 'yes')],
  ['"READONLY" is there in another spelling', item => (item['found']!['READONLY'] = true)],
  ['"command" has another form', item => (item['about']!['command'] = '')],
  ['"about" is not an object', item => delete item['about']],
])('What no trial can have found does not count: %s', (problem, change) => {
  const { trials, problems } = read(forged(change), 'claimed');
  expect(trials).toEqual([]);
  expect(problems).toEqual([`trial 1 does not count: ${problem.replace('READONLY', 'readOnly')}`]);
});

test('Unknown members say nothing', () => {
  const text = forged(item => Object.assign(item['found']!, { privileged: true, origin: 'own', __proto__: { readOnly: true } }));
  expect(read(text, 'claimed')).toEqual({ trials: [withFacts({ origin: 'claimed' })], problems: [] });
});

describe('a text that is none', () => {
  test.each([
    ['its text is not JSON', '{'],
    ['its text is not JSON', '['.repeat(100_000)],
    ['its text is not a JSON object', '[]'],
    ['its "schemaVersion" is not 1', '{"schemaVersion":2}'],
    ['"trials" is not a list', '{"schemaVersion":1,"trials":{}}'],
    ['it is too long', ' '.repeat(300_000)],
  ])('is one problem: %s', (problem, text) => {
    expect(read(text)).toEqual({ trials: [], problems: [problem] });
  });

  test('never throws, whatever it is', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), fc.string(), (json, text) => {
        read(json);
        read(text);
        read(`{"schemaVersion":1,"trials":[${json},{"name":"a","about":${json},"found":${json},"run":${json}}]}`);
      }),
    );
  });
});

test('Each file has one of its own, below the folder, whatever its path', () => {
  expect(evidencePath('compose.yaml')).toBe('.bulkhead/evidence/compose.yaml.json');
  expect(evidencePath('deploy/web.yaml')).toBe('.bulkhead/evidence/deploy+web.yaml.json');
  const part = fc.constantFrom('a', 'b', '+', '%', '.', 'é', ' ', '-', '%2b');
  const path = fc.array(part, { minLength: 1, maxLength: 4 }).map(parts => parts.join(''));
  const paths = fc.array(path, { minLength: 1, maxLength: 3 }).map(folders => folders.join('/'));
  fc.assert(
    fc.property(paths, paths, (one, other) => {
      expect(evidencePath(one)).toMatch(/^\.bulkhead\/evidence\/[\w.+%-]+\.json$/);
      expect(evidencePath(one) === evidencePath(other)).toBe(one === other);
    }),
  );
});
