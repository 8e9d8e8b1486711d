import { readdirSync, readFileSync } from 'node:fs';
import { percent, table } from '../accuracy/table';
import { root } from '../rules/files';

/** What a reader is asked of a row, and the answers: the last one counts where two readers differ. */
export const questions = {
  finding: ['true', 'noise', 'false'],
  fix: ['merge', 'right', 'incomplete', 'wrong'],
  diff: ['merge', 'refuse'],
} as const;

type Question = keyof typeof questions;

/** What one reader answers: to each question of the row, empty until then, and why, in one line. */
export type Answers = Partial<Record<Question, string>> & { readonly why: string };

/** A row of a sheet. It has no text of the file; a diff of a whole file has no rule. */
export interface Row extends Readonly<Partial<Record<'rule' | 'messageId' | 'severity' | 'fingerprint', string>>> {
  readonly number: number;
  readonly path: string;
  readonly family: string;
  readonly line?: number;
  /** The fix of the finding that is judged, and whether harden applies it by itself. */
  readonly fix?: { readonly id: string; readonly class: string; readonly applied: boolean };
  readonly readers: readonly Answers[];
  /** The name of its sheet, of those that are kept. */
  readonly sheet?: string;
}

/** The rows of sheets. */
export function readSheets(paths: readonly string[]): readonly Row[] {
  const lines = paths.flatMap(path => readFileSync(path, 'utf8').split('\n'));
  return lines.filter(line => line.trim() !== '').map(line => JSON.parse(line) as Row);
}

/** The judged rows that are kept, each with its sheet. */
export function readKept(): readonly Row[] {
  const folder = `${root}docs/accuracy/precision/`;
  return readdirSync(folder)
    .sort()
    .flatMap(name => readSheets([folder + name]).map(row => ({ ...row, sheet: name.replace('.jsonl', '') })));
}

function given({ readers }: Row, question: Question): readonly string[] {
  return readers.map(reader => reader[question] ?? '').filter(answer => answer !== '');
}

/** What counts of a row: what its readers agree in; `null` where no one has answered. To merge a fix is to call it right, too. */
export function verdict(row: Row, question: Question): string | null {
  const known: readonly string[] = questions[question];
  const answers = [...new Set(given(row, question))];
  const odd = answers.find(answer => !known.includes(answer));
  if (odd !== undefined) throw new Error(`row ${row.number} (${row.path}): "${odd}" is none of ${known.join(', ')}`);
  if (answers.length < 2) return answers[0] ?? null;
  return question === 'fix' && answers.every(answer => answer === 'merge' || answer === 'right') ? 'right' : known.at(-1)!;
}

/** The answers to a question, by what a row is (its family, its severity); nothing where no one has answered. */
function countTable(rows: readonly Row[], question: Question, parts: readonly ((row: Row) => string)[]): readonly string[] {
  const judged = rows.filter(row => verdict(row, question) !== null);
  const cells = (name: string, of: readonly Row[]): readonly (string | number)[] => {
    const counts = questions[question].map(answer => of.filter(row => verdict(row, question) === answer).length);
    return [name, of.length, ...counts.flatMap(count => [count, percent(count, of.length)])];
  };
  const lines = parts.flatMap(part => {
    const names = [...new Set(judged.map(part))].sort();
    return names.map(name =>
      cells(
        name,
        judged.filter(row => part(row) === name),
      ),
    );
  });
  const head = [question, 'judged', ...questions[question].flatMap(answer => [answer, ''])];
  return judged.length === 0 ? [] : [table(head, [...lines, cells('**all**', judged)])];
}

/** What sheets say: of findings by family and severity, of fixes by family and class, of diffs by family. */
export function countTables(rows: readonly Row[]): readonly string[] {
  const asked = Object.keys(questions) as Question[];
  const twice = rows.filter(row => asked.some(question => given(row, question).length > 1));
  const differ = twice.filter(row => asked.some(question => new Set(given(row, question)).size > 1));
  return [
    `${rows.length} rows; ${twice.length} have two readers, who differ in ${differ.length}: such a row counts as the worst answer.`,
    ...countTable(rows, 'finding', [row => row.family, row => row.severity!]),
    ...countTable(rows, 'fix', [row => row.family, ({ fix }) => `${fix!.class}${fix!.applied ? ', by harden' : ''}`]),
    ...countTable(rows, 'diff', [row => row.family]),
  ];
}

/** The shares that are promised, of each sheet: findings false and noise, fixes that harden applies right, diffs refused. */
export function countSheets(rows: readonly Row[]): string {
  const share = (of: readonly Row[], question: Question, ...answers: readonly string[]): string => {
    const judged = of.filter(row => verdict(row, question) !== null);
    return percent(judged.filter(row => answers.includes(verdict(row, question)!)).length, judged.length);
  };
  const lines = [...new Set(rows.map(({ sheet }) => sheet))].map(name => {
    const of = rows.filter(({ sheet }) => sheet === name);
    const applied = of.filter(({ fix }) => fix?.applied);
    return [
      name!,
      share(of, 'finding', 'false'),
      share(of, 'finding', 'noise'),
      share(applied, 'fix', 'merge', 'right'),
      share(of, 'diff', 'refuse'),
    ];
  });
  return table(['sheet', 'false', 'noise', 'applied fixes right', 'diffs refused'], lines);
}
