import { budgets } from '../limits/budgets';
import { createKeeper } from '../limits/keep';
import { shift, type Range } from '../text/range';
import type { Rule } from '../rule/define-rule';
import { createSuppressionFilter } from '../suppress/apply';
import { createPeerIds } from '../suppress/peer-ids';
import type { Source } from '../source/types';
import { activeRules, compareSeverity, createChecker, type Checker } from './check-part';
import type { RawFinding } from './engine-finding';
import { createFingerprints } from './fingerprint';
import { incompleteFinding, reasonOf, type Shortfall } from './incomplete';
import type { KeptFinding, Part, PartMemory } from './part';
import type { EffectiveConfig, Finding, InputFile, LintContext, LintResult, Suppression } from './types';

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

/** Creates a linter for a set of rules. */
export function createLinter(
  rules: readonly Rule[],
): Linter & { details(file: InputFile, source: Source, parts: readonly Part[], context: LintContext): readonly PartFinding[] } {
  const settings = new WeakMap<EffectiveConfig, Map<Source['family'], FamilySettings>>();
  const known = new Set(rules.map(rule => rule.id));
  const peers = createPeerIds(rules);

  const settingsOf = (config: EffectiveConfig, family: Source['family']): FamilySettings => {
    let byFamily = settings.get(config);
    if (!byFamily) settings.set(config, (byFamily = new Map<Source['family'], FamilySettings>()));
    let own = byFamily.get(family);
    if (!own) {
      const active = activeRules(
        rules.filter(rule => rule.family === family),
        config,
      );
      byFamily.set(family, (own = { checker: createChecker(active, config), active: new Set(active.map(({ rule }) => rule.id)) }));
    }
    return own;
  };

  const createCheck = (path: string, fragment: boolean, checker: Checker, context: LintContext) => {
    const { config, today } = context;
    let run: ReturnType<Checker['open']> | null = null;
    let views = 0;
    let kept = 0;
    return (part: Part, shortfalls: Shortfalls): readonly KeptFinding[] => {
      if (views >= budgets.views) {
        shortfalls.add({ id: 'views' }, part);
        return [];
      }
      const last = look(part);
      views += last.views;
      kept += last.findings.length;
      if (last.views > budgets.views) shortfalls.add({ id: 'views' }, part);
      if (last.left > 0) shortfalls.add({ id: 'findings', count: last.left }, null);
      // what is not shown need not be kept either
      part.memory.last = kept > budgets.findings ? null : last;
      return last.findings;
    };
    function look(part: Part): NonNullable<PartMemory['last']> {
      const { last } = part.memory;
      const same = last?.config === config && last.today === today && last.path === path && last.fragment === fragment;
      if (last && same && last.reads.fresh(context)) return last;
      run ??= checker.open(path, context);
      const { findings: found, reads, ...counts } = run(part);
      const findings = [...found].sort(compareRaw).map(raw => ({ raw, shown: null }));
      return { config, today, path, fragment, reads, findings, ...counts };
    }
  };

  /** What the rules find, in order. */
  const find = (
    file: InputFile,
    source: Source,
    parts: readonly Part[],
    context: LintContext,
  ): { readonly found: readonly Found[]; readonly limited: string | null } => {
    const { checker, active } = settingsOf(context.config, source.family);
    const filter = createSuppressionFilter(parts, source.family === 'dockerfile' ? 'dockerfile' : 'yaml', {
      path: file.path,
      today: context.today,
      exceptions: context.config.exceptions,
      known,
      active,
      peers: context.config.peerDirectives ? peers : null,
    });
    const check = createCheck(file.path, source.dialect.fragment, checker, context);
    const found = createKeeper<Found>(budgets.findings, compareFound);
    const shortfalls = createShortfalls();
    for (const part of parts) {
      for (const { id, range, count } of part.shortfalls) shortfalls.add(id === 'aliases' ? { id, count } : { id }, part, range);
      for (const kept of check(part, shortfalls))
        found.add({ part, kept, suppression: context.noSuppress ? null : filter.find(part, kept.raw) });
    }
    if (!context.noSuppress)
      for (const { part, finding } of filter.leftovers()) found.add({ part, kept: { raw: finding, shown: null }, suppression: null });
    const shown = found.taken();
    if (found.left > 0) shortfalls.add({ id: 'findings', count: found.left }, null);
    const sorted = [...shown, ...shortfalls.findings(parts)].sort(
      (a, b) => a.part.base + a.kept.raw.range.start - b.part.base - b.kept.raw.range.start || compareRaw(a.kept.raw, b.kept.raw),
    );
    return { found: sorted, limited: shortfalls.reason() };
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
      const { found, limited } = find(file, source, parts, context);
      return {
        family: source.family,
        findings: found.map(one => show(one, fingerprints)),
        limited,
      };
    },
  };
}

/** What a rule found, where, and why it does not count. */
interface Found {
  readonly part: Part;
  readonly kept: KeptFinding;
  readonly suppression: Suppression | null;
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

/** Gathers what was not checked: one finding for each reason, where it first applies. */
interface Shortfalls {
  /** `null`: it is about the file as a whole. */
  add(shortfall: Shortfall, part: Part | null, range?: Range): void;
  findings(parts: readonly Part[]): readonly Found[];
  /** The first of them in words; `null` where there is none. */
  reason(): string | null;
}

function createShortfalls(): Shortfalls {
  const byId = new Map<Shortfall['id'], { readonly shortfall: Shortfall; readonly part: Part | null; readonly range: Range }>();
  return {
    add: (shortfall, part, range = { start: 0, end: 0 }) => {
      const known = byId.get(shortfall.id);
      const count = (known && 'count' in known.shortfall ? known.shortfall.count : 0) + ('count' in shortfall ? shortfall.count : 0);
      const sum = 'count' in shortfall ? { ...shortfall, count } : shortfall;
      byId.set(shortfall.id, known ? { ...known, shortfall: sum } : { shortfall, part, range });
    },
    reason: () => [...byId.values()].map(({ shortfall }) => reasonOf(shortfall))[0] ?? null,
    findings: parts =>
      [...byId.values()].flatMap(({ shortfall, part, range }) => {
        const place = part ?? parts[0];
        return place ? [{ part: place, kept: { raw: incompleteFinding(shortfall, range), shown: null }, suppression: null }] : [];
      }),
  };
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
  const untouchable = part.locked !== null && raw.fixes.length > 0;
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
    fixes: untouchable ? [] : raw.fixes,
    left: untouchable ? { reason: part.locked } : raw.left,
    document: part.index,
    fingerprint,
    suppression,
  };
}
