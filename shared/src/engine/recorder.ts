import { beyond } from '../base/text/reach';
import type { BuildContext } from '../workspace/build-context';
import type { Repository } from '../workspace/repository';
import type { WorkspaceIndex } from '../workspace/types';
import { askedIndex } from '../workspace/workspace-index';
import type { LintContext } from './types';

/** What a check asked from outside the file, so that a cached result can be tested for staleness. */
export interface Reads {
  /** Whether every answer is still the same. */
  readonly fresh: (context: LintContext) => boolean;
  readonly count: number;
}

/** What checks may ask from outside, with every question and its answer remembered until the next part. */
export class Recorder {
  private questions: { ask: (context: LintContext) => unknown; answer: unknown }[] = [];
  private askedComplete = false;
  private built: BuildContext | null | undefined;
  /** The index as rules see it. */
  readonly workspace: WorkspaceIndex;

  constructor(private readonly context: LintContext) {
    const asked = askedIndex(question => this.record(c => question(c.workspace)));
    const complete = (): boolean => this.complete();
    this.workspace = Object.defineProperty(asked, 'complete', { get: complete });
  }

  private record<T>(ask: (context: LintContext) => T): T {
    const answer = ask(beyond(this.context));
    this.questions.push({ ask, answer: Array.isArray(answer) ? [...(answer as readonly unknown[])] : answer });
    return answer;
  }

  /** Asked for every view by several rules: remembered once. */
  private complete(): boolean {
    if (this.askedComplete) return beyond(this.context).workspace.complete;
    this.askedComplete = true;
    return this.record(c => c.workspace.complete);
  }

  digest(reference: string): string | null {
    return this.record(c => c.digest(reference));
  }

  buildContext(): BuildContext | null {
    if (this.built === undefined) this.built = this.record(c => c.buildContext?.() ?? null);
    return beyond(this.built);
  }

  repository(): Repository | null {
    return this.record(c => c.repository ?? null);
  }

  /** The questions since the last call. */
  take(): Reads {
    const asked = this.questions;
    if (asked.length === 0) return noReads;
    this.questions = [];
    this.askedComplete = false;
    this.built = undefined;
    return { count: asked.length, fresh: c => asked.every(({ ask, answer }) => isSame(answer, ask(c))) };
  }
}

/** Whether two answers say the same. Facts are never changed, and those of a document that stayed as it was are the very same. */
function isSame(before: unknown, now: unknown): boolean {
  if (before === now) return true;
  if (!isObject(before) || !isObject(now) || Array.isArray(before) !== Array.isArray(now)) return false;
  const keys = Object.keys(before);
  return keys.length === Object.keys(now).length && keys.every(key => Object.hasOwn(now, key) && isSame(before[key], now[key]));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

const noReads: Reads = { count: 0, fresh: () => true };
