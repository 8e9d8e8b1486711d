import { shift } from '../text/range';
import type { Rule } from '../rule/define-rule';
import { createSuppressionFilter } from '../suppress/apply';
import { createPeerIds } from '../suppress/peer-ids';
import type { Source } from '../source/types';
import { activeRules, createChecker, type Checker } from './check-part';
import type { RawFinding } from './engine-finding';
import { createFingerprints } from './fingerprint';
import type { KeptFinding, Part } from './part';
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
    return (part: Part): readonly KeptFinding[] => {
      const { last } = part.memory;
      const same = last?.config === config && last.today === today && last.path === path && last.fragment === fragment;
      if (last && same && last.reads.fresh(context)) return last.findings;
      run ??= checker.open(path, context);
      const { findings: found, reads } = run(part);
      const findings = [...found].sort(compareRaw).map(raw => ({ raw, shown: null }));
      part.memory.last = { config, today, path, fragment, reads, findings };
      return findings;
    };
  };

  /** What the rules find, in order. */
  const find = (file: InputFile, source: Source, parts: readonly Part[], context: LintContext): readonly Found[] => {
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
    const found: Found[] = [];
    for (const part of parts)
      for (const kept of check(part)) found.push({ part, kept, suppression: context.noSuppress ? null : filter.find(part, kept.raw) });
    if (!context.noSuppress)
      for (const { part, finding } of filter.leftovers()) found.push({ part, kept: { raw: finding, shown: null }, suppression: null });
    return found.sort(
      (a, b) => a.part.base + a.kept.raw.range.start - b.part.base - b.kept.raw.range.start || compareRaw(a.kept.raw, b.kept.raw),
    );
  };

  return {
    details: (file, source, parts, context) => {
      const fingerprints = createFingerprints(file.path);
      return find(file, source, parts, context).map(found => ({
        part: found.part,
        key: found.kept.raw.key,
        finding: show(found, fingerprints),
      }));
    },
    lint: (file, source, parts, context) => {
      const fingerprints = createFingerprints(file.path);
      return {
        family: source.family,
        findings: find(file, source, parts, context).map(found => show(found, fingerprints)),
        limited: null,
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
