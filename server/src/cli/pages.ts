import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { translatePages } from '../../../shared/src/output/protocol/language';
import { attempt } from '../host/node/files';
import { readTranslatedPages } from '../host/node/translations';
import { spokenTags } from './language';

let pages: Readonly<Record<string, string>> | null = null;

/** The skill for coding agents, which lies beside the bundle, too; `null`: it is missing. */
export function skillText(): string | null {
  const read = attempt('', () => readFileSync(join(__dirname, 'SKILL.md'), 'utf8'));
  return read.ok ? read.value : null;
}

/** The page of a rule as Markdown. The pages lie beside the bundle and are read when the first is asked for; `null` where there is none. */
export function pageOf(rule: string): string | null {
  if (!pages) {
    const read = attempt('', () => JSON.parse(readFileSync(join(__dirname, 'rules.json'), 'utf8')) as Readonly<Record<string, string>>);
    pages = translatePages(read.ok ? read.value : {}, readTranslatedPages(spokenTags));
  }
  return Object.hasOwn(pages, rule) ? (pages[rule] ?? null) : null;
}
