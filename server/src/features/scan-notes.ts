import { joined, masked, type MaskedText, plain, printable, trusted } from '../../../shared/src/early';
import {
  byUrgency,
  countedWords,
  entriesOf,
  fixableOf,
  type ImagePlace,
  maskAlone,
  purlOfPackage,
  scanFindings,
  scannerNote,
  scanNotes,
  severityOf,
  summarize,
  type Vulnerability,
} from '../../../shared/src/index';
import type { ScannedImageInfo, ScannedPackageInfo } from '../../../shared/src/output/protocol/scan';
import type { Checked, ServerContext } from '../session/context';
import { gateOfCheck, type MaskedDiagnostic } from '../lsp/gate';
import { markdownText } from '../lsp/markdown';
import { toDiagnostic } from '../lsp/to-diagnostic';
import type { ScannedImage } from '../lookups/scans';
import { placeAt, placesOf, shortName, timeOf, type HoverNote } from './lookup-notes';

/** What scans of this session have found in the images of a document, at their tags. Asks nobody, and starts nothing. */
export function scanDiagnostics(context: ServerContext, checked: Checked): MaskedDiagnostic[] {
  const { scans, words, support, address } = context;
  // reading the file would be in vain
  if (scans.empty || !checked.check.result || checked.scope.settings.scanRun === 'off') return [];
  const { document, check } = checked;
  const places = placesOf(checked).flatMap(place => {
    const scanned = scannedAt(context, place);
    return scanned ? { ...place, report: scanned.report, scannedAt: scanned.origin === 'scan' ? null : scanned.at } : [];
  });
  const options = {
    words,
    address,
    gate: gateOfCheck(check),
    relatedInformation: support.relatedInformation,
    unnecessaryTag: false,
    locate: () => null,
  };
  const findings = scanFindings(check.opened.file.text, check.opened.file.path, places).filter(({ suppression }) => suppression === null);
  return entriesOf(findings).map(entry => toDiagnostic(document, entry, options));
}

function scannedAt({ scans }: ServerContext, { kind, reference }: ImagePlace): ScannedImage | null {
  return kind === 'action' ? null : scans.of(reference);
}

/** So many packages are named in a hover. */
const maxListed = 10;

/** What a scan has found in the image under the pointer: what an update mends, the worst first. `null`: there is no image, or it was not scanned. */
export function scanHoverAt(context: ServerContext, checked: Checked, offset: number): HoverNote | null {
  const { scans, say } = context;
  if (scans.empty || checked.scope.settings.scanRun === 'off') return null;
  const place = placeAt(checked, offset);
  const scanned = place ? scannedAt(context, place) : null;
  if (!place || !scanned) return null;
  const { report } = scanned;
  const fixable = fixableOf(report);
  const lines = fixable.slice(0, maxListed).map(one => {
    const id = one.url === null ? shown(one.id) : masked`[${shown(one.id)}](${trusted(one.url)})`;
    const title = one.title === '' ? plain('') : masked`: ${shown(one.title)}`;
    const what = shown(`${one.package} ${one.installed} → ${one.fixed}`);
    return masked`- **${plain(one.severity)}** ${what}, ${id}${title}`;
  });
  if (fixable.length > maxListed) lines.push(masked`- ${say('moreFindings', { count: fixable.length - maxListed })}`);
  const notes = notesOf(scanned).map(note => shown(note));
  const parts = [masked`**${shown(summaryOf(scanned))}**`, ...(lines.length > 0 ? [joined(lines, '\n')] : []), ...notes];
  return { range: place.range, text: joined(parts, '\n\n') };
}

function shown(text: string): MaskedText {
  return markdownText(maskAlone(text));
}

/** Counts in words. */
function summaryOf({ report }: ScannedImage): string {
  const { fixable, all, count, fixableCount } = summarize(report);
  if (report.scanner === 'dockle')
    return report.checks.length === 0 ? 'nothing found' : report.checks.map(({ code, title }) => `${title} (${code})`).join('; ');
  if (count === 0) return 'no known vulnerabilities';
  return fixableCount === 0 ? `${countedWords(all)}, none with a fix yet` : `${countedWords(fixable)} with a fix; ${count} in all`;
}

/** What was found in an image, in one line. */
export function scannedSummary(image: ScannedImage): MaskedText {
  return told(`${shortName(image.reference)}: ${summaryOf(image)}`);
}

const origins = {
  scan: '',
  kept: ', and not again: image, scanner and database are the same',
  session: ', in an earlier session: whether the tag has moved since then was not asked',
} as const satisfies Record<ScannedImage['origin'], string>;

/** What a person should know beside the counts. */
function notesOf({ report, at, origin }: ScannedImage): readonly string[] {
  return [`${scannerNote(report, Date.now())}; scanned at ${timeOf(at)}${origins[origin]}`, ...scanNotes(report, true)];
}

/** More packages than these of one image nobody reads in a tree. */
const maxPackages = 1000;

/** All that scans of this session have found, for a view. */
export function scannedImages({ scans }: Pick<ServerContext, 'scans'>): readonly ScannedImageInfo[] {
  const rank = ({ severity }: ScannedImageInfo): number => ['error', 'warning', 'info', null].indexOf(severity);
  return scans
    .all()
    .map((image): ScannedImageInfo => {
      const severity = severityOf(summarize(image.report), false);
      const packages = packagesOf(image.report.vulnerabilities);
      const more = packages.length - maxPackages;
      return {
        reference: told(image.reference),
        summary: told(summaryOf(image)),
        severity: severity === 'hint' ? null : severity,
        notes: [
          ...notesOf({ ...image, report: { ...image.report, hidden: [] } }),
          ...(more > 0 ? [`${more} more packages are not shown`] : []),
        ].map(told),
        hidden: image.report.hidden.slice(0, maxPackages).map(({ id, package: name, by, reason }) => ({
          id: told(id),
          package: told(name),
          by: told(by),
          reason: reason === null ? null : told(reason),
        })),
        packages: packages.slice(0, maxPackages),
      };
    })
    .sort((a, b) => rank(a) - rank(b) || (a.reference < b.reference ? -1 : 1));
}

/** Packages by their worst vulnerability. */
function packagesOf(vulnerabilities: readonly Vulnerability[]): readonly ScannedPackageInfo[] {
  const packages = new Map<string, Vulnerability[]>();
  for (const one of byUrgency(vulnerabilities)) {
    const key = `${one.package}\n${one.installed}`;
    const known = packages.get(key);
    if (known) known.push(one);
    else packages.set(key, [one]);
  }
  return [...packages.values()].map(own => ({
    name: told(own[0]!.package),
    installed: told(own[0]!.installed),
    summary: countedWords(summarize({ vulnerabilities: own }).all),
    vulnerabilities: own.map(({ id, severity, title, fixed, url, purl }) => ({
      id: told(id),
      severity,
      title: told(title),
      fixed: fixed === null ? null : told(fixed),
      url,
      purl: purlOfPackage(purl),
    })),
  }));
}

/** A text of strangers as a tree shows it: on its line, and without credentials. */
function told(text: string): MaskedText {
  return printable(maskAlone(text));
}
