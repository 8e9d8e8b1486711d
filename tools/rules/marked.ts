import type { Problem } from './catalogue';

/** What stands between `<!-- generated: NAME -->` and `<!-- /generated -->` in a page by hand. */
export type MarkedParts = Readonly<Record<string, string>>;

/** The text with its marked parts written anew. A part that is not marked, and a mark that nobody fills, are problems. */
export function fillMarked(
  file: string,
  text: string,
  parts: MarkedParts,
): { readonly text: string; readonly problems: readonly Problem[] } {
  const seen = new Set<string>();
  const problems: Problem[] = [];
  const filled = text.replace(/<!-- generated: ([\w-]+) -->([\s\S]*?)<!-- \/generated -->/g, (whole: string, name: string) => {
    seen.add(name);
    const part = parts[name];
    if (part !== undefined) return `<!-- generated: ${name} -->${part}<!-- /generated -->`;
    problems.push({ file, what: `remove the mark "generated: ${name}": nothing is generated there` });
    return whole;
  });
  for (const name of Object.keys(parts).filter(part => !seen.has(part)))
    problems.push({ file, what: `put <!-- generated: ${name} --> and <!-- /generated --> back, where the generated text goes` });
  return { text: filled, problems };
}
