import { ofLastText } from '../text/last-text';

/** What the top level of one YAML (or JSON) document says, found without parsing it. */
export interface DocumentHead {
  /** Top-level keys in order; empty for a root that is no map. */
  readonly keys: readonly string[];
  /** The text behind `apiVersion:` and `kind:`, unquoted; `null` where the key is absent. */
  readonly apiVersion: string | null;
  readonly kind: string | null;
  /** Whether the root is a sequence. */
  readonly sequence: boolean;
  /** The first key of the first item, where the root is a sequence. */
  readonly itemKey: string | null;
}

/** The API group of a document's `apiVersion`, `''` for the core group; `null` where the document has no `apiVersion` and `kind`. */
export function groupOf({ apiVersion, kind }: DocumentHead): string | null {
  if (apiVersion === null || kind === null) return null;
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

interface Key {
  readonly name: string;
  readonly value: string;
}

/** Reads `key: value` at the start of a line; `null` where there is none. Quotes around either are taken off. */
function readKey(line: string): Key | null {
  const quote = line.charAt(0);
  let name: string;
  let colon: number;
  if (quote === '"' || quote === "'") {
    const close = line.indexOf(quote, 1);
    if (close < 0) return null;
    name = line.slice(1, close);
    colon = close + 1;
    while (line.charAt(colon) === ' ') colon++;
    if (line.charAt(colon) !== ':') return null;
  } else {
    colon = line.indexOf(':');
    while (colon >= 0 && colon + 1 < line.length && line.charAt(colon + 1) !== ' ' && line.charAt(colon + 1) !== '\t') {
      colon = line.indexOf(':', colon + 1);
    }
    if (colon <= 0) return null;
    name = line.slice(0, colon).trimEnd();
  }
  return { name, value: unquote(line.slice(colon + 1)) };
}

function unquote(text: string): string {
  const value = text.trim();
  const quote = value.charAt(0);
  if (quote === '"' || quote === "'") {
    const close = value.indexOf(quote, 1);
    return close < 0 ? value.slice(1) : value.slice(1, close);
  }
  const comment = value.indexOf(' #');
  return comment < 0 ? value : value.slice(0, comment).trimEnd();
}

const isBlank = (code: number): boolean => code === 32 || code === 9;

/** Whether a line, its comment left out, opens a block scalar (`|`, `>-`, `|2`, ...). */
export function opensBlockScalar(line: string): boolean {
  let end = line.trimEnd().length;
  const comment = line.lastIndexOf(' #');
  if (comment > 0) end = line.slice(0, comment).trimEnd().length;
  let at = end;
  while (at > 0 && '+-0123456789'.includes(line.charAt(at - 1))) at--;
  if (end - at > 2 || at === 0) return false;
  const sign = line.charAt(at - 1);
  return (sign === '|' || sign === '>') && (at === 1 || isBlank(line.charCodeAt(at - 2)));
}

/** The column of the first key of a line: dashes of sequence items and the blanks behind them are passed over. */
export function keyColumn(line: string): number {
  let at = 0;
  while (at < line.length && (isBlank(line.charCodeAt(at)) || (line.charAt(at) === '-' && isBlank(line.charCodeAt(at + 1))))) at++;
  return at;
}

/** Keys of a flow map (`{...}`) that starts at `start`, at its first level, and the offset behind its end. */
function readFlow(text: string, start: number): { readonly pairs: Key[]; readonly end: number } {
  const pairs: Key[] = [];
  let depth = 0;
  let from = start;
  let colon = -1;
  let at = start;
  const close = (end: number): void => {
    if (depth > 1) return;
    if (colon >= 0) pairs.push({ name: unquote(text.slice(from, colon)), value: unquote(text.slice(colon + 1, end)) });
    colon = -1;
  };
  for (; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"' || char === "'") {
      for (at++; at < text.length && text.charAt(at) !== char; at++) if (char === '"' && text.charAt(at) === '\\') at++;
    } else if (char === '{' || char === '[') {
      depth++;
      if (depth === 1) from = at + 1;
    } else if (char === '}' || char === ']') {
      close(at);
      depth--;
      if (depth <= 0) return { pairs, end: at + 1 };
    } else if (depth === 1 && char === ',') {
      close(at);
      from = at + 1;
    } else if (depth === 1 && char === ':' && colon < 0) colon = at;
  }
  return { pairs, end: text.length };
}

/** Goes through the documents of a stream and gives the head of each that has content. Lazy: stop when you know enough. Linear. */
export function* scanDocuments(text: string): Generator<DocumentHead, void, void> {
  let keys: string[] = [];
  let apiVersion: string | null = null;
  let kind: string | null = null;
  let base = -1;
  let sequence = false;
  let itemKey: string | null = null;
  let block = -1;
  const take = ({ name, value }: Key): void => {
    keys.push(name);
    if (name === 'apiVersion' && apiVersion === null) apiVersion = value;
    else if (name === 'kind' && kind === null) kind = value;
  };
  for (let at = text.charCodeAt(0) === 0xfeff ? 1 : 0; at < text.length;) {
    let end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    const start = at;
    at = end + 1;
    let first = start;
    while (first < end && isBlank(text.charCodeAt(first))) first++;
    const code = text.charCodeAt(first);
    if (first === end || code === 13) continue;
    const indent = first - start;
    if (block >= 0 && indent > block) continue;
    block = -1;
    if (code === 35) continue;
    if (indent === 0 && (isMarker(text, start, '---') || isMarker(text, start, '...'))) {
      if (base >= 0) yield { keys, apiVersion, kind, sequence, itemKey };
      keys = [];
      apiVersion = kind = itemKey = null;
      sequence = false;
      base = -1;
      // A document may begin behind its own marker: `--- {apiVersion: v1}`.
      let rest = start + 3;
      while (rest < end && isBlank(text.charCodeAt(rest))) rest++;
      if (text.charAt(rest) === '{') at = rest;
      continue;
    }
    const line = text.slice(first, text.charCodeAt(end - 1) === 13 ? end - 1 : end);
    if (base < 0) {
      if (code === 37) continue;
      // A line of template actions alone says nothing about where the document's keys stand.
      if (line.startsWith('{{') || line.startsWith('{%')) continue;
      base = indent;
      if (code === 123) {
        const flow = readFlow(text, first);
        flow.pairs.forEach(take);
        at = Math.max(flow.end, start + 1);
        continue;
      }
    }
    if (indent <= base && code !== 123) {
      if (code === 45 && isBlank(text.charCodeAt(first + 1))) {
        if (keys.length === 0) {
          sequence = true;
          itemKey ??= readKey(line.slice(1).trimStart())?.name ?? null;
        }
      } else {
        const key = readKey(line);
        if (key) take(key);
      }
    }
    if (opensBlockScalar(line)) block = indent + keyColumn(line);
  }
  if (base >= 0) yield { keys, apiVersion, kind, sequence, itemKey };
}

function isMarker(text: string, at: number, marker: string): boolean {
  if (!text.startsWith(marker, at)) return false;
  const next = text.charCodeAt(at + 3);
  return Number.isNaN(next) || isBlank(next) || next === 10 || next === 13;
}

/**
 * Whether a text has template actions (`{{ }}`, `{% %}`) that shape it: they stand where a key or a value begins, outside comments, block
 * scalars and quoted scalars. Others (`"{{inputs.parameters.tag}}"` of an Argo workflow, an alert's text) leave plain, whole YAML.
 */
export const hasShapingActions = ofLastText((text: string): boolean => {
  if (!text.includes('{{') && !text.includes('{%')) return false;
  let block = -1;
  for (let at = 0; at < text.length;) {
    let end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    const line = text.slice(at, end);
    at = end + 1;
    const content = line.trimStart();
    if (content === '' || content === '\r') continue;
    const indent = line.length - content.length;
    if (block >= 0 && indent > block) continue;
    block = -1;
    if (content.startsWith('#')) continue;
    if ((line.includes('{{') || line.includes('{%')) && isShapedLine(line)) return true;
    if (opensBlockScalar(line)) block = keyColumn(line);
  }
  return false;
});

function isShapedLine(line: string): boolean {
  let before = ' ';
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (char === '#' && isBlank(line.charCodeAt(at - 1))) return false;
    if (char === '{' && (line.charAt(at + 1) === '{' || line.charAt(at + 1) === '%')) {
      // In the middle of a plain scalar an action is text; in a key it shapes the map.
      return ' :-[{,'.includes(before) || line.indexOf(': ', Math.max(line.indexOf('}}', at), at)) > 0;
    }
    if ((char === '"' || char === "'") && ' :-[{,'.includes(before)) {
      for (at++; at < line.length && line.charAt(at) !== char; at++) if (char === '"' && line.charAt(at) === '\\') at++;
      // The scalar goes on in the next line, where nothing can be told any more: what is open stays quoted.
      if (at >= line.length) return false;
    }
    if (!isBlank(char.charCodeAt(0))) before = char;
  }
  return false;
}

/** Whether a text reads like a Dockerfile: its first instruction, `ARG` lines left out, is a well-formed `FROM`. */
export function looksLikeDockerfile(text: string): boolean {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (let lines = 0; at < text.length && lines < 300; lines++) {
    let end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    const line = text.slice(at, Math.min(end, at + 2000)).trim();
    at = end + 1;
    if (line === '' || line.startsWith('#') || /^arg\s/i.test(line)) continue;
    return /^from\s+(--platform=\S+\s+)?[\w$./:@{}-]+(\s+as\s+[\w.-]+)?$/i.test(line);
  }
  return false;
}
