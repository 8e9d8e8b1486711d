export { configFileName } from '../../engine/config/types';

/** The configuration file that `bulkhead init` and the editor's command write: valid as it is, and changes nothing until it is edited. */
export const starterConfiguration = `# Bulkhead: what is checked in this folder and its subfolders. The editor, the command line and CI read this file.

# baseline | restricted | recommended | strict: each includes the ones before it.
profile: recommended

# Bulkhead version whose severities apply: findings keep their severity when Bulkhead is updated.
# rulesVersion: 0.2.0

# Kubernetes version that the manifests are for.
# kubernetesVersion: "1.33"

# Registries that images may come from.
# trustedRegistries:
#   - registry.example.com

# Severity (error, warning, info, hint, off) by rule.
# rules:
#   kubernetes/missing-requests: off

# Files that are not checked.
# exclude:
#   - "**/vendor/**"

# Values that fixes write if no better value is known.
# defaults:
#   uid: 10001

# Accepted findings, with the reason.
# exceptions:
#   - rule: kubernetes/host-network
#     path: deploy/cni/**
#     reason: the CNI agent configures the node's network
#     until: 2027-12-31
`;

/** Where a release workflow goes, relative to the repository. */
export const pipelinePath = '.github/workflows/release.yml';

/** The command of a client that writes one for a Dockerfile (`InitializationOptions.policies`); its argument is `{ uri }`. */
export const writePipelineCommand = 'bulkhead.writePipeline';

/** Client to server: the files that the command writes. */
export const pipelineFilesMethod = 'bulkhead/pipelineFiles';

/** A Dockerfile, open or not. */
export interface PipelineFilesParams {
  readonly uri: string;
  /** The folder of its repository; absent: the one that its configuration holds for. */
  readonly folder?: string;
}

/** What is written for it: each file that is not there yet, the release first. `null`: no workflow can name its path. */
export type PipelineFilesResult = readonly { readonly uri: string; readonly text: string }[] | null;

/** What a pipeline is written for: a Dockerfile by its normal path relative to the repository; `null` where GitHub or a shell would read that as something else than a path. */
export function startOf(dockerfile: string): PipelineStart | null {
  if (!/^[\w.][\w./ -]*$/.test(dockerfile) || dockerfile.startsWith('../')) return null;
  const slash = dockerfile.lastIndexOf('/');
  const context = slash < 0 ? '.' : dockerfile.slice(0, slash);
  return { context, file: dockerfile.slice(slash + 1) === 'Dockerfile' ? null : dockerfile };
}

/** What a release workflow is written for. Paths are relative to the repository, with `/`. */
export interface PipelineStart {
  /** The folder that the image is built from: `.`. */
  readonly context: string;
  /** The Dockerfile, where it is not the one in `context`. */
  readonly file: string | null;
}

/** Text as a value of YAML that begins with no character of its grammar: in quotes, where it may need them. */
const yamlText = (text: string): string => (/^[\w./][\w./-]*$/.test(text) ? text : JSON.stringify(text));

/**
 * The steps of a job that scan an image, fail at high and critical findings that have a fix, and send the report to code scanning either way.
 * @param category under which code scanning keeps the report, where a workflow sends several
 */
export const scanSteps = (image: string, category?: string): string => `      - name: Scan
        uses: aquasecurity/trivy-action@57a97c7e7821a5776cebc9bb87c984fa69cba8f1 # v0.35.0
        with:
          image-ref: ${image}
          severity: HIGH,CRITICAL
          ignore-unfixed: true
          exit-code: '1'
          format: sarif
          limit-severities-for-sarif: true
          output: trivy.sarif
      - name: Report what the scan found
        if: \${{ !cancelled() }}
        uses: github/codeql-action/upload-sarif@v4
        with:
          sarif_file: trivy.sarif
${category === undefined ? '' : `          category: ${category}\n`}`;

/**
 * A workflow of GitHub that builds an image, scans it, pushes it, signs its digest and attests where it comes from. Actions are named by tags: `pin` writes the
 * commits. The scan stands between a build that stays on the runner and the push, which finds the layers of that build; nothing is restored from a cache that others
 * can write.
 */
export function releaseWorkflow({ context, file }: PipelineStart): string {
  const source = `          context: ${yamlText(context)}\n${file === null ? '' : `          file: ${yamlText(file)}\n`}`;
  return `name: release
on:
  push:
    tags: ['v*']
permissions: {}
concurrency:
  group: release-\${{ github.ref }}
  cancel-in-progress: false
env:
  IMAGE: ghcr.io/\${{ github.repository }} # in lower case: write it out if the repository's name is not
jobs:
  image:
    name: Build, scan, push and sign
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    environment: release
    permissions:
      contents: read # the source
      packages: write # push to ghcr.io
      id-token: write # keyless signing
      attestations: write # provenance
      security-events: write # the report of the scan
    steps:
      - uses: actions/checkout@v6
        with:
          persist-credentials: false
      - uses: docker/setup-buildx-action@v4
      - id: meta
        uses: docker/metadata-action@v6
        with:
          images: \${{ env.IMAGE }}
          tags: |
            type=semver,pattern={{version}}
            type=sha
      - name: Build for the scan
        uses: docker/build-push-action@v7
        with:
${source}          load: true
          tags: scan:local
${scanSteps('scan:local')}      - uses: docker/login-action@v4
        with:
          registry: ghcr.io
          username: \${{ github.actor }}
          password: \${{ secrets.GITHUB_TOKEN }}
      - id: build
        name: Push
        uses: docker/build-push-action@v7
        with:
${source}          push: true
          sbom: true
          provenance: mode=max
          tags: \${{ steps.meta.outputs.tags }}
          labels: \${{ steps.meta.outputs.labels }}
      - uses: sigstore/cosign-installer@v4.1.2
      - name: Sign the digest
        env:
          DIGEST: \${{ steps.build.outputs.digest }}
        run: cosign sign --yes "\${IMAGE}@\${DIGEST}"
      - name: Attest the provenance
        uses: actions/attest-build-provenance@v4
        with:
          subject-name: \${{ env.IMAGE }}
          subject-digest: \${{ steps.build.outputs.digest }}
          push-to-registry: true
`;
}
