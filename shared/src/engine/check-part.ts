import { noOptions, type ActiveRule } from './active-rules';
import { expectRanges, gather } from './attachments';
import { severitiesAt } from './config/severities';
import type { EffectiveConfig } from './config/types';
import { overlaps, type Range } from '../base/text/range';
import { createRangeSearch } from '../base/text/range-search';
import { budgets } from '../base/limits/budgets';
import { createKeeper, type Keeper } from '../base/limits/keep';
import { shortData } from '../base/limits/short';
import type { Fix } from '../rule/fix/types';
import { classUnder, type Remedy } from '../rule/fix/remedy';
import type { Attachment, FixDefaults, FixExtras, Report, Rule, RuleContext } from '../rule/define-rule';
import { atLeast, isWithin, severities, type MessageData, type Severity } from '../base/terms/types';
import type { WorkspaceIndex } from '../workspace/types';
import { engineFinding, type RawFinding } from '../rule/finding/engine-finding';
import type { Shortfall } from '../rule/finding/incomplete';
import { findingKey } from '../rule/finding/fingerprint';
import { easingOf } from './easing';
import { lendFixes } from './lend-fixes';
import type { LintContext } from './types';
import type { Part, Piece } from '../families/family/part';
import { createPieceMemory, keepCalls, replay, type PieceRun, type ReportCall, type ViewResults } from './piece-results';
import { Recorder, type Reads } from './recorder';
import { withReach } from '../base/text/reach';

/** The findings of one part and what they were drawn from. */
export interface PartResult {
  readonly findings: readonly RawFinding[];
  readonly reads: Reads;
  /** How many views it has; those beyond the budget were not checked. */
  readonly views: number;
  /** How many findings beyond the budget were left out. */
  readonly left: number;
  /** What other files say of it and was not read; `null`: nothing. */
  readonly shortfall: Shortfall | null;
}

/** A rule's check of one target. */
interface Check {
  readonly rule: Rule;
  readonly check: (view: never, report: Report<string, string>, context: RuleContext) => void;
  readonly report: Report<string, string>;
  /** What the report does with what it is given. */
  readonly push: Push;
  /** Place of the rule among the active ones, and of what it is told among the contexts of a file. */
  readonly place: number;
}

type Push = (range: Range, messageId: string, data: MessageData, attachments: readonly Attachment[]) => void;

/** The more severe finding first. */
export function compareSeverity(a: RawFinding, b: RawFinding): number {
  return severities.indexOf(b.severity) - severities.indexOf(a.severity);
}

/** Which of two findings of a part is to be shown where there is room for one. */
function compareWeight(a: RawFinding, b: RawFinding): number {
  return compareSeverity(a, b) || a.range.start - b.range.start || a.range.end - b.range.end;
}

/** What a run over one part has gathered so far. */
interface Run {
  readonly part: Part;
  /** Whether a program writes the file. */
  readonly generated: boolean;
  /** What each active rule is told. */
  readonly contexts: readonly RuleContext[];
  readonly workspace: WorkspaceIndex;
  readonly found: Keeper<RawFinding>;
  /** Whether nothing reads the part where its file is. */
  readonly isIdle: boolean;
  /** The most severe that its findings are; `undefined`: as their rules say. */
  readonly mostSevere: Severity | undefined;
  /** Rules that threw: they do not run again in this part. */
  readonly crashed: Set<string>;
  /** What is known of the pieces of the part; `null` where nothing is kept. */
  readonly pieces: PieceRun | null;
  /** What is reported of a piece, where that may be kept. */
  calls: ReportCall[] | null;
  view: unknown;
  views: number;
}

/** Whether a view says that it may be incomplete (a fragment, or a map with template actions in it). */
function isIncomplete(view: unknown): boolean {
  return typeof view === 'object' && view !== null && (view as { complete?: unknown }).complete === false;
}

/** Runs the rules of a configuration over the parts of one file after the other. */
export interface Checker {
  /**
   * Binds the rules to a file's path and context, and to whether a program writes it, so that its fixes are for a person to take.
   * @returns runs them over one part. A rule that throws costs its own findings there and gives `bulkhead/internal-error`.
   */
  open(path: string, context: LintContext, generated: boolean): (part: Part) => PartResult;
}

/** Binds the active rules of a configuration to what reports and visits call: once, since that costs more than to check a small file. */
export function createChecker(active: readonly ActiveRule[], config: EffectiveConfig): Checker {
  let run: Run | null = null;
  const weigh = severitiesAt(config.rulesVersion);
  const checks: Record<string, Check[]> = {};
  for (const [place, { rule, severity, forced }] of active.entries()) {
    const named = namesInMessages(rule);
    const most = easingOf(active[place]!, config);
    const namesFixes = hasNamedFixes(rule);
    const push: Push = (range, messageId, given, attachments) => {
      run?.calls?.push({ range, messageId, data: given, attachments });
      const message = rule.messages[messageId];
      if (!run || (!forced && !isWithin(message?.profile ?? rule.profile, config.profile))) return;
      const object = run.part.objectOf(run.view, range);
      const wanted = named.get(messageId) ?? [];
      const names = namesFixes || wanted.length > 0 ? run.part.namesOf(run.view) : {};
      const data = wanted.length > 0 ? { ...pick(names, wanted), ...shortData(given) } : shortData(given);
      const { severity: asSeen, ...gathered } = gather(attachments);
      const usual = severity === 'default' ? weigh(rule, messageId, asSeen) : severity;
      const { generated } = run;
      const fixes = gathered.fixes.map(fix => askIn(generated, namesFixes ? nameFix(fix, names) : fix));
      const attached = namesFixes || generated ? { ...gathered, fixes } : gathered;
      expectRanges(run.part.text.length, messageId, range, attached);
      // what a person asked for holds for what is off, too
      const off = severity === 'default' ? (run.part.offAt?.(range.start, run.workspace) ?? null) : null;
      // how well something is done that nothing runs, or that its program would undo
      if ((run.isIdle || (generated && !rule.isOfRepository)) && severity === 'default' && !atLeast(usual, 'warning')) return;
      const atMost = off === null ? (run.mostSevere ?? most(run, messageId, usual)) : 'hint';
      run.found.add({
        rule: rule.id,
        messageId,
        data: off === null ? data : { ...data, offByDefault: off },
        severity: atMost !== undefined && atLeast(usual, atMost) ? atMost : usual,
        category: rule.category,
        range,
        object,
        ...attached,
        key: findingKey(rule.id, messageId, message?.keyed === false ? {} : data, run.part.scopeOf(run.view)),
      });
    };
    const report = createReport(rule, push);
    for (const [target, check] of Object.entries(rule.on)) (checks[target] ??= []).push({ rule, check, report, push, place });
  }
  const visitor: Record<string, (view: never) => void> = {};
  for (const [target, list] of Object.entries(checks)) visitor[target] = view => run && runChecks(list, view, run);
  const supersedes: Supersedes = new Map(active.filter(a => a.rule.supersedes.length > 0).map(a => [a.rule.id, a.rule.supersedes]));
  const memory = createPieceMemory();
  return {
    open: (path, context, generated) => {
      const recorder = new Recorder(context);
      const contexts = contextsOf(active, path, config, context, recorder);
      return part => {
        const idle = isIdle(part, path, recorder);
        const own: Run = {
          part,
          generated,
          contexts,
          workspace: recorder.workspace,
          found: createKeeper(budgets.findings, compareWeight),
          isIdle: idle,
          mostSevere: idle ? 'hint' : part.mostSevere,
          crashed: new Set(),
          pieces: part.pieceOf ? memory.open(path, context.today, part.text) : null,
          calls: null,
          view: null,
          views: 0,
        };
        run = own;
        const shortfall = part.visit(visitor, own.workspace) ?? null;
        run = null;
        const { found, views, pieces } = own;
        pieces?.close();
        const findings = lendFixes(dropSuperseded(found.taken(), supersedes), fix => askIn(generated, fix));
        return { findings, reads: recorder.take(), views, left: found.left(), shortfall };
      };
    },
  };
}

/** Whether nothing reads a part at the place that its file has in its repository. */
function isIdle({ isReadAt }: Part, path: string, recorder: Recorder): boolean {
  const repository = isReadAt ? recorder.repository() : null;
  return repository !== null && isReadAt?.(repository.folder + path) === false;
}

/** Whether a text says what a view belongs to: those names are filled in for the rule. */
function saysWhose(text: string): boolean {
  return text.includes('{object}') || text.includes('{container}');
}

/** The names that each message of a rule has a place for: no others, since what a message says identifies a finding. */
function namesInMessages({ messages }: Rule): ReadonlyMap<string, readonly string[]> {
  const names = ['object', 'container'];
  return new Map(Object.entries(messages).map(([id, { text }]) => [id, names.filter(name => text.includes(`{${name}}`))]));
}

/** Of the names of a view those that are wanted. */
function pick(names: MessageData, wanted: readonly string[]): MessageData {
  const picked: Record<string, MessageData[string]> = {};
  for (const name of wanted) if (names[name] !== undefined) picked[name] = names[name];
  return picked;
}

/** Whether titles or assumptions of a rule's fixes say so. */
function hasNamedFixes({ fixes, assumptions }: Rule): boolean {
  return Object.values(fixes).some(({ title }) => saysWhose(title)) || Object.values(assumptions).some(saysWhose);
}

/** A fix whose title and assumptions have those names. */
function nameFix(fix: Fix, names: MessageData): Fix {
  const assumes = fix.assumes.map(assumption => ({ ...assumption, data: { ...names, ...assumption.data } }));
  return { ...fix, data: { ...names, ...fix.data }, assumes };
}

/** A fix as it is offered in a file that a program writes: its next run undoes what is not changed in what it reads, too. */
function askIn(generated: boolean, fix: Fix): Fix {
  if (!generated || fix.class === 'manual') return fix;
  return { ...fix, class: 'attended', assumes: [...fix.assumes, { id: 'generated', evidence: true }] };
}

/** What each active rule is told of a file. */
function contextsOf(
  active: readonly ActiveRule[],
  path: string,
  config: EffectiveConfig,
  context: LintContext,
  recorder: Recorder,
): readonly RuleContext[] {
  const common: RuleContext = {
    path,
    today: context.today,
    kubernetesMinor: config.kubernetesMinor,
    options: noOptions,
    defaults: config.defaults satisfies FixDefaults,
    trustedRegistries: config.trustedRegistries,
    workspace: recorder.workspace,
    digest: reference => recorder.digest(reference),
    buildContext: () => recorder.buildContext(),
    repository: () => recorder.repository(),
  };
  return active.map(({ options }) => (options === noOptions ? common : { ...common, options }));
}

function runChecks(checks: readonly Check[], view: never, run: Run): void {
  if (++run.views > budgets.views) return;
  run.view = view;
  const incomplete = isIncomplete(view);
  const { contexts, pieces } = run;
  const { only } = run.part;
  const piece = (!incomplete && !only && pieces && run.part.pieceOf?.(view)) || null;
  if (piece) return checkPiece(checks, view, run, piece, pieces!.results(piece, checks.length));
  for (const { rule, check, report, place } of checks) {
    if ((incomplete && rule.needsWhole) || only?.has(rule.id) === false) continue;
    attempt(rule, run, () => check(view, report, contexts[place]!));
  }
}

/** Runs checks over a view of a piece, but for those of which is known what they say of it. */
function checkPiece(checks: readonly Check[], view: never, run: Run, piece: Piece, results: ViewResults): void {
  const { calls } = results;
  const { contexts } = run;
  let learned = false;
  for (const index of results.places) {
    const { rule, check, report, push, place } = checks[index]!;
    const context = contexts[place]!;
    const known = calls[index];
    attempt(rule, run, () => {
      if (known) return replay(known, piece, push, collect => check(view, createReport(rule, collect), context));
      if (known === null) return check(view, report, context);
      const own: ReportCall[] = (run.calls = []);
      const { isOut } = withReach(() => check(view, report, context));
      calls[index] = isOut ? null : keepCalls(own, piece);
      learned = true;
    });
    run.calls = null;
  }
  if (learned) results.places = results.places.filter(index => calls[index]?.length !== 0);
}

/** Runs a check of a rule, unless the rule threw before. */
function attempt(rule: Rule, { crashed, found }: Run, check: () => void): void {
  if (crashed.size > 0 && crashed.has(rule.id)) return;
  try {
    check();
  } catch (error) {
    crashed.add(rule.id);
    found.add(internalError(rule.id, error));
  }
}

/** The finding that stands for a rule that threw: never "clean". */
function internalError(rule: string, error: unknown): RawFinding {
  const data = { rule, error: error instanceof Error ? error.message.split('\n')[0]!.slice(0, 200) : String(error).slice(0, 200) };
  return engineFinding('bulkhead/internal-error', 'crash', data, { severity: 'error', keyData: { rule } });
}

function createReport(
  rule: Rule,
  push: (range: Range, messageId: string, data: MessageData, attachments: readonly Attachment[]) => void,
): Report<string, string> {
  const attachFix = (id: string, operations: Fix['operations'], extras: FixExtras = {}): Attachment => ({
    attach: 'fix',
    fix: {
      id,
      data: shortData(extras.data ?? {}),
      class: extras.places ? 'attended' : classUnder(extras.class ?? rule.fixes[id]?.class ?? 'review', extras.assumes ?? []),
      assumes: extras.assumes ?? [],
      group: extras.group,
      needsDigest: extras.needsDigest,
      elsewhere: extras.elsewhere,
      places: extras.places,
      alone: extras.alone,
      literal: extras.literal,
      careful: extras.careful,
      operations,
    },
  });
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
      fix: attachFix,
      remedy: (id: string, { fix, noFix: left }: Remedy, data?: MessageData): Attachment[] => {
        const attachments: Attachment[] = [];
        if (fix) {
          const { operations, ...extras } = fix;
          attachments.push(attachFix(id, operations, { ...extras, data }));
        }
        if (left) attachments.push({ attach: 'no-fix', ...left });
        return attachments;
      },
      related: (range: Range, messageId: string, data: MessageData = {}, path?: string): Attachment => ({
        attach: 'related',
        range,
        messageId,
        data,
        path,
      }),
    },
  );
  return report;
}

/** By the id of a rule, those that yield to it. */
type Supersedes = ReadonlyMap<string, readonly string[]>;

/** One defect, one finding: what a rule supersedes goes where the two touch the same token. */
function dropSuperseded(found: readonly RawFinding[], supersedes: Supersedes): readonly RawFinding[] {
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
  const searches = new Map([...byYielding].map(([rule, list]) => [rule, createRangeSearch(list.map(f => f.range))]));
  return found.filter(f => !searches.get(f.rule)?.some(f.range, winner => shareToken(winner, f.range)));
}

/** Whether two findings stand at one token: their ranges overlap, or are one. */
function shareToken(a: Range, b: Range): boolean {
  return overlaps(a, b) || (a.start === b.start && a.end === b.end);
}
