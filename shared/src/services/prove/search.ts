import type { TrialLevel, TrialRight } from '../../knowledge/trials';
import { isWithinPath } from '../../knowledge/host-paths';
import { isRootUser } from './arguments';
import type { CannotReason, TrialFolder, TrialSettings } from './contract';
import { answers, type Judgement } from './judge';
import { capabilities, halves, putBack, type Search, type SeenStart, start, type Steps, targeted, type Wish } from './search-steps';
import { asWritten, isBounded, isOn, keptInMemory, listensLow, rights, type SearchContext, strictest } from './settings';

// What to start next: everything at once, then what the log says, then halves, then capabilities (../shared/research/prove.md, section 5). Taking a restriction
// away never makes a service fail, so what fails together is found by halves.

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
  | 'low-ports'
  /** Whether it writes elsewhere once it is asked for more: it may. */
  | 'writes';

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
      /** Whether it writes to nothing else than it had, later either. */
      readonly isBounded: boolean;
    }
  | { readonly kind: 'cannot'; readonly reason: CannotReason; readonly what: string };

/** The next start, or what came of all of them. */
export type NextStart = Wish | { readonly verdict: TrialVerdict };

/** What to do after the starts so far. Pure: the whole search is played again from its beginning. */
export function next(history: readonly SeenStart[], context: SearchContext): NextStart {
  const search: Search = {
    context,
    baseline: null,
    strict: asWritten(context),
    starts: 0,
    best: null,
    isConfirmed: false,
    areCapabilitiesLeast: true,
    isSteady: null,
    reasons: [],
  };
  const steps = stepsOf(search);
  let step = steps.next();
  for (const seen of history) {
    if (step.done) break;
    step = steps.next(seen);
  }
  if (step.done) return { verdict: step.value };
  if (context.isOver || history.length >= context.maxStarts) return { verdict: soFar(search) };
  return step.value;
}

function* stepsOf(search: Search): Steps<TrialVerdict> {
  const seen = yield { start: null, purpose: 'baseline' };
  search.starts++;
  search.baseline = seen;
  const unusable = whyUnusable(seen);
  if (unusable) return unusable;
  const { context } = search;
  search.strict = strictest(context, seen.observed, seen.written);
  const { settings, works, unsure } = yield* targeted(search);
  if (!works) yield* halves(search, settings);
  else yield* putBack(search, unsure);
  yield* capabilities(search);
  if (!search.best) {
    // does it even work a second time as it is written?
    const { judged } = yield* start(search, asWritten(context), 'again');
    if (judged.verdict === 'failed') return { kind: 'cannot', reason: 'flaky', what: judged.differences[0]?.what ?? '' };
  }
  const { best } = search;
  if (best && search.starts > 2 && search.starts < context.maxStarts) {
    const confirmed = yield* start(search, best.settings, 'confirm');
    if (confirmed.judged.verdict === 'failed')
      return { kind: 'cannot', reason: 'flaky', what: confirmed.judged.differences[0]?.what ?? '' };
    search.isConfirmed = true;
  }
  return soFar(search);
}

function soFar({ context, baseline, strict, starts, best, isConfirmed, areCapabilitiesLeast, reasons }: Search): TrialVerdict {
  if (!baseline || !best) return { kind: 'cannot', reason: context.isOver ? 'time' : 'unclear', what: reasons.at(-1)?.what ?? '' };
  const { judged } = best;
  const settings = withPrograms(best.settings, context, baseline);
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
  const bounded = isBounded(settings, context, observed);
  if (!bounded && level !== 'exercised' && settings.readOnly) notTried.push('writes');
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
    isBounded: bounded,
  };
}

/** Says which volumes have the program, or where it works, in them: they would keep that as it is. */
function withPrograms(settings: TrialSettings, { workdir }: SearchContext, { written }: SeenStart): TrialSettings {
  const isFilled = ({ path, kind, learned }: TrialFolder): boolean =>
    kind === 'volume' && (learned === 'log' || written.folders.some(folder => folder.path === path && folder.kind === 'volume'));
  const isProgram = (folder: TrialFolder): boolean => workdir !== '/' && isWithinPath(workdir, folder.path) && isFilled(folder);
  return { ...settings, folders: settings.folders.map(folder => (isProgram(folder) ? { ...folder, isProgram: true } : folder)) };
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
