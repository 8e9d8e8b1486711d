import type { PeerSettingFact } from '../../workspace/unkeyed-facts';
import { replaceComment } from '../../rule/fix/operations';
import type { ConfigException } from '../config/types';
import type { ObjectRef, Suppression } from '../../rule/finding/types';
import { budgets } from '../../base/limits/budgets';
import { contains, shift, type Range } from '../../base/text/range';
import type { Fix } from '../../rule/fix/types';
import type { Part } from '../../families/family/part';
import { engineFinding, type RawFinding } from '../../rule/finding/engine-finding';
import { matchGlob } from '../../base/text/glob';
import { suggest } from '../../base/text/suggest';
import { ignoreAnnotation } from '../../families/family/annotations';
import { peerEntries } from './peer-entries';
import type { PeerIds } from './peer-ids';
import { createPeerSettings } from './peer-settings';
import { unusedPeers } from './peer-unused';
import { createUnexplained } from './unexplained';
import { createPlaces, type Placed } from './places';
import { mayBeDirective, parseAnnotation, parseDirective, type Directive, type DirectiveRule } from './parse';

/** What the filter needs to know of the rules and settings in force. */
export interface SuppressionContext {
  readonly path: string;
  readonly today: string;
  readonly exceptions: readonly ConfigException[];
  /** Every rule's id. */
  readonly known: ReadonlySet<string>;
  /** Whether a rule runs: a suppression of another is neither used nor unused. */
  readonly isActive: (rule: string) => boolean;
  /** Finds rules by the ids of other tools; `null` where their directives do not hold. */
  readonly peers: PeerIds | null;
  /** What other tools are told to leave out of the file by their own configuration. */
  readonly settings: readonly PeerSettingFact[];
  /** Whether a suppression without a reason is a finding. */
  readonly requireReason: boolean;
}

/** What suppresses findings of one rule in one place. */
interface Silence extends Placed {
  readonly kind: Suppression['kind'];
  readonly reason: string | null;
  /** Where the directive stands, in the part's text. */
  readonly range: Range;
  readonly covers: (part: Part, finding: RawFinding) => boolean;
  readonly peer?: string;
}

/** One of our suppressions of one rule. Others of the same rule in the same place hold and fall with it. */
interface Own extends Silence {
  used: boolean;
}

/** One rule of one of our directives or annotations. */
interface Entry {
  readonly part: Part;
  readonly rule: DirectiveRule;
  readonly directive: Directive | null;
  readonly own: Own;
}

/** Decides which findings of a file are suppressed, and reports directives that do nothing. */
export interface SuppressionFilter {
  /** Why a finding does not count, or `null`. Ranges of the answer are in the file's text. */
  find(part: Part, finding: RawFinding): Suppression | null;
  /** Unknown, unused and, where they must not be, unexplained suppressions, once every finding has been asked for. */
  leftovers(): readonly { readonly part: Part; readonly finding: RawFinding }[];
  /** Where the first directive stands that is over the budget and does not hold; `null` where none is. */
  readonly unread: { readonly part: Part; readonly range: Range } | null;
}

/** What suppresses, by rule; of several that say the same of the same place the first is kept. */
interface Silences<S extends Silence> {
  add(rule: string, key: string, make: () => S): S;
  find(): (finding: RawFinding, part: Part) => readonly S[];
}

function createSilences<S extends Silence>(): Silences<S> {
  const byRule = new Map<string, Map<string, S>>();
  return {
    add: (rule, key, make) => {
      let places = byRule.get(rule);
      if (!places) byRule.set(rule, (places = new Map<string, S>()));
      let silence = places.get(key);
      if (!silence) places.set(key, (silence = make()));
      return silence;
    },
    find: () => {
      const placesOf = new Map([...byRule].map(([rule, silences]) => [rule, createPlaces([...silences.values()])]));
      return (finding, part) => placesOf.get(finding.rule)?.(part, finding.range.start, finding.object?.path ?? null) ?? [];
    },
  };
}

/** What tells a place from others. */
function placeKey({ part, near, pointer }: Placed, ...more: readonly (string | null)[]): string {
  const place = near ? `${near.start} ${near.end}` : pointer === undefined ? '' : `at ${pointer}`;
  return JSON.stringify([near || pointer !== undefined ? part.index : -1, place, ...more]);
}

/** What is read of the suppressions of a file. */
interface Read {
  readonly entries: Entry[];
  readonly owns: Silences<Own>;
  readonly others: Silences<Silence>;
  readonly misplaced: { readonly part: Part; readonly directive: Directive }[];
  readonly unexplained: ReturnType<typeof createUnexplained>;
  unread: { readonly part: Part; readonly range: Range } | null;
  /** Whether there is room for another rule of a directive. */
  mayRead(part: Part, range: Range): boolean;
}

/** Reads our directives in the comments of a part. */
function readDirectives(part: Part, read: Read): void {
  for (const comment of part.comments) {
    if (!mayBeDirective(comment.text)) continue;
    const directive = read.unread ? null : parseDirective(part.text, comment);
    const coverage = directive && coverageOf(part, directive);
    if (directive && !coverage) read.misplaced.push({ part, directive });
    if (!directive || !coverage) continue;
    if (directive.reason === null) read.unexplained.add(part, comment.range, directive.rules);
    for (const rule of directive.rules) {
      if (!read.mayRead(part, comment.range)) break;
      const { scope: kind, reason } = directive;
      const own = read.owns.add(rule.id, placeKey({ part, ...coverage }, String(comment.ownLine)), () => ({
        part,
        kind,
        reason,
        range: comment.range,
        ...coverage,
        used: false,
      }));
      read.entries.push({ part, rule, directive, own });
    }
  }
}

/** Reads our annotations of the objects of a part. */
function readAnnotations(part: Part, read: Read): void {
  for (const { key, value, range, pointer } of part.annotations) {
    if (key !== ignoreAnnotation || read.unread) continue;
    read.unexplained.add(part, range, parseAnnotation(value, range.start));
    for (const rule of parseAnnotation(value, range.start)) {
      if (!read.mayRead(part, range)) break;
      const { container } = rule;
      const own = read.owns.add(rule.id, placeKey({ part, near: null, pointer }, container), () => ({
        part,
        kind: 'annotation',
        reason: null,
        range,
        near: null,
        pointer,
        covers: (other, { object }) => other === part && object !== null && (container === null || container === object.container),
        used: false,
      }));
      read.entries.push({ part, rule, directive: null, own });
    }
  }
}

/** Reads what a part has for other tools. */
function readPeers(part: Part, peers: PeerIds, today: string, read: Read): void {
  for (const { answers, ...entry } of peerEntries(part, peers, today, range => read.mayRead(part, range))) {
    if (entry.reason === null) read.unexplained.addPeer(part, entry.range, entry.peer);
    for (const { rule, messages } of answers) {
      const placed = { part, ...entry };
      read.others.add(rule, placeKey(placed, entry.peer, messages && [...messages].sort().join(' ')), () => ({
        ...placed,
        covers: messages ? (other, finding) => messages.has(finding.messageId) && entry.covers(other, finding) : entry.covers,
      }));
    }
  }
}

/** Reads all suppressions of a file's parts: ours first, so that there is room for them. */
function readAll(parts: readonly Part[], context: SuppressionContext): Read {
  let count = 0;
  const read: Read = {
    entries: [],
    owns: createSilences<Own>(),
    others: createSilences<Silence>(),
    misplaced: [],
    unexplained: createUnexplained(context),
    unread: null,
    mayRead: (part, range) => {
      if (++count <= budgets.directives) return true;
      read.unread ??= { part, range };
      return false;
    },
  };
  for (const part of parts) {
    readDirectives(part, read);
    readAnnotations(part, read);
  }
  const { peers, today } = context;
  for (const part of peers ? parts : []) if (!read.unread) readPeers(part, peers!, today, read);
  return read;
}

/** Finds out which findings of a file's parts are suppressed, and what suppresses nothing. */
export function createSuppressionFilter(parts: readonly Part[], context: SuppressionContext): SuppressionFilter {
  const { peers } = context;
  const { entries, owns, others, misplaced, unexplained, unread } = readAll(parts, context);
  /** Where directives of other tools stand in the first part that have suppressed something, with its rule. */
  const heeded = new Set<string>();
  const ownsOf = owns.find();
  const othersOf = others.find();
  const settingOf = createPeerSettings(parts, context);
  const exceptions = context.exceptions.filter(exception => appliesTo(exception, context));
  const usedExceptions = new Set<ConfigException>();
  const exceptionsOf = byRule(exceptions);
  return {
    find: (part, finding) => {
      // what the engine says of itself is no opinion of a rule: a file that was not checked must not pass for clean
      if (finding.rule.startsWith('bulkhead/')) return null;
      let first: Silence | undefined;
      for (const place of placesOf(finding, true))
        for (const own of ownsOf(place, part)) {
          if (!own.covers(part, place)) continue;
          own.used = true;
          first ??= own;
        }
      // where both hold, the finding is told to be suppressed by ours
      for (const place of first ? [] : placesOf(finding)) first ??= othersOf(place, part).find(entry => entry.covers(part, place));
      if (first) {
        const { kind, reason, peer, part: place } = first;
        if (peer !== undefined && place.index === 0) heeded.add(`${first.range.start} ${finding.rule}`);
        return { kind, reason, ...(peer !== undefined && { peer }), range: shift(first.range, place.base) };
      }
      const exception = exceptionsOf.get(finding.rule)?.find(e => matches(e, finding.object));
      if (exception) {
        usedExceptions.add(exception);
        return { kind: 'config', reason: exception.reason ?? null };
      }
      const peer = settingOf(part, finding);
      return peer === null ? null : { kind: 'config', reason: null, peer };
    },
    leftovers: () => {
      // one mistake is often made thousands of times
      const found = new Map<string, string | null>();
      const nearest = (id: string): string | null => {
        let name = found.get(id);
        if (name === undefined) found.set(id, (name = suggest(id, context.known)));
        return name;
      };
      return [
        ...unexplained.found(),
        ...misplaced.map(({ part, directive }) => ({ part, finding: misplacedFinding(directive) })),
        ...entries.flatMap(entry => {
          const finding = leftover(entry, context, nearest);
          return finding ? [{ part: entry.part, finding }] : [];
        }),
        ...(parts[0] ? unusedAnswers(exceptions, usedExceptions, context).map(finding => ({ part: parts[0]!, finding })) : []),
        ...(peers && !unread ? unusedPeers(parts, { ...context, peers, heeded }) : []),
      ];
    },
    unread,
  };
}

/**
 * The finding, and as it would be at its related places in the file: another tool may report the same defect there, and have its comment there.
 * @param ours only at those where our comments speak of it, too
 */
function placesOf(finding: RawFinding, ours = false): readonly RawFinding[] {
  const places = finding.related.filter(({ path, silences }) => path === undefined && (!ours || silences));
  return [finding, ...places.map(({ range }) => ({ ...finding, range }))];
}

function byRule(exceptions: readonly ConfigException[]): ReadonlyMap<string, readonly ConfigException[]> {
  const found = new Map<string, ConfigException[]>();
  for (const exception of exceptions) {
    const list = found.get(exception.rule);
    if (list) list.push(exception);
    else found.set(exception.rule, [exception]);
  }
  return found;
}

/** What a directive covers; `null` where it has no effect in its place. */
function coverageOf(part: Part, directive: Directive): Pick<Silence, 'near' | 'covers'> | null {
  if (directive.scope === 'file') return { near: null, covers: () => true };
  const { comment } = directive;
  if (!comment.ownLine) {
    const line = lineOf(part.text, comment.range.start);
    return {
      near: line,
      covers: (other, finding) => isSamePlace(other, part) && finding.range.start >= line.start && finding.range.start < line.end,
    };
  }
  const covered = part.covered(comment);
  return covered && { near: covered, covers: (other, finding) => isSamePlace(other, part) && contains(covered, finding.range) };
}

/** Whether a directive of `place` speaks of what stands in a part: it is the part's own, or that of the document in which it is a guest. */
function isSamePlace(part: Part, place: Part): boolean {
  return part === place || part.host === place;
}

function lineOf(text: string, offset: number): Range {
  const end = text.indexOf('\n', offset);
  return { start: text.lastIndexOf('\n', offset - 1) + 1, end: end < 0 ? text.length + 1 : end };
}

/** Whether an exception holds today, for something of this file. */
function appliesTo(exception: ConfigException, context: SuppressionContext): boolean {
  return (
    (exception.until === undefined || context.today <= exception.until) &&
    (exception.path === undefined || matchGlob(exception.path, context.path))
  );
}

function matches(exception: ConfigException, object: ObjectRef | null): boolean {
  return (
    (exception.kind === undefined || exception.kind === object?.kind) &&
    (exception.name === undefined || (typeof object?.name === 'string' && matchGlob(exception.name, object.name))) &&
    (exception.container === undefined || exception.container === object?.container) &&
    (exception.image === undefined || exception.image === object?.image)
  );
}

/** The finding about an entry that names no rule, or that suppressed nothing. */
function leftover(entry: Entry, { known, isActive }: SuppressionContext, nearest: (id: string) => string | null): RawFinding | null {
  const { rule, directive } = entry;
  if (!known.has(rule.id)) {
    const suggestion = nearest(rule.id);
    const fixes = [
      suggestion !== null && directive && commentFix('replace', rule.range, () => suggestion, { rule: rule.id, suggestion }),
      directive && removal(directive, rule),
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
  if (entry.own.used || !isActive(rule.id)) return null;
  const fixes = directive ? [removal(directive, rule)] : [];
  return engineFinding('bulkhead/unused-suppression', 'unused', { rule: rule.id }, { severity: 'info', range: rule.range, fixes });
}

/** Answers whose container is gone, runs another image, or no longer has what was asked about. */
function unusedAnswers(
  exceptions: readonly ConfigException[],
  used: ReadonlySet<ConfigException>,
  { isActive }: SuppressionContext,
): readonly RawFinding[] {
  return exceptions.flatMap(exception => {
    const { answered, rule, name, container } = exception;
    if (answered === undefined || used.has(exception) || !isActive(rule)) return [];
    const of = container ?? name;
    const data = { rule, date: answered, ...(of !== undefined && { of: of.replaceAll('\\', '') }) };
    const range = { start: 0, end: 0 };
    return [engineFinding('bulkhead/unused-suppression', of === undefined ? 'answer' : 'answer-of', data, { severity: 'info', range })];
  });
}

function misplacedFinding(directive: Directive): RawFinding {
  const rule = directive.rules.map(r => r.id).join(', ');
  const hint = 'nothing that it could apply to follows it';
  const { range } = directive.comment;
  return engineFinding(
    'bulkhead/unused-suppression',
    'misplaced',
    { hint },
    { severity: 'info', range, fixes: [commentFix('remove', range, () => '', { rule })] },
  );
}

/** Leaves the comment without one of its rules; without the comment where that was the only one. */
function removal(directive: Directive, rule: DirectiveRule): Fix {
  const text = (): string => {
    const rest = directive.rules.filter(r => r !== rule);
    if (rest.length === 0) return '';
    const name = directive.scope === 'file' ? 'bulkhead-ignore-file' : 'bulkhead-ignore';
    return `# ${name} ${rest.map(r => r.id).join(', ')}${directive.reason === null ? '' : ` -- ${directive.reason}`}`;
  };
  return commentFix('remove', directive.comment.range, text, { rule: rule.id });
}

// The text is made when it is asked for: of a long list each rule has one that is nearly as long.
function commentFix(id: string, range: Range, text: () => string, data: Fix['data']): Fix {
  // never in bulk: in a half-typed file findings vanish, and their suppressions only seem unused
  return { id, data, class: 'attended', assumes: [], operations: () => [replaceComment(range, text())] };
}
