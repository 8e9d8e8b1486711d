import type { Finding } from '../../rule/finding/types';
import { credentialRanges, findCredentials, isPlainWord, maskCredentials, withoutNames } from '../../knowledge/secrets/mask';
import { needlesOf } from '../../knowledge/secrets/maskable';
import { copied } from '../../base/limits/copy';
import { createNeedles, type Needle, type NeedleFinder } from '../../base/text/needles';
import type { Range } from '../../base/text/range';
import { maskSlice, mergeRanges } from '../../base/text/mask';
import { translated } from '../../base/text/phrases';
import { visible } from '../../base/text/visible';
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

/** A gate for a file. */
export function createGate({ text, findings, more = [] }: GatedFile): Gate {
  let needles: readonly Needle[] | null = null;
  let finder: NeedleFinder | null = null;
  let places: readonly Range[] | null = null;
  let key: string | null = null;
  const needlesOfFile = (): readonly Needle[] =>
    (needles ??= withoutNames([...credentialsIn(text), ...detected(text, findings, more)], text));
  const finderOfFile = (): NeedleFinder => (finder ??= createNeedles(needlesOfFile()));
  const placesInFile = (): readonly Range[] =>
    (places ??= mergeRanges([...findings.flatMap(finding => finding.secrets), ...finderOfFile().find(text)]));
  const carries = (shown: string): boolean => finderOfFile().find(shown).length > 0 || credentialRanges(shown).length > 0;
  return {
    mask: shown => maskCredentials(visible(shown), finderOfFile()) as MaskedText,
    words: text => {
      const shown = visible(text);
      const found = finderOfFile().find(shown);
      return (found.length > 0 ? maskSlice(shown, { start: 0, end: shown.length }, found) : shown) as MaskedText;
    },
    slice: range => visible(maskSlice(text, range, placesInFile())) as MaskedText,
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

/** A gate for texts of no file that is at hand: errors, arguments, log lines. Masks what the text itself tells of; what we say is in the language that is spoken. */
export function maskAlone(text: string): MaskedText {
  return translated(maskCredentials(visible(text))) as MaskedText;
}

/** The strings of plain data, names of members included: its JSON would spell them otherwise. */
function* stringsIn(data: unknown): Generator<string, void, void> {
  if (typeof data === 'string') yield data;
  if (typeof data !== 'object' || data === null) return;
  for (const [key, member] of Object.entries(data)) {
    if (!Array.isArray(data)) yield key;
    yield* stringsIn(member);
  }
}

/** Lets plain data through that follows from a file, to be kept. */
export interface Sieve {
  /** The JSON of it; `null` where it holds a secret of the file. */
  readonly json: (data: unknown) => MaskedText | null;
  /** What is looked for in other data: no plain words, which may mean something else there. */
  readonly needles: readonly Needle[];
}

/** A sieve for a file. */
export function createSieve(text: string): Sieve {
  // sieves outlive the text
  const all = copied(withoutNames(credentialsIn(text), text));
  const needles = all.filter(needle => !isPlainWord(needle));
  const words = new Set(all.filter(isPlainWord).map(needle => needle.text));
  const finder = createNeedles(needles);
  const holds = (strings: readonly string[]): boolean => {
    const shown = strings.join('\n');
    return (
      finder.find(shown).length > 0 || credentialRanges(shown).length > 0 || (words.size > 0 && strings.some(string => words.has(string)))
    );
  };
  return { json: data => (holds([...stringsIn(data)]) ? null : (JSON.stringify(data) as MaskedText)), needles };
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

/** The text that was read last: what is said of it and what is kept of it follow one another. */
let last: { readonly text: string; readonly needles: readonly Needle[] } | null = null;

function credentialsIn(text: string): readonly Needle[] {
  if (last?.text !== text) last = { text, needles: readPieces(text) };
  return last.needles;
}

/** Reads a text piece by piece, cut where documents of YAML begin. */
function readPieces(text: string): readonly Needle[] {
  if (text.length <= pieceLength) return findCredentials(text);
  const next = new Map<string, readonly Needle[]>();
  const all: Needle[] = [];
  for (let start = 0; start < text.length;) {
    const border = text.indexOf('\n---', start + 1);
    const end = border < 0 ? text.length : border + 1;
    const piece = text.slice(start, end);
    const needles = kept.get(piece) ?? next.get(piece) ?? findCredentials(piece);
    next.set(piece, needles);
    for (const needle of needles) all.push(needle);
    start = end;
  }
  kept = next;
  return all;
}
