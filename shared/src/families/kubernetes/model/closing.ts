import { lineEnd } from '../../../text/lines';
import type { YamlDocument, YamlProblem } from '../../../yaml/types';

/**
 * What the parser of Kubernetes (libyaml's, in Go) reads although YAML forbids it: quoted text and flow collections whose later lines are less
 * indented than their key. Our parser ends them there, and says the same of those that are never closed.
 */
const lessIndented = /^Missing closing (['"])quote|^Flow (?:map|sequence|collection)/;

/** Offset behind the closing quote of what is quoted from `at` on; -1 where there is none. */
function quoteEnd(text: string, at: number): number {
  const quote = text.charAt(at);
  for (let i = at + 1; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '\\' && quote === '"') i++;
    else if (char === quote) {
      if (quote === '"' || text.charAt(i + 1) !== quote) return i + 1;
      i++;
    }
  }
  return -1;
}

/** Whether a token may start at an offset: behind a blank or a sign of a flow collection. */
const startsToken = (text: string, at: number): boolean => at === 0 || ' \t\r\n[{,:'.includes(text.charAt(at - 1));

/** Where the quoted text starts that our parser ended at `end`; -1 where that is not plain. */
function openQuote(text: string, quote: string, end: number): number {
  let at = text.lastIndexOf(quote, Math.max(end - 1, 0));
  while (at > 0 && !startsToken(text, at)) at = text.lastIndexOf(quote, at - 1);
  return at;
}

/** Where the flow collection starts that our parser ended at `end`; -1 where that is not plain. */
function openBracket(text: string, end: number): number {
  let depth = 0;
  for (let at = end - 1; at >= 0; at--) {
    const char = text.charAt(at);
    if (char === ']' || char === '}') depth++;
    else if ((char === '[' || char === '{') && depth-- === 0) return at;
  }
  return -1;
}

/** Whether the flow collection that starts at `start` ends, and all within it. */
function isFlowClosed(text: string, start: number): boolean {
  const open: string[] = [];
  for (let at = start; at < text.length; at++) {
    const char = text.charAt(at);
    if ((char === '"' || char === "'") && startsToken(text, at)) {
      const end = quoteEnd(text, at);
      if (end < 0) return false;
      at = end - 1;
    } else if (char === '#' && at > 0 && ' \t\n'.includes(text.charAt(at - 1))) at = lineEnd(text, at);
    else if (char === '[' || char === '{') open.push(char === '[' ? ']' : '}');
    else if (char === ']' || char === '}') {
      if (open.pop() !== char) return false;
      if (open.length === 0) return true;
    }
  }
  return false;
}

/** What our parser objects to and Kubernetes' may not, with the place where it starts if that is never closed. */
interface Unclosed {
  readonly problem: YamlProblem;
  /** `null`: it is closed, or where it starts is not plain. */
  readonly start: number | null;
}

/** The first problem of a document that is one of our parser alone, or is something that is never closed. */
export function firstUnclosed({ text, problems }: YamlDocument): Unclosed | null {
  const problem = problems.find(({ message }) => lessIndented.test(message));
  if (!problem) return null;
  const quote = lessIndented.exec(problem.message)![1];
  const end = problem.range.start;
  const at = quote === undefined ? openBracket(text, end) : openQuote(text, quote, end);
  if (at < 0) return { problem, start: null };
  if (quote === undefined) return { problem, start: isFlowClosed(text, at) ? null : at };
  const close = quoteEnd(text, at);
  // behind a closing quote nothing may follow but a comment, or the next item of a flow collection
  const rest = close < 0 ? '' : text.slice(close, lineEnd(text, close));
  return { problem, start: close < 0 || !/^[ \t]*(?:$|[,\]}])|^[ \t]+#/.test(rest) ? at : null };
}
