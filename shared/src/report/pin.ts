import type { PinItem, PinPlan } from '../pin/plan';
import { refusalTexts } from '../image/places';
import { createLineTable } from '../text/line-table';
import { jsonChange } from './json';
import { plural } from './text';

/** What `pin` did to one file. */
export interface PinnedFile {
  /** Relative to the working directory, with `/`. */
  readonly path: string;
  /** The text before. */
  readonly text: string;
  readonly plan: PinPlan;
  /** Whether the file has the new text now. */
  readonly written: boolean;
}

/** Everything that a report of `pin` is made of. */
export interface PinReport {
  readonly version: string;
  readonly durationMs: number;
  readonly files: readonly PinnedFile[];
}

/** The report of `pin` for programs; ends with a line break. Ranges are in the text before. See docs/cli.md. */
export function pinJson({ version, durationMs, files }: PinReport): string {
  const reported = files.map(({ path, text, plan, written }) => {
    const lines = createLineTable(text);
    return {
      path,
      changed: plan.edits.length > 0,
      written,
      images: plan.items.map(({ place, state, lookup, refused, failure, tag, dates }) => ({
        image: place.reference,
        range: lines.positions(place.range),
        state,
        digest: place.digest,
        resolved: lookup && {
          digest: lookup.digest,
          mediaType: lookup.mediaType,
          at: new Date(lookup.at).toISOString(),
        },
        created: dates && { old: dates.from, new: dates.to },
        versionTag: tag,
        reasonId: refused ?? failure?.kind ?? null,
        reason: refused ? refusalTexts[refused] : (failure?.message ?? null),
        retryAfterSeconds: failure?.retryAfterSeconds ?? null,
      })),
      changes: plan.edits.length > 0 ? [jsonChange(path, plan.edits, lines)] : [],
    };
  });
  const items = files.flatMap(file => file.plan.items);
  const count = (state: PinItem['state']): number => items.filter(item => item.state === state).length;
  const summary = {
    files: files.length,
    images: items.length,
    pin: count('pin'),
    update: count('update'),
    current: count('current') + count('fixed'),
    refused: count('refused'),
    failed: count('failed'),
    durationMs,
  };
  return JSON.stringify({ schemaVersion: 1, version, files: reported, summary }, null, 2) + '\n';
}

const headings = {
  pin: 'not pinned',
  update: 'the tag has moved',
  refused: 'left to you',
  failed: 'not looked up',
} as const;

/** What a person should know: what is to be pinned, what moved, what was left and what failed, a line each. */
export function pinNotes(files: readonly PinnedFile[]): readonly string[] {
  const out: string[] = [];
  for (const [state, heading] of Object.entries(headings)) {
    const lines = files.flatMap(({ path, text, plan, written }) => {
      const table = createLineTable(text);
      return plan.items
        .filter(item => item.state === state && !(written && state === 'pin'))
        .map(item => {
          const { line, character } = table.positions(item.place.range).start;
          return `  ${path}:${line + 1}:${character + 1}: ${noteOf(item)}`;
        });
    });
    if (lines.length > 0) out.push(`${heading}:`, ...lines);
  }
  const items = files.flatMap(file => file.plan.items);
  const good = items.filter(({ state }) => state === 'current' || state === 'fixed').length;
  if (good > 0) out.push(`${plural(good, 'image')} already pinned`);
  return out;
}

function noteOf({ place, state, lookup, refused, failure, tag, dates }: PinItem): string {
  const image = place.reference;
  if (state === 'update') return `${image}${madeAt(dates?.from)} is ${lookup!.digest}${madeAt(dates?.to)} now`;
  if (state === 'pin') return `${image} is ${lookup!.digest}${tag === null ? '' : `, which is ${tag}`}`;
  return `${image}: ${refused ? refusalTexts[refused] : (failure?.message ?? '')}`;
}

function madeAt(created: string | null | undefined): string {
  return created == null ? '' : ` (of ${created})`;
}
