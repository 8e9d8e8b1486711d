import type { Suppression } from '../../rule/finding/types';
import type { Comment } from '../../base/text/comment';
import { contains, type Range } from '../../base/text/range';
import { nextLine } from '../../base/text/lines';
import type { IgnoreAnnotation, Part } from '../../families/family/part';
import type { RawFinding } from '../../rule/finding/engine-finding';
import { findNoSemgrep, mayBePeers, parsePeerAnnotation, parsePeerComment, type PeerDirective } from './peer-directives';
import type { PeerAnswer, PeerIds } from './peer-ids';
import type { Placed } from './places';

/** A directive of another tool: what of ours it suppresses, and where. */
export interface PeerEntry extends Omit<Placed, 'part'> {
  readonly answers: readonly PeerAnswer[];
  readonly peer: string;
  readonly kind: Suppression['kind'];
  readonly reason: string | null;
  /** In the part's text. */
  readonly range: Range;
  readonly covers: (part: Part, finding: RawFinding) => boolean;
}

type Coverage = Pick<PeerEntry, 'near' | 'pointer' | 'covers'>;

const everything: Coverage = { near: null, covers: () => true };

/**
 * The directives of other tools in a part. One that has no effect in its place is left out: it may be about something else. `mayRead` is asked
 * for each; once it says no, the rest is left unread.
 */
export function peerEntries(part: Part, ids: PeerIds, today: string, mayRead: (range: Range) => boolean): readonly PeerEntry[] {
  const entries: PeerEntry[] = [];
  const layout = createLayout(part);
  let over = false;
  const add = (
    directive: Omit<PeerDirective, 'scope'> | null,
    kind: Suppression['kind'],
    range: Range,
    coverage: () => Coverage | null,
  ): void => {
    if (over || !directive || (directive.until !== undefined && today >= directive.until)) return;
    for (let i = directive.ids === 'all' ? 0 : 1; !over && i <= directive.ids.length; i++) if (!mayRead(range)) over = true;
    if (over) return;
    const answers = answersOf(directive, ids);
    const covered = answers.length === 0 ? null : coverage();
    if (covered) entries.push({ answers, peer: directive.peer, kind, reason: directive.reason, range, ...covered });
  };
  for (const comment of part.comments) {
    if (!mayBePeers(comment.text)) continue;
    for (const directive of parsePeerComment(part.text.slice(comment.range.start, comment.range.end), part.language))
      add(directive, kindOf(directive), comment.range, () => coverageOf(layout, directive, comment));
  }
  for (const range of part.checks)
    for (const directive of parsePeerComment(part.text.slice(range.start, range.end), part.language, true))
      add(directive, 'file', range, () => everything);
  for (const { directive, range } of findNoSemgrep(part.text)) add(directive, 'line', range, () => besideOrBelow(part, range));
  for (const annotation of part.annotations) {
    const directive = parsePeerAnnotation(annotation.key, annotation.value);
    if (directive && !reads(directive.peer, annotation)) continue;
    add(directive, 'annotation', annotation.range, () => ({
      near: null,
      pointer: annotation.pointer,
      covers: (other, { object }) => other === part && object !== null,
    }));
  }
  return entries;
}

/** kube-linter and Polaris look at the object alone, the others at its pod template too. */
function reads(peer: PeerDirective['peer'], annotation: IgnoreAnnotation): boolean {
  return annotation.level === 'object' || peer === 'kube-score' || peer === 'checkov';
}

function kindOf({ scope }: PeerDirective): Suppression['kind'] {
  return scope === 'top' || scope === 'file' || scope === 'first' || scope === 'document' ? 'file' : 'line';
}

function answersOf(directive: Omit<PeerDirective, 'scope'>, ids: PeerIds): readonly PeerAnswer[] {
  if (directive.ids === 'all') return ids.all(directive.peer);
  const named = directive.ids.flatMap(id => ids.answers(directive.peer, id));
  return directive.except === true ? ids.all(directive.peer).filter(({ rule }) => !named.some(answer => answer.rule === rule)) : named;
}

function coverageOf(layout: Layout, { scope }: PeerDirective, comment: Comment): Coverage | null {
  const { part } = layout;
  switch (scope) {
    case 'file':
      return everything;
    case 'document':
      return within(part, { start: 0, end: part.text.length + 1 });
    case 'top':
      return part.index === 0 && comment.range.start <= layout.top() ? everything : null;
    case 'first':
      return part.index === 0 && part.text.slice(0, comment.range.start).replace(/^\ufeff|---|\s/g, '') === '' ? everything : null;
    case 'beside': {
      const start = comment.ownLine ? nextLine(part.text, comment.range.end) : lineStart(part.text, comment.range.start);
      const line = { start, end: nextLine(part.text, start) };
      return { near: line, covers: (other, { range }) => other === part && range.start >= line.start && range.start < line.end };
    }
    case 'stage':
      return layout.isDirectlyAbove(comment) && startsWithFrom(part, comment) ? within(part, part.block(comment)) : null;
    case 'next':
      return within(part, part.covered(comment));
    case 'block':
      return within(part, part.block(comment));
    case 'below':
      if (!comment.ownLine) return within(part, part.beside(comment.range.start));
      return layout.isDirectlyAbove(comment) ? within(part, part.covered(comment)) : null;
    case 'line': {
      const start = nextLine(part.text, comment.range.end);
      return within(part, part.language === 'yaml' ? { start, end: nextLine(part.text, start) } : part.beside(start));
    }
  }
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** semgrep looks for its comment on the line of a finding, and on a line of its own above it. */
function besideOrBelow(part: Part, range: Range): Coverage | null {
  const start = lineStart(part.text, range.start);
  const alone = !/[a-z0-9]/i.test(part.text.slice(start, range.start));
  return within(part, part.beside(alone ? nextLine(part.text, range.end) : range.start));
}

function within(part: Part, range: Range | null): Coverage | null {
  return range && { near: range, covers: (other, finding) => other === part && contains(range, finding.range) };
}

/** Where comments stand in a part, found out once for all of them: a file may hold thousands above one another. */
interface Layout {
  readonly part: Part;
  /** Where the first line begins that is neither blank nor a comment. */
  top(): number;
  /** Whether only comments stand between a comment and what follows it, so that directives may be stacked. */
  isDirectlyAbove(comment: Comment): boolean;
}

function createLayout(part: Part): Layout {
  let top: number | null = null;
  /** Where the comments begin that stand directly above something, by where that begins. */
  const stacks = new Map<number, number>();
  return {
    part,
    top: () => (top ??= firstOtherLine(part.text)),
    isDirectlyAbove: comment => {
      const covered = comment.ownLine ? part.covered(comment) : null;
      if (!covered) return false;
      let start = stacks.get(covered.start);
      if (start === undefined) stacks.set(covered.start, (start = stackStart(part.text, covered.start)));
      return comment.range.start >= start;
    },
  };
}

/** Where the lines begin, directly above that of `offset`, that are comments. */
function stackStart(text: string, offset: number): number {
  let start = text.lastIndexOf('\n', offset - 1) + 1;
  while (start > 0) {
    const above = text.lastIndexOf('\n', start - 2) + 1;
    if (!/^[^\S\n]*#/.test(text.slice(above, start))) break;
    start = above;
  }
  return start;
}

function startsWithFrom(part: Part, comment: Comment): boolean {
  const { start } = part.covered(comment)!;
  return /^FROM[ \t]/i.test(part.text.slice(start, start + 5));
}

/** Where the first line begins that is neither blank nor a comment, a separator or a directive of YAML. */
function firstOtherLine(text: string): number {
  for (let start = 0; start < text.length; start = nextLine(text, start)) {
    const line = text.slice(start, nextLine(text, start));
    if (!/^\ufeff?\s*(?:#|---|%|$)/.test(line)) return start;
  }
  return text.length;
}
