/**
 * How a shell reads the text at a place: `bare` words, within double or single quotes, in the body of a here-document that it expands (`here`) or takes as
 * it is (`here-quoted`), in a comment; `unclear`: in arithmetic, backquotes, `${...}`, `$'...'` and whatever else asks for more than one look.
 */
export type Quoting = 'bare' | 'double' | 'single' | 'here' | 'here-quoted' | 'comment' | 'unclear';

/** What a frame of the reader is closed by. */
type Frame = 'script' | 'double' | 'brace' | 'arithmetic' | 'backquote';

/** A here-document whose body begins in the next line. */
interface Awaited {
  readonly mark: string;
  readonly quoted: boolean;
  readonly tabs: boolean;
}

const markPattern = /<<(-?)[ \t]*(?:'([^'\n]*)'|"([^"\n]*)"|(\\?[^\s;&|<>()'"`$]+))/y;

/**
 * Says of places in a script of a POSIX shell how they are quoted, by one look from its start to its end.
 * @param offsets in `text`, in order
 */
export function quotingAt(text: string, offsets: readonly number[]): readonly Quoting[] {
  const found: Quoting[] = [];
  const frames: Frame[] = ['script'];
  const awaited: Awaited[] = [];
  let lost = false;
  /** Says what all places before `end` are. */
  const tell = (end: number, quoting: Quoting): void => {
    while (found.length < offsets.length && offsets[found.length]! < end) found.push(lost ? 'unclear' : quoting);
  };
  const state = (): Quoting => {
    const top = frames[frames.length - 1]!;
    // what is in a substitution within backquotes is read twice
    if (frames.includes('backquote') || frames.includes('brace')) return 'unclear';
    return top === 'script' ? 'bare' : top === 'double' ? 'double' : 'unclear';
  };
  let at = 0;
  while (at < text.length && found.length < offsets.length) {
    const top = frames[frames.length - 1]!;
    const character = text[at]!;
    tell(at, state());
    if (found.length < offsets.length && offsets[found.length] === at) found.push(lost ? 'unclear' : state());
    const next = text[at + 1];
    if (character === '\\') at += 2;
    else if (character === '$' && next === '(') {
      const arithmetic = text[at + 2] === '(';
      frames.push(arithmetic ? 'arithmetic' : 'script');
      at += arithmetic ? 3 : 2;
    } else if (character === '$' && next === '{') {
      frames.push('brace');
      at += 2;
    } else if (character === '`') {
      const open = frames.lastIndexOf('backquote');
      if (open >= 0) frames.length = open;
      else frames.push('backquote');
      at++;
    } else if (character === '"') {
      if (top === 'double') frames.pop();
      else frames.push('double');
      at++;
    } else if (top === 'double') at++;
    else if (character === "'") {
      const close = text.indexOf("'", at + 1);
      const end = close < 0 ? text.length : close + 1;
      tell(end, text[at - 1] === '$' || state() === 'unclear' ? 'unclear' : 'single');
      at = end;
    } else if (top === 'arithmetic') {
      if (character === '(') frames.push('arithmetic');
      else if (character === ')') {
        frames.pop();
        // the two brackets that open it are one frame
        if (next === ')' && frames[frames.length - 1] !== 'arithmetic') at++;
      }
      at++;
    } else if (top === 'brace') {
      if (character === '}') frames.pop();
      at++;
    } else if (character === '(') {
      const arithmetic = next === '(' && /(?:^|[\s;&|])$/.test(text.slice(Math.max(at - 1, 0), at));
      frames.push(arithmetic ? 'arithmetic' : 'script');
      at += arithmetic ? 2 : 1;
    } else if (character === ')') {
      if (frames.length > 1) frames.pop();
      at++;
    } else if (character === '#' && (at === 0 || /[\s;&|()]/.test(text[at - 1]!))) {
      const end = lineEnd(text, at);
      tell(end, 'comment');
      at = end;
    } else if (character === '<' && next === '<' && text[at + 2] !== '<') {
      markPattern.lastIndex = at;
      const match = markPattern.exec(text);
      const [all = '<<', dash, single, double, plain] = match ?? [];
      if (match) {
        const quoted = single !== undefined || double !== undefined || plain!.startsWith('\\');
        awaited.push({ mark: single ?? double ?? plain!.replace('\\', ''), quoted, tabs: dash === '-' });
      } else lost = true;
      at += all.length;
    } else if (character === '<' && next === '<') at += 3;
    else if (character === '\n' && awaited.length > 0) {
      at++;
      for (const document of awaited.splice(0)) at = readBody(text, at, document, tell);
    } else {
      // patterns of `case` close brackets that nothing opens
      if (character === 'c' && frames.length > 1 && /^case\s/.test(text.slice(at, at + 5)) && !/\w/.test(text[at - 1] ?? '')) lost = true;
      at++;
    }
  }
  tell(text.length + 1, lost || frames.length > 1 ? 'unclear' : 'bare');
  return found;
}

/** Reads a body of a here-document that begins at an offset; gives where the text goes on. */
function readBody(text: string, from: number, { mark, quoted, tabs }: Awaited, tell: (end: number, quoting: Quoting) => void): number {
  let substitutes = false;
  for (let at = from; at < text.length;) {
    const end = lineEnd(text, at);
    const line = text.slice(at, end).replace(/\r$/, '');
    if ((tabs ? line.replace(/^\t+/, '') : line) === mark) {
      tell(at, quoted ? 'here-quoted' : 'here');
      return end;
    }
    // a substitution in the body may go on in the next line
    if (!quoted && /\$\(|`|\$\{/.test(line)) substitutes = true;
    tell(end, quoted ? 'here-quoted' : substitutes ? 'unclear' : 'here');
    at = end + 1;
  }
  return text.length;
}

function lineEnd(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  return newline < 0 ? text.length : newline;
}
