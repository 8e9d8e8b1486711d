import type { Finding } from '../../rule/finding/types';
import { createLineTable, type LineTable } from '../../base/text/line-table';
import { entriesOf, type Entry } from './entries';
import { frameOf } from './frame';
import { gateOf, type Gate } from './gate';
import { joined, masked, plain, restyled, trusted, type MaskedText } from './masked-text';
import { createPaint, type Paint } from './paint';
import { printable } from './printable';
import { byWorst, countWords, cutParts, findingSeparator, summaryOf } from './summary';
import { countsOf, type ReportedFile, type ReportFormat, type ReportHead } from './types';

/** What the formats for people take. */
export interface TextOptions {
  readonly colour: boolean;
  /** Findings only: no summary. */
  readonly quiet?: boolean;
  /** So many findings are printed, the worst first; without it, all. */
  readonly maxFindings?: number;
}

/** What the text of a file's findings is made with. */
interface Printing {
  readonly head: ReportHead;
  readonly file: ReportedFile;
  readonly lines: LineTable;
  readonly gate: Gate;
  readonly paint: Paint;
  /** The tokens whose lines of source were printed: each is shown once. */
  readonly shown: Set<string>;
}

/**
 * The report for a person: under the name of each file its findings, the worst first, with the source of each token once; then a summary. Those of one kind at one
 * token are one entry. Suppressed findings are only counted.
 */
export function textFormat(options: TextOptions): ReportFormat {
  const paint = createPaint(options.colour);
  return {
    countsFixes: true,
    file: (head, file) => {
      const findings = byWorst(file.result.findings);
      if (findings.length === 0) return plain('');
      const printing: Printing = { head, file, lines: createLineTable(file.text), gate: gateOf(file), paint, shown: new Set() };
      const [first, ...others] = entriesOf(findings).flatMap(entry => entryTexts(printing, entry));
      const heading = masked`${paint.bold(printable(trusted(file.path)))}: ${countWords(countsOf(findings))}\n\n`;
      return joined([masked`${heading}${first!}`, ...others], findingSeparator);
    },
    *whole(_, parts, end) {
      // a report may end between the findings of an entry
      for (const part of cutParts(parts, options.maxFindings ?? Infinity))
        yield restyled(part, shown => (shown.endsWith('\n\n') ? shown : `${shown}\n`));
      if (!options.quiet) yield summaryOf(parts, end, paint, options.maxFindings ?? Infinity);
    },
  };
}

/** A piece for each finding of an entry, so that a report can be cut between them; the first has the line of source. */
function entryTexts(printing: Printing, entry: Entry): readonly MaskedText[] {
  const { head, file, lines, gate, paint, shown: framed } = printing;
  const { finding, members, group } = entry;
  const { line, character } = lines.position(finding.range.start);
  const place = paint.bold(masked`${printable(trusted(file.path))}:${line + 1}:${character + 1}`);
  const message = printable(gate.words(head.words.entry(entry)));
  const frame = file.text === '' ? null : frameOf(file.text, lines, finding.range, gate.places());
  const gutter = spaces(String(frame?.line ?? 0).length);
  const out = [masked`${place}: ${severityOf(finding, paint)}: ${message}${group ? plain('') : masked` ${ruleOf(finding, paint)}`}`];
  const token = `${finding.range.start} ${finding.range.end}`;
  if (frame && !framed.has(token)) {
    framed.add(token);
    const bar = paint.dim(plain('|'));
    const carets = paint.severity(
      finding.severity,
      restyled(plain('^'), caret => caret.repeat(frame.end - frame.start)),
    );
    const source = masked` ${paint.dim(masked`${frame.line}`)} ${bar} ${frame.source}`;
    out.push(
      restyled(source, shown => shown.trimEnd()),
      masked` ${gutter} ${bar} ${spaces(frame.start)}${carets}`,
    );
  }
  const equals = paint.dim(plain('='));
  return members.map((member, i) => {
    const said = (): MaskedText => printable(gate.words(head.words.message(member)));
    const named: readonly Note[] = group
      ? [{ text: masked`${severityOf(member, paint)}: ${said()} ${ruleOf(member, paint)}`, depth: 0 }]
      : [];
    const notes = [...named, ...notesOf(printing, member, named.length)].map(({ text, depth }) =>
      depth === 0 ? masked` ${gutter} ${equals} ${text}` : masked` ${gutter} ${spaces(2 * depth)}${text}`,
    );
    return masked`${joined([...(i === 0 ? out : []), ...notes, ...(i === members.length - 1 ? [plain('')] : [])], '\n')}\n`;
  });
}

/** A line below the source; `depth` is how many steps it is set in. */
interface Note {
  readonly text: MaskedText;
  readonly depth: number;
}

/** What is said below a finding: other places, its fixes, and, one step deeper, what these assume. */
function notesOf({ head: { words }, file, lines, gate }: Printing, finding: Finding, depth: number): readonly Note[] {
  const out: Note[] = [];
  for (const related of finding.related) {
    const other = related.path === undefined ? { path: file.path, lines } : file.related(related.path);
    const at = other?.lines.position(related.range.start);
    const message = gate.words(words.message({ rule: finding.rule, messageId: related.messageId, data: related.data }));
    const path = printable(trusted(other?.path ?? related.path ?? ''));
    const position = at ? masked`:${at.line + 1}:${at.character + 1}` : plain('');
    // of the very place that is shown, its address would be said twice
    const isHere = related.path === undefined && related.range.start === finding.range.start;
    out.push({ text: masked`${isHere ? plain('') : masked`${path}${position}: `}${printable(message)}`, depth });
  }
  for (const fix of finding.fixes) {
    const asks = plain(fix.needsDigest !== undefined ? ', needs a network lookup' : fix.places ? ', asks you for values' : '');
    out.push({ text: masked`fix (${plain(fix.class)}${asks}): ${printable(gate.words(words.fixTitle(finding.rule, fix)))}`, depth });
    for (const assumption of fix.assumes)
      out.push({ text: masked`assumes: ${printable(gate.words(words.assumption(finding.rule, assumption)))}`, depth: depth + 1 });
  }
  return out;
}

function severityOf({ severity }: Finding, paint: Paint): MaskedText {
  return paint.severity(severity, plain(severity));
}

function ruleOf({ rule }: Finding, paint: Paint): MaskedText {
  return paint.dim(masked`[${trusted(rule)}]`);
}

function spaces(count: number): MaskedText {
  return restyled(plain(' '), space => space.repeat(count));
}
