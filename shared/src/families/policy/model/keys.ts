import { decodeBase64 } from '../../../base/text/base64';
import { derAt, derChildren, hexOf, integerBits, timeOf, type DerElement } from './der';

/** A public key. `bits` of an RSA modulus, of a curve's order else. */
export interface PublicKey {
  readonly algorithm: 'rsa' | 'ec' | 'ed25519' | 'other';
  readonly curve: string | null;
  readonly bits: number;
}

/** A block of PEM as it is written: its label, and the text between its lines. */
export interface PemBlock {
  readonly label: string;
  readonly body: string;
}

/** Curves by their OBJECT IDENTIFIER, with their bits. */
const curves: Readonly<Record<string, readonly [name: string, bits: number]>> = {
  '2a8648ce3d030107': ['P-256', 256],
  '2b81040022': ['P-384', 384],
  '2b81040023': ['P-521', 521],
  '2b81040021': ['P-224', 224],
  '2b8104000a': ['secp256k1', 256],
};

/** The blocks of PEM (RFC 7468) in a text, as far as they have both of their lines. Linear. */
export function pemBlocks(text: string): readonly PemBlock[] {
  const found: PemBlock[] = [];
  for (let at = text.indexOf('-----BEGIN '); at >= 0 && found.length < 100; at = text.indexOf('-----BEGIN ', at + 1)) {
    const header = /^-----BEGIN ([A-Z0-9 ]{1,40})-----/.exec(text.slice(at, at + 70));
    if (!header) continue;
    const end = text.indexOf(`-----END ${header[1]}-----`, at);
    // behind a block that does not end nothing is looked for: each look goes to the end of the text
    if (end < 0) break;
    found.push({ label: header[1]!, body: text.slice(at + header[0].length, end) });
  }
  return found;
}

/** The bytes of a block; `null` where what stands in it is no base64. */
export function pemBytes({ body }: PemBlock): Uint8Array | null {
  const text = body.replace(/\s/g, '');
  // the padding belongs to it: what was cut has none, or too little
  return text.length > 0 && text.length % 4 === 0 && text.length < 40_000 ? decodeBase64(text) : null;
}

/** Reads a SubjectPublicKeyInfo (RFC 5280), or the key of RSA alone (PKCS #1); `null` where the bytes are neither, or cut. */
export function readPublicKey(bytes: Uint8Array): PublicKey | null {
  const whole = derAt(bytes, 0);
  return whole && whole.end === bytes.length ? keyIn(bytes, whole) : null;
}

function keyIn(bytes: Uint8Array, whole: DerElement): PublicKey | null {
  const parts = whole.tag === 0x30 ? derChildren(bytes, whole) : null;
  const [first, second] = parts ?? [];
  if (!parts || !first || !second) return null;
  if (first.tag === 2) return { algorithm: 'rsa', curve: null, bits: integerBits(bytes, first) };
  const [algorithm, parameters] = (first.tag === 0x30 && derChildren(bytes, first)) || [];
  if (algorithm?.tag !== 6 || second.tag !== 3 || second.end <= second.start) return null;
  const key = { start: second.start + 1, end: second.end, tag: 0x30 };
  const id = hexOf(bytes, algorithm);
  if (id === '2a864886f70d010101') {
    const inner = derAt(bytes, key.start);
    const [modulus] = (inner?.tag === 0x30 && derChildren(bytes, inner)) || [];
    return modulus?.tag === 2 ? { algorithm: 'rsa', curve: null, bits: integerBits(bytes, modulus) } : null;
  }
  if (id === '2b6570') return key.end - key.start === 32 ? { algorithm: 'ed25519', curve: null, bits: 256 } : null;
  if (id !== '2a8648ce3d0201') return { algorithm: 'other', curve: null, bits: 0 };
  const [curve, bits] = (parameters?.tag === 6 && curves[hexOf(bytes, parameters)]) || [null, 0];
  // a point: both coordinates behind a 4, or one behind a 2 or 3
  const size = Math.ceil(bits / 8);
  const length = key.end - key.start;
  if (curve !== null && length !== 1 + 2 * size && length !== 1 + size) return null;
  return { algorithm: 'ec', curve, bits };
}

/** A certificate as far as policies ask for it; times in ISO form. */
export interface Certificate {
  readonly notBefore: string;
  readonly notAfter: string;
  readonly key: PublicKey | null;
  /** Names as hexadecimal digits, to be compared. */
  readonly issuer: string;
  readonly subject: string;
}

/** Reads an X.509 certificate (RFC 5280); `null` where the bytes are none, or cut. */
export function readCertificate(bytes: Uint8Array): Certificate | null {
  const whole = derAt(bytes, 0);
  const [body] = (whole?.tag === 0x30 && whole.end === bytes.length && derChildren(bytes, whole)) || [];
  const fields = (body?.tag === 0x30 && derChildren(bytes, body)) || [];
  // the version stands in front, where it is not the first
  const at = fields[0]?.tag === 0xa0 ? 1 : 0;
  const [, , issuer, validity, subject, key] = fields.slice(at);
  const times = (validity && derChildren(bytes, validity)) ?? [];
  const [notBefore, notAfter] = times.map(time => timeOf(bytes, time));
  if (!issuer || !subject || !key || notBefore == null || notAfter == null) return null;
  const name = ({ start, end }: DerElement): string => Array.from(bytes.subarray(start, Math.min(end, start + 2000))).join('.');
  return { notBefore, notAfter, key: keyIn(bytes, key), issuer: name(issuer), subject: name(subject) };
}
