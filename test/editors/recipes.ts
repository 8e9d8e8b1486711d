import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/built';

/** A fenced block of docs/editors.md. */
export interface Recipe {
  /** The heading that it stands under, from its first word on. */
  readonly section: string;
  readonly language: string;
  readonly text: string;
}

/** Every fenced block of docs/editors.md with a language, in order: what people copy is what is tested. */
export function recipes(): readonly Recipe[] {
  const page = readFileSync(join(root, 'docs/editors.md'), 'utf8');
  return page.split(/^## /m).flatMap(part => {
    const section = part.slice(0, part.indexOf('\n'));
    return [...part.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({ section, language: language!, text: text! }));
  });
}

/** The first block of a section, with a language all blocks of it. Throws where there is none: a test of nothing would pass. */
export function recipe(section: string, language?: string): string {
  const found = recipes().filter(
    candidate => candidate.section.startsWith(section) && candidate.language === (language ?? candidate.language),
  );
  if (found.length === 0) throw new Error(`docs/editors.md has no recipe for ${section}`);
  return found
    .slice(0, language === undefined ? 1 : found.length)
    .map(({ text }) => text)
    .join('\n');
}
