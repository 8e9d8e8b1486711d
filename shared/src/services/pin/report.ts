import type { PinItem, PinPlan } from './plan';
import { refusalTexts } from '../../syntax/image/places';
import { createLineTable } from '../../base/text/line-table';
import { createGate, type Gate } from '../../output/report/gate';
import { jsonChange } from '../../output/report/json';
import { masked, maskedJson, plain, trusted, type MaskedText } from '../../output/report/masked-text';
import { plural } from '../../output/report/summary';

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
export function pinJson({ version, durationMs, files }: PinReport): MaskedText {
  const reported = files.map(({ path, text, plan, written }) => {
    const lines = createLineTable(text);
    const gate = createGate({ text, findings: [] });
    const change = plan.edits.length > 0 ? jsonChange(path, plan.edits, lines, gate) : null;
    return {
      path: trusted(path),
      changed: plan.edits.length > 0,
      written,
      images: plan.items.map(({ place, state, lookup, refused, failure, rule, tag, dates }) => ({
        image: gate.mask(place.reference),
        range: lines.positions(place.range),
        state,
        digest: place.digest === null ? null : trusted(place.digest),
        resolved: lookup && {
          digest: trusted(lookup.digest),
          mediaType: trusted(lookup.mediaType),
          at: trusted(new Date(lookup.at).toISOString()),
        },
        created: dates && { old: maskOrNull(gate, dates.from), new: maskOrNull(gate, dates.to) },
        versionTag: maskOrNull(gate, tag),
        rule: rule === null ? null : trusted(rule),
        reasonId: refused ?? failure?.kind ?? null,
        reason: refused ? trusted(refusalTexts[refused]) : maskOrNull(gate, failure?.message ?? null),
        retryAfterSeconds: failure?.retryAfterSeconds ?? null,
      })),
      changes: change === null ? [] : [change],
      ...(plan.edits.length > 0 && change === null && { withheld: plain('secret') }),
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
  return maskedJson({ schemaVersion: 1, version: trusted(version), files: reported, summary });
}

function maskOrNull(gate: Gate, text: string | null | undefined): MaskedText | null {
  return text == null ? null : gate.mask(text);
}

const headings = {
  pin: () => plain('not pinned:'),
  update: () => plain('the tag has moved:'),
  refused: () => plain('left for you to resolve:'),
  failed: () => plain('not looked up:'),
};

/** What a person should know: what is to be pinned, what moved, what was left and what failed, a line each. */
export function pinNotes(files: readonly PinnedFile[]): readonly MaskedText[] {
  const out: MaskedText[] = [];
  for (const state of ['pin', 'update', 'refused', 'failed'] as const) {
    const lines = files.flatMap(({ path, text, plan, written }) => {
      const table = createLineTable(text);
      const gate = createGate({ text, findings: [] });
      return plan.items
        .filter(item => item.state === state && !(written && state === 'pin'))
        .map(item => {
          const { line, character } = table.positions(item.place.range).start;
          return masked`  ${trusted(path)}:${line + 1}:${character + 1}: ${gate.mask(noteOf(item))}`;
        });
    });
    if (lines.length > 0) out.push(headings[state](), ...lines);
  }
  const items = files.flatMap(file => file.plan.items);
  const good = items.filter(({ state }) => state === 'current' || state === 'fixed').length;
  if (good > 0) out.push(masked`${plural(good, 'image')} already pinned`);
  return out;
}

function noteOf({ place, state, lookup, refused, failure, rule, tag, dates }: PinItem): string {
  const image = place.reference;
  if (state === 'update') return `${image}${madeAt(dates?.from)} is ${lookup!.digest}${madeAt(dates?.to)} now`;
  if (state === 'pin') return `${image} is ${lookup!.digest}${tag === null ? '' : `, which is ${tag}`}`;
  const made = refused === 'too-new' ? madeAt(dates?.to) : '';
  return `${image}${made}: ${refused ? refusalTexts[refused] : (failure?.message ?? '')}${rule === null ? '' : ` [${rule}]`}`;
}

function madeAt(created: string | null | undefined): string {
  return created == null ? '' : ` (of ${created})`;
}
