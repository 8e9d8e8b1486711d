import type { Finding } from '../finding/types';
import { findToldSecrets, withoutNames } from '../knowledge/told-secrets';
import { needlesOf } from '../knowledge/told-values';
import { createNeedles, type Needle, type NeedleFinder } from '../text/needles';
import type { Range } from '../text/range';
import { maskSlice, mergeRanges } from './mask';
import type { MaskedText } from './masked-text';

/** Lets the texts of one file out, its secrets masked wherever they stand in them. Reads the file when it is first asked. Never throws. */
export interface Gate {
  /** A text that may quote the file: a message, a title, a name. Masking twice changes nothing. */
  readonly mask: (text: string) => MaskedText;
  /**
   * What `Words` say of the file: their own words are never taken for a credential, as they would be behind a name that suggests one, and
   * what they quote is masked already where it tells of one by itself.
   */
  readonly words: (text: string) => MaskedText;
  /** A piece of the file itself. */
  readonly slice: (range: Range) => MaskedText;
  /** Where secrets stand in the file. Sorted, without overlaps. */
  readonly places: () => readonly Range[];
  /** Whether a text holds a secret of the file. */
  readonly carries: (text: string) => boolean;
  /** A text that would be wrong if it were masked: as it is, or `null` where it holds a secret of the file. */
  readonly whole: (text: string) => MaskedText | null;
  /** The same for two gates that mask the same. */
  readonly key: string;
}

/** What a gate goes by. */
export interface GatedFile {
  readonly text: string;
  /** What the rules found in it. */
  readonly findings: readonly Pick<Finding, 'secrets'>[];
  /** Further secrets, as a text that was made of the file spells them. */
  readonly more?: readonly string[];
}

/** Two do for any text that is not made to need more. */
const rounds = 20;

/** Whether a text may hold more than a name: a sign or an option, and behind it something. */
const mayTell = /[\s=:"'`,[]\S[^]{5}/;

/** A gate for a file. */
export function createGate({ text, findings, more = [] }: GatedFile): Gate {
  let needles: readonly Needle[] | null = null;
  let finder: NeedleFinder | null = null;
  let places: readonly Range[] | null = null;
  let key: string | null = null;
  const needlesOfFile = (): readonly Needle[] => (needles ??= [...withoutNames(toldIn(text), text), ...detected(text, findings, more)]);
  const finderOfFile = (): NeedleFinder => (finder ??= createNeedles(needlesOfFile()));
  const placesInFile = (): readonly Range[] =>
    (places ??= mergeRanges([...findings.flatMap(finding => finding.secrets), ...finderOfFile().find(text)]));
  const carries = (shown: string): boolean => finderOfFile().find(shown).length > 0 || needlesIn(shown).find(shown).length > 0;
  return {
    mask: shown => maskBoth(shown, finderOfFile()),
    words: shown => {
      const found = finderOfFile().find(shown);
      return (found.length > 0 ? maskSlice(shown, { start: 0, end: shown.length }, found) : shown) as MaskedText;
    },
    slice: range => maskSlice(text, range, placesInFile()) as MaskedText,
    places: placesInFile,
    carries,
    whole: shown => (carries(shown) ? null : (shown as MaskedText)),
    get key() {
      return (key ??= needlesOfFile()
        .map(needle => needle.text)
        .join('\n'));
    },
  };
}

const ofResults = new WeakMap<object, Gate>();

/** The gate of a file of a report: one for each result of a check. */
export function gateOf({ text, result }: { readonly text: string; readonly result: { readonly findings: GatedFile['findings'] } }): Gate {
  let gate = ofResults.get(result);
  if (!gate) ofResults.set(result, (gate = createGate({ text, findings: result.findings })));
  return gate;
}

/** A gate for texts of no file that is at hand: errors, arguments, log lines. Masks what the text itself tells of. */
export function maskAlone(text: string): MaskedText {
  return maskBoth(text, null);
}

function maskBoth(text: string, finder: NeedleFinder | null): MaskedText {
  let shown = text;
  // a mask may set apart what was part of a word before, and make a name tell of something else; each round leaves less
  for (let round = 0; round < rounds; round++) {
    const found = finder?.find(shown) ?? [];
    const next = found.length > 0 ? maskSlice(shown, { start: 0, end: shown.length }, found) : shown;
    const told = mayTell.test(next) ? needlesIn(next).find(next) : [];
    if (found.length === 0 && told.length === 0) break;
    shown = maskSlice(next, { start: 0, end: next.length }, told);
  }
  return shown as MaskedText;
}

function needlesIn(text: string): NeedleFinder {
  return createNeedles(findToldSecrets(text));
}

function* detected(text: string, findings: GatedFile['findings'], more: readonly string[]): Generator<Needle, void, void> {
  for (const value of more) yield* needlesOf(unquoted(value), true);
  for (const { secrets } of findings) for (const { start, end } of secrets) yield* needlesOf(unquoted(text.slice(start, end)), true);
}

/** A range of a secret may take its quotes along. */
function unquoted(text: string): string {
  const quote = text.charAt(0);
  return (quote === '"' || quote === "'") && text.length > 1 && text.endsWith(quote) ? text.slice(1, -1) : text;
}

/** What was found in pieces of texts that were read last: as somebody types, all but one of them are the same. */
let kept = new Map<string, readonly Needle[]>();
const pieceLength = 20_000;

/** Reads a text piece by piece, cut where documents of YAML begin. */
function toldIn(text: string): readonly Needle[] {
  if (text.length <= pieceLength) return findToldSecrets(text);
  const next = new Map<string, readonly Needle[]>();
  const all: Needle[] = [];
  for (let start = 0; start < text.length;) {
    const border = text.indexOf('\n---', start + 1);
    const end = border < 0 ? text.length : border + 1;
    const piece = text.slice(start, end);
    const needles = kept.get(piece) ?? next.get(piece) ?? findToldSecrets(piece);
    next.set(piece, needles);
    for (const needle of needles) all.push(needle);
    start = end;
  }
  kept = next;
  return all;
}
