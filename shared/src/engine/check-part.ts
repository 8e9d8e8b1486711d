import type { Range } from '../text/range';
import type { Fix } from '../fix/types';
import type { Attachment, FixDefaults, Report, Rule, RuleContext } from '../rule/define-rule';
import { isWithin, type Category, type MessageData, type PssLevel, type Severity } from '../rule/types';
import type { WorkspaceIndex } from '../workspace/types';
import type { ReasonId } from '../fix/types';
import { findingKey } from './fingerprint';
import type { EffectiveConfig, LintContext, ObjectRef, Related } from './types';
import type { Part } from './part';

/** A finding as a check reported it: ranges in the part's text, not yet suppressed, so that it can be cached with the part. */
export interface RawFinding {
  readonly rule: string;
  readonly messageId: string;
  readonly data: MessageData;
  readonly severity: Severity;
  readonly category: Category;
  readonly range: Range;
  readonly object: ObjectRef | null;
  readonly pss: PssLevel | null;
  readonly related: readonly Related[];
  readonly secrets: readonly Range[];
  readonly fixes: readonly Fix[];
  readonly left: { readonly reason: ReasonId; readonly detail?: string } | null;
  readonly key: string;
}

/** A rule with the settings in force. */
interface ActiveRule {
  readonly rule: Rule;
  readonly severity: Severity | 'default';
  readonly options: Readonly<Record<string, unknown>>;
  /** Whether every message counts, whatever its profile: the configuration names the rule. */
  readonly forced: boolean;
}

/** The rules that a configuration switches on, each with its severity and options. */
export function activeRules(rules: readonly Rule[], config: EffectiveConfig): readonly ActiveRule[] {
  const active: ActiveRule[] = [];
  for (const rule of rules) {
    const setting = config.rules[rule.id];
    if (setting?.severity === null) continue;
    const forced = setting !== undefined && setting.severity !== 'default';
    const wanted =
      forced ||
      isWithin(rule.profile, config.profile) ||
      Object.values(rule.messages).some(m => m.profile && isWithin(m.profile, config.profile));
    if (!wanted) continue;
    const defaults = Object.fromEntries(Object.entries(rule.options).map(([name, option]) => [name, option.default]));
    active.push({ rule, severity: setting?.severity ?? 'default', options: { ...defaults, ...setting?.options }, forced });
  }
  return active;
}

/** What a check asked from outside the file, so that a cached result can be tested for staleness. */
export interface Reads {
  /** Whether every answer is still the same. */
  readonly fresh: (context: LintContext) => boolean;
  readonly count: number;
}

/** Wraps what a context may be asked so that each question and its answer are remembered. */
function recordReads(context: LintContext): { workspace: WorkspaceIndex; digest: LintContext['digest']; reads: () => Reads } {
  const questions: { ask: (context: LintContext) => unknown; answer: string }[] = [];
  const record = <T>(ask: (context: LintContext) => T): T => {
    const answer = ask(context);
    questions.push({ ask, answer: JSON.stringify(answer) ?? '' });
    return answer;
  };
  return {
    workspace: {
      get complete() {
        return record(c => c.workspace.complete);
      },
      serviceAccount: (namespace, name) => record(c => c.workspace.serviceAccount(namespace, name)),
      bindingsOf: (namespace, name) => record(c => c.workspace.bindingsOf(namespace, name)),
    },
    digest: reference => record(c => c.digest(reference)),
    reads: () => ({ count: questions.length, fresh: c => questions.every(({ ask, answer }) => (JSON.stringify(ask(c)) ?? '') === answer) }),
  };
}

/** The findings of one part and what they were drawn from. */
export interface PartResult {
  readonly findings: readonly RawFinding[];
  readonly reads: Reads;
}

/** A rule's check of one target, bound to its context. One that threw does not run again in this part. */
interface Check {
  readonly rule: Rule;
  readonly run: (view: never) => void;
  crashed: boolean;
}

/** Whether a view says that it may be incomplete (a fragment, or a map with template actions in it). */
function isIncomplete(view: unknown): boolean {
  return typeof view === 'object' && view !== null && (view as { complete?: unknown }).complete === false;
}

/** Runs every active rule over one part. A rule that throws costs its own findings and gives `bulkhead/internal-error`. */
export function checkPart(part: Part, path: string, active: readonly ActiveRule[], context: LintContext): PartResult {
  const { config } = context;
  const recorder = recordReads(context);
  const found: RawFinding[] = [];
  const checks: Record<string, Check[]> = {};
  let current: unknown = null;
  for (const { rule, severity, options, forced } of active) {
    const ruleContext: RuleContext = {
      path,
      today: context.today,
      kubernetesMinor: config.kubernetesMinor,
      options,
      defaults: config.defaults satisfies FixDefaults,
      trustedRegistries: config.trustedRegistries,
      workspace: recorder.workspace,
      digest: recorder.digest,
    };
    const report = createReport(rule, (range, messageId, data, attachments) => {
      const message = rule.messages[messageId];
      if (!forced && !isWithin(message?.profile ?? rule.profile, config.profile)) return;
      const object = part.objectOf(current);
      const fixes = attachments.flatMap(a => (a.attach === 'fix' ? [a.fix] : []));
      const left = attachments.find(a => a.attach === 'left');
      found.push({
        rule: rule.id,
        messageId,
        data,
        severity: severity === 'default' ? (message?.severity ?? rule.severity) : severity,
        category: rule.category,
        range,
        object,
        pss: attachments.find(a => a.attach === 'pss')?.level ?? null,
        related: attachments.flatMap(a =>
          a.attach === 'related'
            ? [{ range: a.range, messageId: a.messageId, data: a.data, ...(a.path !== undefined && { path: a.path }) }]
            : [],
        ),
        secrets: attachments.flatMap(a => (a.attach === 'secret' ? [a.range] : [])),
        fixes,
        left: left ? { reason: left.reason, ...(left.detail !== undefined && { detail: left.detail }) } : null,
        key: findingKey(rule.id, messageId, data, part.scopeOf(current), object),
      });
    });
    for (const [target, check] of Object.entries(rule.on)) {
      (checks[target] ??= []).push({ rule, run: view => check(view, report, ruleContext), crashed: false });
    }
  }
  const visitor: Record<string, (view: never) => void> = {};
  for (const [target, list] of Object.entries(checks)) {
    visitor[target] = view => {
      current = view;
      const incomplete = isIncomplete(view);
      for (const check of list) {
        if (check.crashed || (incomplete && check.rule.needsWhole)) continue;
        try {
          check.run(view);
        } catch (error) {
          check.crashed = true;
          found.push(internalError(check.rule.id, error));
        }
      }
    };
  }
  part.visit(visitor);
  return { findings: dropSuperseded(found, active), reads: recorder.reads() };
}

/** The finding that stands for a rule that threw: never "clean". */
function internalError(rule: string, error: unknown): RawFinding {
  const data = { rule, error: error instanceof Error ? error.message.split('\n')[0]!.slice(0, 200) : String(error).slice(0, 200) };
  return {
    rule: 'bulkhead/internal-error',
    messageId: 'crash',
    data,
    severity: 'error',
    category: 'correctness',
    range: { start: 0, end: 0 },
    object: null,
    pss: null,
    related: [],
    secrets: [],
    fixes: [],
    left: null,
    key: findingKey('bulkhead/internal-error', 'crash', { rule }, '', null),
  };
}

function createReport(
  rule: Rule,
  push: (range: Range, messageId: string, data: MessageData, attachments: readonly Attachment[]) => void,
): Report<string, string> {
  const report: Report<string, string> = Object.assign(
    (range: Range, messageId: string, data: MessageData = {}, ...attachments: readonly (Attachment | null | undefined | false)[]) => {
      push(
        range,
        messageId,
        data,
        attachments.filter(a => !!a),
      );
    },
    {
      fix: (
        id: string,
        operations: Fix['operations'],
        extras: Partial<Pick<Fix, 'data' | 'class' | 'assumes' | 'group' | 'needsDigest'>> = {},
      ): Attachment => ({
        attach: 'fix',
        fix: { id, data: {}, class: rule.fixes[id]?.class ?? 'review', assumes: [], ...extras, operations },
      }),
      related: (range: Range, messageId: string, data: MessageData = {}, path?: string): Attachment => ({
        attach: 'related',
        range,
        messageId,
        data,
        ...(path !== undefined && { path }),
      }),
    },
  );
  return report;
}

/** One defect, one finding: what a rule supersedes goes where the two touch the same token. */
function dropSuperseded(found: readonly RawFinding[], active: readonly ActiveRule[]): readonly RawFinding[] {
  const supersedes = new Map(active.filter(a => a.rule.supersedes.length > 0).map(a => [a.rule.id, new Set(a.rule.supersedes)]));
  const winners = found.filter(f => supersedes.has(f.rule));
  if (winners.length === 0) return found;
  const byYielding = new Map<string, RawFinding[]>();
  for (const winner of winners) {
    for (const loser of supersedes.get(winner.rule)!) {
      const list = byYielding.get(loser);
      if (list) list.push(winner);
      else byYielding.set(loser, [winner]);
    }
  }
  const touches = new Map([...byYielding].map(([rule, list]) => [rule, createTouchTest(list.map(f => f.range))]));
  return found.filter(f => !touches.get(f.rule)?.(f.range));
}

/** Tests whether a range shares a token with one of `ranges`: overlaps it, or equals it. Logarithmic where the ranges hardly overlap each other. */
function createTouchTest(ranges: readonly Range[]): (range: Range) => boolean {
  const sorted = [...ranges].sort((a, b) => a.start - b.start);
  const reach: number[] = [];
  for (const { end } of sorted) reach.push(Math.max(end, reach.at(-1) ?? 0));
  return range => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]!.start <= range.start || sorted[middle]!.start < range.end) low = middle + 1;
      else high = middle;
    }
    for (let i = low - 1; i >= 0 && reach[i]! >= range.start; i--) {
      const other = sorted[i]!;
      if ((other.start < range.end && range.start < other.end) || (other.start === range.start && other.end === range.end)) return true;
    }
    return false;
  };
}
