import { DiagnosticSeverity } from 'vscode-languageserver';
import { joined, masked, type MaskedText, plain, trusted } from '../../../shared/src/early';
import { familiarName, type ImagePlace, needsLookup, parseImageReference, type Range } from '../../../shared/src/index';
import type { Checked, ServerContext } from '../session/context';
import { toLspRange } from '../lsp/edits';
import { gateOfCheck, type MaskedDiagnostic } from '../lsp/gate';
import { noteOf } from '../lsp/to-diagnostic';

/** What a hover says of a place. */
export interface HoverNote {
  readonly text: MaskedText;
  readonly range: Range;
}

/** The images that a document names. */
export function placesOf({ check }: Pick<Checked, 'check'>): readonly ImagePlace[] {
  return check.opened.images();
}

/** The image under the pointer. */
export function placeAt(checked: Pick<Checked, 'check'>, offset: number): ImagePlace | undefined {
  return placesOf(checked).find(({ range }) => range.start <= offset && offset <= range.end);
}

/** A moment, in milliseconds since 1970, to the second. */
export function timeOf(at: number): MaskedText {
  return trusted(new Date(at).toISOString().replace(/\.\d+Z$/, 'Z'));
}

/** Whether two ranges share a character, or meet. */
export const touches = (a: Range, b: Range): boolean => a.start <= b.end && b.start <= a.end;

/** A reference as people say it, without its digest. */
export function shortName(text: string): string {
  const reference = parseImageReference(text);
  return reference.invalid === null ? `${familiarName(reference)}${reference.tag === null ? '' : `:${reference.tag}`}` : text;
}

/** A digest with the time at which its image was made, where a look-up has told. */
export function withTime({ digests, say }: ServerContext, digest: string, mark: '' | '`' = ''): MaskedText {
  const time = digests?.created(digest) ?? null;
  const marked = masked`${plain(mark)}${trusted(digest)}${plain(mark)}`;
  return time === null ? marked : say('madeAt', { digest: marked, time: trusted(time) });
}

/** What look-ups of this session said of the images of a document, where that asks for something to be done. Asks nobody. */
export function lookupDiagnostics(context: ServerContext, checked: Checked): MaskedDiagnostic[] {
  const { digests } = context;
  // reading the file would be in vain
  if (digests === null || digests.empty || !checked.check.result || checked.scope.settings.registryLookup === 'off') return [];
  return placesOf(checked).flatMap(place => failedNote(context, checked, place) ?? movedNote(context, checked, place) ?? []);
}

/** Whether the failure of an image's last look-up reaches the reader in place, so that no message need say it too. */
export function shownInPlace({ support, digests }: ServerContext, place: ImagePlace): boolean {
  return digests?.failure(place.reference) != null && (!support.pull || support.refreshDiagnostics);
}

/** Says why the last look-up of an image failed, until one works; `null`: none did. */
function failedNote({ digests, say }: ServerContext, { document, check }: Checked, place: ImagePlace): MaskedDiagnostic | null {
  const failure = needsLookup(place) ? (digests?.failure(place.reference) ?? null) : null;
  if (failure === null) return null;
  const { mask } = gateOfCheck(check);
  const message = say('pinFailed', { image: mask(shortName(place.reference)), reason: mask(failure.message) });
  return noteOf(document, place.range, DiagnosticSeverity.Information, 'bulkhead/failed-lookup', message);
}

/** Says that the tag of a pinned image points elsewhere now, with the old and the new digest; `null`: it does not, or nobody has asked. */
export function movedNote(context: ServerContext, { document, check }: Checked, place: ImagePlace): MaskedDiagnostic | null {
  const { digests, say, support } = context;
  if (place.digest === null || !needsLookup(place)) return null;
  const last = digests?.last(place.reference) ?? null;
  if (last === null || last.digest === place.digest) return null;
  const location = { uri: document.uri, range: toLspRange(document, place.range) };
  const related = [
    { location, message: say('movedFrom', { digest: withTime(context, place.digest) }) },
    { location, message: say('movedTo', { digest: withTime(context, last.digest) }) },
  ];
  const message = say('moved', { image: gateOfCheck(check).mask(shortName(place.reference)), digest: withTime(context, last.digest) });
  const note = noteOf(document, place.range, DiagnosticSeverity.Information, 'bulkhead/moved-tag', message);
  return support.relatedInformation ? { ...note, relatedInformation: related } : note;
}

/** What the last look-up said of the image under the pointer; `null` where there is no such image, or nobody asked. */
export function lastLookupAt(context: ServerContext, checked: Checked, offset: number): HoverNote | null {
  const { digests, say } = context;
  if (digests === null || digests.empty) return null;
  const place = placeAt(checked, offset);
  const last = place ? digests.last(place.reference) : null;
  if (!place || !last) return null;
  const lines = [say('lastLookup', { time: timeOf(last.at), digest: withTime(context, last.digest, '`') })];
  if (place.digest !== null && place.digest !== last.digest) lines.push(say('movedFrom', { digest: withTime(context, place.digest, '`') }));
  return { range: place.range, text: joined(lines, '\n\n') };
}
