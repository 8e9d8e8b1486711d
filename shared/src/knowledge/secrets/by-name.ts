import { expansionEnd, literalsOf, ofCommand, ofExpression } from './expansions';
import { isRandom, isSecretName, suggestsSecret } from './detect';
import { lineEnd, lineStart, readBlock, readOptionValue, readValue, skipBlanks, type FoundValue } from './read-values';

/** What every telling name holds somewhere. */
const stem = /pass|pwd|psw|pw\b|secret|token|key|cred|auth|bearer|cookie|identified by|dockerconfigjson|dsn\b|signature|sig=/gi;

/** Names, as options or headers, that tell although as variables they may mean something else. */
const told =
  /(?:^|[._-])(?:pass|pwd|pw|psw|passcode|creds?|bearer|authorization|cookie|auth-?token|api-?key|basic-?auth|http-?auth|user-?pass)$|(?:require|master|root|db|user|admin|login|key|store|trust|sudo|bind|smtp|mail|proxy|http|ftp|src|dest|ssl|cert)-?(?:pass|pw|pwd|creds?|auth)$|^x-[\w-]*(?:token|key|auth|secret)$/i;
/** Names that end in such words and tell nothing. */
const harmless =
  /(?:^|[._-])(?:by|com|sur|tres|under|encom)pass$|(?:stdin|prompt|generator|required|optional|type|store|class|less|reset|change|name|names|file|path|dir|url|uri|ref|refs|id|ids|length|ttl|count|size|age|expiry|mount|mode|policy|helper)$|^no[._-]|^(?:ssh|host|public|gpg|pgp|apt)[._-]?keys?$/i;
/** Keys whose values name an object that holds secrets. */
const reference = /(?:^|existing|pull|tls|ca|cert|image|auth|ssh|basic|root|license|webhook|config|admin|user)[._-]?secrets?$/i;
const scheme = /^(?:Basic|Bearer|Token|Digest|ApiKey|Api-Key|Key|Negotiate|AWS|GoogleLogin|OAuth|SSWS|GenieKey|JWT|Hawk)[ \t:]{1,3}/i;

const isNameChar = (code: number): boolean =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95 || code === 45 || code === 46;

const longestName = 120;

function endOfName(text: string, start: number, end: number): number {
  while (end > start && /[.-]/.test(text.charAt(end - 1))) end--;
  return end;
}

/** How a name tells: by itself, or only together with a value that looks random. */
function tellingOf(name: string): 'told' | 'hint' | null {
  if (harmless.test(name)) return null;
  if (isSecretName(name) || told.test(name) || /^(?:pass|pwd|pw)$/i.test(name)) return 'told';
  return suggestsSecret(name) || /(?:^|[._-])(?:sig|dsn|auth|keys?)$/i.test(name) ? 'hint' : null;
}

/** What follows names and options that tell of a credential, as the file spells it. Linear. */
export function secretsByName(text: string): readonly FoundValue[] {
  const found: FoundValue[] = [];
  stem.lastIndex = 0;
  let done = 0;
  for (let match = stem.exec(text); match !== null; match = stem.exec(text)) {
    let start = match.index;
    let end = start + match[0].length;
    while (start > done && match.index - start < longestName && isNameChar(text.charCodeAt(start - 1))) start--;
    while (end - match.index < longestName && isNameChar(text.charCodeAt(end))) end++;
    stem.lastIndex = done = Math.max(end, match.index + 1);
    if (text.slice(start - 2, start) === '${') [start, end] = variableAt(text, start, match.index);
    let name = start;
    while (text.charAt(name) === '-' || text.charAt(name) === '.') name++;
    const isOption = text.charAt(start) === '-' && name > start;
    const word = text.slice(name, endOfName(text, name, end));
    if (/^identified by$/i.test(match[0])) found.push(...readValue(text, skipBlanks(text, end)));
    else if (/^bearer$/i.test(word)) found.push(...readBearer(text, end));
    // `-eTOKEN=...`, `-Dpassword=...`
    const glued = isOption && text.charAt(start + 1) !== '-' && /^[eDPX]./.test(word);
    const telling = glued && tellingOf(word.slice(1)) === 'told' ? 'told' : tellingOf(word);
    if (telling === null) continue;
    for (const value of valuesOf(text, start, end, isOption, word)) {
      if (value.text.toLowerCase() === word.toLowerCase()) continue;
      for (const own of withoutScheme(word, value))
        if (telling === 'told' || own !== value || [...literalsOf(own.text)].some(isRandom)) found.push(own);
    }
  }
  return found;
}

/** The name in `${NAME-default}`, where a dash is no part of it, if it goes as far as a place; otherwise what stands at that. */
function variableAt(text: string, start: number, at: number): [start: number, end: number] {
  const end = start + /^\w{0,120}/.exec(text.slice(start, start + longestName))![0].length;
  return end > at ? [start, end] : [at, at + /^\w{0,120}/.exec(text.slice(at, at + longestName))![0].length];
}

function readBearer(text: string, end: number): readonly FoundValue[] {
  const gap = /^[ \t]{1,4}/.exec(text.slice(end, end + 5))?.[0];
  if (gap === undefined) return [];
  return readValue(text, end + gap.length).filter(({ text: value }) => value.length >= 16 || /\d/.test(value));
}

/** The value of a header without the word that says how it authenticates, the login and the cookie in it. */
function* withoutScheme(name: string, value: FoundValue): Generator<FoundValue, void, void> {
  const how = scheme.exec(value.text)?.[0];
  if (how !== undefined) {
    const rest = value.text.slice(how.length).trimStart();
    yield { start: value.start + value.text.length - rest.length, text: rest };
    return;
  }
  if (/^(?:basic|bearer|token|digest|negotiate)$/i.test(value.text)) return;
  if (!/cookie$/i.test(name) || !value.text.includes('=')) yield value;
  if (/creds?$|auth$|user-?pass$/i.test(name) && value.text.includes(':')) {
    const colon = value.text.indexOf(':') + 1;
    yield { start: value.start + colon, text: value.text.slice(colon) };
  }
  if (/cookie$/i.test(name) && value.text.includes('=')) {
    for (const pair of value.text.split(/;\s*/)) {
      const cookie = pair.slice(pair.indexOf('=') + 1);
      if (/\d/.test(cookie)) yield { start: value.start, text: cookie };
    }
  }
}

function valuesOf(text: string, start: number, end: number, isOption: boolean, word: string): readonly FoundValue[] {
  // the default of a variable: `${DB_PASSWORD:-hunter2}`
  if (text.slice(start - 2, start) === '${') {
    const stop = expansionEnd(text, start - 2) ?? lineEnd(text, start);
    return [{ start, text: text.slice(start - 2, stop) }];
  }
  const close = /^(?:\\?["'`])?\]?[ \t]{0,20}/.exec(text.slice(end, end + 24))![0];
  const expressed = inExpression(text, start, end);
  if (expressed !== null) return expressed;
  if (text.charAt(start - 1) === '<' && text.charAt(end) === '>') return inElement(text, start, end);
  const sign = /^(?::{1,3}=|=>|[?+!]=|\|\|=|==?|<<<|(?:\|\||\?\?)(?=\s?["'`])|:)/.exec(
    text.slice(end + close.length, end + close.length + 4),
  )?.[0];
  if (sign !== undefined) return assigned(text, start, end + close.length + sign.length, sign, word);
  if (isOption) return readOptionValue(text, end);
  const sibling = siblingValues(text, start, end);
  if (sibling.length > 0) return sibling;
  return behindBlank(text, start, end, word);
}

/**
 * What a name becomes in an expression of a template that it stands in: `.Values.dbPassword | default "hunter2"`, `default "hunter2" .Values.dbPassword`;
 * `null`: it stands in none, or is a text of one.
 */
function inExpression(text: string, start: number, end: number): readonly FoundValue[] | null {
  const from = Math.max(0, start - 300);
  const open = text.slice(from, start).lastIndexOf('{{');
  if (open < 0 || /["'`]/.test(text.charAt(start - 1))) return null;
  const stop = expansionEnd(text, from + open);
  if (stop === null || stop <= start) return null;
  const before =
    /\bdefault[\s(]{1,20}(?:"[^"]{1,200}"|'[^']{1,200}'|`[^`]{1,200}`)\s{1,20}[$.]?$/.exec(text.slice(from + open, start))?.[0] ?? '';
  const sign = /^[\s)]{0,20}(?::?=|:|(?=\||\?\?))/.exec(text.slice(end, stop))?.[0];
  const behind = sign === undefined ? '' : text.slice(end + sign.length, stop);
  return [...ofExpression(behind), ...ofExpression(before)].map(own => ({ start, text: own }));
}

/** The content of an element of XML, closed by its own name. */
function inElement(text: string, start: number, end: number): readonly FoundValue[] {
  const content = /^[^<]{0,600}/.exec(text.slice(end + 1, end + 601))![0];
  const isClosed = text.startsWith(`</${text.slice(start, end)}>`, end + 1 + content.length);
  return isClosed ? [{ start: end + 1, text: content.trim() }] : [];
}

function assigned(text: string, start: number, behind: number, sign: string, word: string): readonly FoundValue[] {
  if (text.startsWith('//', behind)) return [];
  const line = lineStart(text, start);
  const before = text.slice(line, start);
  // of make; of a shell it compares
  if (sign === '!=' && !/["']/.test(text.charAt(start - 1)) && before.trim() === '')
    return [...ofCommand(text.slice(behind, lineEnd(text, behind)))].map(own => ({ start: behind, text: own }));
  const startsLine = /^\ufeff?[ \t]*(?:- [ \t]*)?(?:(?:export|set|setx|ENV|ARG|LABEL) |\$env:|Environment=)?["']?$/i.test(before);
  const isYaml = sign === ':' && startsLine;
  let at = skipBlanks(text, behind);
  if (isYaml) {
    at += /^(?:(?:![^\s]{0,80}|&[^\s]{1,80})[ \t]{1,8}){0,3}/.exec(text.slice(at, at + 300))![0].length;
    if (/^(?:[|>][+-]?\d?[+-]?)?[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/.test(text.slice(at, at + 200))) {
      const indent = /^[ \t]*(?:- )*[ \t]*/.exec(before)![0].length;
      return withoutReferences(readBlock(text, at, indent), word);
    }
  }
  if (sign === ':' && text.charAt(at) === '[') return withoutReferences(flowItems(text, at), word);
  const values = readValue(text, at, startsLine && !/[{[]/.test(before));
  if (isYaml && withoutReferences(values, word).length === 0) return [];
  if (sign !== ':' || startsLine || values.length === 0 || text.charAt(at) === '"' || text.charAt(at) === "'") return values;
  // prose: `note on the token: rotate it`
  const char = text.charAt(start - 1);
  const inComment = /^\s*(?:#|\/\/)|\s#\s/.test(before);
  const certain = !inComment && (/["'{,[(=]/.test(char) || at === behind || /[{,]\s*$/.test(before));
  return certain ? values : values.filter(({ text: value }) => /\d/.test(value) && /[A-Za-z]/.test(value));
}

/** Without what names objects that hold secrets. */
function withoutReferences(values: readonly FoundValue[], word: string): readonly FoundValue[] {
  return reference.test(word) ? values.filter(({ text }) => !/^["']?[a-z0-9][a-z0-9._-]*["']?$/.test(text)) : values;
}

function flowItems(text: string, at: number): readonly FoundValue[] {
  const inner = /^\[([^\]\n]{0,2000})/.exec(text.slice(at, at + 2001))?.[1] ?? '';
  const items = inner.split(',', 40).map(item => item.trim());
  // a map tells by its own names
  return items
    .filter(item => !/[{}]|^["'\w][\w.-]{0,60}["']?[ \t]{0,4}:(?:[ \t]|$)/.test(item))
    .map(item => ({ start: at, text: item.replace(/^["']|["']$/g, '') }));
}

const nameKey = /(?:^|[\s{,\-"'])(?:(?:name|key|variable|env)\\?["']?[ \t]{0,4}[:=][ \t]{0,4}\\?["']?|variable[ \t]{1,4}["'])$/i;
const valueKey = /^[ \t]*(?:- [ \t]*)?\\?["']?(?:value|val|default|defaultValue)\\?["']?[ \t]{0,4}[:=][ \t]{0,4}/i;

/** The value beside a name in a list of names and values: `- name: DB_PASSWORD` / `value: ...`, before or behind, in JSON and flow style too. */
function siblingValues(text: string, start: number, end: number): readonly FoundValue[] {
  if (!nameKey.test(text.slice(Math.max(0, start - 24), start))) return [];
  const values: FoundValue[] = [];
  const take = (at: number, whole: boolean): void => {
    const block = /^[|>][+-]?\d?[ \t]*(?:\r?\n|$)/.test(text.slice(at, at + 20));
    if (block) {
      const line = lineStart(text, at);
      values.push(...readBlock(text, at, /^[ \t]*(?:- )?[ \t]*/.exec(text.slice(line, at))![0].length));
    } else values.push(...readValue(text, at, whole));
  };
  const behind = /^\\?["']?[ \t]{0,8},\s{0,200}/.exec(text.slice(end, end + 220))?.[0];
  if (behind !== undefined) {
    const at = end + behind.length;
    const key = valueKey.exec(text.slice(at, at + 80))?.[0];
    if (key !== undefined) take(at + key.length, false);
  }
  let line = text.indexOf('\n', end);
  for (let lines = 0; lines < 4 && line >= 0 && values.length === 0; lines++) {
    const at = line + 1;
    line = text.indexOf('\n', at);
    const shown = text.slice(at, Math.min(line < 0 ? text.length : line, at + 300));
    if (/^\s*-/.test(shown)) break;
    const key = valueKey.exec(shown)?.[0];
    if (key !== undefined) take(at + key.length, !/[{[]/.test(text.slice(lineStart(text, start), start)));
  }
  if (values.length > 0) return values;
  // the value may come first
  const own = lineStart(text, start);
  const before = text.slice(own, start);
  const same = /(?:^|[{,\s])\\?["']?(?:value|val)\\?["']?[ \t]{0,4}[:=][ \t]{0,4}(?=[^{}]{0,300}$)/i.exec(before);
  if (same) {
    take(own + same.index + same[0].length, false);
    return values;
  }
  if (/^\s*-/.test(before)) return values;
  for (let at = own, lines = 0; lines < 3 && at > 0; lines++) {
    at = lineStart(text, at - 1);
    const shown = text.slice(at, at + 300);
    const key = valueKey.exec(shown)?.[0];
    if (key !== undefined) take(at + key.length, true);
    if (key !== undefined || /^\s*-/.test(shown)) break;
  }
  return values;
}

/** The default that a call has for a variable: `getenv("DB_PASSWORD", "hunter2")`. */
const callDefault = /^["'],[ \t]{0,8}(?:default[ \t]{0,4}=[ \t]{0,4})?(?=["'])/;

/** `ENV NAME value`, `set name value`, `password 'value'`, and `password value` where the value can be nothing else. */
function behindBlank(text: string, start: number, end: number, word: string): readonly FoundValue[] {
  const call = text.charAt(start - 2) === '(' ? callDefault.exec(text.slice(end, end + 40))?.[0] : undefined;
  if (call !== undefined) return readValue(text, end + call.length);
  const close = /^\\?["'`]?/.exec(text.slice(end, end + 2))![0];
  const gap = skipBlanks(text, end + close.length);
  if (gap === end + close.length) return [];
  const line = lineStart(text, start);
  const before = text.slice(line, start);
  if (/^\s*(?:ONBUILD\s+)?ENV\s+["']?$/i.test(before)) return readValue(text, gap, true);
  if (/(?:\bset|\bconfig|\bsetx|-(?:g|-global|-location=\w+))\s+(?:\S{1,200})?["']?$/i.test(before)) return readValue(text, gap);
  if (!/^(?:password|passwd|passphrase|pass|secret|token|api-?key)$/i.test(word)) return [];
  // the kind of an object, and its name
  if (word === 'Secret') return [];
  if (/^["']/.test(text.charAt(gap)))
    return (/^pass/i.test(word) && /\s["']?$/.test(text.slice(start - 1, start))) || start === line ? readValue(text, gap) : [];
  return readValue(text, gap).filter(
    ({ text: value }) => value.length >= 8 && /\d/.test(value) && /[A-Za-z]/.test(value) && !/[/:]/.test(value),
  );
}
