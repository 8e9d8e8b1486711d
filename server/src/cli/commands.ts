import { profiles, scannerNames as scanners, severities } from '../../../shared/src/early';
import { initCommand } from './init-command';
import { followLinks, proveCommand } from './prove-command';
import { serverCommands } from './server-commands';
import type { CommandSpec, OptionSpec } from './usage';

const policies: OptionSpec = {
  value: 'DIR',
  multiple: true,
  help: 'Also check manifests against the admission policies in this directory (the policies themselves are not checked); may be repeated',
};

const whatHolds: Readonly<Record<string, OptionSpec>> = {
  profile: { value: 'P', values: profiles, help: `How much to report: ${profiles.join(', ')} (default: recommended)` },
  config: { value: 'FILE', help: 'Use this configuration instead of the nearest .bulkhead.yaml' },
  rule: { value: 'ID=SEVERITY', multiple: true, help: 'Set a rule to off, on, hint, info, warning or error; may be repeated' },
  'kubernetes-version': { value: 'VERSION', help: 'The Kubernetes version of the cluster, such as 1.37' },
  'max-file-size': { value: 'SIZE', help: 'Check files up to this size, such as 16Mi (default: 4Mi; at most 64Mi)' },
  today: { value: 'DATE', help: 'Check as of this date, such as 2026-11-24' },
  'no-suppress': { help: 'Ignore suppressions' },
  'trust-evidence': { help: 'Also use the trial runs committed in .bulkhead/evidence for the exact same digest and command' },
  'follow-links': followLinks,
  'no-cache': { help: 'Do not use the results of earlier runs, and do not store those of this run' },
  'cache-location': { value: 'DIR', help: "Keep the cache in this directory (default: the user's cache directory)" },
};

/** Hosts that a file may name although they are not on the public internet. */
const allowRegistry: OptionSpec = {
  value: 'HOST',
  multiple: true,
  help: 'Also query this registry on this machine or in a private network if a file names it; may be repeated',
};

const registryOptions: Readonly<Record<string, OptionSpec>> = {
  'allow-registry': allowRegistry,
  'cache-minutes': {
    value: 'N',
    help: 'How many minutes a digest lookup stays valid (default: 60); with 0, digests are looked up every time',
  },
  ca: { value: 'FILE', multiple: true, help: 'Also trust the certificates in this PEM file for registries; may be repeated' },
  verbose: { help: 'Log registry requests to standard error' },
};

const lookup: OptionSpec = {
  help: 'First query the registries for facts about the images named in files (see bulkhead facts), and use these facts',
};

/** What this machine has of images. */
const localOptions: Readonly<Record<string, OptionSpec>> = {
  archive: {
    value: 'FILE',
    multiple: true,
    help: 'With --lookup: use the images in this OCI layout or docker save archive, and query no registry for them; may be repeated',
  },
  'no-engine': { help: 'Do not ask Docker or Podman on this machine which images they have' },
};

/** Options of commands that may ask registries with `--lookup`. */
const lookupOptions: Readonly<Record<string, OptionSpec>> = {
  lookup,
  alternatives: { help: 'With --lookup: also look up smaller base images that could replace the final-stage base images of Dockerfiles' },
  layers: { help: 'With --lookup: also read layers of the images, at most 32 MiB of each (see facts)' },
  ...localOptions,
  'allow-registry': allowRegistry,
  ca: registryOptions['ca']!,
  verbose: registryOptions['verbose']!,
};

const layers: OptionSpec = {
  help: 'Also read layers, as far as needed and at most 32 MiB of each image: users, directory owners, programs, attributes of the entry point',
};

const exitCodes =
  'A PATH is a file, a directory (walked, honoring .gitignore) or a glob, or - for standard input; the default is the working directory.';

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
  help: 'Skip files named on the command line that are excluded or of a kind that is not checked, as is done for the files in a directory; useful for lists of changed files',
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
      statistics: { help: 'Print the number of findings of each rule instead of the findings' },
      'max-findings': { value: 'N', help: 'Print at most this many findings, the worst first' },
      ...whatHolds,
      policies,
      'ignore-unknown': ignoreUnknown,
      baseline: { value: 'FILE', help: 'Report only findings that are not in this file written by bulkhead baseline' },
      'changed-since': {
        value: 'REF',
        help: 'Report only findings that the changes since this commit or branch touch or introduce; the value pre-commit means the commit that pre-commit compares with',
      },
      'stdin-filename': { value: 'NAME', help: 'Read standard input as a file with this name' },
      fix: { help: 'Apply the safe fixes to the files first' },
      'error-on-empty': { help: 'Exit with 2 if no file was checked' },
      ...lookupOptions,
    },
    notes: `${exitCodes}\nExit code 0: nothing at or above --fail-on. 1: findings, or files that could not be read. 2: invalid usage, a named file that is not checked, or an internal error.`,
  },
  {
    name: 'harden',
    summary: 'Fix what can be fixed without breaking the file, and list what is left for you to resolve.',
    operands: '[PATH...]',
    minOperands: 0,
    maxOperands: Infinity,
    options: {
      write: { help: 'Change the files (default: print a unified diff)' },
      interactive: {
        help: 'At a terminal, ask what only you know, show each change, and write what you agree to; all other answers are saved in .bulkhead.yaml',
      },
      check: { help: 'Exit with 1 if anything would change' },
      mask: { help: 'Mask credentials in the diff, for logs; a masked diff cannot be applied' },
      'safe-only': { help: 'Apply only fixes after which everything behaves as before' },
      accept: {
        value: 'RULE,...',
        multiple: true,
        help: 'Also apply the fixes of these rules that need your agreement (all: every rule); may be repeated',
      },
      quiet: { help: 'Print only what changed: no notes and no list of unresolved findings' },
      pin: { help: 'Also pin images: queries their registries for digests' },
      lookup,
      alternatives: lookupOptions['alternatives']!,
      layers: lookupOptions['layers']!,
      ...localOptions,
      ...registryOptions,
      verbose: { help: 'List each finding that is left for you to resolve, however many there are, and log registry requests' },
      format: { value: 'FORMAT', values: ['text', 'json'], help: 'text (default) or json' },
      ...whatHolds,
      policies,
      'ignore-unknown': ignoreUnknown,
      'stdin-filename': { value: 'NAME', help: 'Read standard input as a file with this name, and print the hardened text' },
    },
    notes: `${exitCodes}\nOnly the diff goes to standard output; what is left for you to resolve goes to standard error.\nExit code 0: done. 1: --check found changes to make. 2: invalid usage, unreadable input or an internal error.`,
  },
  {
    name: 'baseline',
    summary: 'Record what is found today, so that lint --baseline reports only what is new.',
    operands: '[PATH...]',
    minOperands: 0,
    maxOperands: Infinity,
    options: {
      'output-file': { value: 'FILE', help: 'Write to this file (default: .bulkhead-baseline.json)' },
      check: { help: 'Write nothing; exit with 1 if findings would be added' },
      ...whatHolds,
      'ignore-unknown': ignoreUnknown,
    },
    notes: `${exitCodes}\nExit code 0: done. 1: --check found something new. 2: invalid usage, unreadable input or an internal error.`,
  },
  {
    name: 'report',
    summary: 'Summarize how secure everything is, before and after harden: one page for people, or JSON.',
    operands: '[PATH...]',
    minOperands: 0,
    maxOperands: Infinity,
    options: {
      format: { value: 'FORMAT', values: ['html', 'markdown', 'json'], help: 'html (default), markdown or json' },
      'output-file': { value: 'FILE', help: 'Write the report to this file instead of standard output' },
      baseline: {
        value: 'FILE',
        multiple: true,
        help: 'Count only findings that are not in this baseline file (written by bulkhead baseline); if repeated, only the newest file is used for the count, and all files together show a trend',
      },
      merge: {
        help: 'Merge the given reports (each is the JSON report of one repository, in a file named after that repository); checks nothing',
      },
      ...lookupOptions,
      ...whatHolds,
      policies,
      'ignore-unknown': ignoreUnknown,
    },
    notes: `${exitCodes}\nExit code 0: done. 2: invalid usage, unreadable input or an internal error.`,
  },
  {
    name: 'pin',
    summary: 'Pin images to the digests that their tags currently point to in the registry, and actions in workflows to commits.',
    operands: '[PATH...]',
    minOperands: 0,
    maxOperands: Infinity,
    options: {
      write: { help: 'Change the files (default: print a unified diff)' },
      check: { help: 'Exit with 1 if a digest is missing or its tag has moved' },
      'version-tags': { help: 'Replace latest or a missing tag with the version tag that has the same digest, if there is one' },
      'min-age': { value: 'AGE', help: 'Skip images and actions younger than this (such as 7d, 36h or 2w) or of unknown age' },
      mask: { help: 'Mask credentials in the diff, for logs; a masked diff cannot be applied' },
      format: { value: 'FORMAT', values: ['text', 'json'], help: 'text (default) or json' },
      config: { value: 'FILE', help: 'Use this configuration instead of the nearest .bulkhead.yaml' },
      'no-suppress': { help: 'Ignore suppressions' },
      'follow-links': followLinks,
      ...registryOptions,
      'clear-cache': { help: 'Discard earlier lookups first' },
    },
    notes: `${exitCodes}\nQueries the registries of the images, using the credentials from docker login, and, for actions, GitHub, using the token in BULKHEAD_GITHUB_TOKEN if there is one.\nExit code 0: done. 1: --check found changes to make. 2: invalid usage, unreadable input, a failed lookup or an internal error.`,
  },
  {
    name: 'facts',
    summary: 'Show facts about images from their configurations in the registry: user, entry point, ports, volumes. Pulls no images.',
    operands: '[IMAGE|PATH...]',
    minOperands: 0,
    maxOperands: Infinity,
    options: {
      'no-engine': localOptions['no-engine']!,
      write: { help: 'Write the facts about the images to .bulkhead/images.json, to be committed: lint and harden then use them' },
      check: { help: 'Exit with 1 if .bulkhead/images.json does not match what registries now have for the images named in the input' },
      alternatives: { help: 'Also look up smaller base images that could replace the final-stage base images of Dockerfiles' },
      layers,
      attestations: { help: 'Also read what attestations claim: base image, sources, platform, packages; at most 4 MiB each' },
      path: { value: 'PATH', multiple: true, help: 'With --layers: show who owns this file or directory in the images; may be repeated' },
      platform: {
        value: 'OS/ARCH',
        help: 'Use the image for this platform, such as linux/arm64 (default: linux/amd64, otherwise whichever is available)',
      },
      format: { value: 'FORMAT', values: ['text', 'json'], help: 'text (default) or json' },
      config: { value: 'FILE', help: 'Use this configuration instead of the nearest .bulkhead.yaml' },
      'no-cache': { help: 'Neither use cached lookup results nor cache new results' },
      'follow-links': followLinks,
      'allow-registry': allowRegistry,
      ca: registryOptions['ca']!,
      verbose: registryOptions['verbose']!,
    },
    notes:
      'An IMAGE is a reference such as node:20; an argument that exists as a file or directory, or has a file name that Bulkhead recognizes, is a PATH: every image named in its files is looked up.\n' +
      'Queries only the registries of these images, with the credentials from docker login: for the digest of a tag, the index, the manifest of one platform and its configuration; with --layers, also for parts of layers. Content identified by a digest is cached and not requested again.\n' +
      'verified: the bytes match the digest in the reference. as served: the registry reported the value for the tag. claimed: anyone could have written the value.\n' +
      'Exit code 0: done. 1: --check found a difference. 2: invalid usage, unreadable input, a failed lookup or an internal error.',
  },
  proveCommand,
  {
    name: 'scan',
    summary: 'Find vulnerabilities in the images that files name and those that you name, with a scanner that you have installed.',
    operands: '[IMAGE|PATH...]',
    minOperands: 0,
    maxOperands: Infinity,
    options: {
      input: {
        value: 'FILE',
        multiple: true,
        help: 'Read this report from Trivy, Grype or Dockle (JSON) instead of starting a scanner; may be repeated',
      },
      scanner: { value: 'NAME', values: scanners, help: 'trivy, grype or dockle (default: trivy if it is on the PATH, otherwise grype)' },
      tool: { value: 'FILE', help: 'Run this scanner program instead of one on the PATH' },
      'no-update': { help: 'Have the scanner use its database without updating it' },
      platform: { value: 'OS/ARCH', help: 'Scan the image for this platform, such as linux/arm64' },
      timeout: { value: 'SECONDS', help: 'Stop scanning an image after this many seconds (default: 300)' },
      'allow-registry': allowRegistry,
      vex: { value: 'FILE', multiple: true, help: 'Pass this VEX document to the scanner; may be repeated' },
      'no-ignore': { help: 'Do not pass .trivyignore.yaml or .trivyignore to Trivy' },
      advise: {
        help: 'Also scan the newest patch release of each tag, and report how many vulnerabilities would remain; queries the registries for the tags of the images',
      },
      lint: { help: 'Also report what lint finds in the files' },
      ...reportOptions,
      ...whatHolds,
    },
    notes:
      'An IMAGE is a reference such as node:20; an argument that exists as a file or directory, or has a file name that Bulkhead recognizes, is a PATH. Options about rules apply only with --lint.\n' +
      'No scanner is shipped or downloaded. The scanner gets the names of the images, queries their registries, and may update its own database.\n' +
      'A critical vulnerability with a fix is an error, a high one a warning, anything else info.\n' +
      'Exit code 0: nothing at or above --fail-on. 1: findings. 2: invalid usage, an image that could not be scanned, unreadable input or an internal error.',
  },
  {
    name: 'verify',
    summary: 'Check that images are signed by the required signers.',
    operands: '[PATH|IMAGE...]',
    minOperands: 0,
    maxOperands: Infinity,
    options: {
      key: {
        value: 'FILE',
        multiple: true,
        help: 'A public key (PEM) of an allowed signer, regardless of the configuration; may be repeated',
      },
      identity: {
        value: 'SUBJECT',
        help: 'Who may sign: the subject of a certificate, where * matches any characters; needs --issuer',
      },
      issuer: { value: 'URL', help: 'The issuer that vouches for --identity' },
      cosign: { value: 'FILE', help: 'Verify identities with this program instead of the cosign on the PATH' },
      format: { value: 'FORMAT', values: ['text', 'json'], help: 'text (default) or json' },
      config: { value: 'FILE', help: 'Use this configuration instead of the nearest .bulkhead.yaml' },
      'follow-links': followLinks,
      'allow-registry': allowRegistry,
      ca: registryOptions['ca']!,
      verbose: registryOptions['verbose']!,
    },
    notes: `A PATH is a file, a directory (walked, honoring .gitignore) or a glob: every image that it names is checked. An IMAGE is a reference such as registry.example.com/app:1.2; anything that exists, or has a file name that Bulkhead recognizes, is a PATH.\nUse --key, --identity and --issuer, or "trustedSigners" in .bulkhead.yaml to say who must sign which images. Queries only the registries of these images, with the credentials from docker login; identities are verified by a cosign that you have installed.\nExit code 0: all images are signed as required. 1: at least one is not. 2: invalid usage, unreadable input, an image that could not be verified either way, or an internal error.`,
  },
  {
    name: 'convert',
    summary: 'Convert a docker run command to Compose or Kubernetes, or a Compose service to Kubernetes.',
    operands: '-- COMMAND...|FILE|-',
    hint: 'put the command and its arguments after --',
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
      'COMMAND is a docker run, docker create, podman run or nerdctl run command, given as words after --, as one quoted argument, or as pasted on standard input (-). FILE is a Compose file.\n' +
      'Only the result goes to standard output; what was left out, and what is left for you to resolve, goes to standard error.\n' +
      'Exit code 0: done. 2: invalid usage, unreadable input, a command that its engine would reject or an internal error.',
  },
  {
    name: 'rules',
    summary: 'List the rules, including the custom rules of the configuration, or run the tests of those custom rules.',
    operands: '',
    minOperands: 0,
    maxOperands: 0,
    options: {
      format: { value: 'FORMAT', values: ['text', 'json', 'markdown'], help: 'text (default), json or markdown' },
      profile: {
        value: 'P',
        values: profiles,
        help: `List only the rules of a profile: ${profiles.join(', ')}; each profile includes those before it`,
      },
      config: whatHolds['config']!,
      test: { help: "Run the tests of the configuration's custom rules (customRules); exit with 1 if one fails" },
    },
  },
  {
    name: 'explain',
    summary: 'Print the page of a rule, how an intruder could use the findings in a file, or the effective settings of the file.',
    operands: '[RULE|FILE[:NAME]]',
    minOperands: 0,
    maxOperands: 1,
    options: {
      file: { value: 'FILE', help: 'Show step by step how an intruder could exploit the findings in this file' },
      effective: { help: 'Print the effective settings of FILE, after every merge and default; with NAME, those of one container' },
      hardened: { help: 'With --effective: show the settings as they would be after harden' },
      ...whatHolds,
    },
    notes:
      'RULE is an ID, a name from another tool or standard (DL3007, KSV-0017, C-0057, "CIS Docker 4.1", "NIST SP 800-190 3.1.1"), or a topic: root, distroless, cosign.',
  },
  initCommand,
  ...serverCommands,
];
