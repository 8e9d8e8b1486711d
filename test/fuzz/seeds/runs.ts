import type { CliCase } from '../generate/cli';
import type { LspCase } from '../generate/lsp';

/** Runs of the command line that went wrong once. */
export const cliSeeds: Readonly<Record<string, CliCase>> = {
  'no command': { args: [], stdin: '', entries: [] },
};

/** Sequences of messages that a server once took badly. */
export const lspSeeds: Readonly<Record<string, LspCase>> = {
  'bodies that are no messages': {
    answers: 'plain',
    messages: ['', '{', 'null', '[]', '7', '"x"', '{"jsonrpc":"2.0","id":{},"method":"x"}'].map(body => ({ kind: 'raw', body })),
  },
  'parameters of no kind, before there is a session': {
    answers: 'odd',
    messages: ['textDocument/hover', 'workspace/executeCommand', 'bulkhead/hardenedText', 'shutdown', 'none'].map(method => ({
      kind: 'request',
      method,
      params: null,
    })),
  },
};
