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

/** The commit of the first good release where the facts do not have it: of the tag, which is written into many workflows beside it (read on 2026-11-30). */
const fixedAt: Readonly<Record<string, string>> = { 'tj-actions/changed-files': '2f7c5bfce28377bc069a65ba478de0a74aa0ca32' };

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
 * Major versions whose action.yml says node12 or node16, and the lowest later major that needs no Node.js 20: `name first-last next differs removed`. Up to
 * the major `differs`, the same inputs do not do the same in `next`, by their defaults or by the notes of a release between; `removed` are inputs that are gone.
 * Spans: the table that actionlint 1.7.12 generates of the actions' own action.yml (popular_actions.go: OutdatedPopularActionSpecs and PopularActions).
 * `next`: `runs.using` in action.yml at the newest tag of each major, read on 2026-11-30; of actions/configure-pages v6 and actions/dependency-review-action v5
 * by pull requests that read it (bitrix24/b24jssdk#134, metasequoiaime/MSIME-Apple#488). Of actions-cool/issues-helper and actions/delete-package-versions no
 * release for Node.js 24 was found, and azure/aks-set-context was not read again: `next` is their newest known major.
 * GitHub runs all for Node.js 20 on 24 from 2026-06-16 on, and announced that 20 leaves the runners on 2026-09-23 (editor's note of 2026-08-25):
 * https://github.blog/changelog/2025-09-19-deprecation-of-node-20-on-github-actions-runners/
 */
const outdated = `actions-cool/issues-helper 1-2 3 2
actions/cache 1-3 5
actions/checkout 2-3 5
actions/configure-pages 1-3 6 3
actions/delete-package-versions 1-4 5 3
actions/dependency-review-action 3-3 5
actions/deploy-pages 1-2 5 2
actions/download-artifact 1-3 7 3
actions/github-script 1-6 8 4
actions/labeler 2-4 6 4
actions/setup-dotnet 1-3 5 0 include-prerelease
actions/setup-go 1-4 6 4
actions/setup-java 1-3 5 1
actions/setup-node 1-3 5 3
actions/setup-python 1-4 6 3
actions/stale 1-8 10 5
actions/upload-artifact 1-3 6 3
aws-actions/configure-aws-credentials 1-3 6
azure/aks-set-context 1-3 4
azure/login 1-1 3
codecov/codecov-action 1-3 5 3
dawidd6/action-download-artifact 2-2 17 2
dessant/lock-threads 2-4 6 4
docker/build-push-action 2-4 7 3
docker/login-action 1-2 4
docker/metadata-action 1-4 6 1
docker/setup-buildx-action 1-2 4 0 install,config,config-inline
docker/setup-qemu-action 1-2 4
dorny/paths-filter 1-2 4
github/codeql-action 1-2 4
golangci/golangci-lint-action 1-3 9 3
google-github-actions/auth 1-1 3 0 retries,backoff,backoff_limit,access_token_expiration
google-github-actions/get-secretmanager-secrets 1-1 3
google-github-actions/setup-gcloud 1-1 3
google-github-actions/upload-cloud-storage 1-1 3
goreleaser/goreleaser-action 1-4 7 4
gradle/wrapper-validation-action 1-1 3 1
mikepenz/release-changelog-builder-action 1-3 6 3
msys2/setup-msys2 1-1 2 1
nwtgck/actions-netlify 1-2 4
peaceiris/actions-gh-pages 3-3 4
peter-evans/create-or-update-comment 3-3 5
peter-evans/create-pull-request 1-5 8 3
pulumi/actions 2-4 7 4
reactivecircus/android-emulator-runner 1-1 2 0 headless
release-drafter/release-drafter 5-5 7 0 disable-releaser,disable-autolabeler
shivammathur/setup-php 1-1 2 0 extension-csv,ini-values-csv,pecl
softprops/action-gh-release 1-1 3
swatinem/rust-cache 1-1 2 0 sharedkey,working-directory,target-dir`;

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
        ...((fixedSha ?? fixedAt[action]) !== undefined && { fixedCommit: fixedSha ?? fixedAt[action] }),
      },
    ];
  });
  writeData('actions.json', {
    retrieved: raw.date,
    sources: [
      'GitHub advisories by their ids',
      'actionlint 1.7.12 popular_actions.go',
      'action.yml of the actions at their tags, read on 2026-11-30',
      'zizmor 11bbf7e support/archived-action-repos.txt',
    ],
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
