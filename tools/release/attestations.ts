import { createHash, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Attestations as `actions/attest` makes them and `gh attestation verify` judges them, with a key of this machine in place of the identity of a job. */

/** Which run makes an attestation. */
export interface Builder {
  readonly repository: string;
  /** The workflow's path. */
  readonly workflow: string;
  readonly ref: string;
  readonly commit: string;
}

interface Statement {
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
  readonly predicateType: string;
  readonly predicate: { readonly builder?: Builder };
}

const payloadType = 'application/vnd.in-toto+json';

/** What is signed of an envelope (DSSE's pre-authentication encoding). */
const signedBytes = (payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `), payload]);

/** A key of this run, kept in a folder with what it signs. */
export function makeKey(folder: string): KeyObject {
  mkdirSync(folder, { recursive: true });
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(join(folder, 'key.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
  return privateKey;
}

/** Signs what is said of the files in lines of checksums, as sha256sum writes them. */
export function attest(folder: string, key: KeyObject, checksums: string, builder: Builder, sbom?: string): void {
  const lines = checksums.trim().split('\n');
  const subject = lines.map(line => ({ name: line.slice(66), digest: { sha256: line.slice(0, 64) } }));
  const predicate = sbom === undefined ? { builder } : (JSON.parse(readFileSync(sbom, 'utf8')) as object);
  const predicateType = sbom === undefined ? 'https://slsa.dev/provenance/v1' : 'https://cyclonedx.org/bom';
  const payload = Buffer.from(JSON.stringify({ _type: 'https://in-toto.io/Statement/v1', subject, predicateType, predicate }));
  const envelope = {
    payloadType,
    payload: payload.toString('base64'),
    signatures: [{ sig: sign('sha256', signedBytes(payload), key).toString('base64') }],
  };
  writeFileSync(join(folder, `${readdirSync(folder).length}.json`), JSON.stringify(envelope));
}

/** Why a file, or an image by its digest, is not what this builder made; `null`: it is. */
export function problemOf(folder: string, file: string, expected: Builder): string | null {
  const key = readFileSync(join(folder, 'key.pem'), 'utf8');
  const sha256 = /^sha256:(.*)$/.exec(file)?.[1] ?? createHash('sha256').update(readFileSync(file)).digest('hex');
  const statements = readdirSync(folder)
    .filter(name => name.endsWith('.json'))
    .flatMap(name => {
      const { payload, signatures } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as {
        payload: string;
        signatures: { sig: string }[];
      };
      const bytes = Buffer.from(payload, 'base64');
      const signed = signatures.some(({ sig }) => verify('sha256', signedBytes(bytes), key, Buffer.from(sig, 'base64')));
      return signed ? [JSON.parse(bytes.toString('utf8')) as Statement] : [];
    });
  const about = statements.filter(({ subject }) => subject.some(({ digest }) => digest.sha256 === sha256));
  if (about.length === 0) return 'nothing that is signed is about this file';
  const builders = about.flatMap(({ predicate }) => predicate.builder ?? []);
  const differs = (['repository', 'workflow', 'ref', 'commit'] as const).filter(
    part => !builders.some(builder => builder[part] === expected[part]),
  );
  return differs.length === 0 ? null : `another ${differs.join(', ')}`;
}

/** `gh attestation verify FILE --repo R --signer-workflow R/PATH --source-ref REF --source-digest SHA`. */
export function verifyAsGh(folder: string, [file, ...options]: readonly string[]): string | null {
  const option = (name: string): string => options[options.indexOf(`--${name}`) + 1] ?? '';
  if (file === undefined || !existsSync(file)) return 'no such file';
  const repository = option('repo');
  const signer = option('signer-workflow');
  const expected = {
    repository,
    ref: option('source-ref'),
    commit: option('source-digest'),
    workflow: signer.replace(`${repository}/`, ''),
  };
  return problemOf(folder, file, expected);
}
