/** What a text is looked through for: a regular expression, or what does the work of one. */
export interface Pattern {
  test(text: string): boolean;
}

/**
 * Finds one thing behind another in one line. As one expression, `/a.*b/`, it would search on from each `a`; the first `a` sees all that
 * the others see.
 */
export function inOneLine(first: RegExp, then: RegExp): Pattern {
  const holds = (line: string): boolean => {
    const match = first.exec(line);
    return match !== null && then.test(line.slice(match.index + match[0].length));
  };
  return { test: text => first.test(text) && text.split('\n').some(holds) };
}
