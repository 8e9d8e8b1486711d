import { joined, restyled } from './masked-text';
import type { ReportFormat } from './types';

/** Stands between what several formats say of a file; none of them prints control characters. */
const formatSeparator = '\u0001';

/** Several formats as one: a file has one part for all of them. `each` gives the formats back, which take such parts. */
export function severalFormats(formats: readonly ReportFormat[]): { readonly one: ReportFormat; readonly each: readonly ReportFormat[] } {
  if (formats.length === 1) return { one: formats[0]!, each: formats };
  return {
    one: {
      file: (head, file) =>
        joined(
          formats.map(format => format.file(head, file)),
          formatSeparator,
        ),
      whole: () => [],
      ...(formats.some(format => format.countsFixes) && { countsFixes: true }),
    },
    each: formats.map((format, index) => ({
      ...format,
      whole: (head, parts, end) =>
        format.whole(
          head,
          parts.map(part => ({
            get text() {
              return restyled(part.text, text => text.split(formatSeparator)[index]!);
            },
            sums: part.sums,
          })),
          end,
        ),
    })),
  };
}
