import type { PipelineStart } from '../../output/protocol/starter';

/** Where a pipeline of GitLab goes, relative to the repository. */
export const gitlabPipelinePath = '.gitlab-ci.yml';

/** Text as a word of a POSIX shell. */
const word = (text: string): string => (/^[\w./-]+$/.test(text) ? text : `'${text}'`);

/** What a tag and a schedule start. */
const release = `release:
  stage: release
  image: alpine:3.23
  rules:
    - if: $CI_COMMIT_TAG =~ /^v\\d/
  environment: release # protect it, and the tags: Settings > CI/CD, Settings > Repository
  id_tokens:
    SIGSTORE_ID_TOKEN: # keyless signing (cosign reads it)
      aud: sigstore
  before_script:
    - apk add --no-cache cosign crane
    - echo "$CI_REGISTRY_PASSWORD" | crane auth login "$CI_REGISTRY" --username "$CI_REGISTRY_USER" --password-stdin
  script:
    - REFERENCE="$(crane push image.tar "$CI_REGISTRY_IMAGE:$CI_COMMIT_TAG")" # with the digest
    - cosign sign --yes "$REFERENCE"

rescan:
  stage: scan
  image:
    name: aquasec/trivy:0.74.0
    entrypoint: ['']
  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule"
  before_script:
    - apk add --no-cache crane
    - echo "$CI_REGISTRY_PASSWORD" | crane auth login "$CI_REGISTRY" --username "$CI_REGISTRY_USER" --password-stdin
  script:
    - crane ls "$CI_REGISTRY_IMAGE" | grep '^v[0-9]' | sort -V | tail -n 3 > releases
    # what runs: the digests in manifests and Compose files
    - find . \\( -name '*.yaml' -o -name '*.yml' \\) -exec grep -hoE '[[:alnum:]][[:alnum:]./:_-]*@sha256:[0-9a-f]{64}' {} + > images || true
    - |
      failed=0
      while read -r tag; do
        echo "$CI_REGISTRY_IMAGE@$(crane digest "$CI_REGISTRY_IMAGE:$tag")" >> images
      done < releases
      sort -u -o images images
      while read -r image; do
        trivy image --exit-code 1 "$image" || failed=1
      done < images
      exit "$failed"
`;

/**
 * A pipeline of GitLab that builds an image without a privileged runner, scans it, and on a tag pushes it and signs its digest; on a schedule it scans again the
 * digests that run, by manifests and Compose files of the repository, and the newest releases. Images are named by tags: `pin` writes the digests. What is pushed is the very archive that was scanned.
 */
export function gitlabPipeline({ context, file }: PipelineStart): string {
  const name = file === null ? '' : ` --opt filename=${word(file.slice(file.lastIndexOf('/') + 1))}`;
  const local = word(context);
  return `# A schedule (Build > Pipeline schedules, once a day) makes it scan again what runs and what was released: who owns the schedule gets a mail when something is found.
workflow:
  rules:
    - if: $CI_COMMIT_TAG =~ /^v\\d/
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_PIPELINE_SOURCE == "schedule"

stages: [build, scan, release]

variables:
  TRIVY_CACHE_DIR: $CI_PROJECT_DIR/.trivy
  TRIVY_EXIT_CODE: '1'
  TRIVY_IGNORE_UNFIXED: 'true'
  TRIVY_SEVERITY: HIGH,CRITICAL

.changed:
  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule"
      when: never
    - when: on_success

build:
  extends: .changed
  stage: build
  image:
    name: moby/buildkit:v0.29.0-rootless
    entrypoint: ['']
  variables:
    BUILDKITD_FLAGS: --oci-worker-no-process-sandbox
  script:
    - buildctl-daemonless.sh build --frontend dockerfile.v0 --local context=${local} --local dockerfile=${local}${name} --output type=docker,dest=image.tar
  artifacts:
    access: developer
    expire_in: 1 day
    paths: [image.tar]

scan:
  extends: .changed
  stage: scan
  image:
    name: aquasec/trivy:0.74.0
    entrypoint: ['']
  script:
    - trivy image --input image.tar --exit-code 0 --format template --template @/contrib/gitlab.tpl --output gl-container-scanning-report.json
    - trivy image --input image.tar --exit-code 1
  artifacts:
    when: always
    access: developer
    expire_in: 1 week
    reports:
      container_scanning: gl-container-scanning-report.json
  cache:
    key: trivy
    paths: [.trivy/]

${release}`;
}
