import { LSPErrorCodes, MessageType, ResponseError, type CancellationToken, type CodeActionParams } from 'vscode-languageserver';
import { masked, type MaskedText, printable, trusted } from '../../../shared/src/early';
import {
  hasScanFinding,
  type ImagePlace,
  maskAlone,
  maxVexLength,
  normalReference,
  type ScanFailure,
  vexProblem,
} from '../../../shared/src/index';
import { commands, scanViewCommand } from '../../../shared/src/output/protocol/messages';
import type { ScanImagesParams, ScanImagesResult, UnscannedImage } from '../../../shared/src/output/protocol/scan';
import type { Checked, ServerContext } from '../session/context';
import { cancellationOf } from '../lookups/digests';
import { gateOfCheck, type MaskedAction } from '../lsp/gate';
import { joinUri, parentUri, relativePath } from '../lsp/uri';
import type { ScanRequest } from '../lookups/scanner';
import type { ScannedImage } from '../lookups/scans';
import { findIgnoreFile } from './ignore-vulnerability';
import { placesOf, shortName, touches } from './lookup-notes';
import { readNamingFile } from './pin';
import { scannedSummary } from './scan-notes';
import { saveScans } from './seen-scans';
import { tell } from '../lsp/ask';
import type { Say } from '../lsp/say';

/** Lines that may name an image: reading the file for every move of the cursor would be too much. */
const mayName = /\b(?:from|image|images|newname|docker)\b|--(?:from|mount)=/i;

/** "Scan node:20 for vulnerabilities", where the cursor is on an image. */
export function scanActions(context: ServerContext, checked: Checked, { range }: CodeActionParams, kind: string): MaskedAction[] {
  const { say, support, scansView } = context;
  const { document, scope } = checked;
  if (scope.settings.scanRun === 'off') return [];
  const place = imageAt(checked, range);
  if (!place) return [];
  const title = say('scanImage', { image: gateOfCheck(checked.check).mask(shortName(place.reference)) });
  const why = refusalOf(context);
  if (why !== null) return support.disabledActions ? [{ title, kind, disabled: { reason: why } }] : [];
  const argument: ScanImagesParams = { uri: document.uri, position: document.positionAt(place.range.start) };
  return [{ title, kind, command: { title, command: scansView ? scanViewCommand : commands.scanImages, arguments: [argument] } }];
}

/** The image at the cursor. */
export function imageAt(checked: Checked, range: CodeActionParams['range']): ImagePlace | null {
  const { document } = checked;
  const line = document.getText({ start: { line: range.start.line, character: 0 }, end: { line: range.start.line + 1, character: 0 } });
  if (!mayName.test(line)) return null;
  const asked = { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
  const place = placesOf(checked).find(one => one.kind !== 'action' && touches(one.range, asked));
  return place && normalReference(place.reference) !== null ? place : null;
}

/** Why no image can be scanned here; `null`: it can. */
function refusalOf({ scanner, trusted, say }: ServerContext): MaskedText | null {
  return scanner === null ? say('noScanner') : trusted ? null : say('scanUntrusted');
}

interface Wanted {
  readonly reference: string;
  readonly uri: string;
}

/** Scans the images that are asked for, one after the other, with one progress that can be cancelled. */
export async function scanImages(context: ServerContext, params: ScanImagesParams, token: CancellationToken): Promise<ScanImagesResult> {
  const { scanner: open, scans, say, connection, support, folders, log } = context;
  const why = refusalOf(context);
  if (open === null || why !== null) throw new ResponseError(LSPErrorCodes.RequestFailed, why ?? '');
  const { wanted, settings } = await imagesOf(context, params, token);
  if (settings?.scanRun === 'off') throw new ResponseError(LSPErrorCodes.RequestFailed, say('scanOff'));
  if (wanted.length === 0 || !settings)
    return { scanned: 0, affected: 0, kept: 0, summary: say('scanNoImage'), failed: [], cancelled: token.isCancellationRequested };

  const progress = support.workDoneProgress ? await connection.window.createWorkDoneProgress() : null;
  const cancellation = cancellationOf(token, progress?.token);
  progress?.begin(say('scanProgress'), 0, maskAlone(shortName(wanted[0]!.reference)), true);
  const failed: UnscannedImage[] = [];
  let [scanned, affected, kept] = [0, 0, 0];
  let only: MaskedText | null = null;
  const fail = ({ reference }: Wanted, { kind, message }: ScanFailure): void => {
    const reason = printable(maskAlone(message));
    failed.push({ image: printable(maskAlone(shortName(reference))), reasonId: kind, reason });
    log.warn(`${reference}: not scanned: ${message}`);
  };
  try {
    const opening = await open({
      path: settings.scanPath,
      update: settings.scanUpdate,
      allowed: settings.scanRegistries,
      folders: folders.all(),
      cancellation,
      digestOf: async reference =>
        settings.registryLookup === 'off' ? null : ((await context.digests?.ask(reference, cancellation)) ?? null),
    });
    if (!opening.ok) fail(wanted[0]!, opening.failure);
    else {
      for (const [index, one] of wanted.entries()) {
        if (cancellation.cancelled) break;
        const vex = await vexOf(context, one.uri);
        if (vex.problem !== null) {
          fail(one, { kind: 'failed', message: vex.problem });
          continue;
        }
        progress?.report(Math.floor((100 * index) / wanted.length), maskAlone(shortName(one.reference)));
        const request: ScanRequest = {
          reference: one.reference,
          named: false,
          ignore: await ignoreOf(context, one.uri),
          vex: vex.documents,
          platform: null,
        };
        const outcome = await opening.scanner.scan(request);
        if (!outcome.ok) {
          if (!cancellation.cancelled) fail(one, outcome.failure);
          continue;
        }
        scanned++;
        const { report, keptFrom } = outcome;
        if (keptFrom !== null) kept++;
        if (hasScanFinding(report)) affected++;
        const image: ScannedImage = { ...one, at: keptFrom ?? Date.now(), origin: keptFrom === null ? 'scan' : 'kept', report };
        if (wanted.length === 1) only = scannedSummary(image);
        scans.add(image);
      }
    }
  } finally {
    progress?.done();
    if (scanned > 0) saveScans(context);
  }
  const [first] = failed;
  if (first && !context.scansView) {
    tell(context, MessageType.Error, say('scanFailed', { image: maskAlone(first.image), reason: maskAlone(first.reason) }));
  }
  const done = { scanned, affected, kept, failed, cancelled: cancellation.cancelled };
  return { ...done, summary: summaryOf(say, done, only) };
}

/** What came of scans: of the only image what was found. */
function summaryOf(say: Say, { scanned, affected, kept, failed }: Omit<ScanImagesResult, 'summary'>, only: MaskedText | null): MaskedText {
  const [first] = failed;
  if (first) {
    const data = { image: trusted(first.image), reason: trusted(first.reason), count: failed.length };
    return say(failed.length === 1 ? 'imageNotScanned' : 'imagesNotScanned', data);
  }
  if (scanned === 0) return say('scanNoImage');
  const found = only ?? say('scannedMany', { count: scanned, affected });
  return kept === 0 ? found : masked`${found} ${say('scannedKept', { count: kept })}`;
}

/** The images that are meant, each once, and the settings that hold. */
export async function imagesOf(context: ServerContext, params: ScanImagesParams, token: CancellationToken) {
  const wanted = new Map<string, Wanted>();
  let settings: Checked['scope']['settings'] | null = null;
  for (const uri of params.uris ?? (params.uri === undefined ? [] : [params.uri])) {
    const read = await readNamingFile(context, uri, token);
    if (!read) continue;
    settings ??= read.settings;
    const { position } = params;
    const offset = position && read.document.offsetAt(position);
    for (const { kind, reference, range } of read.opened.images()) {
      const key = kind === 'action' ? null : normalReference(reference);
      if (key === null || wanted.has(key)) continue;
      if (offset === undefined || (range.start <= offset && offset <= range.end)) wanted.set(key, { reference, uri });
    }
  }
  return { wanted: [...wanted.values()], settings };
}

/** What a scan is to leave out for a document. */
async function ignoreOf(context: ServerContext, uri: string): Promise<ScanRequest['ignore']> {
  const scope = await context.scopes.resolve(uri);
  const found = await findIgnoreFile(context, uri, scope.folder ?? parentUri(uri));
  return found && { name: found.name, text: found.text };
}

/** The VEX documents that the settings of a document name; or why they cannot be passed on. */
async function vexOf(
  { scopes, files }: ServerContext,
  uri: string,
): Promise<{ readonly documents: ScanRequest['vex']; readonly problem: string | null }> {
  const { folder, settings } = await scopes.resolve(uri);
  const documents: { name: string; text: string }[] = [];
  const root = folder ?? parentUri(uri);
  for (const name of settings.scanVex) {
    const place = root === null ? null : joinUri(root, name);
    // what a workspace names is read within the workspace
    const inside = root !== null && place !== null && relativePath(root, place) !== null;
    const read = inside ? await files.read(place, { root, maxBytes: maxVexLength }) : null;
    const problem =
      read === null ? 'is not in the workspace folder' : read.text === null ? (read.problem ?? 'does not exist') : vexProblem(read.text);
    if (problem !== null) return { documents: [], problem: `${name} (bulkhead.scan.vex) ${problem}` };
    documents.push({ name, text: read!.text! });
  }
  return { documents, problem: null };
}
