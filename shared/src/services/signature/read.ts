import { decodeUtf8, encodeUtf8 } from '../registry/bytes';
import { isRecord, jsonObject } from '../../base/json';
import { decodeBase64 } from '../../base/text/base64';
import { signaturePredicate, type Signed } from '../../base/ports/signature';

/** What was read, or in what it is no signature: a short English phrase. */
export type Read = { readonly ok: true; readonly value: Signed } | { readonly ok: false; readonly reason: string };

const no = (reason: string): Read => ({ ok: false, reason });

/** The annotations of cosign 2 on the layer that holds a payload. */
export const simpleAnnotations = {
  signature: 'dev.cosignproject.cosign/signature',
  certificate: 'dev.sigstore.cosign/certificate',
} as const;

/** The media type of a payload of cosign 2. */
export const simpleType = 'application/vnd.dev.cosign.simplesigning.v1+json';

/** What a payload of cosign 2 says, with the annotations of its layer. Source: cosign's specification of signatures, "SIMPLE_SIGNING". */
export function readSimple(payload: Uint8Array, annotations: Readonly<Record<string, string>>): Read {
  const signature = decodeBase64(annotations[simpleAnnotations.signature] ?? '');
  if (signature === null || signature.length === 0) return no('a signature is missing beside its payload');
  const critical = objectIn(jsonObject(decodeUtf8(payload)), 'critical');
  const digest = objectIn(critical, 'image')?.['docker-manifest-digest'];
  // its type may be any: cosign does not look at it either
  if (typeof digest !== 'string') return no('what was signed is not the signature of an image');
  return {
    ok: true,
    value: {
      format: 'simple',
      bytes: payload,
      signatures: [signature],
      subjects: [digest],
      predicateType: signaturePredicate,
      builder: null,
      keyless: annotations[simpleAnnotations.certificate] !== undefined,
    },
  };
}

const bundleType = /^application\/vnd\.dev\.sigstore\.bundle(?:\.v0\.3\+json|\+json;version=0\.[1-3])$/;

/** What kind of artifact a bundle is: the media type of its manifest and of its layer. */
export const isBundle = (type: string): boolean => type.startsWith('application/vnd.dev.sigstore.bundle');

/** Whether a value is an address or a name, as statements have them: it is shown to people, and whoever may push to the registry chose it. */
export const isName = (value: unknown): value is string => typeof value === 'string' && /^[\x21-\x7e]{1,300}$/.test(value);

/** What a Sigstore bundle with a DSSE envelope says. Source: protobuf-specs of Sigstore, "Bundle"; DSSE, "Protocol". */
export function readBundle(bytes: Uint8Array): Read {
  const bundle = jsonObject(decodeUtf8(bytes));
  const type = bundle?.['mediaType'];
  if (!bundle || typeof type !== 'string' || !bundleType.test(type)) return no('a bundle has a version that is not known');
  const material = objectIn(bundle, 'verificationMaterial');
  const keyless = material?.['certificate'] !== undefined || material?.['x509CertificateChain'] !== undefined;
  if (!keyless && !objectIn(material, 'publicKey')) return no('a bundle says neither of a key nor of a certificate');
  const envelope = objectIn(bundle, 'dsseEnvelope');
  return envelope ? readEnvelope(envelope, 'bundle', keyless) : no('a bundle signs something other than a statement');
}

/** What a DSSE envelope around an in-toto statement says. */
export function readEnvelope(envelope: Record<string, unknown>, format: Signed['format'], keyless: boolean): Read {
  const { payload, payloadType, signatures } = envelope;
  const body = typeof payload === 'string' ? decodeBase64(payload) : null;
  if (body === null || typeof payloadType !== 'string' || !Array.isArray(signatures)) return no('a signature envelope is incomplete');
  const read = signatures.slice(0, 16).flatMap((item: unknown) => {
    const text = typeof item === 'object' && item !== null ? (item as Record<string, unknown>)['sig'] : null;
    const signature = typeof text === 'string' ? decodeBase64(text) : null;
    return signature && signature.length > 0 ? [signature] : [];
  });
  const statement = payloadType === 'application/vnd.in-toto+json' ? jsonObject(decodeUtf8(body)) : null;
  const predicateType = statement?.['predicateType'];
  if (!statement || !/^https:\/\/in-toto\.io\/Statement\/v(?:0\.1|1)$/.test(String(statement['_type'])) || !isName(predicateType))
    return no('an envelope holds something other than a statement');
  const subjects = Array.isArray(statement['subject']) ? statement['subject'].slice(0, 1000).flatMap(digestOf) : [];
  return {
    ok: true,
    value: {
      format,
      bytes: preAuthentication(payloadType, body),
      signatures: read,
      subjects,
      predicateType,
      builder: builderOf(objectIn(statement, 'predicate')),
      keyless,
    },
  };
}

/** What DSSE signs: type and body, each behind its length in bytes. */
export function preAuthentication(type: string, body: Uint8Array): Uint8Array {
  const typeBytes = encodeUtf8(type);
  const parts = [encodeUtf8(`DSSEv1 ${typeBytes.length} `), typeBytes, encodeUtf8(` ${body.length} `), body];
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function digestOf(subject: unknown): readonly string[] {
  const digest =
    typeof subject === 'object' && subject !== null ? objectIn(subject as Record<string, unknown>, 'digest')?.['sha256'] : null;
  return typeof digest === 'string' && /^[0-9a-f]{64}$/.test(digest) ? [`sha256:${digest}`] : [];
}

/** The builder of a SLSA provenance: `runDetails.builder.id` since 1.0, `builder.id` before. */
function builderOf(predicate: Record<string, unknown> | null): string | null {
  const id = (objectIn(objectIn(predicate, 'runDetails'), 'builder') ?? objectIn(predicate, 'builder'))?.['id'];
  return isName(id) ? id : null;
}

function objectIn(parent: Record<string, unknown> | null, key: string): Record<string, unknown> | null {
  const value = parent?.[key];
  return isRecord(value) ? value : null;
}
