import { indented, yamlText } from './yaml-text';

/** Who has to have signed: a workflow or a person whom an issuer vouches for (a `*` in `subject` stands for any characters), or whoever has the key of a public one in PEM. */
export type PolicySigner = { readonly issuer: string; readonly subject: string } | { readonly key: string };

/** Which engine is to enforce a policy: Kyverno, or Sigstore's policy-controller. */
export type PolicyEngine = 'kyverno' | 'sigstore';

/** Images and who has to have signed them. */
export interface SignedImages {
  /** Images by their full names, without tag and digest (`ghcr.io/acme/web`, `docker.io/acme/web`); with `/*` at the end, whatever is below (`ghcr.io/acme/*`). */
  readonly images: readonly string[];
  /** One of them is enough. */
  readonly signers: readonly PolicySigner[];
}

/** How a policy is to hold. */
export interface PolicyManner {
  readonly engine: PolicyEngine;
  /** Whether it refuses from the start; it only reports at first where not. */
  readonly enforce: boolean;
  /** Whether signatures stand in Rekor, so that it can be asked for them; only with keys they may not. */
  readonly transparency: boolean;
}

const rekor = 'https://rekor.sigstore.dev';

/** The lines that say whom a certificate has to name: exactly, or by an expression that is closed at both ends. */
function identityLines({ issuer, subject }: { readonly issuer: string; readonly subject: string }): readonly string[] {
  const expression = `^${subject
    .split('*')
    .map(part => part.replace(/[.+?^$(){}|[\]\\]/g, '\\$&'))
    .join('.*')}$`;
  return [
    `- issuer: ${yamlText(issuer)}`,
    subject.includes('*') ? `  subjectRegExp: ${yamlText(expression)}` : `  subject: ${yamlText(subject)}`,
  ];
}

/** The lines of what an engine calls `keyless` or `key`; `before`: lines of `keyless` in front of the identities. */
function signerLines(signer: PolicySigner, before: readonly string[] = []): readonly string[] {
  if (!('key' in signer))
    return ['keyless:', ...before.map(line => `  ${line}`), '  identities:', ...identityLines(signer).map(line => `    ${line}`)];
  const lines = signer.key.trim().split(/\r?\n/);
  return ['key:', '  data: |', ...lines.map(line => `    ${line.trim()}`)];
}

/** Every spelling of a name on Docker Hub: Kyverno compares with the image as the pod has it. */
function spellings(name: string): readonly string[] {
  if (!name.startsWith('docker.io/')) return [name];
  const own = name.slice('docker.io/'.length);
  const short = own.replace(/^library\//, '');
  return [...new Set([short, own])].flatMap(one => [one, `docker.io/${one}`, `index.docker.io/${one}`]);
}

/** The patterns that match images, as an engine compares them, and nothing beside these. */
function globsOf(engine: PolicyEngine, images: readonly string[]): readonly string[] {
  return images.flatMap(image => {
    const isBelow = image.endsWith('/*');
    const name = isBelow ? image.slice(0, -2) : image;
    if (engine === 'kyverno') return spellings(name).flatMap(one => (isBelow ? [`${one}/*`] : [one, `${one}:*`, `${one}@*`]));
    const full = name.replace(/^docker\.io\//, 'index.docker.io/');
    return isBelow ? [`${full}/**`] : [`${full}:**`, `${full}@**`];
  });
}

/** Names for signers, which expressions can select. */
const namesOf = (signers: readonly PolicySigner[]): readonly string[] =>
  signers.map((_, at) => (at === 0 ? 'release' : `release${at + 1}`));

const unlogged = '# bulkhead-ignore policy/transparency-log-ignored -- signed with a key, without a transparency log';

function kyverno({ images, signers }: SignedImages, name: string, { enforce, transparency }: PolicyManner): string {
  const names = namesOf(signers);
  const globs = globsOf('kyverno', images).map(glob => `- glob: ${yamlText(glob)}`);
  const attestors = signers.flatMap((signer, at) => [
    `- name: ${names[at]}`,
    '  cosign:',
    ...signerLines(signer).map(line => `    ${line}`),
    '    ctlog:',
    ...('key' in signer && !transparency ? [`      ${unlogged}`, '      insecureIgnoreTlog: true'] : [`      url: ${rekor}`]),
  ]);
  const action = enforce
    ? ['validationActions: [Deny]']
    : [
        '# To enforce it, write [Deny] for [Audit] once the reports show nothing that has to run, and take the next line away.',
        '# bulkhead-ignore policy/audit-only -- its reports are read before it refuses',
        'validationActions: [Audit]',
      ];
  return `apiVersion: policies.kyverno.io/v1
kind: ImageValidatingPolicy
metadata:
  name: ${name}
spec:
${indented(action, 2)}  failurePolicy: Fail
  webhookConfiguration:
    timeoutSeconds: 30
  matchConstraints:
    resourceRules:
      - apiGroups: ['']
        apiVersions: [v1]
        operations: [CREATE, UPDATE]
        resources: [pods, pods/ephemeralcontainers]
  matchImageReferences:
${indented(globs, 4)}  validationConfigurations:
    mutateDigest: true
    verifyDigest: true
    required: true
  attestors:
${indented(attestors, 4)}  validations:
    - expression: >-
        (images.containers + images.?initContainers.orValue([]) + images.?ephemeralContainers.orValue([]))
          .all(image, verifyImageSignatures(image, [${names.map(one => `attestors.${one}`).join(', ')}]) > 0)
      message: the image is not signed
`;
}

function sigstore({ images, signers }: SignedImages, name: string, { enforce, transparency }: PolicyManner): string {
  const names = namesOf(signers);
  const globs = globsOf('sigstore', images).map(glob => `- glob: ${yamlText(glob)}`);
  const authority = (signer: PolicySigner, own: string, format: readonly string[]): readonly string[] => [
    `- name: ${own}`,
    ...format.map(line => `  ${line}`),
    ...signerLines(signer, ['url: https://fulcio.sigstore.dev']).map(line => `  ${line}`),
    ...('key' in signer && !transparency ? [] : ['  ctlog:', `    url: ${rekor}`]),
  ];
  const authorities = signers.flatMap((signer, at) =>
    'key' in signer
      ? [
          '# policy-controller (0.13) reads signatures with a key as cosign 2 writes them: cosign sign --key ... --new-bundle-format=false',
          ...authority(signer, names[at]!, []),
        ]
      : // what cosign 3 writes, and cosign 2
        [...authority(signer, names[at]!, ['signatureFormat: bundle']), ...authority(signer, `${names[at]!}-cosign-2`, [])],
  );
  const mode = enforce
    ? ['mode: enforce']
    : [
        '# To enforce it, write enforce for warn once nothing that has to run is warned of, and take the next line away.',
        '# bulkhead-ignore policy/audit-only -- its warnings are read before it refuses',
        'mode: warn',
      ];
  return `# Only namespaces with the label policy.sigstore.dev/include: "true" are looked at:
#   kubectl label namespace NAME policy.sigstore.dev/include=true
apiVersion: policy.sigstore.dev/v1beta1
kind: ClusterImagePolicy
metadata:
  name: ${name}
spec:
${indented(mode, 2)}  images:
${indented(globs, 4)}  authorities:
${indented(authorities, 4)}`;
}

/**
 * Policies under which images run only if they are signed: an ImageValidatingPolicy of Kyverno, or a ClusterImagePolicy of Sigstore's policy-controller, one for
 * all images that the same signers have to have signed.
 */
export function imagePolicies(signed: readonly SignedImages[], manner: PolicyManner): string {
  const documents = signed.map((one, at) => {
    const name = at === 0 ? 'signed-images' : `signed-images-${at + 1}`;
    const text = manner.engine === 'kyverno' ? kyverno(one, name, manner) : sigstore(one, name, manner);
    return `# ${one.images.length === 1 ? one.images[0] : `${one.images.length} names of images`}: only what is signed may run.\n${text}`;
  });
  return documents.join('---\n');
}
