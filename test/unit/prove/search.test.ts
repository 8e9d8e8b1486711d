import { expect, test } from 'vitest';
import type { TrialObservation, TrialSettings, TrialSubject } from '../../../shared/src/services/prove/contract';
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
  const context: SearchContext = { subject, imageUser: null, workdir: '/', candidateUser, known: [], maxStarts: 12, isOver: false };
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
    { numRuns: 500 },
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

test('a service that fails the second time as it is written is flaky', () => {
  const context: SearchContext = { subject, imageUser: null, workdir: '/', candidateUser: null, known: [], maxStarts: 12, isOver: false };
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
  const context: SearchContext = {
    subject: subject satisfies TrialSubject,
    imageUser: null,
    workdir: '/',
    candidateUser: null,
    known: [],
    maxStarts: 12,
    isOver: false,
  };
  const seen: SeenStart = {
    settings: null,
    purpose: 'baseline',
    observed: observation(observed),
    written: { folders: [], unmountable: [] },
    kinds: new Map(),
  };
  expect(next([seen], context)).toMatchObject({ verdict: { kind: 'cannot', reason } });
});
