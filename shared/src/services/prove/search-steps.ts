import type { TrialRight } from '../../knowledge/trials';
import type { TrialSettings, TrialStart } from './contract';
import { denialsInContext, hasOtherText, isTextSteady, judge, type Judgement } from './judge';
import { readFailure } from './read-failure';
import type { PathKind, WrittenFolders } from './reduce';
import {
  asWritten,
  defaultCapabilities,
  isOn,
  keeping,
  listensLow,
  relax,
  rights,
  type SearchContext,
  usableCapabilities,
  withRight,
  without,
} from './settings';

// The parts of the search, each a few starts: a generator that says what it wants to start, and is given what was seen of it.

/** A start with what was asked of it afterwards. */
export interface SeenStart extends TrialStart {
  /** Where it wrote; of the baseline, and of starts that may write anywhere. */
  readonly written: WrittenFolders;
  /** What the paths are in the image that its log names. */
  readonly kinds: ReadonlyMap<string, PathKind>;
}

/** What to start next, and why. */
export interface Wish {
  readonly start: TrialSettings | null;
  readonly purpose: TrialStart['purpose'];
}

/** A part of the search that gives something at its end. */
export type Steps<T> = Generator<Wish, T, SeenStart>;

/** What a search has found so far. */
export interface Search {
  readonly context: SearchContext;
  baseline: SeenStart | null;
  /** Everything at once. */
  strict: TrialSettings;
  starts: number;
  /** The last settings that it worked with. */
  best: { readonly settings: TrialSettings; readonly judged: Judgement } | null;
  isConfirmed: boolean;
  areCapabilitiesLeast: boolean;
  /** Whether its answers say the same from start to start; `null`: not looked at. */
  isSteady: boolean | null;
  readonly reasons: Judgement['differences'][number][];
}

const mostTargeted = 4;

/** Whether there is a start left: one is kept back to confirm. */
const hasLeft = ({ starts, context }: Search): boolean => starts < context.maxStarts - 1;

/** Makes a start, and compares it with the baseline. */
export function* start(
  search: Search,
  wanted: TrialSettings,
  purpose: TrialStart['purpose'],
): Steps<{ readonly seen: SeenStart; readonly judged: Judgement }> {
  const settings = keeping(wanted, search.context, search.baseline!.observed);
  const seen = yield { start: settings, purpose };
  search.starts++;
  const baseline = search.baseline!;
  let judged = judge(baseline.observed, seen.observed, search.isSteady === true);
  if (search.isSteady === null && judged.verdict !== 'failed' && hasOtherText(baseline.observed, seen.observed) && hasLeft(search)) {
    // does it say the same each time as it is written?
    const again = yield { start: asWritten(search.context), purpose: 'again' };
    search.starts++;
    search.isSteady = isTextSteady([baseline, again]);
    judged = judge(baseline.observed, seen.observed, search.isSteady);
  }
  if (judged.verdict === 'failed') search.reasons.push(...judged.differences.filter(({ what }) => what !== 'log').slice(0, 1));
  else search.best = { settings, judged };
  return { seen, judged };
}

/** Everything at once, and then what the log asks for. Gives the settings that worked, or the last that did not, and what is not sure to be needed. */
export function* targeted(
  search: Search,
): Steps<{ readonly settings: TrialSettings; readonly works: boolean; readonly unsure: readonly TrialRight[] }> {
  const { context, strict } = search;
  let settings = strict;
  let { seen, judged } = yield* start(search, settings, 'all');
  let works = judged.verdict !== 'failed' ? settings : null;
  let unsure: TrialRight[] = [];
  for (let tried = 0; judged.verdict !== 'same' && tried < mostTargeted && hasLeft(search); tried++) {
    const lines = denialsInContext(search.baseline!.observed.log, seen.observed.log);
    const relaxed = relax(settings, lacksOf(search, seen, lines, settings), context, search.baseline!.written, seen.kinds);
    if (relaxed === settings) break;
    const off = rights.filter(right => isOn(settings, right, context) && !isOn(relaxed, right, context));
    // what works with a complaint is not given up for it
    if (works && off.length > 0) break;
    const earlier = search.best;
    if (off.length > 1 || (off.length === 1 && relaxed.capabilities?.length !== settings.capabilities?.length))
      unsure = [...new Set([...unsure, ...off])];
    settings = relaxed;
    ({ seen, judged } = yield* start(search, settings, 'read-failure'));
    if (works && judged.verdict !== 'same') {
      // it complains all the same: what was added is of no use
      search.best = earlier;
      break;
    }
    if (judged.verdict !== 'failed') works = settings;
  }
  return { settings: works ?? settings, works: works !== null, unsure };
}

function lacksOf(
  { baseline, context }: Search,
  seen: SeenStart,
  lines: readonly string[],
  settings: TrialSettings,
): ReturnType<typeof readFailure> {
  const read = readFailure(lines, settings, context.workdir);
  const missing = baseline!.observed.sockets.filter(socket => !seen.observed.sockets.includes(socket));
  const isClosed = seen.observed.outcome === 'not-ready' && listensLow({ ...seen.observed, sockets: missing });
  return isClosed && read.length === 0 ? [{ kind: 'low-ports' }] : read;
}

/** The restrictions that a service does not bear, found by halves; gives settings that work, as far as the starts allow. */
export function* halves(search: Search, from: TrialSettings): Steps<void> {
  const { context } = search;
  const off = rights.reduce((settings, right) => without(settings, right, context), from);
  const set = (on: readonly TrialRight[]): TrialSettings => on.reduce((settings, right) => withRight(settings, right, from), off);
  let on: readonly TrialRight[] = [];
  let rest = rights.filter(right => isOn(from, right, context));
  while (rest.length > 0 && hasLeft(search)) {
    let [works, fails] = [0, rest.length];
    while (fails - works > 1 && hasLeft(search)) {
      const middle = Math.floor((works + fails) / 2);
      const { judged } = yield* start(search, set([...on, ...rest.slice(0, middle)]), 'halves');
      if (judged.verdict === 'failed') fails = middle;
      else works = middle;
    }
    on = [...on, ...rest.slice(0, works)];
    rest = rest.slice(fails);
    if (rest.length === 0 || !hasLeft(search)) return;
    const { judged } = yield* start(search, set([...on, ...rest]), 'halves');
    if (judged.verdict !== 'failed') return;
  }
}

/** Puts restrictions back that were taken off together with others. */
export function* putBack(search: Search, unsure: readonly TrialRight[]): Steps<void> {
  for (const right of unsure) {
    if (!search.best || !hasLeft(search)) return;
    if (right !== 'capabilities') yield* start(search, withRight(search.best.settings, right, search.strict), 'halves');
  }
}

/** The fewest capabilities that it works with, in groups. */
export function* capabilities(search: Search): Steps<void> {
  const usable = usableCapabilities(search.context);
  if (!search.best || search.best.settings.capabilities?.length === 0) return;
  if (search.best.settings.capabilities === null) {
    const low = listensLow(search.baseline!.observed) ? ['NET_BIND_SERVICE'] : [];
    const usual = [...defaultCapabilities.slice(0, 5), ...low].filter(name => usable.includes(name)).sort();
    for (const kept of [usual, usable]) {
      if (!hasLeft(search)) return;
      const { judged } = yield* start(search, { ...search.best.settings, capabilities: kept }, 'capabilities');
      if (judged.verdict !== 'failed') break;
    }
  }
  const kept = search.best.settings.capabilities;
  if (kept === null) return;
  const isIdentity = (name: string): boolean => name.startsWith('SET');
  search.areCapabilitiesLeast = false;
  const groups = [kept.filter(isIdentity), kept.filter(name => !isIdentity(name))].filter(group => group.length > 0);
  let isComplete = true;
  for (const group of groups) isComplete = (yield* drop(search, group, groups.length === 1)) && isComplete;
  search.areCapabilitiesLeast = isComplete;
}

/** Drops what can be dropped of a group. `isNeeded`: something of it is known to be. Gives whether all was tried. */
function* drop(search: Search, group: readonly string[], isNeeded: boolean): Steps<boolean> {
  if (group.length === 0 || !search.best) return true;
  if (!isNeeded || group.length === 1) {
    // the only one left of all is needed: without any it failed before
    if (search.best.settings.capabilities?.length === 1 && isNeeded) return true;
    if (!hasLeft(search)) return false;
    const kept = search.best.settings.capabilities?.filter(name => !group.includes(name)) ?? null;
    const { judged } = yield* start(search, { ...search.best.settings, capabilities: kept }, 'capabilities');
    if (judged.verdict !== 'failed' || group.length === 1) return true;
  }
  const middle = Math.ceil(group.length / 2);
  const first = yield* drop(search, group.slice(0, middle), false);
  return (yield* drop(search, group.slice(middle), false)) && first;
}
