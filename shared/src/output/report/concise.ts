import { createLineTable } from '../../base/text/line-table';
import { gateOf } from './gate';
import { joined, masked, plain, trusted } from './masked-text';
import { createPaint } from './paint';
import { printable } from './printable';
import { byWorst, cutParts, findingSeparator, summaryOf } from './summary';
import type { TextOptions } from './text';
import type { ReportFormat } from './types';

/** One line for each finding, the worst of a file first, then a summary. Suppressed findings are only counted. */
export function conciseFormat(options: TextOptions): ReportFormat {
  const paint = createPaint(options.colour);
  return {
    file: (head, file) => {
      const lines = createLineTable(file.text);
      const gate = gateOf(file);
      const out = byWorst(file.result.findings).map(finding => {
        const { line, character } = lines.position(finding.range.start);
        const place = masked`${printable(trusted(file.path))}:${line + 1}:${character + 1}`;
        const severity = paint.severity(finding.severity, plain(finding.severity));
        const message = printable(gate.words(head.words.message(finding)));
        return masked`${paint.bold(place)}: ${severity}: ${message} ${paint.dim(masked`[${trusted(finding.rule)}]`)}\n`;
      });
      return joined(out, findingSeparator);
    },
    *whole(_, parts, end) {
      yield* cutParts(parts, options.maxFindings ?? Infinity);
      if (!options.quiet) yield summaryOf(parts, end, paint, options.maxFindings ?? Infinity);
    },
  };
}
