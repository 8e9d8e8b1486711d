import { profiles, severities } from '../../../shared/src/terms/types';
import type { CommandSpec, OptionSpec } from './usage';

const followLinks: OptionSpec = { help: 'Read files behind links that lead out of the folder too; never writes there' };

const whatHolds: Readonly<Record<string, OptionSpec>> = {
  profile: { value: 'P', values: profiles, help: `How much to ask for: ${profiles.join(', ')} (default: recommended)` },
  config: { value: 'FILE', help: 'Use this configuration instead of the nearest .bulkhead.yaml' },
  rule: { value: 'ID=SEVERITY', multiple: true, help: 'Set a rule to off, on, hint, info, warning or error; may be repeated' },
  'kubernetes-version': { value: 'VERSION', help: 'The release of the cluster, such as 1.37' },
  today: { value: 'DATE', help: 'Judge as of this day, such as 2026-11-24' },
  'no-suppress': { help: 'Take no notice of suppressions' },
  'follow-links': followLinks,
};

const registryOptions: Readonly<Record<string, OptionSpec>> = {
  'cache-minutes': { value: 'N', help: 'How long a look-up of a digest holds (default: 60); 0 asks anew' },
  ca: { value: 'FILE', multiple: true, help: 'Trust the certificates in this PEM file for registries too; may be repeated' },
  verbose: { help: 'Say on standard error what is asked of registries' },
};

const exitCodes = 'A PATH is a file, a folder (walked, honouring .gitignore) or a glob; without one, the working directory.';

/** Every command with its options: what the help prints and the arguments are checked against. */
export const commands: readonly CommandSpec[] = [
  {
    name: 'lint',
    summary: 'Report what is insecure in Dockerfiles and Kubernetes manifests.',
    operands: '[PATH...]',
    minOperands: 0,
    maxOperands: Infinity,
    options: {
      format: {
        value: 'FORMAT',
        values: ['text', 'json', 'sarif', 'github', 'markdown'],
        help: 'text (default), json, sarif, github or markdown',
      },
      'fail-on': {
        value: 'SEVERITY',
        values: [...severities, 'never'],
        help: 'Exit with 1 from this severity on (default: warning); or never',
      },
      ...whatHolds,
      'stdin-filename': { value: 'NAME', help: 'Read standard input, as a file of this name' },
      fix: { help: 'Apply the safe fixes to the files first' },
    },
    notes: `${exitCodes}\nExit code 0: nothing at or above --fail-on. 1: findings, or files that could not be read. 2: wrong usage or an internal error.`,
  },
  {
    name: 'harden',
    summary: 'Fix what can be fixed without breaking the file, and say what is left to you.',
    operands: '[PATH...]',
    minOperands: 0,
    maxOperands: Infinity,
    options: {
      write: { help: 'Change the files (default: print a unified diff)' },
      check: { help: 'Exit with 1 if anything would change' },
      'safe-only': { help: 'Only fixes after which everything behaves as before' },
      pin: { help: 'Pin images too: asks their registries for digests' },
      ...registryOptions,
      format: { value: 'FORMAT', values: ['text', 'json'], help: 'text (default) or json' },
      ...whatHolds,
      'stdin-filename': { value: 'NAME', help: 'Read standard input, as a file of this name, and print the hardened text' },
    },
    notes: `${exitCodes}\nThe diff alone goes to standard output, what is left to you to standard error.\nExit code 0: done. 1: --check found work. 2: wrong usage, unreadable input or an internal error.`,
  },
  {
    name: 'pin',
    summary: 'Pin images to the digests that their tags have at the registry now.',
    operands: '[PATH...]',
    minOperands: 0,
    maxOperands: Infinity,
    options: {
      write: { help: 'Change the files (default: print a unified diff)' },
      check: { help: 'Exit with 1 if a digest is missing or its tag has moved on' },
      'version-tags': { help: 'Write the version tag with the same digest in place of none or latest, where there is one' },
      format: { value: 'FORMAT', values: ['text', 'json'], help: 'text (default) or json' },
      config: { value: 'FILE', help: 'Use this configuration instead of the nearest .bulkhead.yaml' },
      'no-suppress': { help: 'Take no notice of suppressions' },
      'follow-links': followLinks,
      ...registryOptions,
      'clear-cache': { help: 'Forget every earlier look-up first' },
    },
    notes: `${exitCodes}\nAsks the registries of the images that are named, with the credentials of docker login.\nExit code 0: done. 1: --check found work. 2: wrong usage, unreadable input, a look-up that failed or an internal error.`,
  },
  {
    name: 'rules',
    summary: 'List the rules.',
    operands: '',
    minOperands: 0,
    maxOperands: 0,
    options: { format: { value: 'FORMAT', values: ['text', 'json', 'markdown'], help: 'text (default), json or markdown' } },
  },
  { name: 'explain', summary: 'Print the page of a rule.', operands: 'RULE', minOperands: 1, maxOperands: 1, options: {} },
  {
    name: 'init',
    summary: 'Write a commented .bulkhead.yaml into the working directory.',
    operands: '',
    minOperands: 0,
    maxOperands: 0,
    options: {},
  },
  {
    name: 'lsp',
    summary: 'Run the language server, for editors.',
    operands: '',
    minOperands: 0,
    maxOperands: 0,
    options: { stdio: { help: 'Speak over standard input and output (the default)' } },
  },
];
