import type { Left } from './harden';
import type { Outcome, Shape } from './trial';

/** One service in one way of starting it. */
export interface Row {
  readonly service: string;
  readonly way: string;
  readonly outcome: Outcome;
  /** What harden left to a person. */
  readonly left: readonly Left[];
}

const stopOf = ({ stopped }: Outcome): string => (stopped === null ? '-' : `${(stopped / 1000).toFixed(1)} s`);

/** A row as a line of the log. */
export function line({ service, way, outcome }: Row): string {
  const { problem } = outcome;
  return problem === null ? `ok      ${service}: ${way} (stops in ${stopOf(outcome)})` : `FAILED  ${service}: ${way}: ${problem}`;
}

const yes = (value: boolean): string => (value ? 'yes' : 'no');

const shapeCells = (shapes: readonly Shape[]): readonly string[] => [
  shapes.map(({ user }) => user).join(', '),
  shapes.map(({ group }) => group).join(', '),
  shapes.map(({ readOnly }) => yes(readOnly)).join(', '),
  [...new Set(shapes.map(({ capabilities }) => capabilities))].join(', '),
  [...new Set(shapes.flatMap(({ volumes }) => volumes))].join(' '),
];

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map(row => row[i]!.length)));
  const print = (row: readonly string[]): string => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  return [print(rows[0]!), `| ${widths.map(width => '-'.repeat(width)).join(' | ')} |`, ...rows.slice(1).map(print)].join('\n');
}

/** The results as Markdown: how many start in each way, each service, and what harden left to a person. */
export function markdown(rows: readonly Row[]): string {
  const ways = [...new Set(rows.map(({ way }) => way))];
  const count = (way: string, holds: (outcome: Outcome) => boolean): string => {
    const all = rows.filter(row => row.way === way);
    return `${all.filter(({ outcome }) => holds(outcome)).length} of ${all.length}`;
  };
  const sums = ways.map(way => [
    way,
    count(way, ({ starts }) => starts),
    count(way, ({ answers }) => answers),
    count(way, ({ writes }) => writes),
    count(way, ({ problem }) => problem === null),
  ]);
  const each = rows.map(({ service, way, outcome }) => [
    service,
    way,
    ...shapeCells(outcome.shapes),
    stopOf(outcome),
    outcome.problem === null ? 'ok' : 'FAILED',
  ]);
  const left = rows.flatMap(row =>
    row.left.map(({ path, rule, message, reason }) => `- ${row.service}: ${path}: ${message} [${rule}]: ${reason}`),
  );
  return (
    [
      table([['', 'start', 'answer', 'write', 'all, and stop'], ...sums]),
      table([['service', 'way', 'user', 'group', 'read-only', 'capabilities', 'volumes', 'stops in', 'result'], ...each]),
      `Left to a person:\n\n${[...new Set(left)].join('\n') || '- nothing'}`,
    ].join('\n\n') + '\n'
  );
}
