import type * as Python from '@lezer/python';
import type * as Script from '@lezer/javascript';
import type { LRParser } from '@lezer/lr';
import { scanPython } from './scan-python';
import { scanScript } from './scan-script';
import type { Code } from './tree';

// The bundles load these when the first program is read.
declare const require: ((id: '@lezer/python') => typeof Python) & ((id: '@lezer/javascript') => typeof Script);

/** Longer programs are not read. */
const longest = 200_000;

const parsers = new Map<string, LRParser>();

/** The parser of a dialect. It gives up where a text is no program, which takes no time then. */
function parserOf(dialect: 'python' | 'ts' | 'ts jsx'): LRParser {
  const known = parsers.get(dialect);
  if (known) return known;
  const parser =
    dialect === 'python'
      ? require('@lezer/python').parser.configure({ strict: true })
      : require('@lezer/javascript').parser.configure({ strict: true, dialect });
  parsers.set(dialect, parser);
  return parser;
}

/** Reads a program in Python, JavaScript or TypeScript; `null`: it is too long, in another language, or not every part of it is understood. */
export function readCode(text: string, path: string): Code | null {
  const isPython = path.endsWith('.py');
  if (text.length > longest || !(isPython || /\.[cm]?[jt]sx?$/.test(path))) return null;
  // `<T>value` is a cast where no markup may be
  const parser = parserOf(isPython ? 'python' : /\.[cm]?ts$/.test(path) ? 'ts' : 'ts jsx');
  try {
    const top = parser.parse(text.replace(/^#!/, isPython ? '#!' : '//')).topNode;
    return isPython ? scanPython(top, text) : scanScript(top, text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
