import { lineEnd } from '../../base/text/lines';
import type { YamlDocument, YamlScalar } from './types';

/** What stands in the masked text for a template action whose value is unknown: a private-use character that YAML allows anywhere. */
export const maskCharacter = '\uE000';

/** A template action (`{{ ... }}`, or `{% ... %}` and `{# ... #}` of Jinja) and what it may do to the document. */
export interface Action {
  readonly start: number;
  readonly end: number;
  /** Whether the line holds nothing but actions: text may come out of it that no key announces. */
  readonly wholeLine: boolean;
  /** Whether it can print text; `if`, `end`, comments and the like cannot. */
  readonly prints: boolean;
  /** What it does to the branches of the template; `null`: nothing. */
  readonly flow: 'opens' | 'turns' | 'closes' | null;
  /** What it says behind its brackets, for those with a flow; longer conditions are cut. */
  readonly words: string;
  /** The column of the text that it prints, where `indent` or `nindent` says so. */
  readonly column: number | null;
}

/** A text whose template actions are masked at equal length, so that offsets hold. */
export interface MaskedText {
  readonly text: string;
  /** Whether the text is a template. Actions inside block scalars and comments alone do not make one: they are somebody's data. */
  readonly templated: boolean;
  readonly actions: readonly Action[];
  /** Whether an action asks which versions the cluster has. */
  readonly versioned: boolean;
}

/** An action with more characters ends at its line: text is not searched for a closing `}}` without bound. */
export const maxActionLength = 4000;

/** Words of Helm's; and an action that prints the brackets of another engine, which is filled in later. */
const helmWords = /\.(?:Values|Release|Chart|Capabilities|Files)\b|\binclude "|^\{\{-? {0,9}[`"]\s{0,9}(?:\{\{|\}\})/;
const openQuote = /(?:^|[\s:,[{-])(?:"[^"]*|'[^']*)$/;
const silentWords = /^(?:if|else|end|range|with|define|break|continue|\/\*|\$[A-Za-z0-9_]*[ \t]*:?=)/;
const openingWords = /^(?:if|with|range|define|block)\b/;
/** Statements of Jinja: those that begin a block, go on with another branch, and print. */
const jinja = {
  opens: /^(?:if|for|macro|block|call|filter|raw|with)\b/,
  turns: /^(?:elif|else)\b/,
  prints: /^(?:include|import|extends)\b/,
};
const indentWords = /\b(n?)indent[ \t]{1,9}([0-9]{1,3})\b/;
/** Whether a line ends in the header of a block scalar. */
export const blockHeader = /(?:^|[ \t])[|>][-+1-9]{0,2}[ \t\r]*(?:#|$)/;

/** Offset after the `}}` of the action that starts at `start`, or the end of its line where there is none. */
function actionEnd(text: string, start: number): number {
  const limit = Math.min(text.length, start + maxActionLength);
  if (text[start + 1] !== '{') {
    const close = text.slice(start, limit).indexOf(`${text[start + 1]}}`, 2);
    return close < 0 ? lineEnd(text, start) : start + close + 2;
  }
  let at = start + 2;
  while (at < limit) {
    const char = text[at]!;
    if (char === '}' && text[at + 1] === '}') return at + 2;
    if (char === '\\') at += 2;
    else if (char === '"' || char === '`') at = stringEnd(text, at, char, limit);
    else if (char === '/' && text[at + 1] === '*') {
      const close = text.slice(at, limit).indexOf('*/', 2);
      at = close < 0 ? at + 2 : at + close + 2;
    } else at++;
  }
  return lineEnd(text, start);
}

/** Offset after the string that starts at `at`; just behind the quote where nothing closes it. Only raw strings span lines. */
function stringEnd(text: string, at: number, quote: string, limit: number): number {
  for (let i = at + 1; i < limit; i++) {
    const char = text[i]!;
    if (char === quote) return i + 1;
    if (quote === '"' && char === '\\') i++;
    else if (quote === '"' && char === '\n') break;
  }
  return at + 1;
}

function findActions(text: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  const begin = text.includes('{%') ? /\{[{%#]/g : /\{\{/g;
  for (let match = begin.exec(text); match; match = begin.exec(text)) {
    const at = match.index;
    // `${{ }}` is an expression of GitHub workflows: part of a value, never of the file's structure.
    const isOwn = text[at - 1] !== '$';
    const end = isOwn ? actionEnd(text, at) : at + 2;
    if (isOwn) found.push({ start: at, end });
    begin.lastIndex = end;
  }
  return found;
}

/** Leading blanks of the line that spans `start` to `end`. */
export function indentation(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && text[at] === ' ') at++;
  return at - start;
}

/** The indentation that the content of a block scalar must exceed, for the line (without line break) that holds its header. */
export function parentIndent(line: string): number {
  let at = indentation(line, 0, line.length);
  let dash = -1;
  while (line[at] === '-' && (line[at + 1] === ' ' || line[at + 1] === '\t')) {
    dash = at;
    at += 2;
    while (line[at] === ' ') at++;
  }
  return (line[at] === '|' || line[at] === '>') && dash >= 0 ? dash : line[at] === '|' || line[at] === '>' ? -1 : at;
}

/** Follows block scalars and comments line by line, and says for each line how its actions are to be read. */
interface LineState {
  /** The content of an open block scalar must be indented deeper than this; `null` outside. */
  block: number | null;
}

type Context = 'structure' | 'block' | 'comment';

function contextOf(line: string, state: LineState, wholeLine: boolean): Context {
  const indent = indentation(line, 0, line.length);
  const rest = line.slice(indent).trim();
  if (state.block !== null) {
    if (rest === '' || indent > state.block) return 'block';
    // An action left of the content is a template's own line; whether the block scalar goes on behind it shows on the next line.
    if (wholeLine) return 'structure';
    state.block = null;
  }
  if (rest.startsWith('#')) return 'comment';
  if (blockHeader.test(line)) state.block = parentIndent(line);
  return 'structure';
}

function isBlankBetween(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (text[i] !== ' ' && text[i] !== '\t' && text[i] !== '\r') return false;
  return true;
}

/** Replaces everything but line breaks. */
function fill(text: string, character: string): string {
  return text.replace(/[^\r\n]/g, character);
}

function describe(text: string, start: number, end: number, column: number, wholeLine: boolean): Action {
  const body = text.slice(start + 2, end).replace(/^[-+]?\s*/, '');
  if (text[start + 1] !== '{') {
    const isStatement = text[start + 1] === '%';
    const jinjaFlow = !isStatement
      ? null
      : jinja.opens.test(body)
        ? 'opens'
        : jinja.turns.test(body)
          ? 'turns'
          : /^end/.test(body)
            ? 'closes'
            : null;
    return { start, end, wholeLine, prints: isStatement && jinja.prints.test(body), flow: jinjaFlow, words: '', column: null };
  }
  const words = indentWords.exec(body);
  const flow = openingWords.test(body) ? 'opens' : /^else\b/.test(body) ? 'turns' : /^end\b/.test(body) ? 'closes' : null;
  return {
    start,
    end,
    wholeLine,
    prints: !silentWords.test(body),
    flow,
    words: flow === null || body.length > 300 ? '' : body,
    column: words ? Number(words[2]) + (words[1] === 'n' ? 0 : column) : null,
  };
}

/** Whether a line ends in a single action that prints lines of their own, and that nothing but a key precedes. */
function isBelowKey(text: string, line: number, end: number, found: readonly { readonly start: number; readonly end: number }[]): boolean {
  const { start, end: close } = found[found.length - 1]!;
  if (found.length > 1 || !isBlankBetween(text, close, end) || indentWords.exec(text.slice(start, close))?.[1] !== 'n') return false;
  let at = start - 1;
  while (at > line && text[at] === ' ') at--;
  return at < start - 1 && text[at] === ':';
}

/** How many actions of one line are looked at one by one: each look goes back to the beginning of the line. */
const mostTexts = 50;

/**
 * Whether an action stands inside a scalar that starts on its line, quoted or not. To YAML that is text, whoever fills it in: Docker, Argo, Kyverno, Ansible,
 * Prometheus.
 */
function isWithinScalar(text: string, line: number, { start }: { readonly start: number }): boolean {
  const before = text.slice(line, start);
  if (openQuote.test(before)) return true;
  const last = before.trimEnd();
  const gap = before.length > last.length;
  return last !== '' && !'[{,'.includes(last.at(-1)!) && !(gap && ':-?'.includes(last.at(-1)!));
}

/** Whether a statement of Jinja that prints nothing follows a complete item of a flow sequence or map: `["a"{% if b %}, "b"{% endif %}]`. */
function isBetweenItems(text: string, line: number, { start, end }: { readonly start: number; readonly end: number }): boolean {
  if (text[start + 1] !== '%' || jinja.prints.test(text.slice(start + 2, end).replace(/^[-+]?\s*/, ''))) return false;
  const before = text.slice(Math.max(line, start - maxActionLength), start);
  return /["'\]}][ \t]*$/.test(before) && !openQuote.test(before);
}

/**
 * Masks template actions at equal length. Lines that hold nothing but actions become blank; an action beside other text becomes a run of
 * `maskCharacter`, so that it parses as (part of) a scalar. `${{ }}` is left alone. Linear in the length of the text.
 */
export function maskTemplate(text: string): MaskedText {
  const spans = text.includes('{{') || text.includes('{%') ? findActions(text) : [];
  if (spans.length === 0) return plainText(text);
  const actions: Action[] = [];
  const pieces: string[] = [];
  const state: LineState = { block: null };
  let templated = false;
  let next = 0;
  let done = 0;
  for (let line = text.charCodeAt(0) === 0xfeff ? 1 : 0; line < text.length && next < spans.length;) {
    let end = lineEnd(text, line);
    // Actions that start on this line; one that spans lines makes the line end where it ends.
    const first = next;
    let wholeLine = true;
    let at = line;
    while (next < spans.length && spans[next]!.start < end) {
      const span = spans[next++]!;
      wholeLine &&= isBlankBetween(text, at, span.start);
      at = span.end;
      if (at > end) end = lineEnd(text, at);
    }
    wholeLine = wholeLine && next > first && isBlankBetween(text, at, end);
    const found = spans.slice(first, next);
    // `labels: {{- ... | nindent 4 }}`: what the key holds begins on the next line, where more of it may stand.
    const below = !wholeLine && found.length > 0 && isBelowKey(text, line, end, found);
    let masked = '';
    let from = line;
    for (const span of found) {
      const blank = below || isBetweenItems(text, line, span);
      masked += text.slice(from, span.start) + fill(text.slice(span.start, span.end), blank ? ' ' : maskCharacter);
      from = span.end;
    }
    masked += text.slice(from, end);
    const context = contextOf(masked, state, wholeLine);
    const helm = found.some(span => helmWords.test(text.slice(span.start, span.end)));
    const isText = found.length <= mostTexts && found.every(span => isWithinScalar(text, line, span));
    if (found.length > 0 && (helm || (context === 'structure' && !isText))) templated = true;
    if (context === 'structure') {
      masked = wholeLine ? fill(masked, ' ') : blankLaterLines(masked);
      for (const span of found) actions.push(describe(text, span.start, span.end, span.start - line, wholeLine || below));
    }
    if (found.length > 0) {
      pieces.push(text.slice(done, line), masked);
      done = end;
    }
    const feed = text.indexOf('\n', end);
    line = feed < 0 ? text.length : feed + 1;
  }
  if (!templated) return plainText(text);
  const versioned = spans.some(({ start, end }) => text.slice(start, end).includes('.Capabilities.'));
  return { text: pieces.join('') + text.slice(done), templated, actions, versioned };
}

/** A text that is no template. */
export function plainText(text: string): MaskedText {
  return { text, templated: false, actions: [], versioned: false };
}

/** Of an action that spans lines only the part on its first line stands for a value. */
function blankLaterLines(masked: string): string {
  const feed = masked.indexOf('\n');
  if (feed < 0) return masked;
  const tail = masked.slice(feed);
  const last = tail.lastIndexOf('\n');
  const lead = /^[\uE000 \t]*/.exec(tail.slice(last + 1))![0];
  return masked.slice(0, feed) + fill(tail.slice(0, last), ' ') + '\n' + ' '.repeat(lead.length) + tail.slice(last + 1 + lead.length);
}

/** A value of a scalar with the template actions in it as they are written, for whoever names it. */
export function writtenText(
  { text, written }: Pick<YamlDocument, 'text' | 'written'>,
  { range }: Pick<YamlScalar, 'range'>,
  value: string,
): string {
  if (written === undefined || !value.includes(maskCharacter)) return value;
  const runs = [...text.slice(range.start, range.end).matchAll(/\uE000+/g)].map(({ index, 0: run }) => {
    const start = range.start + index;
    const end = start + run.length;
    // one that spans lines goes on behind its first, and the line break behind that is one of its own
    const spans = !written.startsWith('}}', end - 2);
    return { action: written.slice(start, spans ? actionEnd(written, start) : end).replace(/\s+/g, ' '), spans };
  });
  return value.replace(/\uE000+( ?)/g, (all, blank: string) => {
    const run = runs.shift();
    return run ? run.action + (run.spans ? '' : blank) : all;
  });
}
