import { masked, plain, trusted, type MaskedText } from '../report/masked-text';
import { countWords, hiddenWords, plural } from '../report/summary';
import type { FixClass, Severity } from '../../base/terms/types';
import type { PinKind, PodLevel, Posture, PostureControl, PostureImage } from './types';

/** What the reports for people say, in one place for all of them. */

export const severityNames: Readonly<Record<Severity, MaskedText>> = {
  get error() {
    return plain('Errors');
  },
  get warning() {
    return plain('Warnings');
  },
  get info() {
    return plain('Info');
  },
  get hint() {
    return plain('Hints');
  },
};

export const levelNames: Readonly<Record<PodLevel, MaskedText>> = {
  get privileged() {
    return plain('Privileged');
  },
  get baseline() {
    return plain('Baseline');
  },
  get restricted() {
    return plain('Restricted');
  },
};

export const pinNames: Readonly<Record<PinKind, MaskedText>> = {
  get digest() {
    return plain('digest');
  },
  get tag() {
    return plain('version tag');
  },
  get moving() {
    return plain('moving tag');
  },
  get template() {
    return plain('template');
  },
  get unknown() {
    return plain('unknown');
  },
};

export const userNames: Readonly<Record<PostureImage['user'], MaskedText>> = {
  get root() {
    return plain('root');
  },
  get other() {
    return plain('not root');
  },
  get unknown() {
    return plain('unknown');
  },
};

export const statusNames: Readonly<Record<PostureControl['status'], MaskedText>> = {
  get failed() {
    return plain('failed');
  },
  get passed() {
    return plain('passed');
  },
  get 'not-applicable'() {
    return plain('not applicable');
  },
};

export const classNames: Readonly<Record<FixClass, MaskedText>> = {
  get safe() {
    return plain('safe');
  },
  get review() {
    return plain('review');
  },
  get attended() {
    return plain('attended');
  },
  get manual() {
    return plain('by hand');
  },
};

/** What the whole comes to, in a sentence. */
export function sentence({ files, counts, suppressed, baseline, fixable }: Posture): MaskedText {
  const found = countWords(counts);
  const hidden = hiddenWords(suppressed, baseline?.known ?? 0);
  const fixed = fixable > 0 ? masked` Harden fixes ${fixable} of these findings.` : plain('');
  return masked`${plural(files, 'file')} checked: ${found === '' ? plain('no findings') : found}${hidden}.${fixed}`;
}

/** How many workloads keep to each level, before and after harden. */
export function levelCounts({ workloads }: Posture): Readonly<Record<PodLevel, { readonly before: number; readonly after: number }>> {
  const count = (level: PodLevel) => ({
    before: workloads.filter(({ before }) => before === level).length,
    after: workloads.filter(({ after }) => after === level).length,
  });
  return { privileged: count('privileged'), baseline: count('baseline'), restricted: count('restricted') };
}

/** How many controls of a standard have each status. */
export function statusCounts(controls: readonly PostureControl[]): Readonly<Record<PostureControl['status'], number>> {
  const count = (status: PostureControl['status']): number => controls.filter(control => control.status === status).length;
  return { failed: count('failed'), passed: count('passed'), 'not-applicable': count('not-applicable') };
}

/** What an image's end of life is said to be. */
export function endedWords({ ended }: PostureImage): MaskedText {
  if (!ended) return plain('');
  return masked`${ended.product} ${ended.cycle}${ended.date === null ? plain(' (ended)') : masked` (${ended.date})`}`;
}

/** A row of the trend: what was found then, how much of that is gone, and how much is found now that was not there. */
export interface TrendRow {
  readonly date: MaskedText;
  readonly findings: number;
  /** `null` in the last row, which is now. */
  readonly gone: number | null;
  readonly added: number | null;
}

/** The rows of a trend, the oldest first and what is found now last; none without earlier times. */
export function momentsOf({ trend, today, counts, baseline }: Posture): readonly TrendRow[] {
  if (trend.length === 0) return [];
  const now = Object.values(counts).reduce((sum: number, count: number) => sum + count, baseline?.known ?? 0);
  return [
    ...trend.map(({ date, findings, standing }) => ({
      date: date ?? plain('earlier'),
      findings,
      gone: findings - standing,
      added: now - standing,
    })),
    { date: trusted(today), findings: now, gone: null, added: null },
  ];
}
