import { scanSteps } from '../../../shared/src/output/protocol/starter';

const matrixImage = '${{ matrix.image }}';

/** Where the workflow goes that scans again what runs, relative to the repository. */
export const rescanPath = '.github/workflows/rescan.yml';

/**
 * A workflow of GitHub that scans, once a day, the images that run: those that manifests and Compose files of the repository name by a digest, found anew in each
 * run, and the newest release of its own. A job for each reports to code scanning, and fails where something is found.
 */
export const rescanWorkflow = `name: rescan
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
export const dependabotPath = '.github/dependabot.yml';

/** Configurations of programs that update digests: where one is there, it stays the one that does. */
export const updaterFiles: readonly string[] = [
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
export function dependabotFor(context: string, hasCompose: boolean): string {
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
