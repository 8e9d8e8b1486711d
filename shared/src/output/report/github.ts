import type { Severity } from '../../base/terms/types';
import { createLineTable } from '../../base/text/line-table';
import { gateOf } from './gate';
import { joined, masked, plain, restyled, trusted, type MaskedText } from './masked-text';
import { printable } from './printable';
import { textsOf, type ReportFormat } from './types';

const commands = { error: plain('error'), warning: plain('warning'), info: plain('notice'), hint: plain('notice') } satisfies Record<
  Severity,
  MaskedText
>;

/** Workflow commands that GitHub Actions turns into annotations, one a line. Suppressed findings are left out. */
export const githubFormat: ReportFormat = {
  file: (head, file) => {
    const out: MaskedText[] = [];
    const lines = createLineTable(file.text);
    const gate = gateOf(file);
    for (const finding of file.result.findings) {
      if (finding.suppression) continue;
      const { start, end } = lines.positions(finding.range);
      // columns count only within one line
      const columns = start.line === end.line ? [masked`col=${start.character + 1}`, masked`endColumn=${end.character + 1}`] : [];
      const properties = [
        masked`file=${property(trusted(file.path))}`,
        masked`line=${start.line + 1}`,
        masked`endLine=${end.line + 1}`,
        ...columns,
        masked`title=${property(trusted(finding.rule))}`,
      ];
      out.push(masked`::${commands[finding.severity]} ${joined(properties, ',')}::${message(gate.words(head.words.message(finding)))}`);
    }
    return out.length === 0 ? plain('') : masked`${joined(out, '\n')}\n`;
  },
  whole: (_, parts) => textsOf(parts),
};

/** Line breaks as the runner takes them; what else would steer a terminal is no part of a log. */
function message(text: MaskedText): MaskedText {
  return restyled(text, shown => printable(shown.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A')));
}

function property(text: MaskedText): MaskedText {
  return restyled(message(text), shown => shown.replace(/:/g, '%3A').replace(/,/g, '%2C'));
}
