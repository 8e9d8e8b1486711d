/** Who has to have signed: a workflow or a person whom an issuer vouches for, or whoever has a key. */
export type Signer = { readonly issuer: string; readonly subject: string } | { readonly key: string };

/** What an image policy is written for. */
export interface ImagePolicyStart {
  /** Which engine is to enforce it. */
  readonly engine: 'kyverno' | 'sigstore';
  /** The registry and the first parts of the names of the images: `ghcr.io/acme`; on Docker Hub with `docker.io` in front. */
  readonly repository: string;
  /** A `*` in the subject stands for any characters. The key is a public key in PEM. */
  readonly signer: Signer;
}

/** Text as a value of YAML: in single quotes, where it may need them. */
const yamlText = (text: string): string => (/^[A-Za-z][\w./:@+-]*$/.test(text) ? text : `'${text.replaceAll("'", "''")}'`);

const indented = (lines: readonly string[], by: number): string => lines.map(line => `${' '.repeat(by)}${line}\n`).join('');

/** The lines that say whom a certificate has to name: exactly, or by an expression that is closed at both ends. */
function identityLines({ issuer, subject }: { readonly issuer: string; readonly subject: string }): readonly string[] {
  const exact = !subject.includes('*');
  const expression = `^${subject
    .split('*')
    .map(part => part.replace(/[.+?^$(){}|[\]\\]/g, '\\$&'))
    .join('.*')}$`;
  return [`- issuer: ${yamlText(issuer)}`, exact ? `  subject: ${yamlText(subject)}` : `  subjectRegExp: ${yamlText(expression)}`];
}

/** The lines of what an engine calls `keyless` or `key`; `before`: lines of `keyless` in front of the identities. */
function signerLines(signer: Signer, before: readonly string[] = []): readonly string[] {
  if ('key' in signer)
    return [
      'key:',
      '  data: |',
      ...signer.key
        .trim()
        .split(/\r?\n/)
        .map(line => `    ${line.trim()}`),
    ];
  return ['keyless:', ...before.map(line => `  ${line}`), '  identities:', ...identityLines(signer).map(line => `    ${line}`)];
}

/** The patterns that match all images of a repository, as an engine compares them. */
function globsOf({ engine, repository }: ImagePolicyStart): readonly string[] {
  const hub = /^docker\.io\//.test(repository);
  if (engine === 'sigstore') return [`${hub ? `index.${repository}` : repository}/**`];
  // Kyverno compares with the image as it is written: on Docker Hub people write it in two ways
  return hub ? [`${repository}/*`, `${repository.slice('docker.io/'.length)}/*`] : [`${repository}/*`];
}

/**
 * A policy under which images of a repository run only if they are signed: an ImageValidatingPolicy of Kyverno, or a ClusterImagePolicy of Sigstore's
 * policy-controller. It refuses from the start, and says how to look first.
 */
export function imagePolicy(start: ImagePolicyStart): string {
  const { engine, repository, signer } = start;
  const globs = globsOf(start).map(glob => `- glob: ${yamlText(glob)}`);
  if (engine === 'sigstore')
    return `# Images of ${repository} run only if they are signed.
# Only namespaces with the label policy.sigstore.dev/include: "true" are looked at:
#   kubectl label namespace NAME policy.sigstore.dev/include=true
# To see first what would be refused, write mode: warn; enforce refuses it.
apiVersion: policy.sigstore.dev/v1beta1
kind: ClusterImagePolicy
metadata:
  name: signed-images
spec:
  mode: enforce
  images:
${indented(globs, 4)}  authorities:
    - name: release
${indented(signerLines(signer, ['url: https://fulcio.sigstore.dev']), 6)}      ctlog:
        url: https://rekor.sigstore.dev
`;
  return `# Images of ${repository} run only if they are signed.
# To see first what would be refused, write validationActions: [Audit]; [Deny] refuses it.
apiVersion: policies.kyverno.io/v1
kind: ImageValidatingPolicy
metadata:
  name: signed-images
spec:
  validationActions: [Deny]
  failurePolicy: Fail
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
    - name: release
      cosign:
${indented(signerLines(signer), 8)}        ctlog:
          url: https://rekor.sigstore.dev
  validations:
    - expression: >-
        (images.containers + images.?initContainers.orValue([]) + images.?ephemeralContainers.orValue([]))
          .all(image, verifyImageSignatures(image, [attestors.release]) > 0)
      message: the image is not signed
`;
}
