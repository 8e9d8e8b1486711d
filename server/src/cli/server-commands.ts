import { hookAgents } from './hook-agents';
import type { CommandSpec } from './usage';

/** The shells that complete a command line by a script of theirs. */
export const shells = ['bash', 'zsh', 'fish'] as const;

/** The commands that serve other programs. */
export const serverCommands: readonly CommandSpec[] = [
  {
    name: 'lsp',
    summary: 'Run the language server, for editors.',
    operands: '',
    minOperands: 0,
    maxOperands: 0,
    options: { stdio: { help: 'Communicate over standard input and output (default)' } },
  },
  {
    name: 'hook',
    summary: 'Lint the file that a coding agent has just edited, as a hook of that agent.',
    operands: 'AGENT',
    minOperands: 1,
    maxOperands: 1,
    options: {},
    notes:
      `AGENT: ${hookAgents.join(', ')}. Reads the agent's description of the edit from standard input, and answers in the form that the agent expects from a hook: the errors and warnings of bulkhead lint --format concise FILE, or nothing if there are none.\n` +
      'bulkhead init agent --hook AGENT writes the settings that run this command. Exit code 0: done. 2: invalid usage, or input that is not JSON.',
  },
  {
    name: 'mcp',
    summary: 'Run a Model Context Protocol server, for coding agents.',
    operands: '',
    minOperands: 0,
    maxOperands: 0,
    options: {
      root: {
        value: 'FOLDER',
        help: 'Accept only paths in this directory (default: the working directory); the root of a disk or a home directory is rejected',
      },
      'allow-write': { help: 'Let harden and pin write files; without this option, they only return the diff' },
      'allow-network': { help: 'Allow pin to query the registries of the images and actions that a file names' },
    },
    notes:
      'Tools: lint_container_config, harden_container_config, explain_container_rule, and with --allow-network pin_container_images. Each takes paths, or the text of a file and the name of that file.\n' +
      'Speaks MCP 2026-07-28 and 2025-11-25 over standard input and output, until the input ends. The configuration is the nearest .bulkhead.yaml. No tool suppresses a finding, changes the configuration, applies what is left for a person to decide, or runs anything.\n' +
      'Exit code 0: the input has ended. 2: invalid usage or an internal error.',
  },
  {
    name: 'completion',
    summary: 'Print a shell script that completes commands, options and their values.',
    operands: 'SHELL',
    minOperands: 1,
    maxOperands: 1,
    options: {},
    notes:
      `SHELL: ${shells.join(', ')}.\n` +
      'bash: source <(bulkhead completion bash), in ~/.bashrc. zsh: bulkhead completion zsh > DIR/_bulkhead, where DIR is one of $fpath. fish: bulkhead completion fish > ~/.config/fish/completions/bulkhead.fish',
  },
];
