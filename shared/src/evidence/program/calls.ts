/** More calls of one line are not looked at. */
const mostInLine = 12;

/** What stands in front of the dot of a call where that has no name. */
export const inner = '()';

/** A call in a line, as far as it has a name. */
export interface Call {
  readonly name: string;
  /** Where the name begins, and where the first argument does. */
  readonly start: number;
  readonly args: number;
}

/** The first calls of a line: a dotted name in front of a bracket, or of a string as in Ruby. */
export function callsIn(line: string): readonly Call[] {
  const calls: Call[] = [];
  for (let at = 1; at < line.length && calls.length < mostInLine; at++) {
    const isBare = line[at] === ' ' && (line[at + 1] === '"' || line[at + 1] === "'");
    if (line[at] !== '(' && !isBare) continue;
    let start = at;
    while (start > 0 && at - start < 120 && /[\w$.:>#-]/.test(line[start - 1]!)) {
      if (line[start - 1] === '>' && line[start - 2] !== '-') break;
      start--;
    }
    // what begins with `#` is a comment, but for private methods of JavaScript: `this.#save(`
    const name = line.slice(start, at).replace(/\.#/g, '.');
    if (!/\w$/.test(name)) continue;
    if (/^[$A-Za-z_]/.test(name)) calls.push({ name, start, args: at + 1 });
    // a method of what another call gives, or of what stands in brackets
    else if (/^\.[A-Za-z_]/.test(name) && (start === 0 || line[start - 1] === ')'))
      calls.push({ name: inner + name, start: start - inner.length, args: at + 1 });
  }
  return calls;
}

/** The expression in front of the dot of a call, walking back over names and brackets. */
export function receiver(line: string, dot: number): string {
  let at = dot - 1;
  let depth = 0;
  while (at >= 0) {
    const char = line[at]!;
    if (')]'.includes(char)) depth++;
    else if ('(['.includes(char)) {
      if (depth === 0) break;
      depth--;
    } else if (depth === 0 && !/[\w$@.#]/.test(char)) break;
    at--;
  }
  const text = line.slice(at + 1, dot);
  return text.startsWith('(') && text.endsWith(')') ? text.slice(1, -1) : text;
}

/** The argument that follows the first one. */
export function second(args: string): string {
  let depth = 0;
  for (let at = 0; at < args.length; at++) {
    const char = args[at]!;
    if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char)) {
      if (--depth < 0) return '';
    } else if (char === ',' && depth === 0) return args.slice(at + 1);
  }
  return '';
}
