import { lineEnd, lineStart, readBlock, readValue, skipBlanks, type FoundValue } from './read-values';

const kindKey = /["']?kind["']?[ \t]{0,8}:\s{0,8}["']?$/;
const dataKey = /(?:^|[\s{,"'])(?:stringData|data)["']?[ \t]{0,8}:/g;
const generator = /^[ \t]*secretGenerator[ \t]*:/m;
const literal = /^[ \t]*-[ \t]+["']?[\w.-]{1,200}=/gm;

/** The values of Secrets, whatever their keys are, and the literals of kustomize's generators of Secrets. Linear. */
export function secretsInObjects(text: string): readonly FoundValue[] {
  const found: FoundValue[] = [];
  if (text.includes('Secret')) {
    for (let start = 0; start < text.length;) {
      const next = documentEnd(text, start);
      const document = text.slice(start, next);
      if (holdsSecret(document)) addData(document, start, found);
      start = next;
    }
  }
  if (text.includes('secretGenerator') && generator.test(text)) {
    for (const match of text.matchAll(literal)) found.push(...readValue(text, match.index + match[0].length, true));
  }
  return found;
}

/** Whether an object of the document is a Secret, in whatever style. */
function holdsSecret(document: string): boolean {
  for (let at = document.indexOf('Secret'); at >= 0; at = document.indexOf('Secret', at + 6))
    if (!/\w/.test(document.charAt(at + 6)) && kindKey.test(document.slice(Math.max(0, at - 40), at))) return true;
  return false;
}

/** The offset behind the line of `---` that ends the document. */
function documentEnd(text: string, start: number): number {
  for (let at = text.indexOf('\n---', start); at >= 0; at = text.indexOf('\n---', at + 4)) {
    if (!/^\s|^$/.test(text.charAt(at + 4))) continue;
    const end = text.indexOf('\n', at + 4);
    return end < 0 ? text.length : end + 1;
  }
  return text.length;
}

function addData(document: string, base: number, found: FoundValue[]): void {
  const add = (values: readonly FoundValue[]): void => {
    for (const { start, text } of values) found.push({ start: base + start, text });
  };
  dataKey.lastIndex = 0;
  for (let match = dataKey.exec(document); match !== null; match = dataKey.exec(document)) {
    const behind = match.index + match[0].length;
    const at = skipBlanks(document, behind);
    if (document.charAt(at) === '{') {
      const end = flowEnd(document, at);
      add(flowValues(document, at, end));
      dataKey.lastIndex = end;
      continue;
    }
    if (!/[\r\n#&!]/.test(document.charAt(at)) && at < document.length) continue;
    const key = match.index + (/^[\s{,"']/.test(match[0]) ? 1 : 0);
    const indent = key - lineStart(document, key);
    dataKey.lastIndex = Math.max(behind, addEntries(document, lineEnd(document, at), indent, add));
  }
}

/** The entries of a map in block style below a key with an indent; gives where they end. */
function addEntries(text: string, from: number, indent: number, add: (values: readonly FoundValue[]) => void): number {
  let line = text.indexOf('\n', from);
  while (line >= 0) {
    const start = line + 1;
    const end = lineEnd(text, start);
    const entry = /^([ \t]*)(?:"[^"\n]{1,300}"|'[^'\n]{1,300}'|[^\s:#][^:\n]{0,300})[ \t]{0,8}:(?:[ \t]+|$)/.exec(
      text.slice(start, Math.min(end, start + 700)),
    );
    const blank = /^[ \t]*(?:#|$)/.test(text.slice(start, Math.min(end, start + 300)));
    line = text.indexOf('\n', end);
    if (blank) continue;
    const own = /^[ \t]*/.exec(text.slice(start, Math.min(end, start + 300)))![0].length;
    if (own <= indent) return start;
    if (!entry) continue;
    let at = skipBlanks(text, start + entry[0].length);
    at += /^(?:(?:![^\s]{0,80}|&[^\s]{1,80})[ \t]{1,8}){0,3}/.exec(text.slice(at, at + 300))![0].length;
    const opens = /^(?:[|>][+-]?\d?[+-]?)?[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/.test(text.slice(at, at + 200));
    add(opens ? readBlock(text, at, own) : readValue(text, at, true));
  }
  return text.length;
}

function flowEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"') {
      for (at++; at < text.length && text.charAt(at) !== '"'; at++) if (text.charAt(at) === '\\') at++;
    } else if (char === '{') depth++;
    else if (char === '}' && --depth === 0) return at + 1;
  }
  return text.length;
}

function flowValues(text: string, start: number, end: number): readonly FoundValue[] {
  const values: FoundValue[] = [];
  for (const match of text.slice(start, end).matchAll(/[{,]\s*(?:"[^"\n]{1,300}"|'[^'\n]{1,300}'|[\w./-]{1,300})\s*:\s*/g)) {
    const at = start + match.index + match[0].length;
    values.push(...readValue(text, at));
  }
  return values;
}
