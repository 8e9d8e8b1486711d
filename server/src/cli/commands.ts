import { profiles, scannerNames as scanners, severities } from '../../../shared/src/early';
import { initCommand } from './init-command';
import { serverCommands } from './server-commands';
import type { CommandSpec, OptionSpec } from './usage';

const followLinks: OptionSpec = { help: 'Read files behind links that lead out of the folder too; never writes there' };

const policies: OptionSpec = {
  value: 'DIR',
  multiple: true,
  help: 'Also judge manifests by the admission policies of this directory, which are not checked themselves; may be repeated',
};

const whatHolds: Readonly<Record<string, OptionSpec>> = {
  profile: { value: 'P', values: profiles, help: `How much to report: ${profiles.join(', ')} (default: recommended)` },
  config: { value: 'FILE', help: 'Use this configuration instead of the nearest .bulkhead.yaml' },
  rule: { value: 'ID=SEVERITY', multiple: true, help: 'Set a rule to off, on, hint, info, warning or error; may be repeated' },
  'kubernetes-version': { value: 'VERSION', help: 'The Kubernetes version of the cluster, such as 1.37' },
  'max-file-size': { value: 'SIZE', help: 'Check files up to this size, such as 16Mi (default: 4Mi; at most 64Mi)' },
  today: { value: 'DATE', help: 'Check as of this date, such as 2026-11-24' },
  'no-suppress': { help: 'Ignore suppressions' },
  'trust-evidence': { help: 'Also take the trial runs that are committed in .bulkhead/evidence, of the very digest and command' },
  'follow-links': followLinks,
  'no-cache': { help: 'Neither use nor keep what earlier runs have learned' },
  'cache-location': { value: 'DIR', help: "Keep it in this directory (default: the user's cache directory)" },
};

/** Hosts that a file may name although they are not on the public internet. */
const allowRegistry: OptionSpec = {
  value: 'HOST',
  multiple: true,
  help: 'Also ask this registry on this machine or in a private network, if a file names it; may be repeated',
};

const registryOptions: Readonly<Record<string, OptionSpec>> = {
  'allow-registry': allowRegistry,
  'cache-minutes': { value: 'N', help: 'How long a digest look-up stays valid (default: 60); 0 always asks again' },
  ca: { value: 'FILE', multiple: true, help: 'Also trust the certificates in this PEM file for registries; may be repeated' },
  verbose: { help: 'Log registry requests to standard error' },
};

const lookup: OptionSpec = {
  help: 'First ask the registries what the images are that files name (see facts), and use that',
};

/** What this machine has of images. */
const localOptions: Readonly<Record<string, OptionSpec>> = {
  archive: {
    value: 'FILE',
    multiple: true,
    help: 'With --lookup: take what this OCI layout or archive of docker save has, and ask no registry about it; may be repeated',
  },
  'no-engine': { help: 'Do not ask Docker or Podman on this machine what they have' },
};

/** Options of commands that may ask registries with `--lookup`. */
const lookupOptions: Readonly<Record<string, OptionSpec>> = {
  lookup,
  alternatives: { help: 'With --lookup: also look up smaller base images that could take the place of those that Dockerfiles ship' },
  layers: { help: 'With --lookup: also read layers of the images, at most 32 MiB of each (see facts)' },
  ...localOptions,
  'allow-registry': allowRegistry,
  ca: registryOptions['ca']!,
  verbose: registryOptions['verbose']!,
};

const layers: OptionSpec = {
  help: 'Also read layers, as far as needed and at most 32 MiB of each image: users, owners of folders, programs, what the entry point carries',
};

const exitCodes =
  'A PATH is a file, a directory (walked, honouring .gitignore) or a glob, or - for standard input; without one, the working directory.';

/** The formats of `lint`. */
export const lintFormats = ['text', 'concise', 'json', 'sarif', 'github', 'gitlab', 'junit', 'rdjson', 'markdown'] as const;

/** What reports of findings look like, where they go, and what of them fails. */
const reportOptions: Readonly<Record<string, OptionSpec>> = {
  format: {
    value: 'FORMAT[=FILE]',
    values: lintFormats,
    takesFile: true,
    multiple: true,
    help: 'text (default), concise, json, sarif, github, gitlab, junit, rdjson or markdown; may be repeated with files',
  },
  'output-file': { value: 'FILE', help: 'Write the report to this file instead of standard output' },
  quiet: { help: 'Print findings only: no summary, no notes' },
  'fail-on': {
    value: 'SEVERITY',
    values: [...severities, 'never'],
    help: 'Exit with 1 at this severity or above (default: warning), or never',
  },
};

const ignoreUnknown: OptionSpec = {
  help: 'Pass over named files that are of no kind that is checked, or excluded, as in a directory: for lists of changed files',
};

/** Every command with its options: what the help prints and the arguments are checked against. */
export const commands: readonly CommandSpec[] = [
  {
    name: 'lint',
    summary: 'Report what is insecure in Dockerfiles, manifests, Compose files, container commands, workflows and policies.',
    operands: '[PATH...]',
    minOperands: 0,
    maxOperands: Infinity,
    options: {
      ...reportOptions,
      summary: { value: 'FILE', help: 'Also append a short summary in Markdown to this file, such as "$GITHUB_STEP_SUMMARY"' },
      statistics: { help: 'Print how often each rule found something, instead of the findings' },
      'max-findings': { value: 'N', help: 'Print at most so many findings, the worst first' },
      ...whatHolds,
      policies,
      'ignore-unknown': ignoreUnknown,
      baseline: { value: 'FILE', help: 'Report only what this file of bulkhead baseline does not have' },
      'changed-since': {
        value: 'REF',
        help: 'Report only what the change since this commit or branch touches or brings; pre-commit: since what that compares with',
      },
      'stdin-filename': { value: 'NAME', help: 'Read standard input as a file with this name' },
      fix: { help: 'Apply the safe fixes to the files first' },
      'error-on-empty': { help: 'Exit with 2 if no file was checked' },
      ...lookupOptions,
    },
    notes: `${exitCodes}\nExit code 0: nothing at or above --fail-on. 1: findings, or files that could not be read. 2: wrong usage, a named file that is not checked, or an internal error.`,
  },
  {
    name: 'harden',
    summary: 'Fix what can be fixed without breaking the file, and list what is left to you.',
    operands: '[PATH...]',
    minOperands: 0,
    maxOperands: Infinity,
    options: {
      write: { help: 'Change the files (default: print a unified diff)' },
      interactive: {
        help: 'Ask, at a terminal, what only you know, show each change, and write what you agree to; .bulkhead.yaml keeps the rest',
      },
      check: { help: 'Exit with 1 if anything would change' },
      mask: { help: 'Mask credentials in the diff, for logs; it does not apply then' },
      'safe-only': { help: 'Apply only fixes after which everything behaves as before' },
      accept: {
        value: 'RULE,...',
        multiple: true,
        help: 'Also apply the fixes of these rules that need your agreement (all: of every rule); may be repeated',
      },
      quiet: { help: 'Say only what changed: not what is left to you, no notes' },
      pin: { help: 'Also pin images: asks their registries for digests' },
      lookup,
      alternatives: lookupOptions['alternatives']!,
      layers: lookupOptions['layers']!,
      ...localOptions,
      ...registryOptions,
      verbose: { help: 'List each finding that is left to you, however many there are, and log registry requests' },
      format: { value: 'FORMAT', values: ['text', 'json'], help: 'text (default) or json' },
      ...whatHolds,
      policies,
      'ignore-unknown': ignoreUnknown,
      'stdin-filename': { value: 'NAME', help: 'Read standard input as a file with this name, and print the hardened text' },
    },
    notes: `${exitCodes}\nOnly the diff goes to standard output; what is left to you goes to standard error.\nExit code 0: done. 1: --check found work. 2: wrong usage, unreadable input or an internal error.`,
  },
  {
    name: 'baseline',
    summary: 'Write down what is found today, so that lint --baseline reports only what is new.',
    operands: '[PATH...]',
    minOperands: 0,
    maxOperands: Infinity,
    options: {
      'output-file': { value: 'FILE', help: 'Write this file (default: .bulkhead-baseline.json)' },
      check: { help: 'Write nothing; exit with 1 if findings would be added' },
      ...whatHolds,
      'ignore-unknown': ignoreUnknown,
    },
    notes: `${exitCodes}\nExit code 0: done. 1: --check found something new. 2: wrong usage, unreadable input or an internal error.`,
  },
  {
    name: 'report',
    summary: 'Sum up how secure everything is, before and after harden: one page for people, or JSON.',
    operands: '[PATH...]',
    minOperands: 0,
    maxOperands: Infinity,
    options: {
      format: { value: 'FORMAT', values: ['html', 'markdown', 'json'], help: 'html (default), markdown or json' },
      'output-file': { value: 'FILE', help: 'Write the report to this file instead of standard output' },
      baseline: {
        value: 'FILE',
        multiple: true,
        help: 'Count only what this file of bulkhead baseline does not have; repeated, the newest counts and all make a trend',
      },
      merge: { help: 'Make one report of those given, each the JSON of a repository and named as that is; checks nothing' },
      ...lookupOptions,
      ...whatHolds,
      policies,
      'ignore-unknown': ignoreUnknown,
    },
    notes: `${exitCodes}\nExit code 0: done. 2: wrong usage, unreadable input or an internal error.`,
  },
  {
    name: 'pin',
    summary: 'Pin images to the digests that their tags currently have at the registry, and actions of workflows to commits.',
    operands: '[PATH...]',
    minOperands: 0,
    maxOperands: Infinity,
    options: {
      write: { help: 'Change the files (default: print a unified diff)' },
      check: { help: 'Exit with 1 if a digest is missing or its tag has moved' },
      'version-tags': { help: 'Replace a missing tag or latest with the version tag of the same digest, if there is one' },
      'min-age': { value: 'AGE', help: 'Leave what is younger, or of unknown age: 7d, 36h, 2w' },
      mask: { help: 'Mask credentials in the diff, for logs; it does not apply then' },
      format: { value: 'FORMAT', values: ['text', 'json'], help: 'text (default) or json' },
      config: { value: 'FILE', help: 'Use this configuration instead of the nearest .bulkhead.yaml' },
      'no-suppress': { help: 'Ignore suppressions' },
      'follow-links': followLinks,
      ...registryOptions,
      'clear-cache': { help: 'Discard earlier look-ups first' },
    },
    notes: `${exitCodes}\nAsks the registries of the images, with the credentials from docker login, and GitHub for actions, with the token in BULKHEAD_GITHUB_TOKEN if there is one.\nExit code 0: done. 1: --check found work. 2: wrong usage, unreadable input, a look-up that failed or an internal error.`,
  },
  {
    name: 'facts',
    summary: 'Say what images are, by their configurations at the registry: user, entry point, ports, volumes. Pulls nothing.',
    operands: '[IMAGE|PATH...]',
    minOperands: 0,
    maxOperands: Infinity,
    options: {
      'no-engine': localOptions['no-engine']!,
      write: { help: 'Write the facts of the images to .bulkhead/images.json, to be committed: lint and harden then use them' },
      check: { help: 'Exit with 1 if .bulkhead/images.json does not have the images that are named here, as the registries have them now' },
      alternatives: { help: 'Also look up smaller base images that could take the place of those that Dockerfiles ship' },
      layers,
      attestations: { help: 'Also read what attestations in the index claim: base image, sources, platform, packages; at most 4 MiB each' },
      path: { value: 'PATH', multiple: true, help: 'With --layers: whose this file or folder of the images is; may be repeated' },
      platform: { value: 'OS/ARCH', help: 'The image of this platform, such as linux/arm64 (default: linux/amd64, else what there is)' },
      format: { value: 'FORMAT', values: ['text', 'json'], help: 'text (default) or json' },
      config: { value: 'FILE', help: 'Use this configuration instead of the nearest .bulkhead.yaml' },
      'no-cache': { help: 'Neither use nor keep what earlier runs have asked for' },
      'follow-links': followLinks,
      'allow-registry': allowRegistry,
      ca: registryOptions['ca']!,
      verbose: registryOptions['verbose']!,
    },
    notes:
      'An IMAGE is a reference such as node:20; what exists, or is named as our files are, is a PATH: every image that it names is looked up.\n' +
      'Asks the registries of these images only, with the credentials from docker login: for the digest of a tag, the index, the manifest of one platform and its configuration; with --layers for parts of layers, too. What a digest leads to is kept and not asked for again.\n' +
      'verified: the bytes hash to the digest that the reference has. as served: the registry said so of the tag. claimed: anybody could have written it.\n' +
      'Exit code 0: done. 1: --check found a difference. 2: wrong usage, unreadable input, a look-up that failed or an internal error.',
  },
  {
    name: 'prove',
    summary: 'Start a service with everything taken away that it does not need, and say what it works with.',
    operands: 'FILE[:NAME]',
    minOperands: 1,
    maxOperands: 1,
    options: {
      engine: { value: 'NAME', values: ['podman', 'docker'], help: 'podman or docker (default: the first of them on the path)' },
      endpoint: {
        value: 'URL',
        help: 'The engine at this address, such as ssh://me@build.example.com: one on another machine is only used if named',
      },
      exercise: { value: 'COMMAND', help: 'Also run this command with /bin/sh inside the container of each start; it must exit with 0' },
      'exercise-image': {
        value: 'IMAGE',
        help: 'Run it in a container of this image in the network of the service, whose own image may have no shell',
      },
      continue: { help: 'Also wait in each start until you press Enter: use the service until then' },
      pull: { help: 'Fetch the image first (default: it has to be there)' },
      'build-network': { help: 'Let a build use the network (default: it has none)' },
      starts: { value: 'N', help: 'Start it at most so often (default and most: 12)' },
      timeout: { value: 'SECONDS', help: 'Start nothing more after so long (default: 300)' },
      yes: { help: 'Do not ask before starting' },
      write: { help: 'Also write what was proved to .bulkhead/evidence, to be committed' },
      format: { value: 'FORMAT', values: ['text', 'json'], help: 'text (default) or json' },
      config: { value: 'FILE', help: 'Use this configuration instead of the nearest .bulkhead.yaml' },
      'follow-links': followLinks,
    },
    notes:
      'NAME is a service of a Compose file, a container of a manifest or of a docker run line, or a stage of a Dockerfile, which is built first.\n' +
      'Containers have no network, no file of this machine and fresh volumes; secrets of the file are replaced by random values. All of them are removed at the end.\n' +
      'Exit code 0: proved. 1: partly, or it cannot be proved. 2: wrong usage, unreadable input or an internal error.',
  },
  {
    name: 'scan',
    summary: 'Have a scanner that you have installed look for vulnerabilities in images, those that files name and those that you name.',
    operands: '[IMAGE|PATH...]',
    minOperands: 0,
    maxOperands: Infinity,
    options: {
      input: {
        value: 'FILE',
        multiple: true,
        help: 'Read this report of Trivy, Grype or Dockle (JSON) and start no scanner; may be repeated',
      },
      scanner: { value: 'NAME', values: scanners, help: 'trivy, grype or dockle (default: trivy, else grype, as found on the path)' },
      tool: { value: 'FILE', help: 'Run this program instead of one on the path' },
      'no-update': { help: 'Have the scanner use its database as it is' },
      platform: { value: 'OS/ARCH', help: 'Scan the image of this platform, such as linux/arm64' },
      timeout: { value: 'SECONDS', help: 'End the scan of an image after so long (default: 300)' },
      'allow-registry': allowRegistry,
      vex: { value: 'FILE', multiple: true, help: 'Pass this VEX document to the scanner; may be repeated' },
      'no-ignore': { help: 'Do not pass .trivyignore.yaml or .trivyignore to Trivy' },
      advise: {
        help: 'Also scan the newest patch release of each tag, and say how many would be left; asks the registries for their tags',
      },
      lint: { help: 'Report what lint finds in the files too' },
      ...reportOptions,
      ...whatHolds,
    },
    notes:
      'An IMAGE is a reference such as node:20; what exists, or is named as our files are, is a PATH. Options about rules are for --lint.\n' +
      'No scanner is shipped or downloaded. It gets the names of the images and asks their registries, and may bring its own database up to date.\n' +
      'A critical vulnerability with a fix is an error, a high one a warning, anything else an information.\n' +
      'Exit code 0: nothing at or above --fail-on. 1: findings. 2: wrong usage, an image that could not be scanned, unreadable input or an internal error.',
  },
  {
    name: 'verify',
    summary: 'Check that images are signed by who has to sign them.',
    operands: '[PATH|IMAGE...]',
    minOperands: 0,
    maxOperands: Infinity,
    options: {
      key: { value: 'FILE', multiple: true, help: 'A public key in PEM that may sign, whatever the configuration says; may be repeated' },
      identity: {
        value: 'SUBJECT',
        help: 'Who may sign: the subject of a certificate, in which * stands for any characters; needs --issuer',
      },
      issuer: { value: 'URL', help: 'Who vouches for --identity' },
      cosign: { value: 'FILE', help: 'Verify identities with this program instead of the cosign on the path' },
      format: { value: 'FORMAT', values: ['text', 'json'], help: 'text (default) or json' },
      config: { value: 'FILE', help: 'Use this configuration instead of the nearest .bulkhead.yaml' },
      'follow-links': followLinks,
      'allow-registry': allowRegistry,
      ca: registryOptions['ca']!,
      verbose: registryOptions['verbose']!,
    },
    notes: `A PATH is a file, a directory (walked, honouring .gitignore) or a glob: every image that it names is checked. An IMAGE is a reference such as registry.example.com/app:1.2; what exists, or is named as our files are, is a PATH.\nWho has to sign which images is said by --key, by --identity and --issuer, or by "trustedSigners" in .bulkhead.yaml. Asks the registries of these images only, with the credentials from docker login; identities are verified by a cosign that you have installed.\nExit code 0: all are signed as required. 1: one is not. 2: wrong usage, unreadable input, one about which that could not be found out, or an internal error.`,
  },
  {
    name: 'convert',
    summary: 'Turn a docker run into Compose or Kubernetes, or a Compose service into Kubernetes.',
    operands: '-- COMMAND...|FILE|-',
    hint: 'the words of a command go behind --',
    minOperands: 0,
    maxOperands: Infinity,
    options: {
      to: {
        value: 'TARGET',
        values: ['command', 'compose', 'kubernetes'],
        help: 'command, compose (default for a command) or kubernetes (default for a file)',
      },
      service: { value: 'NAME', help: 'The service of a Compose file' },
      format: { value: 'FORMAT', values: ['text', 'json'], help: 'text (default) or json' },
      profile: whatHolds['profile']!,
      config: whatHolds['config']!,
      'kubernetes-version': whatHolds['kubernetes-version']!,
      today: whatHolds['today']!,
    },
    notes:
      'COMMAND is a docker run, docker create, podman run or nerdctl run: its words behind --, one quoted argument, or standard input (-), as pasted. FILE is a Compose file.\n' +
      'Only the result goes to standard output; what was left out, and what is left to you, goes to standard error.\n' +
      'Exit code 0: done. 2: wrong usage, unreadable input, a command that its engine would refuse or an internal error.',
  },
  {
    name: 'rules',
    summary: "List the rules, those of the configuration among them, or run the configuration's tests of its own rules.",
    operands: '',
    minOperands: 0,
    maxOperands: 0,
    options: {
      format: { value: 'FORMAT', values: ['text', 'json', 'markdown'], help: 'text (default), json or markdown' },
      profile: { value: 'P', values: profiles, help: `Only the rules of a profile: ${profiles.join(', ')}; each includes those before it` },
      config: whatHolds['config']!,
      test: { help: 'Run the tests of the rules of the configuration (customRules); exit code 1 if one fails' },
    },
  },
  {
    name: 'explain',
    summary: 'Print the page of a rule, what an intruder makes of the findings of a file, or what really runs of it.',
    operands: '[RULE|FILE[:NAME]]',
    minOperands: 0,
    maxOperands: 1,
    options: {
      file: { value: 'FILE', help: 'Tell step by step what an intruder makes of the findings of this file' },
      effective: {
        help: 'Print what really runs of FILE, after every merge and default, and where each value comes from; NAME: of one container',
      },
      hardened: { help: 'With --effective: as it would be after harden' },
      ...whatHolds,
    },
    notes:
      'RULE is an id, what another tool or a standard calls it (DL3007, KSV-0017, C-0057, "CIS Docker 4.1", "NIST SP 800-190 3.1.1"), or a topic: root, distroless, cosign.',
  },
  initCommand,
  ...serverCommands,
];
