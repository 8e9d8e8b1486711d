import { DiagnosticSeverity, type CancellationToken, type CodeActionParams } from 'vscode-languageserver';
import { joined, masked, type MaskedText, printable, trusted } from '../../../shared/src/early';
import { attestationKind, type ImagePlace, namesImage, maskAlone, type TrustedSigner } from '../../../shared/src/index';
import { commands, writeCommand } from '../../../shared/src/output/protocol/messages';
import type { VerifyResult } from '../../../shared/src/output/protocol/registry';
import { endpointOf } from '../../../shared/src/services/registry/names';
import type { Attestation } from '../../../shared/src/base/ports/signature';
import { unknownVerdict } from '../../../shared/src/services/signature/verify';
import { checkedDocument, type Checked, type ServerContext } from '../session/context';
import { cancellationOf } from '../lookups/digests';
import { maxSideBytes } from '../decisions/limits';
import { gateOfCheck, type MaskedAction, type MaskedDiagnostic } from '../lsp/gate';
import { markdownText } from '../lsp/markdown';
import { noteOf } from '../lsp/to-diagnostic';
import { joinUri, parentUri } from '../lsp/uri';
import { demandOf, type Demand, type KnownSignature } from '../lookups/signatures';
import { placeAt, placesOf, shortName, timeOf, touches, type HoverNote } from './lookup-notes';

/** What was found out in this session about the image of a place; `null`: nothing, or nobody has to sign it. */
function knownOf({ signatures }: ServerContext, { scope }: Checked, place: ImagePlace): KnownSignature | null {
  if (signatures === null || signatures.empty || !namesImage(place)) return null;
  const demand = demandOf(place.reference, scope.configFile);
  return demand && signatures.get(place.reference, demand);
}

/** What checks of this session found wrong with the images of a document. Asks nobody. */
export function signatureDiagnostics(context: ServerContext, checked: Checked): MaskedDiagnostic[] {
  const { signatures, say } = context;
  if (signatures === null || signatures.empty || !checked.check.result) return [];
  return placesOf(checked).flatMap((place): MaskedDiagnostic[] => {
    const known = knownOf(context, checked, place);
    if (known === null || known.verdict.state === 'signed') return [];
    const { mask } = gateOfCheck(checked.check);
    const { state, reasons } = known.verdict;
    const data = { image: mask(shortName(place.reference)), reason: printable(joined(reasons.map(maskAlone), '; ')) };
    if (state === 'unknown') {
      const message = say('signatureUnknown', data);
      return [noteOf(checked.document, place.range, DiagnosticSeverity.Information, 'bulkhead/unknown-signature', message)];
    }
    const message = say(state === 'unsigned' ? 'unsigned' : 'otherSigner', data);
    return [noteOf(checked.document, place.range, DiagnosticSeverity.Warning, 'bulkhead/unsigned-image', message)];
  });
}

/** What the last check said of the image under the pointer; `null`: there is no such image, or nobody asked. */
export function signatureAt(context: ServerContext, checked: Checked, offset: number): HoverNote | null {
  const { signatures, say } = context;
  if (signatures === null || signatures.empty) return null;
  const place = placeAt(checked, offset);
  const known = place ? knownOf(context, checked, place) : null;
  if (!place || !known || known.verdict.digest === null) return null;
  const time = timeOf(known.at);
  const { state, attestations } = known.verdict;
  const digest = trusted(known.verdict.digest);
  const first =
    state === 'signed' && known.signer?.key != null
      ? say('signedWith', { digest, key: markdownText(maskAlone(known.signer.key)), time })
      : say('notSignedAt', { digest, time });
  return { range: place.range, text: joined([first, ...attestations.map(attestation => attestationText(context, attestation))], '\n\n') };
}

function attestationText({ say }: ServerContext, { predicateType, signed, builder }: Attestation): MaskedText {
  const kind = attestationKind(predicateType);
  const data = { kind: markdownText(builder === null ? kind : joined([kind, maskAlone(builder)], ' ')) };
  return say(signed === 'key' ? 'attestedWithKey' : signed === 'other' ? 'attestedByOther' : 'attestedUnsigned', data);
}

/** "Verify the signature", where the cursor is on an image that somebody has to sign; "Write the command that signs it", where nobody has. */
export function signatureActions(context: ServerContext, checked: Checked, { range }: CodeActionParams, kind: string): MaskedAction[] {
  const { signatures, digests, say } = context;
  const { document, scope } = checked;
  // reading the file for every move of the cursor would be too much
  if (signatures === null || digests === null || scope.settings.registryLookup === 'off') return [];
  if ((scope.configFile?.config.trustedSigners ?? []).length === 0) return [];
  const asked = { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
  const place = placesOf(checked).find(candidate => touches(candidate.range, asked));
  if (!place || !namesImage(place) || demandOf(place.reference, scope.configFile) === null) return [];
  const image = gateOfCheck(checked.check).mask(shortName(place.reference));
  const action = (title: MaskedText, command: string, argument: unknown): MaskedAction => ({
    title,
    kind,
    command: { title, command, arguments: [argument] },
  });
  const verify = action(say('verifySignature', { image }), commands.verifySignatures, { uri: document.uri, start: place.range.start });
  const { state, digest } = knownOf(context, checked, place)?.verdict ?? {};
  const command = digest != null && (state === 'unsigned' || state === 'other-signer') ? signCommand(place.reference, digest) : null;
  if (!context.pickers || command === null) return [verify];
  return [verify, action(say('writeSignCommand', { image }), writeCommand, command)];
}

/** What signs an image with a digest; where the private key is, only the user knows. `null`: the name could be more than a name in a shell. */
function signCommand(reference: string, digest: string): string | null {
  const endpoint = endpointOf(reference);
  if (!endpoint.ok) return null;
  const image = `${endpoint.value.registry}/${endpoint.value.repository}@${digest}`;
  return /^[\w./:@-]+$/.test(image) ? `cosign sign --key cosign.key ${image}` : null;
}

/** Asks who signed the images of a document, or the one that starts at an offset, and shows what came of it in place. */
export async function verifySignatures(
  context: ServerContext,
  uri: string,
  start: number | null,
  token: CancellationToken,
): Promise<VerifyResult> {
  const { digests, signatures, connection, support, say } = context;
  const nothing = { checked: 0, signed: 0, uncovered: 0, cancelled: false, refused: null, summary: say('namesNoImage') };
  const refuse = (refused: MaskedText): VerifyResult => ({ ...nothing, refused, summary: refused });
  if (signatures === null) return refuse(say('untrusted'));
  if (digests === null) return refuse(say('noRegistry'));
  const checked = await checkedDocument(context, uri, token);
  if (!checked) return nothing;
  if (checked.scope.settings.registryLookup === 'off') return refuse(say('lookupOff'));
  const places = placesOf(checked).filter(place => namesImage(place) && (start === null || place.range.start === start));
  const questions = new Map<string, Demand>();
  for (const { reference } of places) {
    const demand = demandOf(reference, checked.scope.configFile);
    if (demand) questions.set(reference, demand);
  }
  const uncovered = new Set(places.map(({ reference }) => reference)).size - questions.size;
  if (questions.size === 0) return { ...(places.length === 0 ? nothing : refuse(say('noSigners'))), uncovered };

  const progress = support.workDoneProgress ? await connection.window.createWorkDoneProgress() : null;
  const cancellation = cancellationOf(token, progress?.token);
  let [asked, signed] = [0, 0];
  progress?.begin(say('verifyProgress'), 0, undefined, true);
  try {
    for (const [reference, demand] of questions) {
      if (cancellation.cancelled) break;
      const known = await ask(context, reference, demand, cancellation);
      if (cancellation.cancelled) break;
      signatures.set(reference, demand, known);
      asked++;
      if (known.verdict.state === 'signed') signed++;
      progress?.report(Math.floor((100 * asked) / questions.size), `${asked}/${questions.size}`);
    }
  } finally {
    progress?.done();
  }
  const done = say('signedOf', { signed, count: asked });
  const summary = uncovered === 0 ? done : masked`${done}, ${say('signersMissing', { count: uncovered })}`;
  return { checked: asked, signed, uncovered, cancelled: cancellation.cancelled, refused: null, summary };
}

async function ask(
  context: ServerContext,
  reference: string,
  demand: Demand,
  cancellation: ReturnType<typeof cancellationOf>,
): Promise<KnownSignature> {
  const at = Date.now();
  const keys: string[] = [];
  for (const signer of demand.signers) {
    const text = await keyText(context, signer, demand);
    if (!text.ok) return { verdict: unknownVerdict(null, text.reason), signer: null, at };
    keys.push(text.value);
  }
  const { verdict, signer } = await context.digests!.verify({ reference, keys }, cancellation);
  return { verdict, signer: signer === null ? null : (demand.signers[signer] ?? null), at };
}

/** The text of a signer's key, beside the configuration that names it and behind no link that leads out of its folder. */
async function keyText(
  { files }: ServerContext,
  { key }: TrustedSigner,
  { config }: Demand,
): Promise<{ readonly ok: true; readonly value: string } | { readonly ok: false; readonly reason: string }> {
  const root = parentUri(config.uri);
  if (key === null || root === null)
    return { ok: false, reason: 'it must be signed by an identity (keyless), and only the command line verifies keyless signatures' };
  const read = await files.read(joinUri(root, key), { root, maxBytes: maxSideBytes });
  return read.text === null ? { ok: false, reason: `${key} ${read.problem ?? 'does not exist'}` } : { ok: true, value: read.text };
}
