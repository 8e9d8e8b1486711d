import { repositoryOf, type ActionReference } from '../syntax/action/reference';
import { parseVersion } from '../syntax/action/version';

/** What an action does, as far as rules ask. */
export type ActionRole =
  /** Puts a repository into the working directory. */
  | 'checkout'
  /** Logs in to a registry or a cloud. */
  | 'login'
  /** Builds an image; pushes it too, where its inputs say so. */
  | 'build'
  /** Looks for known vulnerabilities. */
  | 'scan'
  /** Looks for bad practice: exit codes as a scan's, but no vulnerabilities. */
  | 'lint'
  /** Looks for secrets that somebody has committed. */
  | 'secrets'
  /** Writes a list of what an image holds. */
  | 'sbom'
  /** Installs a program that signs. */
  | 'signer'
  /** Signs a statement of where an artifact comes from. */
  | 'attest'
  /** Uploads a SARIF report. */
  | 'report'
  /** Keeps files between runs. */
  | 'cache'
  | 'upload'
  | 'download'
  /** Runs code that an input holds. */
  | 'code'
  /** Pushes with the credentials that a checkout left. */
  | 'git-push';

/** A use of an action: which one, and its inputs as written (`null`: absent). */
export interface ActionCall extends Pick<ActionReference, 'owner' | 'repo' | 'path'> {
  /** What of it runs; absent: any release. */
  readonly ref?: string;
  readonly input: (name: string) => string | null;
  /** The events that start what it is in; absent: any. */
  readonly events?: readonly string[] | undefined;
}

/** A permission of the token that a step needs. */
export interface PermissionNeed {
  /** As in `permissions`: `security-events`. */
  readonly scope: string;
  readonly level: 'read' | 'write';
  /** Whether it is needed in private repositories only. */
  readonly ifPrivate: boolean;
  /** Whether the step goes on without it, and only does its work worse. */
  readonly goesOn: boolean;
  /** The input that would say that it is not needed, where only its absence has it so; `null`: what is given needs it. */
  readonly byDefault: string | null;
}

/**
 * `name|roles|needs`. A need is `scope:level`, followed by `&input` (only where that input is given), `&!input` (only where it is not), `&on:event` (only where an event of that name starts it, or one whose name goes on), `&one/two>-1` (unless
 * the first of these inputs that is given is -1 or less; `;` before another such choice), `@9` (from that release on), `~` (it goes on without) and `?` (private repositories only). Sources: the actions' action.yml and README as named in ../shared/data/actions.json; of those that it does not list, the README's own
 * paragraph on permissions; of tools that are only installed or run on files, that none of their inputs takes the token.
 */
const table = `actions/add-to-project||
actions/attest|attest|id-token:write attestations:write
actions/attest-build-provenance|attest|id-token:write attestations:write
actions/attest-sbom|attest|id-token:write attestations:write
actions/cache|cache|
actions/cache/restore|cache|
actions/cache/save|cache|
actions/checkout|checkout|contents:read?
actions/configure-pages||pages:read
actions/create-github-app-token|login|
actions/delete-package-versions||packages:write
actions/dependency-review-action||contents:read
actions/deploy-pages||pages:write id-token:write
actions/download-artifact|download|
actions/first-interaction||issues:write&on:issues pull-requests:write&on:pull_request
actions/labeler||contents:read pull-requests:write
actions/setup-dotnet||
actions/setup-go||
actions/setup-java||
actions/setup-node||
actions/setup-python||
actions/stale||issues:write&!debug-only&days-before-issue-stale/days-before-stale>-1;days-before-issue-close/days-before-close>-1 pull-requests:write&!debug-only&days-before-pr-stale/days-before-stale>-1;days-before-pr-close/days-before-close>-1 actions:write@9~
actions/upload-artifact|upload|
actions/upload-pages-artifact|upload|
ad-m/github-push-action|git-push|contents:write&!ssh
anchore/sbom-action|sbom|
anchore/sbom-action/download-syft||
anchore/scan-action|scan|
aquasecurity/setup-trivy||
aquasecurity/trivy-action|scan|
aws-actions/amazon-ecr-login|login|
aws-actions/configure-aws-credentials|login|id-token:write&role-to-assume&!aws-access-key-id
azure/aks-set-context||
azure/container-scan|scan|
azure/docker-login|login|
azure/login|login|id-token:write&client-id&!creds
azure/setup-helm||
azure/setup-kubectl||
changesets/action|git-push|contents:write pull-requests:write
codecov/codecov-action||
crazy-max/ghaction-container-scan|scan|
docker/bake-action|build|
docker/build-push-action|build|
docker/login-action|login|
docker/metadata-action||
docker/scout-action|scan|
docker/setup-buildx-action||
docker/setup-qemu-action||
dorny/paths-filter||pull-requests:read?
endbug/add-and-commit|git-push|contents:write
erzz/dockle-action|lint|
gitleaks/gitleaks-action|secrets|contents:read? pull-requests:write&on:pull_request~
github/codeql-action/analyze|report|security-events:write contents:read? actions:read?
github/codeql-action/autobuild||
github/codeql-action/init||
github/codeql-action/upload-sarif|report|security-events:write contents:read? actions:read?
golang/govulncheck-action|scan|
golangci/golangci-lint-action||
goodwithtech/dockle-action|lint|
google-github-actions/auth|login|id-token:write&workload_identity_provider
google-github-actions/release-please-action||contents:write issues:write pull-requests:write
google-github-actions/setup-gcloud||
googleapis/release-please-action||contents:write issues:write pull-requests:write
hadolint/hadolint-action|lint|
helm/chart-releaser-action|git-push|contents:write
helm/chart-testing-action||
helm/kind-action||
imjasonh/setup-crane||
jamesives/github-pages-deploy-action|git-push|contents:write
ko-build/setup-ko||
lacework/lw-scanner-action|scan|
mr-smithers-excellent/docker-build-push|build|
paloaltonetworks/prisma-cloud-scan|scan|
peaceiris/actions-gh-pages||contents:write&github_token
peter-evans/create-pull-request|git-push|contents:write pull-requests:write
peter-evans/dockerhub-description||
pnpm/action-setup||
redhat-actions/buildah-build|build|
redhat-actions/podman-login|login|
ruby/setup-ruby||
sigstore/cosign-installer|signer|
slsa-framework/slsa-github-generator/.github/workflows/generator_container_slsa3.yml|attest|
snyk/actions/docker|scan|
actions/create-release||contents:write
actions/upload-release-asset||contents:write
softprops/action-gh-release||contents:write
stefanzweifel/git-auto-commit-action|git-push|contents:write
step-security/harden-runner||
sysdiglabs/scan-action|scan|
arduino/setup-task||
astral-sh/setup-uv||
azure/setup-kustomize||
benjlevesque/short-sha||
bufbuild/buf-setup-action||
crazy-max/ghaction-docker-meta||
denoland/setup-deno||
docker/setup-compose-action||
docker/setup-docker-action||
dtolnay/rust-toolchain||
engineerd/setup-kind||
extractions/setup-just||
gradle/wrapper-validation-action||
hashicorp/setup-terraform||
jlumbroso/free-disk-space||
ludeeus/action-shellcheck||
mamba-org/setup-micromamba||
medyagh/setup-minikube||
oras-project/setup-oras||
oven-sh/setup-bun||
pre-commit/action||
pypa/cibuildwheel||
re-actors/alls-green||
rlespinasse/github-slug-action||
rtcamp/action-slack-notify||
securego/gosec||
slackapi/slack-github-action||
swatinem/rust-cache|cache|
trufflesecurity/trufflehog|secrets|
useblacksmith/setup-docker-builder||
actions/github-script|code|
addnab/docker-run-action|code|`;

interface Row {
  readonly roles: readonly ActionRole[];
  readonly needs: readonly string[];
}

const words = (text: string): readonly string[] => (text === '' ? [] : text.split(' '));
const rows = new Map<string, Row>(
  table.split('\n').map(line => {
    const [name = '', roles = '', needs = ''] = line.split('|');
    return [name, { roles: words(roles) as readonly ActionRole[], needs: words(needs) }];
  }),
);

/** What the tables key an action by: `owner/repo[/path]`, in lower case. */
export function actionName({ owner, repo, path }: Pick<ActionReference, 'owner' | 'repo' | 'path'>): string {
  return repositoryOf({ owner, repo }) + (path === '' ? '' : `/${path.toLowerCase()}`);
}

/** The actions of the table: `owner/repo`, in lower case; of one with several in its folders once for each. */
export const knownActions = (): readonly string[] => [...rows.keys()];

/** Whether an action does something that rules ask about. */
export function hasRole(action: Pick<ActionReference, 'owner' | 'repo' | 'path'>, role: ActionRole): boolean {
  return rows.get(actionName(action))?.roles.includes(role) ?? false;
}

/** The number of the release that a call runs: of a commit or a branch it may be the newest. */
function releaseOf({ ref }: ActionCall): number {
  return (ref === undefined ? null : parseVersion(ref)?.numbers[0]) ?? Infinity;
}

/** The first of the inputs of a condition that is given. */
function givenOf(condition: string, { input }: ActionCall): string | null {
  const names = condition.split('>')[0]!.split('/');
  return names.map(input).find(value => value !== null) ?? null;
}

/** The input of a condition that is not given, and that would have to be given for it not to hold. */
function defaultOf(condition: string, call: ActionCall): string | null {
  const choices = condition.split(';').filter(choice => holds(choice, call));
  const isOpen = choices.length > 0 && choices.every(choice => choice.includes('>') && givenOf(choice, call) === null);
  return isOpen ? choices[0]!.split(/[/>]/)[0]! : null;
}

/** Whether the inputs of a call are as a row of the table has it. */
function holds(condition: string, call: ActionCall): boolean {
  const { input, events } = call;
  if (condition.startsWith('on:')) return events === undefined || events.some(event => event.startsWith(condition.slice(3)));
  const off = condition.split('>')[1];
  if (off !== undefined) {
    const given = givenOf(condition, call);
    return given === null || !(Number(given) <= Number(off));
  }
  return condition.startsWith('!') ? input(condition.slice(1)) === null : input(condition) !== null;
}

/** What an action needs of the token beside what every job has; `null`: not known. Code that an input holds is not judged. */
export function permissionsOf(call: ActionCall): readonly PermissionNeed[] | null {
  const row = rows.get(actionName(call));
  if (!row || row.roles.includes('code')) return null;
  const needs = row.needs.flatMap((text): PermissionNeed[] => {
    const [need = '', ...conditions] = text.replace(/[?~]/, '').split('&');
    const [permission = '', first = '0'] = need.split('@');
    const [scope = '', level = ''] = permission.split(':');
    if (Number(first) > releaseOf(call) || !conditions.every(condition => condition.split(';').some(choice => holds(choice, call))))
      return [];
    const byDefault = conditions.map(condition => defaultOf(condition, call)).find(name => name !== null) ?? null;
    return [{ scope, level: level as PermissionNeed['level'], ifPrivate: text.endsWith('?'), goesOn: text.endsWith('~'), byDefault }];
  });
  const pushesStatement = row.roles.includes('attest') && call.input('push-to-registry') === 'true';
  const toGithub = /^ghcr\.io\//i.test(call.input('subject-name') ?? '');
  return pushesStatement && toGithub
    ? [...needs, { scope: 'packages', level: 'write', ifPrivate: false, goesOn: false, byDefault: null }]
    : needs;
}

/** A scan or a check of an image, as its inputs have it. */
export interface ActionScan {
  readonly kind: 'scan' | 'lint' | 'secrets';
  /** Whether the step fails where something is found; `null`: not known. */
  readonly gates: boolean | null;
  /** The input that decides, with the value that makes the step fail; `null`: no one input does. */
  readonly gate: { readonly input: string; readonly value: string } | null;
  /** The input that names the image; `null`: none does, or it looks at files. */
  readonly imageInput: string | null;
  /** The SARIF file that the step writes; `null`: none, or not known. */
  readonly report: string | null;
}

/**
 * `name|input that decides|values that let the step pass, "-" for absent|value that makes it fail|input with the image|SARIF: file input, where FORMAT input is "sarif"`.
 * Read in the actions' action.yml at the commits of ../shared/data/actions.json.
 */
const scanTable = `aquasecurity/trivy-action|exit-code|- 0|1|image-ref|output:format
anchore/scan-action|fail-build|false|true|image|
goodwithtech/dockle-action|exit-code|0|1|image|output:format
erzz/dockle-action|exit-code|- 0|1|image|
hadolint/hadolint-action|no-fail|true|false||output-file:format
docker/scout-action|exit-code|- false|true|image|sarif-file:
snyk/actions/docker||||image|
crazy-max/ghaction-container-scan|severity_threshold|-|HIGH|image|`;

const scans = new Map(scanTable.split('\n').map(line => [line.slice(0, line.indexOf('|')), line.split('|')] as const));

/** The scan that an action makes; `null`: it is none. Commands of scanners that only print, such as a list of advice, are none either. */
export function scanOf(call: ActionCall): ActionScan | null {
  const kind = (['scan', 'lint', 'secrets'] as const).find(role => hasRole(call, role)) ?? null;
  if (kind === null) return null;
  const name = actionName(call);
  // lists of what an image holds, which find nothing
  if (name === 'aquasecurity/trivy-action' && /^(?:cyclonedx|spdx|spdx-json|github)$/.test(call.input('format') ?? '')) return null;
  if (name === 'docker/scout-action' && !/\b(?:cves|compare)\b/.test(call.input('command') ?? '')) return null;
  if (name === 'snyk/actions/docker' && /^monitor$/.test(call.input('command') ?? '')) return null;
  const [, input = '', passing = '', failing = '', image = '', report = ''] = scans.get(name) ?? [];
  const value = call.input(input)?.trim() ?? '-';
  // a configuration file may hold both, and a value that is filled in later may be either
  const unknown = value.includes('${{') || (name === 'aquasecurity/trivy-action' && call.input('trivy-config') !== null);
  const gates =
    input === '' ? (kind === 'secrets' || name === 'snyk/actions/docker' ? true : null) : unknown ? null : !words(passing).includes(value);
  const looksAtFiles = (call.input('scan-type') ?? 'image') !== 'image' || (call.input('path') ?? call.input('sbom')) !== null;
  const [fileInput = '', formatInput = ''] = report.split(':');
  const writes = fileInput !== '' && (formatInput === '' || call.input(formatInput) === 'sarif');
  return {
    kind,
    gates,
    gate: input === '' ? null : { input, value: failing },
    imageInput: image === '' || looksAtFiles ? null : image,
    report: writes ? call.input(fileInput) : null,
  };
}
