import type { Attestation, SignatureState, SignatureVerdict } from '../../base/ports/signature';
import { createLineTable } from '../../base/text/line-table';
import type { Range } from '../../base/text/range';
import { attestationKind } from '../../output/report/attestations';
import { createGate, maskAlone, type Gate } from '../../output/report/gate';
import { joined, masked, maskedJson, plain, trusted, type MaskedText } from '../../output/report/masked-text';
import { printable } from '../../output/report/printable';
import { plural } from '../../output/report/summary';

/** Whose signature was asked for: a key, or an identity that an issuer vouches for. */
export type ReportedSigner =
  | { readonly kind: 'key'; readonly path: string; readonly fingerprint: string }
  | { readonly kind: 'identity'; readonly identity: string; readonly issuer: string };

/** An image and what came of its check. */
export interface VerifiedImage {
  readonly reference: string;
  /** Where it is named; `null`: on the command line. */
  readonly place: { readonly path: string; readonly text: string; readonly range: Range } | null;
  /** Who may sign it. Empty: nobody's signature is asked for, so that nothing was checked. */
  readonly signers: readonly ReportedSigner[];
  /** Where that is said: a configuration file, or `null`: the command line. */
  readonly from: string | null;
  /** `null`: nothing was checked. */
  readonly verdict: SignatureVerdict | null;
  /** Who of `signers` signed. */
  readonly signer: ReportedSigner | null;
}

/** Everything that a report of `verify` is made of. */
export interface VerifyReport {
  readonly version: string;
  readonly durationMs: number;
  readonly images: readonly VerifiedImage[];
}

/** What became of an image; `not-checked`: nobody's signature is asked for. */
export type VerifyState = SignatureState | 'not-checked';

/** What became of an image. */
export const stateOf = ({ verdict }: VerifiedImage): VerifyState => verdict?.state ?? 'not-checked';

const headings: readonly (readonly [VerifyState, MaskedText])[] = [
  ['unsigned', plain('not signed')],
  ['other-signer', plain('not signed by an allowed signer')],
  ['unknown', plain('could not be determined')],
  ['signed', plain('signed')],
  ['not-checked', plain('not verified: no required signer is named')],
];

/** The report for people, the worst first, a line for each image; ends with a line break where there is any. */
export function verifyText({ images }: VerifyReport): MaskedText {
  const lines = headings.flatMap(([state, heading]) => {
    const own = images.filter(image => stateOf(image) === state);
    return own.length === 0 ? [] : [masked`${heading}:`, ...own.flatMap(linesOf)];
  });
  return lines.length === 0 ? plain('') : masked`${joined(lines, '\n')}\n`;
}

function linesOf(image: VerifiedImage): readonly MaskedText[] {
  const { verdict, signer, reference } = image;
  const gate = gateOfImage(image);
  const place = placeOf(image);
  const is = verdict?.digest == null ? plain('') : masked` is ${trusted(verdict.digest)}`;
  const by = signer === null ? plain('') : masked`, signed ${bySigner(signer)}`;
  const why = (verdict?.reasons ?? []).map(reason => maskAlone(reason));
  const line = masked`  ${place}${gate.mask(reference)}${is}${by}${why.length === 0 ? plain('') : masked`: ${joined(why, '; ')}`}`;
  const about = (verdict?.attestations ?? []).map(attestation => masked`    ${attestationText(attestation)}`);
  return [line, ...about].map(text => printable(text));
}

function bySigner(signer: ReportedSigner): MaskedText {
  return signer.kind === 'key'
    ? masked`with ${trusted(signer.path)} (key ${trusted(signer.fingerprint.slice(0, 16))})`
    : masked`by ${maskAlone(signer.identity)}, according to ${maskAlone(signer.issuer)}`;
}

const signedBy = {
  key: plain('signed with the same key as the image'),
  other: plain('signed by someone else (signature not verified)'),
  none: plain('not signed'),
} as const;

function attestationText({ predicateType, signed, builder }: Attestation): MaskedText {
  const kind = attestationKind(predicateType);
  return masked`${kind}${builder === null ? plain('') : masked` of ${maskAlone(builder)}`}: ${signedBy[signed]}`;
}

function gateOfImage({ place }: VerifiedImage): Pick<Gate, 'mask'> {
  return place === null ? { mask: maskAlone } : createGate({ text: place.text, findings: [] });
}

function placeOf({ place }: VerifiedImage): MaskedText {
  if (place === null) return plain('');
  const { line, character } = createLineTable(place.text).positions(place.range).start;
  return masked`${trusted(place.path)}:${line + 1}:${character + 1}: `;
}

/** What was checked, and by whose word, for standard error: a pull request can change a configuration file. */
export function verifyNotes({ images }: VerifyReport): readonly MaskedText[] {
  const checked = images.filter(({ verdict }) => verdict !== null);
  const sources = [...new Set(checked.flatMap(({ from }) => (from === null ? [] : [from])))];
  const good = checked.filter(image => stateOf(image) === 'signed').length;
  return [
    ...(sources.length > 0 ? [masked`allowed signers are set by ${joined(sources.map(trusted), ', ')}`] : []),
    masked`${plural(checked.length, 'image')} checked: ${good} signed as required`,
  ];
}

/** The report for programs; ends with a line break. See docs/cli.md. */
export function verifyJson({ version, durationMs, images }: VerifyReport): MaskedText {
  const count = (state: VerifyState): number => images.filter(image => stateOf(image) === state).length;
  const signerJson = (signer: ReportedSigner) =>
    signer.kind === 'key'
      ? { kind: signer.kind, path: trusted(signer.path), fingerprint: trusted(signer.fingerprint) }
      : { kind: signer.kind, identity: maskAlone(signer.identity), issuer: maskAlone(signer.issuer) };
  const reported = images.map(image => {
    const { reference, place, verdict, signers, signer, from } = image;
    return {
      path: place && trusted(place.path),
      range: place && createLineTable(place.text).positions(place.range),
      image: gateOfImage(image).mask(reference),
      state: stateOf(image),
      digest: verdict?.digest == null ? null : trusted(verdict.digest),
      signers: signers.map(signerJson),
      signersFrom: from === null ? null : trusted(from),
      signer: signer && signerJson(signer),
      format: verdict?.format ?? null,
      reasons: (verdict?.reasons ?? []).map(reason => maskAlone(reason)),
      attestations: (verdict?.attestations ?? []).map(({ predicateType, signed, builder }) => ({
        predicateType: maskAlone(predicateType),
        signed,
        builder: builder === null ? null : maskAlone(builder),
      })),
    };
  });
  const summary = {
    images: images.length,
    signed: count('signed'),
    unsigned: count('unsigned'),
    otherSigner: count('other-signer'),
    unknown: count('unknown'),
    notChecked: count('not-checked'),
    durationMs,
  };
  return maskedJson({ schemaVersion: 1, version: trusted(version), images: reported, summary });
}
