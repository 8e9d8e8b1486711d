import { percent, table } from './table';
import before from './ways-before.json';
import none from './ways-none.json';
import type { WaysOut, WaysOutByRule, WaysOutBySeverity } from './ways-out';

type Cell = string | number;
type Sum = Pick<WaysOut, 'all' | 'edited' | 'asking'>;

function sumOf(counts: readonly Sum[]): Sum {
  const sum = { all: 0, edited: 0, asking: 0 };
  for (const { all, edited, asking } of counts) {
    sum.all += all;
    sum.edited += edited;
    sum.asking += asking;
  }
  return sum;
}

const severeOf = ({ severe }: WaysOutBySeverity): Sum => sumOf([...severe.values()]);
const allOf = ({ severe, lesser }: WaysOutBySeverity): Sum => sumOf([...severe.values(), ...lesser.values()]);

/** The families whose files people write for images, in the order of the table; together they are what the last row sums up. */
const images = ['dockerfile', 'kubernetes', 'compose'];

/** How many findings have an edit, by family and of Dockerfiles, manifests and Compose files together. */
export function waysOutSummary(waysOut: Readonly<Record<string, WaysOutBySeverity>>): readonly string[] {
  const present = images.flatMap(family => waysOut[family] ?? []);
  const cells = ({ all, edited, asking }: Sum): readonly Cell[] => [all, percent(edited, all), percent(edited + asking, all)];
  const row = (name: string, of: readonly WaysOutBySeverity[]): readonly Cell[] => [
    name,
    ...cells(sumOf(of.map(severeOf))),
    ...cells(sumOf(of.map(allOf))),
  ];
  const rest = Object.keys(waysOut).filter(family => !images.includes(family));
  return [
    'How many findings a click gets rid of. **Edit**: one that is right as it is: applied alone, the finding is gone and no other that is as bad has come; edits that only delete an instruction, a rule or a volume do not count. Edits of one finding alone count (a user for what seems to need root, an empty folder for one of the node): they are right where somebody knows better than what is seen. **With places**: also edits with places to fill, measured with values of the right form, and those that ask a registry. By family and rule below.',
    table(
      ['', 'warnings and errors', 'edit', 'with places', 'all findings', 'edit', 'with places'],
      [
        ...images.flatMap(family => (waysOut[family] ? [row(family, [waysOut[family]])] : [])),
        row('**together**', present),
        ...rest.map(family => row(family === 'run' ? 'workflows' : family, [waysOut[family]!])),
      ],
    ),
  ];
}

/** Why rules have findings without an edit, of those that have several. */
function noneNotes(counts: WaysOutByRule): readonly string[] {
  const notes = none as Readonly<Record<string, string>>;
  return [...counts].flatMap(([rule, { all, edited, asking }]) => (edited + asking < all && notes[rule] !== undefined ? [rule] : []));
}

function byRule(what: keyof WaysOutBySeverity, title: string, counts: WaysOutByRule): string {
  const was = before[what] as Readonly<Record<string, readonly number[]>>;
  const rows = [...counts].sort((a, b) => b[1].all - a[1].all || (a[0] < b[0] ? -1 : 1));
  return table(
    [title, 'all', 'edit', 'before', 'asks', 'before', 'none', 'why'],
    rows.map(([rule, { all, edited, asking, reasons }]) => {
      const sorted = [...reasons].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
      const [, edit, asks] = was[rule] ?? [];
      const why = sorted.map(([reason, number]) => `${reason} ${number}`).join(', ');
      return [`\`${rule}\``, all, edited, edit ?? '', asking, asks ?? '', all - edited - asking, why];
    }),
  );
}

/** The findings of one family by rule: with an edit now and when that was first measured, and why the others have none. */
export function waysOutPart(measured: WaysOutBySeverity): readonly string[] {
  const told = (of: string, { all, edited, asking }: Sum): string =>
    `Of ${all} ${of} ${edited} have an edit to click that is right as it is (${percent(edited, all)}), and ${asking} more one with places to fill or that asks a registry: ${percent(edited + asking, all)} together.`;
  const { severe, lesser } = measured;
  const noted = [...new Set([...noneNotes(severe), ...noneNotes(lesser)])].sort();
  return [
    `${told('warnings and errors', severeOf(measured))} ${told('findings of all severities', allOf(measured))}`,
    `Before: what had an edit, and what had one with places or the network, when this was first measured (${before.measured}).`,
    byRule('severe', 'warnings and errors of', severe),
    ...(lesser.size === 0 ? [] : [byRule('lesser', 'infos and hints of', lesser)]),
    ...(noted.length === 0
      ? []
      : ['What has none:', noted.map(rule => `- \`${rule}\`: ${(none as Readonly<Record<string, string>>)[rule]}`).join('\n')]),
  ];
}
