import type { ReasonId } from '../base/terms/reasons';
import type { EffectiveConfig } from './config/types';
import type { Finding, Suppression } from '../rule/finding/types';
import { shift } from '../base/text/range';
import type { Rule } from '../rule/define-rule';
import { createSuppressionFilter } from './suppress/apply';
import { createPeerIds } from './suppress/peer-ids';
import { generatedHeader } from '../workspace/source/generated-header';
import type { Source } from '../workspace/source/types';
import { budgets } from '../base/limits/budgets';
import { createKeeper } from '../base/limits/keep';
import { activeRules } from './active-rules';
import { compareSeverity, createChecker, type Checker, type PartResult } from './check-part';
import type { Reads } from './recorder';
import { createShortfalls, type Shortfalls } from './shortfalls';
import type { RawFinding } from '../rule/finding/engine-finding';
import { createFingerprints } from '../rule/finding/fingerprint';
import type { Family } from '../families/family/types';
import type { Part } from '../families/family/part';
import type { InputFile, LintContext, LintResult } from './types';

/** A finding of a part, and how it was shown last. */
interface KeptFinding {
  readonly raw: RawFinding;
  /** Where the part stood, whether it might be edited, and how many findings of the same key came before. */
  shown: { readonly finding: Finding; readonly number: number; readonly base: number; readonly locked: ReasonId | null } | null;
}

/**
 * The last result of a part and what it was drawn from. It lies in the part's memory and in no WeakMap, since the garbage collector's small
 * runs take a WeakMap's values for reachable, and findings lead back to the model.
 */
interface KeptResult {
  readonly config: EffectiveConfig;
  readonly today: string;
  readonly path: string;
  /** A text that no family claims belongs to that of its file. */
  readonly family: string;
  readonly fragment: boolean;
  readonly generated: boolean;
  readonly reads: Reads;
  /** In the order of their places. */
  readonly findings: readonly KeptFinding[];
  /** How many views the part has. */
  readonly views: number;
  /** How many findings were left out. */
  readonly left: number;
  readonly shortfall: PartResult['shortfall'];
}

/** The rules of one family under one configuration. */
interface FamilySettings {
  readonly checker: Checker;
  /** Their ids. */
  readonly active: ReadonlySet<string>;
}

/** Lints files whose parts somebody else reads; keeps the results of unchanged parts. */
export interface Linter {
  lint(file: InputFile, source: Source, parts: readonly Part[], context: LintContext): LintResult;
}

/** A file's findings with the part that each belongs to and its identifying key: what harden works on. */
export interface PartFinding {
  readonly finding: Finding;
  readonly part: Part;
  readonly key: string;
}

/** The rules of a family, and those of another that its parts show something to. */
function rulesFor(rules: readonly Rule[], families: readonly Family[], id: string): readonly Rule[] {
  const shown = families.find(family => family.id === id);
  const targets = shown?.sharedTargets ?? shown?.targets ?? [];
  return rules.filter(
    ({ family, on }) => family === id || (family === shown?.sharedRules && Object.keys(on).some(target => targets.includes(target))),
  );
}

/** The rules of families under configurations, each made once. */
function createSettings(rules: readonly Rule[], families: readonly Family[]): (config: EffectiveConfig, family: string) => FamilySettings {
  const byConfig = new WeakMap<EffectiveConfig, Map<string, FamilySettings>>();
  return (config, family) => {
    let byFamily = byConfig.get(config);
    if (!byFamily) byConfig.set(config, (byFamily = new Map<string, FamilySettings>()));
    let settings = byFamily.get(family);
    if (!settings) {
      // rules that name their files mean them, tests too
      const custom = (isNamed: boolean): readonly Rule[] =>
        (config.customRules ?? []).flatMap(({ files, rules: all }) =>
          (files !== null) === isNamed ? all.filter(rule => rule.family === family) : [],
        );
      const active = [
        ...activeRules([...rulesFor(rules, families, family), ...custom(false)], config),
        ...activeRules(custom(true), config, true),
      ];
      byFamily.set(family, (settings = { checker: createChecker(active, config), active: new Set(active.map(({ rule }) => rule.id)) }));
    }
    return settings;
  };
}

/** What parts of a file are checked with. */
interface Checking {
  readonly path: string;
  readonly fragment: boolean;
  /** Whether a program writes the file. */
  readonly generated: boolean;
  readonly context: LintContext;
  readonly settingsOf: (config: EffectiveConfig, family: string) => FamilySettings;
  /** See `createLinter`. */
  readonly memoryKey: object;
}

/** Checks the parts of a file one after the other. */
function createCheck({
  path,
  fragment,
  generated,
  context,
  settingsOf,
  memoryKey,
}: Checking): (part: Part, shortfalls: Shortfalls) => KeptResult | null {
  const { config, today } = context;
  const runs = new Map<string, ReturnType<Checker['open']>>();
  let views = 0;
  let kept = 0;
  const look = (part: Part): KeptResult => {
    const last = part.memory.memo.get(memoryKey) as KeptResult | undefined;
    const same =
      last?.config === config && last.today === today && last.path === path && last.fragment === fragment && last.generated === generated;
    if (last && same && last.family === part.family && last.reads.fresh(context)) return last;
    let run = runs.get(part.family);
    if (!run) runs.set(part.family, (run = settingsOf(config, part.family).checker.open(path, context, generated)));
    const { findings: found, reads, ...counts } = run(part);
    const findings = [...found].sort(compareRaw).map(raw => ({ raw, shown: null }));
    return { config, today, path, family: part.family, fragment, generated, reads, findings, ...counts };
  };
  /** The result of a part; `null` beyond the budget. */
  return (part: Part, shortfalls: Shortfalls): KeptResult | null => {
    if (views >= budgets.views) {
      shortfalls.add({ id: 'views' }, part);
      return null;
    }
    const last = look(part);
    views += last.views;
    kept += last.findings.length;
    if (last.views > budgets.views) shortfalls.add({ id: 'views' }, part);
    if (last.left > 0) shortfalls.add({ id: 'findings', count: last.left }, null);
    if (last.shortfall) shortfalls.add(last.shortfall, part);
    // What is over a budget is not worth its place: neither what was found, nor the views, which weigh more than their text by a thousand times.
    if (kept >= budgets.findings || last.views > budgets.views) part.memory.memo.clear();
    else part.memory.memo.set(memoryKey, last);
    return last;
  };
}

/** Creates a linter for a set of rules. */
export function createLinter(
  rules: readonly Rule[],
  families: readonly Family[],
): Linter & { details(file: InputFile, source: Source, parts: readonly Part[], context: LintContext): readonly PartFinding[] } {
  const settingsOf = createSettings(rules, families);
  const ids = new Set(rules.map(rule => rule.id));
  const knownIn = ({ customRules = [] }: EffectiveConfig): ReadonlySet<string> =>
    customRules.length === 0 ? ids : new Set([...ids, ...customRules.map(({ id }) => id)]);
  const peers = createPeerIds(rules);
  /** Under this key the linter keeps its results in the memory of parts. */
  const memoryKey = {};

  /** What the rules find, in order, and what they asked. */
  const find = (file: InputFile, source: Source, parts: readonly Part[], context: LintContext): Findings => {
    const families = [...new Set(parts.map(part => part.family))];
    const ofFamilies = families.map(family => settingsOf(context.config, family));
    const settingsIn = ({ workspace }: LintContext) => (context.config.peerDirectives ? workspace.peerSettings(file.path) : []);
    const settings = settingsIn(context);
    const filter = createSuppressionFilter(parts, {
      settings,
      path: file.path,
      today: context.today,
      exceptions: context.config.exceptions,
      known: knownIn(context.config),
      isActive: rule => ofFamilies.some(({ active }) => active.has(rule)),
      peers: context.config.peerDirectives ? peers : null,
      requireReason: context.config.requireReason,
    });
    const generated = generatedHeader(file.text) !== null;
    const check = createCheck({ path: file.path, fragment: source.dialect.fragment, generated, context, settingsOf, memoryKey });
    const found = createKeeper<Found>(budgets.findings, compareFound);
    const shortfalls = createShortfalls();
    const told = JSON.stringify(settings);
    const reads: Reads[] = [{ count: 1, fresh: now => JSON.stringify(settingsIn(now)) === told }];
    if (filter.unread) shortfalls.add({ id: 'directives' }, filter.unread.part, filter.unread.range);
    for (const part of parts) {
      for (const { id, range, count } of part.shortfalls) shortfalls.add(id === 'aliases' ? { id, count } : { id }, part, range);
      const result = check(part, shortfalls);
      if (!result) continue;
      if (result.reads.count > 0) reads.push(result.reads);
      for (const kept of result.findings)
        found.add({ part, kept, suppression: context.noSuppress ? null : (filter.find(part, kept.raw) ?? exceptionOf(kept.raw)) });
    }
    if (!context.noSuppress)
      for (const { part, finding } of filter.leftovers()) found.add({ part, kept: { raw: finding, shown: null }, suppression: null });
    const shown = found.taken();
    if (found.left() > 0) shortfalls.add({ id: 'findings', count: found.left() }, null);
    const said = shortfalls.findings(parts).map(({ part, raw }): Found => ({ part, kept: { raw, shown: null }, suppression: null }));
    const sorted = [...shown, ...said].sort(
      (a, b) => a.part.base + a.kept.raw.range.start - b.part.base - b.kept.raw.range.start || compareRaw(a.kept.raw, b.kept.raw),
    );
    return { found: sorted, reads, limited: shortfalls.reason() };
  };

  return {
    details: (file, source, parts, context) => {
      const fingerprints = createFingerprints(file.path);
      return find(file, source, parts, context).found.map(found => ({
        part: found.part,
        key: found.kept.raw.key,
        finding: show(found, fingerprints),
      }));
    },
    lint: (file, source, parts, context) => {
      const fingerprints = createFingerprints(file.path);
      const { found, reads, limited } = find(file, source, parts, context);
      return {
        family: source.family,
        checked: true,
        findings: found.map(one => show(one, fingerprints)),
        limited,
        fragments: parts.filter(({ fragment }) => fragment).length,
        isFresh: now => reads.every(({ fresh }) => fresh(now)),
      };
    },
  };
}

function exceptionOf({ excepted }: RawFinding): Suppression | null {
  return excepted === undefined ? null : { kind: 'config', reason: excepted };
}

/** What a rule found, where, and why it does not count. */
interface Found {
  readonly part: Part;
  readonly kept: KeptFinding;
  readonly suppression: Suppression | null;
}

/** What the rules find in a file, what they asked, and why something was left out. */
interface Findings {
  readonly found: readonly Found[];
  readonly reads: readonly Reads[];
  readonly limited: string | null;
}

/** Which of two findings is to be shown where there is room for one. */
function compareFound(a: Found, b: Found): number {
  return (
    Number(a.suppression !== null) - Number(b.suppression !== null) ||
    compareSeverity(a.kept.raw, b.kept.raw) ||
    a.part.index - b.part.index ||
    compareRaw(a.kept.raw, b.kept.raw)
  );
}

/** The order of findings of one part; of one place they stay as they were reported. */
function compareRaw(a: RawFinding, b: RawFinding): number {
  return a.range.start - b.range.start || a.range.end - b.range.end || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0);
}

/** A finding as the world sees it: the very one of the last time where nothing about it has changed. */
function show({ part, kept, suppression }: Found, { count, hash }: ReturnType<typeof createFingerprints>): Finding {
  const { raw, shown } = kept;
  const { base, locked } = part;
  const number = count(raw.key);
  const same = shown?.number === number && shown.locked === locked ? shown : null;
  const isStill = same?.base === base && same.finding.document === part.index && suppression === null && same.finding.suppression === null;
  if (same && isStill) return same.finding;
  const finding = toFinding(part, raw, suppression, same?.finding.fingerprint ?? hash(raw.key, number));
  kept.shown = { finding, number, base, locked };
  return finding;
}

function toFinding(part: Part, raw: RawFinding, suppression: Suppression | null, fingerprint: string): Finding {
  const { locked } = part;
  // attended fixes are no literals, and are not worked out to see that
  const written = raw.isAttended ? [] : raw.fixes;
  // in a template, and in values of a chart, literals are all that may be written
  const literals = locked === null ? null : written.filter(fix => fix.literal);
  return {
    rule: raw.rule,
    messageId: raw.messageId,
    data: raw.data,
    severity: raw.severity,
    category: raw.category,
    range: shift(raw.range, part.base),
    object: raw.object && { ...raw.object, document: part.index },
    pss: raw.pss,
    related: part.base === 0 ? raw.related : raw.related.map(r => (r.path === undefined ? { ...r, range: shift(r.range, part.base) } : r)),
    secrets: raw.secrets.map(range => shift(range, part.base)),
    // worked out when they are asked for, as some of them are
    get fixes() {
      return literals ?? raw.fixes;
    },
    ...(raw.isAttended && { isAttended: true }),
    left: locked !== null && literals!.length < written.length ? { reason: locked } : raw.left,
    document: part.index,
    fingerprint,
    suppression,
  };
}
