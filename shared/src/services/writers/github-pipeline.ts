import { pipelinePath, releaseWorkflow, scanSteps, startOf } from '../../output/protocol/starter';

const matrixImage = '${{ matrix.image }}';

/** Where the workflow goes that scans again what runs, relative to the repository. */
const rescanPath = '.github/workflows/rescan.yml';

/**
 * A workflow of GitHub that scans, once a day, the images that run: those that manifests and Compose files of the repository name by a digest, found anew in each
 * run, and the newest release of its own. A job for each reports to code scanning, and fails where something is found.
 */
const rescanWorkflow = `name: rescan
on:
  schedule:
    - cron: '17 4 * * *'
  workflow_dispatch:
permissions: {}
concurrency:
  group: rescan
  cancel-in-progress: false
jobs:
  images:
    name: Find the images that run
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    permissions:
      contents: read # the manifests
    outputs:
      images: \${{ steps.find.outputs.images }}
    steps:
      - uses: actions/checkout@v6
        with:
          persist-credentials: false
      - id: find
        name: Find digests in manifests and Compose files
        env:
          RELEASED: ghcr.io/\${{ github.repository }}:latest # in lower case: write it out if the repository's name is not
        run: |
          found=$(git grep -hoE '[[:alnum:]][[:alnum:]./:_-]*@sha256:[0-9a-f]{64}' -- '*.yaml' '*.yml' || true)
          images=$(printf '%s\\n%s\\n' "$RELEASED" "$found" | sort -u | jq -Rnc '[inputs | select(. != "")]')
          echo "images=$images" >> "$GITHUB_OUTPUT"
  scan:
    name: Scan
    needs: images
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    permissions:
      packages: read # pull from ghcr.io
      security-events: write # the report of the scan
    strategy:
      fail-fast: false
      matrix:
        image: \${{ fromJSON(needs.images.outputs.images) }}
    steps:
      - uses: docker/login-action@v4
        with:
          registry: ghcr.io
          username: \${{ github.actor }}
          password: \${{ secrets.GITHUB_TOKEN }}
${scanSteps(matrixImage, matrixImage)}`;

/** Where Dependabot looks for what it updates, relative to the repository. */
const dependabotPath = '.github/dependabot.yml';

/** Configurations of programs that update digests: where one is there, it stays the one that does. */
const updaterFiles: readonly string[] = [
  dependabotPath,
  '.github/dependabot.yaml',
  'renovate.json',
  'renovate.json5',
  '.github/renovate.json',
  '.github/renovate.json5',
  '.renovaterc',
  '.renovaterc.json',
];

/** What has Dependabot propose new commits of actions and new digests of images, once a release is a week old. */
function dependabotFor(context: string, hasCompose: boolean): string {
  const folder = context === '.' ? '/' : `/${context}`;
  const ecosystems: readonly (readonly [string, string])[] = [
    ['github-actions', '/'],
    ['docker', folder],
    ...(hasCompose ? [['docker-compose', '/'] as const] : []),
  ];
  const entries = ecosystems.map(
    ([ecosystem, directory]) => `  - package-ecosystem: ${ecosystem}
    directory: ${/^[\w./-]+$/.test(directory) ? directory : JSON.stringify(directory)}
    schedule:
      interval: weekly
    cooldown:
      default-days: 7
`,
  );
  return `version: 2\nupdates:\n${entries.join('')}`;
}

/** Names of Compose files that Compose finds by itself. */
const composeNames = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];

/** What `githubPipeline` asks whether it is there, relative to the repository. */
export const askedOfRepository: readonly string[] = [pipelinePath, rescanPath, ...updaterFiles, ...composeNames];

/** Files that are written for a repository on GitHub. */
export interface GithubPipeline {
  /** By their paths relative to the repository: the release first. */
  readonly files: readonly (readonly [path: string, text: string])[];
  /** The configuration of a program that updates digests already, which stays as it is; `null`: there is none. */
  readonly updater: string | null;
}

/**
 * What releases the image of a Dockerfile, scans again what runs, and keeps digests fresh. `null`: see `startOf`.
 * @param isThere whether one of `askedOfRepository` is there
 */
export function githubPipeline(dockerfile: string, isThere: (path: string) => boolean): GithubPipeline | null {
  const start = startOf(dockerfile);
  if (start === null) return null;
  const updater = updaterFiles.find(isThere) ?? null;
  const workflows = [
    [pipelinePath, releaseWorkflow(start)],
    [rescanPath, rescanWorkflow],
  ] as const;
  const updates = [dependabotPath, dependabotFor(start.context, composeNames.some(isThere))] as const;
  return { files: updater === null ? [...workflows, updates] : workflows, updater };
}
