/** So far an expansion is read, and so deep others in it. */
const longest = 600;
const deepest = 8;

/** Whether a text may have an expansion: of a shell, of make, of Compose and Spring, an expression of a template or a workflow. */
const marks = /\$[({$]|`|\{\{/;

/** What may be meant to be found in a value: itself, or where expansions stand in it, what it becomes when nobody sets anything else. Linear. */
export function* literalsOf(value: string, depth = 0): Generator<string, void, void> {
  if (!marks.test(value)) return yield value;
  if (depth > deepest) return;
  let literal = '';
  for (let at = 0; at < value.length;) {
    // of one that was cut there is what there is
    const end = expansionEnd(value, at) ?? (/^\$\$?[({]/.test(value.slice(at, at + 3)) ? value.length : null);
    if (end === null) {
      literal += value.charAt(at++);
      continue;
    }
    yield* partOf(literal);
    literal = '';
    yield* literalsIn(value.slice(at, end), depth + 1);
    at = end;
  }
  yield* partOf(literal);
}

/** What stands beside an expansion, where it can be nothing but part of a credential. */
function* partOf(literal: string): Generator<string, void, void> {
  const part = /^[\s"'._:/@-]{0,20}([^\s=:;,|/"'`<>(){}[\]]{7,200}[^\s=:;,|/"'`<>(){}[\]._@-])[\s"'._:/@-]{0,20}$/.exec(literal)?.[1];
  if (part !== undefined && /\d/.test(part) && /[A-Za-z]/.test(part)) yield part;
}

/** Where the expansion ends that starts at a place; `null`: none does, or nothing ends it. */
export function expansionEnd(text: string, at: number): number | null {
  const char = text.charAt(at);
  if (char === '`') return behind(text, at, at + 1, '`');
  // `$$` of make and Compose hands one on to the shell
  const open = char !== '$' ? at : text.charAt(at + 1) === '$' ? at + 2 : at + 1;
  if (text.startsWith('{{', open)) return behind(text, at, open, '}}');
  if (char !== '$') return null;
  if (text.charAt(open) === '{') return closing(text, open, '{', '}');
  return text.charAt(open) === '(' ? closing(text, open, '(', ')') : null;
}

function behind(text: string, start: number, from: number, sign: string): number | null {
  const end = text.slice(from, start + longest).indexOf(sign);
  return end < 0 ? null : from + end + sign.length;
}

function closing(text: string, at: number, open: string, close: string): number | null {
  const bound = Math.min(text.length, at + longest);
  let depth = 0;
  for (let i = at; i < bound; i++) {
    const char = text.charAt(i);
    if (char === '\\') i++;
    else if (char === open) depth++;
    else if (char === close && --depth === 0) return i + 1;
  }
  return null;
}

/** The literals in one expansion. */
function* literalsIn(expansion: string, depth: number): Generator<string, void, void> {
  const body = expansion.replace(/^\$\$/, '$');
  if (body.startsWith('${{') || body.startsWith('{{')) yield* ofExpression(body);
  else if (body.startsWith('${')) yield* ofVariable(body.slice(2, body.endsWith('}') ? -1 : undefined), depth);
  else if (body.startsWith('$(')) yield* ofCall(body.slice(2, body.endsWith(')') ? -1 : undefined), depth);
  else yield* ofCommand(body.slice(1, -1), depth);
}

/** `${NAME:-default}`, and Spring's `${name:default}`. */
function* ofVariable(body: string, depth: number): Generator<string, void, void> {
  const [head, sign] = /^[!#]?[\w.]{0,200}(?:\[[^\]]{0,80}\])?(:?[-=+]|:(?!\?))?/.exec(body)!;
  if (sign === undefined) return;
  const text = body.slice(head.length);
  yield* literalsOf(text, depth);
  // the name of Spring may have dashes
  const name = sign === '-' ? /^[\w.-]{1,80}:/.exec(text)?.[0] : undefined;
  if (name !== undefined) yield* literalsOf(text.slice(name.length), depth);
}

/** `$(command)` of a shell, `$(function arguments)` of make. */
function* ofCall(body: string, depth: number): Generator<string, void, void> {
  const call = /^(?:or|if|and|strip|value|call)[ \t]/.exec(body)?.[0];
  if (call === undefined) yield* ofCommand(body, depth);
  else for (const part of body.slice(call.length).split(',', 20)) yield* literalsOf(part.trim(), depth);
}

/** What a command says that says what it is given: `echo secret`, `cat <<< secret`. Of others nobody knows which words come out. */
export function* ofCommand(body: string, depth = 0): Generator<string, void, void> {
  const said = /(?:\b(?:echo|printf|print)[ \t]|<<<)[ \t]{0,8}([^|;&\n]{1,600})/.exec(body)?.[1];
  if (said === undefined) return;
  let word = '';
  for (let at = 0; at <= said.length;) {
    const end = at < said.length ? expansionEnd(said, at) : null;
    if (end !== null) {
      word += said.slice(at, end);
      at = end;
      continue;
    }
    const char = said.charAt(at++);
    if (char !== '' && !/[\s"']/.test(char)) word += char;
    else {
      if (word !== '' && !word.startsWith('-') && !word.startsWith('%')) yield* literalsOf(word, depth);
      word = '';
    }
  }
}

/** Functions and operators of templates and workflows whose texts come out of an expression; `''`: none stands in front. */
const giving: ReadonlySet<string> = new Set(['', 'default', 'd', 'coalesce', 'or', 'quote', 'squote', 'print', '||', '&&', '?', ':', '??']);

/** The texts in an expression that it may become: `.Values.x | default "secret"`, `inputs.x || 'secret'`. */
export function* ofExpression(body: string): Generator<string, void, void> {
  let head = '';
  for (const [token] of body.matchAll(/"[^"]{0,200}"|'[^']{0,200}'|`[^`]{0,200}`|\|\||&&|\?\?|[!=]=|[$.\w][\w.-]*|[^\s{}]/g)) {
    if (/^["'`]/.test(token)) {
      if (giving.has(head) && token.length > 2) yield token.slice(1, -1);
    } else if (token === '|') head = '';
    // what a function is given beside
    else if (!/^[$.]|^[(),=\d-]/.test(token) && (!token.includes('.') || head === '')) head = token;
  }
}
