import type { Piece } from '../families/family/part';
import type { Attachment } from '../rule/define-rule';
import type { MessageData } from '../base/terms/types';
import { shift, type Range } from '../base/text/range';

/** What a check reported. */
export interface ReportCall {
  readonly range: Range;
  readonly messageId: string;
  readonly data: MessageData;
  readonly attachments: readonly Attachment[];
}

/** What the checks of a target say of one view. */
export interface ViewResults {
  /** By the place of each check what it reports, relative to the piece; `null` where that depends on more than the piece, `undefined` where nobody knows yet. */
  readonly calls: (readonly ReportCall[] | null | undefined)[];
  /** Places of the checks that there is something to do for. */
  places: readonly number[];
}

/** The results of one version of a file. */
export interface PieceRun {
  /** What is known of the next view of a piece; to be filled. Views of a piece come in the same order each time, one behind the other. */
  results(piece: Piece, checks: number): ViewResults;
  /** Forgets the pieces that this version does not have. */
  close(): void;
}

/** The results of pieces by their texts, for the files that were checked last. */
export interface PieceMemory {
  /** `null` for a file that is seen for the first time: most are never seen again, and to keep results costs more than to have none. */
  open(path: string, today: string, text: string): PieceRun | null;
}

/** For how many files results are kept. */
const mostFiles = 16;
/** Files with more UTF-16 units are checked anew each time. */
const longest = 1 << 18;

interface FileResults {
  readonly today: string;
  byKey: Map<string, ViewResults[]>;
}

/** Creates a memory for one list of rules under one configuration. */
export function createPieceMemory(): PieceMemory {
  const files = new Map<string, FileResults>();
  return {
    open: (path, today, text) => {
      if (text.length > longest) return null;
      const last = files.get(path);
      const known = last?.today === today ? last : null;
      const file: FileResults = known ?? { today, byKey: new Map<string, ViewResults[]>() };
      files.delete(path);
      files.set(path, file);
      if (files.size > mostFiles) files.delete(files.keys().next().value!);
      if (!known) return null;
      const next = new Map<string, ViewResults[]>();
      let current: Piece | null = null;
      let views: ViewResults[] = [];
      let count = 0;
      return {
        results: (piece, checks) => {
          if (piece !== current) {
            current = piece;
            count = 0;
            views = next.get(piece.key) ?? file.byKey.get(piece.key) ?? [];
            next.set(piece.key, views);
          }
          return (views[count++] ??= {
            calls: new Array<undefined>(checks).fill(undefined),
            places: Array.from({ length: checks }, (_, i) => i),
          });
        },
        close: () => (file.byKey = next),
      };
    },
  };
}

/** What a check reported of a piece, relative to it; `null` where it told of another place, so that it must have looked beyond. */
export function keepCalls(calls: readonly ReportCall[], { range }: Piece): readonly ReportCall[] | null {
  const isInside = ({ start, end }: Range): boolean => range.start <= start && end <= range.end;
  const ranges = calls.flatMap(call => [call.range, ...call.attachments.flatMap(attachment => rangeOf(attachment) ?? [])]);
  return ranges.every(isInside) ? calls.map(call => moveCall(call, -range.start, forgetOperations)) : null;
}

/**
 * Reports again what was kept. What a fix does is worked out when it is asked for, by the check itself: it is told in terms of the file as
 * it is now.
 */
export function replay(
  kept: readonly ReportCall[],
  { range }: Piece,
  push: (range: Range, messageId: string, data: MessageData, attachments: readonly Attachment[]) => void,
  check: (collect: (range: Range, messageId: string, data: MessageData, attachments: readonly Attachment[]) => void) => void,
): void {
  for (const [index, call] of kept.entries()) {
    const {
      range: place,
      messageId,
      data,
      attachments,
    } = moveCall(call, range.start, (attachment, at) => ({
      ...attachment,
      fix: {
        ...attachment.fix,
        operations: () => {
          const calls: (readonly Attachment[])[] = [];
          check((_range, _messageId, _data, again) => void calls.push(again));
          const same = calls[index]?.[at];
          return same?.attach === 'fix' ? same.fix.operations() : [];
        },
      },
    }));
    push(place, messageId, data, attachments);
  }
}

type FixAttachment = Extract<Attachment, { readonly attach: 'fix' }>;

/** The fix without its operations, which would keep the whole file in memory. */
function forgetOperations(attachment: FixAttachment): FixAttachment {
  return { ...attachment, fix: { ...attachment.fix, operations: () => [] } };
}

function moveCall(call: ReportCall, by: number, moveFix: (attachment: FixAttachment, at: number) => FixAttachment): ReportCall {
  const attachments = call.attachments.map((attachment, at): Attachment => {
    if (attachment.attach === 'fix') return moveFix(attachment, at);
    if (attachment.attach === 'secret' || (attachment.attach === 'related' && attachment.path === undefined))
      return { ...attachment, range: shift(attachment.range, by) };
    return attachment;
  });
  return { ...call, range: shift(call.range, by), attachments };
}

/** The place in the file that an attachment names. */
function rangeOf(attachment: Attachment): Range | null {
  return attachment.attach === 'secret' || (attachment.attach === 'related' && attachment.path === undefined) ? attachment.range : null;
}
