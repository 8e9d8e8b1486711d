import { describe, expect, test } from 'vitest';
import type { TrialObservation, TrialSettings, TrialSubject } from '../../../shared/src/services/prove/contract';
import type { OwnedPlace } from '../../../shared/src/services/prove/owned';
import type { WrittenFolders } from '../../../shared/src/services/prove/reduce';
import { next, type TrialVerdict } from '../../../shared/src/services/prove/search';
import type { SeenStart } from '../../../shared/src/services/prove/search-steps';
import { defaultCapabilities, type SearchContext, withRight } from '../../../shared/src/services/prove/settings';
import { fc } from '../../support/property';
import { observation, subject } from './observed';

/** What a made-up service minds, unknown to the search. */
interface Hidden {
  readonly needsRoot: boolean;
  readonly capabilities: readonly string[];
  readonly escalates: boolean;
  readonly threads: number;
  /** Folders that it writes to, each with how the search could know: by the difference, by its log, or not at all. */
  readonly folders: readonly { readonly path: string; readonly shows: 'diff' | 'log' | 'never' }[];
  /** Whether it says what it lacks. */
  readonly talks: boolean;
}

/** A service that needs nothing but what is said. */
const plain: Hidden = { needsRoot: false, capabilities: [], escalates: false, threads: 3, folders: [], talks: false };

const isRootIn = (settings: TrialSettings | null): boolean => !settings || settings.user === null;

const contextOf = (of: TrialSubject): SearchContext => ({
  subject: of,
  imageUser: null,
  workdir: '/',
  candidateUser: null,
  known: [],
  places: null,
  imageVolumes: [],
  maxStarts: 12,
  isOver: false,
});

/** The first thing that a service lacks under settings, as its log has it; `null`: it works. */
function lackOf(hidden: Hidden, settings: TrialSettings | null): string | null {
  if (!settings) return null;
  if (hidden.needsRoot && !isRootIn(settings)) return 'open /etc/shadow: Permission denied';
  const { capabilities } = settings;
  const missing = isRootIn(settings) && capabilities !== null ? hidden.capabilities.filter(name => !capabilities.includes(name)) : [];
  if (missing.length > 0)
    return missing.some(name => /^SET/.test(name))
      ? 'setgid: Operation not permitted'
      : `chown: changing ownership: Operation not permitted`;
  if (hidden.escalates && settings.noNewPrivileges) return 'sudo: effective uid is not 0, no new privileges';
  if (settings.pids !== null && hidden.threads > settings.pids) return 'pthread_create: Resource temporarily unavailable';
  const folder = settings.readOnly ? hidden.folders.find(({ path }) => !settings.folders.some(known => path === known.path)) : undefined;
  return folder ? `open ${folder.path}/x: Read-only file system` : null;
}

/** Runs a search to its end against such a service. */
function searchFor(
  hidden: Hidden,
  candidateUser: string | null,
): { readonly verdict: TrialVerdict; readonly starts: number; readonly all: TrialSettings } {
  const context: SearchContext = { ...contextOf(subject), candidateUser };
  const history: SeenStart[] = [];
  const written: WrittenFolders = {
    folders: hidden.folders.flatMap(({ path, shows }) =>
      shows === 'diff' ? [{ path, kind: 'memory' as const, learned: 'diff' as const, edited: false }] : [],
    ),
    unmountable: [],
  };
  for (;;) {
    const step = next(history, context);
    if ('verdict' in step) return { verdict: step.verdict, starts: history.length, all: history[1]!.settings! };
    const lack = lackOf(hidden, step.start);
    const observed: TrialObservation =
      lack === null
        ? observation({ threads: 3 })
        : observation({
            outcome: 'ended',
            exitCode: 1,
            sockets: [],
            answers: [],
            processes: [],
            log: hidden.talks || lack.includes('/log/') ? [lack] : [],
          });
    history.push({ settings: step.start, purpose: step.purpose, observed, written, kinds: new Map() });
    if (history.length > 12) throw new Error('more than twelve starts');
  }
}

const hiddenNeeds: fc.Arbitrary<Hidden> = fc.record({
  needsRoot: fc.boolean(),
  capabilities: fc.subarray(['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID', 'KILL', 'NET_RAW']),
  escalates: fc.boolean(),
  threads: fc.constantFrom(1, 3, 500),
  folders: fc.uniqueArray(
    fc.record({
      path: fc.constantFrom('/data', '/run', '/srv/cache', '/log/app'),
      shows: fc.constantFrom('diff' as const, 'log' as const, 'never' as const),
    }),
    { selector: ({ path }) => path },
  ),
  talks: fc.boolean(),
});

/** Checks what a search claims of a service; gives its starts, and whether all it says to be needed is. */
function check(hidden: Hidden, candidateUser: string | null): number {
  const { verdict, starts, all } = searchFor(hidden, candidateUser);
  expect(starts).toBeLessThanOrEqual(12);
  if (verdict.kind === 'cannot') throw new Error(verdict.reason);
  expect(lackOf(hidden, verdict.settings)).toBeNull();
  // with starts to spare it is the exact set: whatever is put back breaks it
  if (starts >= 11) return starts;
  for (const right of verdict.needs) expect([right, lackOf(hidden, withRight(verdict.settings, right, all))]).not.toEqual([right, null]);
  for (const name of verdict.notTried.includes('capabilities') ? [] : (verdict.settings.capabilities ?? [])) {
    const kept = verdict.settings.capabilities!.filter(other => other !== name);
    expect([name, lackOf(hidden, { ...verdict.settings, capabilities: kept })]).not.toEqual([name, null]);
  }
  return starts;
}

const users = fc.constantFrom(null, '1000:1000');

test('the search ends within its starts, and claims no restriction that the service does not bear', () => {
  fc.assert(
    fc.property(hiddenNeeds, users, (hidden, user) => void check(hidden, user)),
    { numRuns: 1000 },
  );
});

test('half of the services with one odd need take four starts at most', () => {
  const counts: number[] = [];
  const odd = fc
    .tuple(hiddenNeeds, fc.constantFrom('needsRoot', 'escalates', 'threads', 'folders', 'folders', 'folders'))
    .map(([hidden, kept]): Hidden => ({ ...plain, talks: hidden.talks, [kept]: hidden[kept as keyof Hidden] }));
  fc.assert(
    fc.property(odd, users, (hidden, user) => void counts.push(check(hidden, user))),
    // a share is no property of each: it is counted over the same services every time
    { numRuns: 500, seed: 1 },
  );
  counts.sort((a, b) => a - b);
  expect(counts[counts.length >> 1]).toBeLessThanOrEqual(4);
});

test.each([
  { title: 'nothing', hidden: plain, needs: [], capabilities: [], starts: 2 },
  {
    title: 'a folder that the difference shows',
    hidden: { ...plain, folders: [{ path: '/run', shows: 'diff' as const }] },
    needs: [],
    capabilities: [],
    starts: 2,
  },
  {
    title: 'a folder that its log names',
    hidden: { ...plain, talks: true, folders: [{ path: '/run', shows: 'log' as const }] },
    needs: [],
    capabilities: [],
    starts: 4,
  },
  {
    title: 'a folder that nothing shows',
    hidden: { ...plain, folders: [{ path: '/run', shows: 'never' as const }] },
    needs: ['files'],
    capabilities: [],
    starts: 6,
  },
  { title: 'a setuid helper that says nothing', hidden: { ...plain, escalates: true }, needs: ['escalation'], capabilities: [], starts: 6 },
  { title: 'many threads, and says so', hidden: { ...plain, talks: true, threads: 500 }, needs: ['pids'], capabilities: [], starts: 4 },
  { title: 'root alone', hidden: { ...plain, needsRoot: true, talks: true }, needs: ['user'], capabilities: [], starts: 4 },
  {
    title: 'root with two capabilities, and says so',
    hidden: { ...plain, talks: true, needsRoot: true, capabilities: ['SETGID', 'SETUID'] },
    needs: ['user'],
    capabilities: ['SETGID', 'SETUID'],
    starts: 8,
  },
])('finds exactly $title', ({ hidden, needs, capabilities, starts }) => {
  const found = searchFor(hidden, '1000:1000');
  expect(found).toMatchObject({ verdict: { kind: needs.length === 0 ? 'proved' : 'partly', needs, settings: { capabilities } } });
  expect(found.starts).toBeLessThanOrEqual(starts);
});

test.each([...defaultCapabilities])('finds %s as the one capability of a silent service that has to be root', name => {
  const { verdict } = searchFor({ ...plain, needsRoot: true, capabilities: [name] }, null);
  if (verdict.kind === 'cannot') throw new Error(verdict.reason);
  expect(verdict.kind).toBe('proved');
  expect(verdict.settings.capabilities).toContain(name);
});

/** A page of the same size whatever happens: what it says as root, and as somebody else. */
const pages = (
  root: (at: number) => string,
  others: (at: number) => string,
): { readonly verdict: TrialVerdict; readonly purposes: readonly string[] } => {
  const context: SearchContext = { ...contextOf(subject), candidateUser: '1000:1000' };
  const history: SeenStart[] = [];
  for (;;) {
    const step = next(history, context);
    if ('verdict' in step) return { verdict: step.verdict, purposes: history.map(({ purpose }) => purpose) };
    const text = (isRootIn(step.start) ? root : others)(history.length);
    const [answer] = observation({}).answers;
    const observed = observation({ answers: [{ ...answer!, text }] });
    history.push({ settings: step.start, purpose: step.purpose, observed, written: { folders: [], unmountable: [] }, kinds: new Map() });
  }
};

test('an error page of the same size with status 200 is no proof, and a page that differs each time costs one start', () => {
  const fooled = pages(
    () => 'welcome',
    () => 'no database',
  );
  expect(fooled.verdict).toMatchObject({ kind: 'partly', needs: ['user'] });
  expect(fooled.purposes.slice(0, 3)).toEqual(['baseline', 'all', 'again']);
  const random = pages(
    at => `root ${at}`,
    at => `other ${at}`,
  );
  expect(random.verdict).toMatchObject({ kind: 'proved' });
  expect(random.purposes).toEqual(['baseline', 'all', 'again', 'confirm']);
});

/** What is tried at once, and what comes of it, where a start as written writes to a folder and all others go well. */
function writing(path: string, of: Partial<SearchContext>, baseline: Partial<TrialObservation> = {}) {
  const written: WrittenFolders = { folders: [{ path, kind: 'memory', learned: 'diff', edited: false }], unmountable: [] };
  const context = { ...contextOf(subject), ...of };
  const seen: SeenStart = { settings: null, purpose: 'baseline', observed: observation(baseline), written, kinds: new Map() };
  const all = next([seen], context);
  if (!('start' in all) || all.start === null) throw new Error('no start');
  const step = next([seen, { ...seen, settings: all.start, purpose: all.purpose }], context);
  if (!('verdict' in step) || step.verdict.kind === 'cannot') throw new Error('no verdict');
  return { folders: all.start.folders.map(folder => `${folder.kind} ${folder.path}`), user: all.start.user, verdict: step.verdict };
}

const owned = (path: string, uid: number, more: Partial<OwnedPlace> = {}): OwnedPlace => ({
  path,
  uid,
  gid: uid,
  mode: 0o755,
  isFolder: true,
  isFilled: false,
  ...more,
});

test.each<readonly [title: string, path: string, of: Partial<SearchContext>, folders: readonly string[], user: string | null]>([
  ['of root is a volume', '/var/lib/app', {}, ['volume /var/lib/app'], null],
  ['that comes and goes is memory', '/var/cache/app', {}, ['memory /var/cache/app'], null],
  [
    'of root is memory for another user, who may not write to a volume of it',
    '/var/lib/app',
    { candidateUser: '7:7', places: [] },
    ['memory /var/lib/app'],
    '7:7',
  ],
  [
    'is a volume for the user that it belongs to, who is tried first',
    '/var/lib/app',
    { candidateUser: '7:7', places: [owned('/var/lib/app', 9)] },
    ['volume /var/lib/app'],
    '9:9',
  ],
  [
    'of the group of root makes nobody its user',
    '/var/lib/app',
    { candidateUser: '7:7', places: [owned('/var/lib/app', 9, { gid: 0 })] },
    ['memory /var/lib/app'],
    '7:7',
  ],
  ['is memory in a pod', '/var/lib/app', { subject: { ...subject, platform: 'pod' } }, ['memory /var/lib/app'], null],
  [
    'that is known is given besides, where its user may write to it',
    '/var/cache/app',
    {
      candidateUser: '7:7',
      places: [owned('/srv/own', 7)],
      known: [
        { path: '/srv/own', kind: 'memory', learned: 'known' },
        { path: '/srv/of-root', kind: 'memory', learned: 'known' },
      ],
    },
    ['volume /srv/own', 'memory /var/cache/app'],
    '7:7',
  ],
])('a folder %s', (_title, path, of, folders, user) => {
  expect(writing(path, of)).toMatchObject({ folders: [...folders].sort((a, b) => (a.split(' ')[1]! < b.split(' ')[1]! ? -1 : 1)), user });
});

test('files that are kept in memory, in a folder that is no temporary one, are named as not tried, but not of a pod', () => {
  const isKept = (path: string, of: Partial<SearchContext>): boolean => writing(path, of).verdict.notTried.includes('kept');
  expect(isKept('/var/lib/app', { candidateUser: '7:7' })).toBe(true);
  expect(isKept('/var/lib/app', {})).toBe(false);
  expect(isKept('/var/cache/app', { candidateUser: '7:7' })).toBe(false);
  expect(isKept('/var/lib/app', { candidateUser: '7:7', subject: { ...subject, platform: 'pod' } })).toBe(false);
});

describe('what is another user than root as it is written', () => {
  const runs = { processes: [{ name: 'server', uid: 7, gid: 7, groups: [20] }] };
  const bounded = (places: readonly OwnedPlace[] | null, more: Partial<SearchContext> = {}, seen: Partial<TrialObservation> = runs) => {
    const { folders, verdict } = writing('/tmp', { imageUser: '7', places, ...more }, seen);
    return { folders, isBounded: verdict.isBounded, isNamed: verdict.notTried.includes('writes') };
  };
  const whole = { isBounded: true, isNamed: false };
  const open = { isBounded: false, isNamed: true };

  test('can write to nothing else later, where it is given all that belongs to it', () => {
    expect(bounded([])).toEqual({ folders: ['memory /tmp'], ...whole });
    expect(bounded([owned('/data', 7), owned('/other', 8), owned('/spool', 0, { gid: 20, mode: 0o775 })])).toEqual({
      folders: ['volume /data', 'volume /spool', 'memory /tmp'],
      ...whole,
    });
    expect(bounded([owned('/data', 7)], { imageVolumes: ['/data'] })).toMatchObject(whole);
  });

  test('may write to more, where files of the image belong to it, or it is not known whose they are', () => {
    expect(bounded([owned('/app', 7, { isFilled: true })])).toEqual({ folders: ['memory /tmp'], ...open });
    expect(bounded([owned('/etc/app.conf', 7, { isFolder: false, isFilled: true })])).toMatchObject(open);
    expect(bounded(null)).toMatchObject(open);
    expect(bounded([], {}, {})).toMatchObject(open);
    expect(
      bounded(
        [],
        {},
        {
          processes: [
            { name: 'one', uid: 7 },
            { name: 'other', uid: 8 },
          ],
        },
      ),
    ).toMatchObject(open);
  });
});

test('a job that ran to its end writes nothing later', () => {
  const { verdict } = writing('/tmp', {}, { outcome: 'ended', exitCode: 0, sockets: [], answers: [], processes: [] });
  expect([verdict.isBounded, verdict.notTried.includes('writes')]).toEqual([true, false]);
});

test('a volume with the place where a program works says so', () => {
  const verdict = (kind: 'memory' | 'volume', workdir: string) => {
    const written: WrittenFolders = { folders: [{ path: '/srv/app', kind, learned: 'diff', edited: false }], unmountable: [] };
    const context = { ...contextOf(subject), workdir };
    const seen: SeenStart = { settings: null, purpose: 'baseline', observed: observation({}), written, kinds: new Map() };
    const all = next([seen], context);
    const step = next([seen, { ...seen, settings: 'start' in all ? all.start : null, purpose: 'all' }], context);
    return 'verdict' in step && step.verdict.kind !== 'cannot' && step.verdict.settings.folders[0]?.isProgram === true;
  };
  expect([
    verdict('volume', '/srv/app'),
    verdict('volume', '/srv/app/bin'),
    verdict('volume', '/srv'),
    verdict('memory', '/srv/app'),
  ]).toEqual([true, true, false, false]);
});

test('a service that fails the second time as it is written is flaky', () => {
  const context = contextOf(subject);
  const history: SeenStart[] = [];
  for (;;) {
    const step = next(history, context);
    if ('verdict' in step) {
      expect(step.verdict).toMatchObject({ kind: 'cannot', reason: 'flaky' });
      return;
    }
    const observed = history.length === 0 ? observation({}) : observation({ outcome: 'ended', exitCode: 1 });
    history.push({ settings: step.start, purpose: step.purpose, observed, written: { folders: [], unmountable: [] }, kinds: new Map() });
  }
});

test.each([
  { title: 'does not start', observed: { outcome: 'ended' as const, exitCode: 1 }, reason: 'does-not-start' },
  { title: 'is refused by the engine', observed: { outcome: 'refused' as const }, reason: 'engine' },
])('a service that $title is not searched', ({ observed, reason }) => {
  const seen: SeenStart = {
    settings: null,
    purpose: 'baseline',
    observed: observation(observed),
    written: { folders: [], unmountable: [] },
    kinds: new Map(),
  };
  expect(next([seen], contextOf(subject))).toMatchObject({ verdict: { kind: 'cannot', reason } });
});
