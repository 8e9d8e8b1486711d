import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { applyEdits } from '../../shared/src/base/text/edits';
import { createLineTable, type PositionRange } from '../../shared/src/base/text/line-table';
import type { Range } from '../../shared/src/base/text/range';
import { severities } from '../../shared/src/base/terms/types';
import { groupOf } from '../../shared/src/families/registry';
import { draw, drawEvenly } from './draw';
import type { Answers, Row } from './judged';

interface Edits {
  readonly path: string;
  readonly create?: boolean;
  readonly edits: readonly { readonly range: PositionRange; readonly newText: string }[];
}

interface Finding extends Record<'rule' | 'messageId' | 'severity' | 'message' | 'fingerprint', string> {
  readonly range: PositionRange;
  readonly object: { readonly name: string | null; readonly container: string | null } | null;
  readonly suppressed: boolean;
  readonly fixes: readonly (Record<'id' | 'title' | 'class', string> & {
    readonly needs: string | null;
    readonly assumes: readonly string[];
    readonly changes: readonly Edits[];
  })[];
}

/** What `bulkhead lint` and `bulkhead harden` print as JSON, as far as it is read here. */
export interface Reports {
  readonly lint: readonly { readonly path: string; readonly findings: readonly Finding[] }[];
  readonly harden: readonly (Record<'path' | 'family', string> & {
    readonly applied: readonly { readonly rule: string; readonly message: string; readonly fix: { readonly id: string } }[];
    readonly changes: readonly Edits[];
  })[];
}

/**
 * How many findings of a family, how many of a group, how many fixes and diffs; groups are rules (each is looked at) or repositories (a share of what a user sees).
 * By what is shown, entries are drawn as they are shown, all alike, of all families together.
 */
export type Counts = Readonly<Record<'perFamily' | 'most' | 'fixes' | 'diffs', number>> & {
  readonly seed: string;
  readonly by: 'rule' | 'repository' | 'shown';
};

/** A row to be filled in, and what there is to read of it, in Markdown. */
type Entry = Readonly<{ row: Omit<Row, 'number'>; page: readonly string[] }>;

/** A block of code, whose fence nothing in it ends. */
function block(language: string, text: string): string {
  const fence = '`'.repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  return `${fence}${language}\n${text}\n${fence}`;
}

function patch({ path, create, edits }: Edits, read: (path: string) => string): string {
  const before = create ? '' : read(path);
  const lines = createLineTable(before);
  const at = ({ start, end }: PositionRange): Range => ({ start: lines.offset(start), end: lines.offset(end) });
  const offsets = edits.map(({ range, newText }) => ({ range: at(range), newText }));
  const after = applyEdits(before, offsets);
  return block('diff', createTwoFilesPatch(path, path, before, after, '', '', { headerOptions: FILE_HEADERS_ONLY }).trimEnd());
}

/** The lines of a finding, numbered and marked, with some around them. */
function around(text: string, { start, end }: PositionRange): string {
  const marked = text.split('\n').map((line, i) => `${i >= start.line && i <= end.line ? '>' : ' '}${String(i + 1).padStart(5)} ${line}`);
  return block('', marked.slice(Math.max(0, start.line - 5), Math.min(end.line + 9, start.line + 25)).join('\n'));
}

/** Two readers who have not answered yet. */
function readers(...asked: (keyof Answers)[]): readonly Answers[] {
  return Array.from({ length: 2 }, () => ({ ...Object.fromEntries(asked.map(question => [question, ''])), why: '' }));
}

/** The repository of a path below the folder of all. */
function repositoryOf(path: string): string {
  return path.split('/', 2).join('/');
}

/** All findings, each with the fix of it that is judged: the one that harden applies, else the first. */
function findAll({ lint, harden }: Reports) {
  const key = (path: string, { rule, message }: Pick<Finding, 'rule' | 'message'>, id: string): string =>
    JSON.stringify([path, rule, message, id]);
  const applied = new Set(harden.flatMap(({ path, applied: all }) => all.map(one => key(path, one, one.fix.id))));
  return lint.flatMap(({ path, findings }) =>
    findings
      .filter(({ suppressed }) => !suppressed)
      .map(finding => {
        const hardened = finding.fixes.find(({ id }) => applied.has(key(path, finding, id)));
        return { path, family: finding.rule.split('/')[0]!, finding, fix: hardened ?? finding.fixes[0], applied: hardened !== undefined };
      }),
  );
}

type Found = ReturnType<typeof findAll>[number];

/** What the place of a finding in the draw follows from. */
function nameOf({ path, finding: { rule, fingerprint, range } }: Found): string {
  return JSON.stringify([path, rule, fingerprint, range]);
}

/** The findings that are shown as one, the worst first. */
function shownAsOne(found: readonly Found[]): readonly (readonly [Found, ...Found[]])[] {
  const entries = new Map<string, [Found, ...Found[]]>();
  for (const one of found) {
    const { rule, messageId, range, object, fingerprint } = one.finding;
    const kind = groupOf(rule)?.id ?? [rule, messageId, fingerprint];
    const key = JSON.stringify([one.path, range, kind, object?.name, object?.container]);
    const others = entries.get(key);
    if (others) others.push(one);
    else entries.set(key, [one]);
  }
  const rank = ({ finding }: Found): number => severities.findIndex(severity => severity === finding.severity);
  return [...entries.values()].map(members => members.sort((a, b) => rank(b) - rank(a)));
}

/** What is drawn of what is shown: the row of an entry is that of its worst finding, and the page has all of them. */
function drawShown(found: readonly Found[], how: Counts, read: (path: string) => string): readonly Entry[] {
  const drawn = drawEvenly(
    shownAsOne(found),
    ([{ path }]) => repositoryOf(path),
    ([one]) => nameOf(one),
    { ...how, count: how.perFamily },
  );
  return drawn.map(([first, ...others]) => {
    const { row, page } = entryOf({ ...first, finding: { ...first.finding, fixes: [] }, fix: undefined }, read, ['finding']);
    return { row, page: [...page, ...others.map(({ finding }) => `Also ${finding.severity} \`${finding.rule}\`: ${finding.message}`)] };
  });
}

function entryOf({ path, family, finding, fix, applied }: Found, read: (path: string) => string, asked: readonly (keyof Answers)[]): Entry {
  const { rule, messageId, severity, fingerprint, message, range } = finding;
  const row = { path, family, line: range.start.line + 1, rule, messageId, severity, fingerprint };
  return {
    row: {
      ...row,
      ...(fix && { fix: { id: fix.id, class: fix.class, applied } }),
      readers: readers(...asked, ...(fix ? ['fix' as const] : [])),
    },
    page: [
      `${severity} \`${rule}\` (${messageId}), ${JSON.stringify(range)}: ${message}`,
      around(read(path), range),
      ...finding.fixes.flatMap(one => [
        `${one === fix ? 'To be judged' : 'Also'}: ${one.title} (${one.class}${one === fix && applied ? ', by harden' : ''}, needs ${one.needs}). ${one.assumes.join('; ')}`,
        ...one.changes.map(change => patch(change, read)),
      ]),
    ],
  };
}

/** Draws findings by family and rule, or as they are shown; fixes that harden applies by itself; and its diffs. */
export function drawSheet(reports: Reports, read: (path: string) => string, how: Counts): readonly Entry[] {
  const found = findAll(reports);
  const group = ({ path, finding }: Found): string => (how.by === 'repository' ? repositoryOf(path) : finding.rule);
  const take = (from: readonly Found[], count: number): readonly Found[] => draw(from, group, nameOf, { ...how, count });
  const ofFamily = (family: string): readonly Found[] =>
    take(
      found.filter(one => one.family === family),
      how.perFamily,
    );
  const findings = how.by === 'shown' ? [] : [...new Set(found.map(({ family }) => family))].sort().flatMap(ofFamily);
  // those that are judged with their findings are not judged twice
  const fixes = found.filter(one => one.applied && !findings.includes(one));
  const changed = reports.harden.filter(({ changes }) => changes.length > 0);
  const diffs = draw(
    changed,
    ({ family }) => family,
    ({ path }) => path,
    { ...how, most: how.diffs, count: how.diffs },
  );
  return [
    ...(how.by === 'shown' ? drawShown(found, how, read) : findings.map(one => entryOf(one, read, ['finding']))),
    ...take(fixes, how.fixes).map(one => entryOf(one, read, [])),
    ...diffs.map(({ path, family, changes }) => ({
      row: { path, family, readers: readers('diff') },
      page: changes.map(change => patch(change, read)),
    })),
  ];
}
