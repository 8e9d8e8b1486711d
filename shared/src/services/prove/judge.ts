import type { TrialAnswer, TrialObservation, TrialStart } from './contract';

// What a start is compared by, in the order in which the signals lie least (../shared/research/prove.md, section 3).

/** What of a start differs from the baseline. A closed list, which reports and tests are made of. */
export type Difference =
  | 'refused'
  | 'ended'
  | 'not-ready'
  | 'exit-code'
  | 'sockets'
  | 'no-answer'
  | 'status'
  | 'type'
  | 'empty'
  | 'length'
  | 'text'
  | 'unhealthy'
  | 'processes'
  | 'stop'
  | 'exercise'
  | 'log';

/** A start compared with the baseline. */
export interface Judgement {
  /** `degraded`: it works as before, and says in its log that something is denied. */
  readonly verdict: 'same' | 'degraded' | 'failed';
  readonly differences: readonly { readonly what: Difference; readonly detail: string }[];
}

/** A body this much longer or shorter is the same kind of answer, whatever its length: counters, dates. */
const slack = 16;

/** Time that a stop may take on top of the baseline's, where that was no clean end. */
const stopSlackMs = 2000;

/** What programs print when a right is missing. One new line of these alone does not make a start fail: nginx prints one and goes on. */
const denials: readonly string[] = [
  'erofs',
  'read-only file system',
  'permission denied',
  'eacces',
  'eperm',
  'operation not permitted',
  'not permitted',
  'address already in use',
  'cannot create',
  "can't create",
  'failed to open',
  'not writable',
  'resource temporarily unavailable',
  'must be setuid',
  'no new privileges',
];

/** Whether a line of a log belongs to the family of missing rights. */
export function isDenial(line: string): boolean {
  const lower = line.toLowerCase();
  return denials.some(denial => lower.includes(denial));
}

/** A line without times, numbers and addresses, which differ from start to start. */
const normalised = (line: string): string => line.toLowerCase().replace(/0x[0-9a-f]+|[0-9]+/g, '#');

/** Lines of the log that speak of a missing right and have no like in the baseline. */
export function newDenials(baseline: readonly string[], observed: readonly string[]): readonly string[] {
  const known = new Set(baseline.filter(isDenial).map(normalised));
  return observed.filter(line => isDenial(line) && !known.has(normalised(line)));
}

/** The same lines, each with the two before it: what a program was doing is above what it was denied, as in the traces of Python. */
export function denialsInContext(baseline: readonly string[], observed: readonly string[]): readonly string[] {
  const found = new Set(newDenials(baseline, observed));
  return observed.flatMap((line, at) => (found.has(line) ? [observed.slice(Math.max(0, at - 2), at + 1).join('\n')] : []));
}

/** Whether a start says something else than the baseline where that answered. */
export const hasOtherText = (baseline: TrialObservation, { answers: given }: TrialObservation): boolean =>
  baseline.answers.some(({ port, text }) => text !== undefined && given.find(answer => answer.port === port)?.text !== text);

/** Whether what it answers is the same from start to start, as far as it was started again as it is written. */
export const isTextSteady = ([first, ...more]: readonly Pick<TrialStart, 'purpose' | 'observed'>[]): boolean =>
  more.some(({ purpose, observed }) => purpose === 'again' && !hasOtherText(first!.observed, observed));

/** Whether what another image starts as it is written works as the first did, and says the same where that is the same from start to start. */
export function isSame([before, ...more]: readonly TrialStart[], [after]: readonly TrialStart[]): boolean {
  if (!before || !after) return false;
  const isSteady = isTextSteady([before, ...more]) || !more.some(({ observed }) => hasOtherText(before.observed, observed));
  return judge(before.observed, after.observed, isSteady).verdict !== 'failed';
}

/**
 * Compares a start with the baseline. Both must have been observed in the same way.
 * @param isSteady whether the text of its answers is the same from start to start, so that another one is a failure: an error page with status 200
 */
export function judge(baseline: TrialObservation, observed: TrialObservation, isSteady = false): Judgement {
  const log = newDenials(baseline.log, observed.log);
  const differences = [...failures(baseline, observed, isSteady), ...log.map(line => ({ what: 'log' as const, detail: line }))];
  const verdict = differences.some(({ what }) => what !== 'log') ? 'failed' : log.length > 0 ? 'degraded' : 'same';
  return { verdict, differences };
}

function failures(baseline: TrialObservation, observed: TrialObservation, isSteady: boolean): Judgement['differences'] {
  if (observed.outcome === 'refused') return [{ what: 'refused', detail: observed.log.at(-1) ?? '' }];
  // a job: it does its work and ends
  if (baseline.outcome === 'ended' && observed.outcome === 'ended')
    return observed.exitCode === baseline.exitCode ? exercised(observed) : [{ what: 'exit-code', detail: `${observed.exitCode}` }];
  if (observed.outcome === 'ended') return [{ what: 'ended', detail: `${observed.exitCode}` }];
  const late = observed.outcome === 'not-ready' ? [{ what: 'not-ready' as const, detail: '' }] : [];
  return [
    ...late,
    ...baseline.sockets.filter(socket => !observed.sockets.includes(socket)).map(detail => ({ what: 'sockets' as const, detail })),
    ...baseline.answers.flatMap(answer => answerFailure(answer, observed.answers, isSteady)),
    ...(baseline.health === 'healthy' && observed.health !== 'healthy' ? [{ what: 'unhealthy' as const, detail: '' }] : []),
    ...missingProcesses(baseline, observed).map(detail => ({ what: 'processes' as const, detail })),
    ...exercised(observed),
    ...(stopsWell(baseline, observed) ? [] : [{ what: 'stop' as const, detail: `${observed.stop?.exitCode ?? ''}` }]),
  ];
}

const exercised = ({ exercise }: TrialObservation): Judgement['differences'] =>
  exercise && exercise.exitCode !== 0 ? [{ what: 'exercise', detail: `${exercise.exitCode}` }] : [];

function answerFailure(before: TrialAnswer, answers: readonly TrialAnswer[], isSteady: boolean): Judgement['differences'] {
  const after = answers.find(({ port }) => port === before.port);
  const of = (what: Difference): Judgement['differences'] => [{ what, detail: `${before.port}` }];
  if (!after || after.scheme !== before.scheme) return of('no-answer');
  if (Math.floor((after.status ?? 0) / 100) !== Math.floor((before.status ?? 0) / 100)) return of('status');
  if (after.type !== before.type) return of('type');
  if (before.length > 0 && after.length === 0) return of('empty');
  const [short, long] = [Math.min(before.length, after.length), Math.max(before.length, after.length)];
  if (long > 2 * short && long - short > slack) return of('length');
  return isSteady && before.text !== undefined && after.text !== before.text ? of('text') : [];
}

/** A pool of more processes than these grows and shrinks with what is asked of it. */
const smallPool = 4;

/** The names of processes of which there are fewer than in the baseline: a worker that died. Users differ on purpose. */
function missingProcesses(baseline: TrialObservation, observed: TrialObservation): readonly string[] {
  const [before, after] = [countsOf(baseline), countsOf(observed)];
  const least = (count: number): number => (count <= smallPool ? count : Math.ceil(count / 2));
  return [...before].flatMap(([name, count]) => ((after.get(name) ?? 0) < least(count) ? [name] : []));
}

function countsOf({ processes }: TrialObservation): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { name } of processes) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

const isCleanEnd = (code: number): boolean => code === 0 || code === 143;

function stopsWell(baseline: TrialObservation, { stop }: TrialObservation): boolean {
  const before = baseline.stop;
  if (!before || !stop) return true;
  if (!stop.wasKilled && isCleanEnd(stop.exitCode)) return true;
  // what does not end cleanly as written need not here either
  if (stop.wasKilled) return before.wasKilled;
  return before.wasKilled || (stop.exitCode === before.exitCode && stop.ms <= before.ms * 2 + stopSlackMs);
}

/** Whether a container that was seen answers somebody: over HTTP, with a greeting, or to its health check. */
export const answers = ({ answers: given, health }: TrialObservation): boolean =>
  health === 'healthy' || given.some(({ status, length }) => status !== null || length > 0);
