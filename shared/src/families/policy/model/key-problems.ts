import { pemBlocks, pemBytes, readPublicKey } from './keys';

/** What is wrong with what should be a public key. */
export type KeyProblem = 'private' | 'placeholder' | 'cut' | 'label' | 'weak' | 'example';

/** How the base64 of keys ends that documentation prints, and the images that they did sign: the sample of Kyverno's policy library (github.com/kyverno/policies). */
const examples = [{ end: 'JWVGHpDguIyakZA==', signed: 'ghcr.io/kyverno/test-verify-image' }];

const isExample = (body: string, { end }: (typeof examples)[number]): boolean => body.trimEnd().endsWith(end);

/** Whether a text holds the key of an example, and nothing is verified with it but the images of that example, which are not in a transparency log. */
export function isOfExample(text: string, patterns: readonly string[]): boolean {
  return examples.some(
    example =>
      patterns.length > 0 &&
      patterns.every(pattern => pattern.startsWith(example.signed)) &&
      pemBlocks(text).some(({ body }) => isExample(body, example)),
  );
}

/** How a key is named that stands elsewhere: in the cluster or in a key management service. */
const elsewhere = /^(?:k8s|awskms|gcpkms|azurekms|hashivault|openbao|pkcs11|gitlab|env):\/\//;

/** The first problem of a text that names or holds keys, and the bits of one that is weak; `null`: nothing is seen. */
export function keyProblem(text: string): { readonly id: KeyProblem; readonly bits: number } | null {
  const trimmed = text.trim();
  const found = (id: KeyProblem, bits = 0): { readonly id: KeyProblem; readonly bits: number } => ({ id, bits });
  if (trimmed === '' || elsewhere.test(trimmed)) return trimmed === '' ? found('placeholder') : null;
  if (/-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY-----/.test(trimmed)) return found('private');
  const blocks = pemBlocks(trimmed);
  if (blocks.length === 0) return found(/-----(?:BEGIN|END) /.test(trimmed) ? 'cut' : 'placeholder');
  for (const block of blocks) {
    if (block.label !== 'PUBLIC KEY' && block.label !== 'RSA PUBLIC KEY') return found('label');
    // base64 has no such sign: a person puts the key in
    if (/[_<>{}]/.test(block.body)) return found('placeholder');
    const bytes = pemBytes(block);
    const key = bytes && readPublicKey(bytes);
    if (!key) return found('cut');
    if (key.algorithm === 'rsa' && key.bits < 2048) return found('weak', key.bits);
    if (examples.some(example => isExample(block.body, example))) return found('example');
  }
  return null;
}

/** Whether a URI names a key of a service that Sigstore knows; a placeholder of a template counts. */
export function isKeyUri(text: string): boolean {
  return elsewhere.test(text.trim());
}
