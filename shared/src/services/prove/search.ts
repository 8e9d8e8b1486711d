import type { TrialLevel, TrialRight } from '../../knowledge/trials';
import { isRootUser } from './arguments';
import type { CannotReason, TrialFolder, TrialSettings, TrialStart } from './contract';
import { answers, denialsInContext, hasOtherText, isTextSteady, judge, type Judgement } from './judge';
import { readFailure } from './read-failure';
import type { PathKind, WrittenFolders } from './reduce';
import {
  asWritten,
  defaultCapabilities,
  isOn,
  listensLow,
  relax,
  rights,
  type SearchContext,
  keptInMemory,
  strictest,
  usableCapabilities,
  withRight,
  without,
} from './settings';

// What to start next: everything at once, then what the log says, then halves, then capabilities (../shared/research/prove.md, section 5). Taking a restriction
// away never makes a service fail, so what fails together is found by halves.

/** A start with what was asked of it afterwards. */
export interface SeenStart extends TrialStart {
  /** Where it wrote; of the baseline, and of starts that may write anywhere. */
  readonly written: WrittenFolders;
  /** What the paths are in the image that its log names. */
  readonly kinds: ReadonlyMap<string, PathKind>;
}

/** What a trial does not say. A closed list. */
export type NotTried =
  /** What it does after the seconds that it was watched. */
  | 'later'
  /** Any request but one for the first page of each port. */
  | 'requests'
  /** Whether it answers: no port said anything. */
  | 'answers'
  /** Another user than root: none is known that would be right. */
  | 'user'
  /** Whether it needs each capability that it kept. */
  | 'capabilities'
  /** The whole set a second time. */
  | 'confirm'
  /** Whether what it writes has to outlive it: it was given memory for it, in a folder that is not one of what comes and goes. */
  | 'kept'
  /** An engine or a cluster that keeps ports below 1024 for root. */
  | 'low-ports';

/** What came of a trial. */
export type TrialVerdict =
  | {
      /** `partly`: something stays off. */
      readonly kind: 'proved' | 'partly';
      readonly level: TrialLevel;
      /** With these it ran. */
      readonly settings: TrialSettings;
      /** What stays off, since it breaks the service. */
      readonly needs: readonly TrialRight[];
      /** How it failed with that on, in the order of the starts; the last of a failed start. */
      readonly reasons: readonly Judgement['differences'][number][];
      /** What it says in its log and goes on. */
      readonly complaints: readonly string[];
      /** Folders of the image whose files it edits, and works without. */
      readonly edits: readonly TrialFolder[];
      readonly notTried: readonly NotTried[];
    }
  | { readonly kind: 'cannot'; readonly reason: CannotReason; readonly what: string };

/** The next start, or what came of all of them. */
export type NextStart =
  { readonly start: TrialSettings | null; readonly purpose: TrialStart['purpose'] } | { readonly verdict: TrialVerdict };

type Wish = Extract<NextStart, { purpose: unknown }>;
type Steps<T> = Generator<Wish, T, SeenStart>;

const mostTargeted = 4;

/** What to do after the starts so far. Pure: the whole search is played again from its beginning. */
export function next(history: readonly SeenStart[], context: SearchContext): NextStart {
  const search = createSearch(context);
  const steps = search.steps();
  let step = steps.next();
  for (const seen of history) {
    if (step.done) break;
    step = steps.next(seen);
  }
  if (step.done) return { verdict: step.value };
  if (context.isOver || history.length >= context.maxStarts) return { verdict: search.soFar() };
  return step.value;
}

interface Search {
  readonly steps: () => Steps<TrialVerdict>;
  readonly soFar: () => TrialVerdict;
}

function createSearch(context: SearchContext): Search {
  let baseline: SeenStart | null = null;
  let strict = asWritten(context);
  let starts = 0;
  let best: { readonly settings: TrialSettings; readonly judged: Judgement } | null = null;
  let isConfirmed = false;
  let areCapabilitiesLeast = true;
  /** Whether its answers say the same from start to start; `null`: not looked at. */
  let isSteady: boolean | null = null;
  const reasons: Judgement['differences'][number][] = [];

  /** One start is kept back to confirm. */
  const hasLeft = (): boolean => starts < context.maxStarts - 1;

  function* start(
    settings: TrialSettings,
    purpose: TrialStart['purpose'],
  ): Steps<{ readonly seen: SeenStart; readonly judged: Judgement }> {
    const seen = yield { start: settings, purpose };
    starts++;
    let judged = judge(baseline!.observed, seen.observed, isSteady === true);
    if (isSteady === null && judged.verdict !== 'failed' && hasOtherText(baseline!.observed, seen.observed) && hasLeft()) {
      // does it say the same each time as it is written?
      const again = yield { start: asWritten(context), purpose: 'again' };
      starts++;
      isSteady = isTextSteady([baseline!, again]);
      judged = judge(baseline!.observed, seen.observed, isSteady);
    }
    if (judged.verdict === 'failed') reasons.push(...judged.differences.filter(({ what }) => what !== 'log').slice(0, 1));
    else best = { settings, judged };
    return { seen, judged };
  }

  /** Everything at once, and then what the log asks for. Gives the settings that worked, or the last that did not, and what is not sure to be needed. */
  function* targeted(): Steps<{ readonly settings: TrialSettings; readonly works: boolean; readonly unsure: readonly TrialRight[] }> {
    let settings = strict;
    let { seen, judged } = yield* start(settings, 'all');
    let works = judged.verdict !== 'failed' ? settings : null;
    let unsure: TrialRight[] = [];
    for (let tried = 0; judged.verdict !== 'same' && tried < mostTargeted && hasLeft(); tried++) {
      const lines = denialsInContext(baseline!.observed.log, seen.observed.log);
      const relaxed = relax(settings, lacksOf(seen, lines, settings), context, baseline!.written, seen.kinds);
      if (relaxed === settings) break;
      const off = rights.filter(right => isOn(settings, right, context) && !isOn(relaxed, right, context));
      // what works with a complaint is not given up for it
      if (works && off.length > 0) break;
      const earlier = best;
      if (off.length > 1 || (off.length === 1 && relaxed.capabilities?.length !== settings.capabilities?.length))
        unsure = [...new Set([...unsure, ...off])];
      settings = relaxed;
      ({ seen, judged } = yield* start(settings, 'read-failure'));
      if (works && judged.verdict !== 'same') {
        // it complains all the same: what was added is of no use
        best = earlier;
        break;
      }
      if (judged.verdict !== 'failed') works = settings;
    }
    return { settings: works ?? settings, works: works !== null, unsure };
  }

  function lacksOf(seen: SeenStart, lines: readonly string[], settings: TrialSettings): ReturnType<typeof readFailure> {
    const read = readFailure(lines, settings, context.workdir);
    const missing = baseline!.observed.sockets.filter(socket => !seen.observed.sockets.includes(socket));
    const isClosed = seen.observed.outcome === 'not-ready' && listensLow({ ...seen.observed, sockets: missing });
    return isClosed && read.length === 0 ? [{ kind: 'low-ports' }] : read;
  }

  /** The restrictions that a service does not bear, found by halves; gives settings that work, as far as the starts allow. */
  function* halves(from: TrialSettings): Steps<void> {
    const off = rights.reduce((settings, right) => without(settings, right, context), from);
    const set = (on: readonly TrialRight[]): TrialSettings => on.reduce((settings, right) => withRight(settings, right, from), off);
    let on: readonly TrialRight[] = [];
    let rest = rights.filter(right => isOn(from, right, context));
    while (rest.length > 0 && hasLeft()) {
      let [works, fails] = [0, rest.length];
      while (fails - works > 1 && hasLeft()) {
        const middle = Math.floor((works + fails) / 2);
        const { judged } = yield* start(set([...on, ...rest.slice(0, middle)]), 'halves');
        if (judged.verdict === 'failed') fails = middle;
        else works = middle;
      }
      on = [...on, ...rest.slice(0, works)];
      rest = rest.slice(fails);
      if (rest.length === 0 || !hasLeft()) return;
      const { judged } = yield* start(set([...on, ...rest]), 'halves');
      if (judged.verdict !== 'failed') return;
    }
  }

  /** Puts restrictions back that were taken off together with others. */
  function* putBack(unsure: readonly TrialRight[]): Steps<void> {
    for (const right of unsure) {
      if (!best || !hasLeft()) return;
      if (right !== 'capabilities') yield* start(withRight(best.settings, right, strict), 'halves');
    }
  }

  /** The fewest capabilities that it works with, in groups. */
  function* capabilities(): Steps<void> {
    const usable = usableCapabilities(context);
    if (!best || best.settings.capabilities?.length === 0) return;
    if (best.settings.capabilities === null) {
      const low = listensLow(baseline!.observed) ? ['NET_BIND_SERVICE'] : [];
      const usual = [...defaultCapabilities.slice(0, 5), ...low].filter(name => usable.includes(name)).sort();
      for (const kept of [usual, usable]) {
        if (!hasLeft()) return;
        const { judged } = yield* start({ ...best.settings, capabilities: kept }, 'capabilities');
        if (judged.verdict !== 'failed') break;
      }
    }
    const kept = best.settings.capabilities;
    if (kept === null) return;
    const isIdentity = (name: string): boolean => name.startsWith('SET');
    areCapabilitiesLeast = false;
    const groups = [kept.filter(isIdentity), kept.filter(name => !isIdentity(name))].filter(group => group.length > 0);
    let isComplete = true;
    for (const group of groups) isComplete = (yield* drop(group, groups.length === 1)) && isComplete;
    areCapabilitiesLeast = isComplete;
  }

  /** Drops what can be dropped of a group. `isNeeded`: something of it is known to be. Gives whether all was tried. */
  function* drop(group: readonly string[], isNeeded: boolean): Steps<boolean> {
    if (group.length === 0 || !best) return true;
    if (!isNeeded || group.length === 1) {
      // the only one left of all is needed: without any it failed before
      if (best.settings.capabilities?.length === 1 && isNeeded) return true;
      if (!hasLeft()) return false;
      const kept = best.settings.capabilities?.filter(name => !group.includes(name)) ?? null;
      const { judged } = yield* start({ ...best.settings, capabilities: kept }, 'capabilities');
      if (judged.verdict !== 'failed' || group.length === 1) return true;
    }
    const middle = Math.ceil(group.length / 2);
    const first = yield* drop(group.slice(0, middle), false);
    return (yield* drop(group.slice(middle), false)) && first;
  }

  function* steps(): Steps<TrialVerdict> {
    const seen = yield { start: null, purpose: 'baseline' };
    starts++;
    baseline = seen;
    const unusable = whyUnusable(seen);
    if (unusable) return unusable;
    strict = strictest(context, seen.observed, seen.written);
    const { settings, works, unsure } = yield* targeted();
    if (!works) yield* halves(settings);
    else yield* putBack(unsure);
    yield* capabilities();
    if (!best) {
      // does it even work a second time as it is written?
      const { judged } = yield* start(asWritten(context), 'again');
      if (judged.verdict === 'failed') return { kind: 'cannot', reason: 'flaky', what: judged.differences[0]?.what ?? '' };
    }
    if (best && starts > 2 && starts < context.maxStarts) {
      const confirmed = yield* start((best as { readonly settings: TrialSettings }).settings, 'confirm');
      if (confirmed.judged.verdict === 'failed')
        return { kind: 'cannot', reason: 'flaky', what: confirmed.judged.differences[0]?.what ?? '' };
      isConfirmed = true;
    }
    return soFar();
  }

  function soFar(): TrialVerdict {
    if (!baseline || !best) return { kind: 'cannot', reason: context.isOver ? 'time' : 'unclear', what: reasons.at(-1)?.what ?? '' };
    const { settings, judged } = best;
    const needs = rights.filter(right => isOn(strict, right, context) && !isOn(settings, right, context));
    const { observed, written } = baseline;
    const level = observed.exercise ? 'exercised' : answers(observed) ? 'answered' : 'started';
    const notTried: NotTried[] = ['later'];
    if (level !== 'exercised') notTried.push(level === 'answered' ? 'requests' : 'answers');
    if (strict.user === null && !isOtherUser(context)) notTried.push('user');
    if (!areCapabilitiesLeast) notTried.push('capabilities');
    if (starts > 2 && !isConfirmed) notTried.push('confirm');
    if (keptInMemory(settings, context.subject).length > 0) notTried.push('kept');
    if (settings.lowPorts && listensLow(observed)) notTried.push('low-ports');
    const edits = settings.readOnly
      ? written.folders.filter(({ path, edited }) => edited && !settings.folders.some(folder => folder.path === path))
      : [];
    return {
      kind: needs.length === 0 ? 'proved' : 'partly',
      level,
      settings,
      needs,
      reasons,
      complaints: judged.differences.flatMap(({ what, detail }) => (what === 'log' ? [detail] : [])),
      edits,
      notTried,
    };
  }

  return { steps, soFar };
}

/** Whether it runs as somebody else than root by itself. */
const isOtherUser = ({ subject: { container }, imageUser }: SearchContext): boolean => !isRootUser(container.user ?? imageUser);

function whyUnusable({ observed: { outcome, exitCode, exercise } }: SeenStart): TrialVerdict | null {
  const cannot = (reason: CannotReason, what: string): TrialVerdict => ({ kind: 'cannot', reason, what });
  if (outcome === 'refused') return cannot('engine', '');
  if (outcome === 'not-ready') return cannot('does-not-start', '');
  if (outcome === 'ended' && exitCode !== 0) return cannot('does-not-start', `${exitCode}`);
  if (exercise && exercise.exitCode !== 0) return cannot('does-not-start', `--exercise: ${exercise.exitCode}`);
  return null;
}
