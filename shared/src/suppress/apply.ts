import type { ConfigException } from '../config/types';
import type { ObjectRef, Suppression } from '../finding/types';
import { contains, shift, type Range } from '../text/range';
import type { Fix } from '../fix/types';
import type { Part } from '../family/part';
import { engineFinding, type RawFinding } from '../finding/engine-finding';
import { matchGlob } from '../config/glob';
import { suggest } from '../text/suggest';
import { ignoreAnnotation } from './annotations';
import { peerEntries } from './peer-entries';
import type { PeerIds } from './peer-ids';
import { createPlaces, type Placed } from './places';
import { parseAnnotation, parseDirective, type Directive, type DirectiveRule } from './parse';

/** What the filter needs to know of the rules and settings in force. */
export interface SuppressionContext {
  readonly path: string;
  readonly today: string;
  readonly exceptions: readonly ConfigException[];
  /** Every rule's id. */
  readonly known: ReadonlySet<string>;
  /** The rules that run: a suppression of another is neither used nor unused. */
  readonly active: ReadonlySet<string>;
  /** Finds rules by the ids of other tools; `null` where their directives do not hold. */
  readonly peers: PeerIds | null;
}

/** What suppresses findings of one rule in one place. */
interface Silence extends Placed {
  readonly kind: Suppression['kind'];
  readonly reason: string | null;
  /** Where the directive stands, in the part's text. */
  readonly range: Range;
  readonly covers: (part: Part, finding: RawFinding) => boolean;
  readonly peer?: string;
  used: boolean;
}

/** One rule of one of our directives or annotations. */
interface Entry extends Silence {
  readonly rule: DirectiveRule;
  readonly directive: Directive | null;
}

/** Decides which findings of a file are suppressed, and reports directives that do nothing. */
export interface SuppressionFilter {
  /** Why a finding does not count, or `null`. Ranges of the answer are in the file's text. */
  find(part: Part, finding: RawFinding): Suppression | null;
  /** Unknown and unused suppressions, once every finding has been asked for. */
  leftovers(): readonly { readonly part: Part; readonly finding: RawFinding }[];
}

/** Reads all suppressions of a file's parts. */
export function createSuppressionFilter(parts: readonly Part[], context: SuppressionContext): SuppressionFilter {
  const entries: Entry[] = [];
  const byRule = new Map<string, Silence[]>();
  const add = (rule: string, silence: Silence): void => {
    const list = byRule.get(rule);
    if (list) list.push(silence);
    else byRule.set(rule, [silence]);
  };
  const misplaced: { part: Part; directive: Directive }[] = [];
  for (const part of parts) {
    for (const comment of part.comments) {
      const directive = parseDirective(part.text, comment);
      if (!directive) continue;
      const coverage = coverageOf(part, directive);
      if (!coverage) misplaced.push({ part, directive });
      else
        for (const rule of directive.rules)
          entries.push({
            part,
            rule,
            kind: directive.scope,
            reason: directive.reason,
            range: comment.range,
            ...coverage,
            directive,
            used: false,
          });
    }
    for (const annotation of part.annotations) {
      if (annotation.key !== ignoreAnnotation) continue;
      for (const rule of parseAnnotation(annotation.value, annotation.range.start)) {
        const covers = (other: Part, { object }: RawFinding): boolean =>
          other === part &&
          object !== null &&
          annotation.covers(object) &&
          (rule.container === null || rule.container === object.container);
        entries.push({
          part,
          rule,
          kind: 'annotation',
          reason: null,
          range: annotation.range,
          near: null,
          covers,
          directive: null,
          used: false,
        });
      }
    }
  }
  // Ours come first: where both hold, the finding is told to be suppressed by ours.
  for (const entry of entries) add(entry.rule.id, entry);
  const { peers } = context;
  if (peers)
    for (const part of parts)
      for (const { answers, ...entry } of peerEntries(part, peers, context.today))
        for (const { rule, messages } of answers) {
          const covers: Silence['covers'] = messages
            ? (other, finding) => messages.has(finding.messageId) && entry.covers(other, finding)
            : entry.covers;
          add(rule, { ...entry, covers, part, used: false });
        }
  const placesOf = new Map([...byRule].map(([rule, silences]) => [rule, createPlaces(silences)]));
  return {
    find: (part, finding) => {
      // what the engine says of itself is no opinion of a rule: a file that was not checked must not pass for clean
      if (finding.rule.startsWith('bulkhead/')) return null;
      let first: Silence | undefined;
      for (const entry of placesOf.get(finding.rule)?.(part, finding.range.start) ?? []) {
        if (!entry.covers(part, finding)) continue;
        entry.used = true;
        first ??= entry;
      }
      if (first) {
        const { kind, reason, peer, part: place } = first;
        return { kind, reason, ...(peer !== undefined && { peer }), range: shift(first.range, place.base) };
      }
      const exception = context.exceptions.find(e => matches(e, finding, context));
      return exception ? { kind: 'config', reason: exception.reason ?? null } : null;
    },
    leftovers: () => [
      ...misplaced.map(({ part, directive }) => ({ part, finding: misplacedFinding(directive) })),
      ...entries.flatMap(entry => {
        const finding = leftover(entry, context);
        return finding ? [{ part: entry.part, finding }] : [];
      }),
    ],
  };
}

/** What a directive covers; `null` where it has no effect in its place. */
function coverageOf(part: Part, directive: Directive): Pick<Entry, 'near' | 'covers'> | null {
  if (directive.scope === 'file') return { near: null, covers: () => true };
  const { comment } = directive;
  if (!comment.ownLine) {
    const line = lineOf(part.text, comment.range.start);
    return {
      near: line,
      covers: (other, finding) => other === part && finding.range.start >= line.start && finding.range.start < line.end,
    };
  }
  const covered = part.covered(comment);
  return covered && { near: covered, covers: (other, finding) => other === part && contains(covered, finding.range) };
}

function lineOf(text: string, offset: number): Range {
  const end = text.indexOf('\n', offset);
  return { start: text.lastIndexOf('\n', offset - 1) + 1, end: end < 0 ? text.length + 1 : end };
}

function matches(exception: ConfigException, finding: RawFinding, context: SuppressionContext): boolean {
  const object: ObjectRef | null = finding.object;
  return (
    exception.rule === finding.rule &&
    (exception.until === undefined || context.today <= exception.until) &&
    (exception.path === undefined || matchGlob(exception.path, context.path)) &&
    (exception.kind === undefined || exception.kind === object?.kind) &&
    (exception.name === undefined || (typeof object?.name === 'string' && matchGlob(exception.name, object.name))) &&
    (exception.container === undefined || exception.container === object?.container)
  );
}

/** The finding about an entry that names no rule, or that suppressed nothing. */
function leftover(entry: Entry, { known, active }: SuppressionContext): RawFinding | null {
  const { rule, directive } = entry;
  const remove = directive && removal(directive, rule);
  if (!known.has(rule.id)) {
    const suggestion = suggest(rule.id, known);
    const fixes = [
      suggestion !== null && directive && commentFix('replace', rule.range, suggestion, { rule: rule.id, suggestion }),
      remove && commentFix('remove', directive.comment.range, remove.text, { rule: rule.id }),
    ].filter(fix => !!fix);
    return suggestion === null
      ? engineFinding('bulkhead/unknown-suppression', 'unknown', { rule: rule.id }, { severity: 'info', range: rule.range, fixes })
      : engineFinding(
          'bulkhead/unknown-suppression',
          'did-you-mean',
          { rule: rule.id, suggestion },
          { severity: 'info', range: rule.range, fixes },
        );
  }
  if (entry.used || !active.has(rule.id)) return null;
  const fixes = remove ? [commentFix('remove', directive.comment.range, remove.text, { rule: rule.id })] : [];
  return engineFinding('bulkhead/unused-suppression', 'unused', { rule: rule.id }, { severity: 'info', range: rule.range, fixes });
}

function misplacedFinding(directive: Directive): RawFinding {
  const rule = directive.rules.map(r => r.id).join(', ');
  const hint = 'nothing that it could apply to follows it';
  const { range } = directive.comment;
  return engineFinding(
    'bulkhead/unused-suppression',
    'misplaced',
    { hint },
    { severity: 'info', range, fixes: [commentFix('remove', range, '', { rule })] },
  );
}

/** The comment without one of its rules; empty where that was the only one. */
function removal(directive: Directive, rule: DirectiveRule): { text: string } {
  const rest = directive.rules.filter(r => r !== rule);
  if (rest.length === 0) return { text: '' };
  const name = directive.scope === 'file' ? 'bulkhead-ignore-file' : 'bulkhead-ignore';
  return { text: `# ${name} ${rest.map(r => r.id).join(', ')}${directive.reason === null ? '' : ` -- ${directive.reason}`}` };
}

function commentFix(id: string, range: Range, text: string, data: Fix['data']): Fix {
  // never in bulk: in a half-typed file findings vanish, and their suppressions only seem unused
  return { id, data, class: 'attended', assumes: [], operations: () => [{ type: 'comment.replace', range, text }] };
}
