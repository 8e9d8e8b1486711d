import { ageInDays, scannerLabel, staleDays } from './scanners';
import { countedWords, summarize } from './summary';
import { mostHidden, type ScanReport } from './types';

/** What a person should know of the scan of an image beside its finding: that nothing was found, what was left out, what is not known. Sentences without a final full stop. */
export function scanNotes(report: ScanReport, hasFinding: boolean): readonly string[] {
  const { hidden, os, cut, secrets } = report;
  const summary = summarize(report);
  const clean = report.scanner === 'dockle' ? 'nothing that only the built image shows' : 'no known vulnerabilities';
  return [
    ...(hasFinding ? [] : [summary.count === 0 ? clean : `${countedWords(summary.all)}, none with a fix yet`]),
    ...hidden
      .slice(0, mostHidden)
      .map(
        ({ id, package: name, by, reason }) =>
          `${id} of ${name} is left out by ${by}${reason === null ? ', without a reason' : `: ${reason}`}`,
      ),
    ...(hidden.length > mostHidden ? [`${hidden.length - mostHidden} more are left out`] : []),
    ...(os?.endOfLife === true ? [`${os.name} gets no security updates any more: what is found in it from now on is never fixed`] : []),
    ...(secrets > 0
      ? [
          `${secrets === 1 ? 'a credential lies' : `${secrets} credentials lie`} in the files of the image: ${scannerLabel(report.scanner, null)} says where`,
        ]
      : []),
    ...(cut ? ['there is more than is reported: not all of it was kept'] : []),
  ];
}

/** Who has scanned, and how old its knowledge is: `Trivy 0.74.0, database of 2026-11-26 (1 day old)`. `now`: milliseconds since 1970. */
export function scannerNote({ scanner, version, databaseAt }: Pick<ScanReport, 'scanner' | 'version' | 'databaseAt'>, now: number): string {
  const label = scannerLabel(scanner, version);
  if (scanner === 'dockle') return label;
  const age = ageInDays(databaseAt, now);
  if (databaseAt === null || age === null) return `${label}, database of unknown age`;
  const words = age === 0 ? 'less than a day old' : age === 1 ? '1 day old' : `${age} days old`;
  const stale = age > staleDays ? ': what became known since then is not in it' : '';
  return `${label}, database of ${databaseAt.slice(0, 10)} (${words})${stale}`;
}
