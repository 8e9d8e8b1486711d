import { shift } from '../text/range';
import type { Rule } from '../rule/define-rule';
import { createSuppressionFilter } from '../suppress/apply';
import type { Source } from '../source/types';
import { activeRules, createChecker, type PartResult, type RawFinding } from './check-part';
import { createFingerprints, findingKey } from './fingerprint';
import type { Part } from './part';
import type { EffectiveConfig, Finding, InputFile, LintContext, LintResult, Suppression } from './types';

/** How many UTF-16 units a text may have by default: 1 MiB. */
export const defaultSizeLimit = 1 << 20;

/** What is kept between runs: the results of parts that have not changed. */
interface CachedResult {
  readonly config: EffectiveConfig;
  readonly today: string;
  readonly path: string;
  readonly fragment: boolean;
  readonly result: PartResult;
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
  const results = new WeakMap<object, CachedResult>();
  const actives = new WeakMap<EffectiveConfig, ReturnType<typeof activeRules>>();
  const known = new Set(rules.map(rule => rule.id));

  const createCheck = (path: string, fragment: boolean, active: ReturnType<typeof activeRules>, context: LintContext) => {
    const { config, today } = context;
    let run: ReturnType<typeof createChecker> | null = null;
    return (part: Part): readonly RawFinding[] => {
      const cached = results.get(part.identity);
      const same = cached?.config === config && cached.today === today && cached.path === path && cached.fragment === fragment;
      if (cached && same && cached.result.reads.fresh(context)) return cached.result.findings;
      run ??= createChecker(path, active, context);
      const result = run(part);
      results.set(part.identity, { config, today, path, fragment, result });
      return result.findings;
    };
  };

  const details = (file: InputFile, source: Source, parts: readonly Part[], context: LintContext): readonly PartFinding[] => {
    let active = actives.get(context.config);
    if (!active)
      actives.set(
        context.config,
        (active = activeRules(
          rules.filter(rule => rule.family === 'dockerfile' || rule.family === 'kubernetes'),
          context.config,
        )),
      );
    const own = active.filter(({ rule }) => rule.family === source.family);
    const filter = createSuppressionFilter(parts, {
      path: file.path,
      today: context.today,
      exceptions: context.config.exceptions,
      known,
      active: new Set(own.map(({ rule }) => rule.id)),
    });
    const check = createCheck(file.path, source.dialect.fragment, own, context);
    const found: { part: Part; raw: RawFinding; suppression: Suppression | null }[] = [];
    for (const part of parts) {
      for (const raw of check(part)) {
        found.push({ part, raw, suppression: context.noSuppress ? null : filter.find(part, raw) });
      }
    }
    if (!context.noSuppress) for (const { part, finding } of filter.leftovers()) found.push({ part, raw: finding, suppression: null });
    found.sort(
      (a, b) =>
        a.part.base + a.raw.range.start - (b.part.base + b.raw.range.start) ||
        a.raw.range.end - b.raw.range.end ||
        (a.raw.rule < b.raw.rule ? -1 : a.raw.rule > b.raw.rule ? 1 : 0),
    );
    const fingerprint = createFingerprints(file.path);
    return found.map(({ part, raw, suppression }) => ({
      part,
      key: raw.key,
      finding: toFinding(part, raw, suppression, fingerprint(raw.key)),
    }));
  };

  return {
    details,
    lint: (file, source, parts, context) => ({
      family: source.family,
      findings: details(file, source, parts, context).map(d => d.finding),
      limited: null,
    }),
  };
}

function toFinding(part: Part, raw: RawFinding, suppression: Suppression | null, fingerprint: string): Finding {
  const untouchable = part.templated && raw.fixes.length > 0;
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
    left: untouchable ? { reason: 'templated' } : raw.left,
    document: part.index,
    fingerprint,
    suppression,
  };
}

/** The result for a text over the size limit: one information, never silence. */
export function tooLarge(file: InputFile, source: Source, limit: number): LintResult {
  const data = { size: megabytes(file.text.length), limit: megabytes(limit) };
  const key = findingKey('bulkhead/file-too-large', 'skipped', {}, '', null);
  return {
    family: source.family,
    limited: `over the size limit of ${data.limit}`,
    findings: [
      {
        rule: 'bulkhead/file-too-large',
        messageId: 'skipped',
        data,
        severity: 'info',
        category: 'correctness',
        range: { start: 0, end: 0 },
        object: null,
        pss: null,
        related: [],
        secrets: [],
        fixes: [],
        left: null,
        document: 0,
        fingerprint: createFingerprints(file.path)(key),
        suppression: null,
      },
    ],
  };
}

function megabytes(length: number): string {
  return `${(length / (1 << 20)).toFixed(1)} MB`;
}
