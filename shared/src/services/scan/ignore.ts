import { writeInto } from '../../syntax/yaml/fix/write-into';
import { parseStream } from '../../syntax/yaml/parse';
import type { YamlMap } from '../../syntax/yaml/types';
import { mapOf, scalarOf, sequenceOf, stringOf } from '../../syntax/yaml/values';

/** An entry of `.trivyignore.yaml`. */
export interface IgnoreEntry {
  readonly id: string;
  /** Package URLs without a version hold for all versions; empty: for every package. */
  readonly purls: readonly string[];
  /** Why. */
  readonly statement: string;
  /** The last day of it (`2027-02-24`). */
  readonly expiredAt: string;
}

/**
 * The text of a `.trivyignore.yaml` with an entry more, last in its list; every other byte stays. `null` where the text is no such file that could be edited,
 * or where the entry is none: an id or a package URL that no scanner gives, no reason, no date. The text may be empty.
 */
export function addIgnoreEntry(text: string, entry: IgnoreEntry): string | null {
  const statement = entry.statement.replace(/\s{1,200}/g, ' ').trim();
  if (!isEntry({ ...entry, statement })) return null;
  const lines = [
    'vulnerabilities:',
    `  - id: ${entry.id}`,
    ...(entry.purls.length > 0 ? ['    purls:', ...entry.purls.map(purl => `      - ${JSON.stringify(purl)}`)] : []),
    `    statement: ${JSON.stringify(statement)}`,
    `    expired_at: ${entry.expiredAt}`,
    '',
  ];
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const list = listIn(text);
  if (list === 'blank') return `${text}${text === '' || text.endsWith('\n') ? '' : eol}${lines.join(eol)}`;
  const written = list === 'other' ? null : writeInto(text, lines.join('\n'));
  const item = written === null ? null : lastItem(written);
  if (written === null || !item || stringOf(item.map.get('id')) !== entry.id || stringOf(item.map.get('statement')) !== statement)
    return null;
  // Trivy wants a date, which quotes would make a text
  const date = scalarOf(item.map.get('expired_at'))?.range;
  return date ? `${written.slice(0, item.base + date.start)}${entry.expiredAt}${written.slice(item.base + date.end)}` : null;
}

/** What a text has in the place of the list: `blank`: nothing but comments; `none`: no list yet; `other`: something that no entry can be added to. */
function listIn(text: string): 'blank' | 'none' | 'list' | 'other' {
  const chunks = parseStream(text, new Map());
  if (chunks.every(({ document }) => document.root === null)) return 'blank';
  const list = mapOf(chunks[0]?.document.root)?.get('vulnerabilities');
  const isEmpty = list === undefined || list === null || (scalarOf(list) !== null && scalarOf(list)?.value === null);
  return isEmpty ? 'none' : sequenceOf(list) ? 'list' : 'other';
}

function lastItem(text: string): { readonly map: YamlMap; readonly base: number } | null {
  const [chunk] = parseStream(text, new Map());
  const map = mapOf(sequenceOf(mapOf(chunk?.document.root)?.get('vulnerabilities'))?.items.at(-1));
  return chunk && map ? { map, base: chunk.base } : null;
}

function isEntry({ id, purls, statement, expiredAt }: IgnoreEntry): boolean {
  return (
    /^[A-Za-z][\w.-]{2,80}$/.test(id) &&
    purls.every(purl => /^pkg:[\w.+-]{1,30}\/[\w.+~%:@/-]{1,300}$/.test(purl)) &&
    statement !== '' &&
    statement.length <= 1000 &&
    /^\d{4}-\d\d-\d\d$/.test(expiredAt)
  );
}

/** A package URL as an entry has it: without version, qualifiers and subpath, so that the next version of the package is meant too; `null`: it is none. */
export function purlOfPackage(purl: string | null): string | null {
  const [path = ''] = (purl ?? '').split(/[?#]/, 1);
  const version = path.lastIndexOf('@');
  const name = version > path.lastIndexOf('/') ? path.slice(0, version) : path;
  return /^pkg:[\w.+-]{1,30}\/[\w.+~%:@/-]{1,300}$/.test(name) ? name : null;
}
