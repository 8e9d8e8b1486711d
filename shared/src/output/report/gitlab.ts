import type { Severity } from '../../base/terms/types';
import { createLineTable } from '../../base/text/line-table';
import { gateOf } from './gate';
import { joined, maskedItem, plain, trusted } from './masked-text';
import { textsOf, type ReportFormat } from './types';

const levels = {
  error: plain('critical'),
  warning: plain('major'),
  info: plain('minor'),
  hint: plain('info'),
} as const satisfies Record<Severity, string>;

/**
 * A Code Quality report for merge requests of GitLab: an array, empty where nothing is found. Suppressed findings are left out.
 * Each item is an issue of Code Climate, whose type and categories GitLab does not ask for.
 * Sources: https://docs.gitlab.com/ci/testing/code_quality/ (code quality report format), https://github.com/codeclimate/platform/blob/master/spec/analyzers/SPEC.md (issues).
 */
export const gitlabFormat: ReportFormat = {
  file: (head, file) => {
    const lines = createLineTable(file.text);
    const gate = gateOf(file);
    const items = file.result.findings.flatMap(finding => {
      if (finding.suppression) return [];
      const { start, end } = lines.positions(finding.range);
      return maskedItem(
        {
          type: 'issue',
          categories: ['Security'],
          description: gate.words(head.words.message(finding)),
          check_name: trusted(finding.rule),
          // unique in a report, or only the first of several is shown: ours is among those of its file
          fingerprint: trusted(`${file.path}:${finding.fingerprint}`),
          severity: levels[finding.severity],
          location: { path: trusted(file.path), lines: { begin: start.line + 1, end: end.line + 1 } },
        },
        1,
      );
    });
    return joined(items, ',\n  ');
  },
  *whole(_, parts) {
    let isEmpty = true;
    for (const item of textsOf(parts)) {
      yield isEmpty ? plain('[\n  ') : plain(',\n  ');
      yield item;
      isEmpty = false;
    }
    yield isEmpty ? plain('[]\n') : plain('\n]\n');
  },
};
