import type { Left } from './harden';
import type { Outcome, Shape } from './trial';

/** One service in one way of starting it. */
export interface Row {
  readonly service: string;
  readonly way: string;
  readonly outcome: Outcome;
  /** What harden left to a person. */
  readonly left: readonly Left[];
  /** The sizes of the image in bytes: as written, and of the split Dockerfile. */
  readonly sizes?: Sizes;
}

/** Sizes of an image in bytes, before and after. */
export interface Sizes {
  readonly before: number;
  readonly after: number;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** Two sizes in words. */
export const sizesOf = ({ before, after }: Sizes): string => `${megabytes(before)} before, ${megabytes(after)} after`;

const stopOf = ({ stopped }: Outcome): string => (stopped === null ? '-' : `${(stopped / 1000).toFixed(1)} s`);

/** A row as a line of the log. */
export function line({ service, way, outcome, sizes }: Row): string {
  const { problem } = outcome;
  const size = sizes ? `; ${sizesOf(sizes)}` : '';
  return problem === null ? `ok      ${service}: ${way} (stops in ${stopOf(outcome)}${size})` : `FAILED  ${service}: ${way}: ${problem}`;
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
  const split = rows.flatMap(({ service, sizes }) => (sizes ? [`- ${service}: ${sizesOf(sizes)}`] : []));
  return (
    [
      table([['', 'start', 'answer', 'write', 'all, and stop'], ...sums]),
      table([['service', 'way', 'user', 'group', 'read-only', 'capabilities', 'volumes', 'stops in', 'result'], ...each]),
      ...(split.length === 0 ? [] : [`Images of split Dockerfiles:\n\n${split.join('\n')}`]),
      `Left to a person:\n\n${[...new Set(left)].join('\n') || '- nothing'}`,
    ].join('\n\n') + '\n'
  );
}
