import { readFacts, writeData } from './files';

interface RawIncident {
  readonly action?: string;
  readonly kind: string;
  readonly ids: readonly string[];
  readonly from?: string;
  readonly affected: { readonly tags: unknown; readonly shas?: readonly string[] };
  readonly fixed: string | null;
  readonly fixedSha?: string;
}

interface RawFile {
  readonly date: string;
  readonly actions: readonly {
    readonly action: string;
    readonly knownGood?: readonly { readonly version: string; readonly sha: string }[];
    readonly deprecatedFor?: string;
  }[];
  readonly incidents: readonly RawIncident[];
  readonly archived: { readonly asOf: string; readonly all: readonly string[] };
}

/** The versions that an incident hit, as the facts' prose has them: first and last, `*` for any; empty: no tags. */
const hit: Readonly<Record<string, string>> = {
  'tj-actions/changed-files': '0 45.0.7',
  'reviewdog/action-setup': '*',
  'aquasecurity/trivy-action': '0 0.34.2',
  'aquasecurity/setup-trivy': '0 0.2.5',
  'Checkmarx/kics-github-action': '*',
  'Checkmarx/ast-github-action': '2.3.28 2.3.28',
};

/**
 * Advisories of GitHub's database about what an action does itself: first version that is affected, first that is not.
 * Read: hashicorp/vault-action GHSA-4mgv-m5cm-f9h7, actions/download-artifact GHSA-cxww-7g56-2vh6, tj-actions/branch-names GHSA-gq52-6phf-x2r6,
 * pypa/gh-action-pypi-publish GHSA-vxmw-7h4f-hqxh, SonarSource/sonarqube-scan-action GHSA-5xq9-5g24-4g6f, dawidd6/action-download-artifact GHSA-5xr6-xhww-33m4,
 * shivammathur/setup-php GHSA-pqwm-q9pv-ph8r (its other one, GHSA-5wxr-w449-57cm, hits only who pins an old Composer);
 * kartverket/github-workflows GHSA-f9qj-7gh3-mhj4 by the test of poutine c89412a.
 */
const advisories = [
  'hashicorp/vault-action 0 2.2.0 GHSA-4mgv-m5cm-f9h7',
  'kartverket/github-workflows 0 2.7.5 GHSA-f9qj-7gh3-mhj4',
  'actions/download-artifact 4.0.0 4.1.3 GHSA-cxww-7g56-2vh6',
  'tj-actions/branch-names 0 9.0.0 GHSA-gq52-6phf-x2r6',
  'pypa/gh-action-pypi-publish 0 1.13.0 GHSA-vxmw-7h4f-hqxh',
  'sonarsource/sonarqube-scan-action 4.0.0 6.0.0 GHSA-5xq9-5g24-4g6f',
  'dawidd6/action-download-artifact 0 6.0.0 GHSA-5xr6-xhww-33m4',
  'shivammathur/setup-php 2.25.0 2.37.1 GHSA-pqwm-q9pv-ph8r',
];

/**
 * Major versions whose action.yml says node12 or node16, and the lowest major that says node20 or newer: `name first-last next`.
 * From the table that actionlint 1.7.12 generates of the actions' own action.yml (popular_actions.go: OutdatedPopularActionSpecs and PopularActions).
 */
const outdated = `actions-cool/issues-helper 1-2 3
actions/cache 1-3 4
actions/checkout 1-3 4
actions/configure-pages 1-3 4
actions/delete-package-versions 1-4 5
actions/dependency-review-action 3-3 4
actions/deploy-pages 1-2 3
actions/download-artifact 1-3 4
actions/github-script 1-6 7
actions/labeler 2-4 5
actions/setup-dotnet 1-3 4
actions/setup-go 1-4 5
actions/setup-java 1-3 4
actions/setup-node 1-3 4
actions/setup-python 1-4 5
actions/stale 1-8 9
actions/upload-artifact 1-3 4
aws-actions/configure-aws-credentials 1-3 4
azure/aks-set-context 1-3 4
azure/login 1-1 2
codecov/codecov-action 1-3 4
dawidd6/action-download-artifact 2-2 3
dessant/lock-threads 2-4 5
docker/build-push-action 2-4 5
docker/login-action 1-2 3
docker/metadata-action 1-4 5
docker/setup-buildx-action 1-2 3
docker/setup-qemu-action 1-2 3
dorny/paths-filter 1-2 3
github/codeql-action 1-2 3
golangci/golangci-lint-action 1-3 4
google-github-actions/auth 1-1 2
google-github-actions/get-secretmanager-secrets 1-1 2
google-github-actions/setup-gcloud 1-1 2
google-github-actions/upload-cloud-storage 1-1 2
goreleaser/goreleaser-action 1-4 5
gradle/wrapper-validation-action 1-1 2
mikepenz/release-changelog-builder-action 1-3 4
msys2/setup-msys2 1-1 2
nwtgck/actions-netlify 1-2 3
peaceiris/actions-gh-pages 3-3 4
peter-evans/create-or-update-comment 3-3 4
peter-evans/create-pull-request 1-5 6
pulumi/actions 2-4 5
reactivecircus/android-emulator-runner 1-1 2
release-drafter/release-drafter 5-5 6
shivammathur/setup-php 1-1 2
softprops/action-gh-release 1-1 2
swatinem/rust-cache 1-1 2`;

/** What took the place of archived actions, by their authors' own word (general knowledge, not read again). */
const successors = [
  'actions-rs/toolchain dtolnay/rust-toolchain',
  'actions/create-release softprops/action-gh-release',
  'actions/setup-elixir erlef/setup-beam',
  'actions/setup-haskell haskell-actions/setup',
  'actions/setup-ruby ruby/setup-ruby',
  'actions/upload-release-asset softprops/action-gh-release',
  'crazy-max/ghaction-docker-buildx docker/setup-buildx-action',
  'gradle/gradle-build-action gradle/actions/setup-gradle',
  'sonarsource/sonarcloud-github-action SonarSource/sonarqube-scan-action',
  'tibdex/github-app-token actions/create-github-app-token',
];

/** Makes `actions.json`: incidents, archived and outdated actions, and commits that are known to be releases. */
export function makeActions(): void {
  const raw = readFacts('actions.json') as RawFile;
  const incidents = raw.incidents.flatMap(({ action, kind, ids, from, affected, fixed, fixedSha }) => {
    const versions = action === undefined ? undefined : hit[action];
    if (action === undefined || kind !== 'compromised') return [];
    if (versions === undefined) throw new Error(`which versions of ${action} were hit?`);
    return [
      {
        action: action.toLowerCase(),
        versions,
        ids: ids.join(' '),
        day: from!.slice(0, 10),
        fixed,
        ...(affected.shas && { commits: affected.shas.join(' ') }),
        ...(fixedSha !== undefined && { fixedCommit: fixedSha }),
      },
    ];
  });
  writeData('actions.json', {
    retrieved: raw.date,
    sources: ['GitHub advisories by their ids', 'actionlint 1.7.12 popular_actions.go', 'zizmor 11bbf7e support/archived-action-repos.txt'],
    archivedAsOf: raw.archived.asOf,
    incidents,
    advisories,
    archived: raw.archived.all
      .map(name => name.toLowerCase())
      .sort()
      .join(' '),
    successors: [
      ...successors,
      ...raw.actions.flatMap(({ action, deprecatedFor }) => (deprecatedFor ? [`${action} ${deprecatedFor}`] : [])),
    ],
    outdated: outdated.split('\n'),
    commits: raw.actions.flatMap(({ action, knownGood = [] }) => knownGood.map(({ version, sha }) => `${action} ${version} ${sha}`)),
  });
}
