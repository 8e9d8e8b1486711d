import type { CliCase } from '../generate/cli';
import type { LspCase, LspMessage } from '../generate/lsp';

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
  'documents without a name or a text': {
    answers: 'plain',
    messages: [
      { kind: 'request', method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } },
      ...[{}, { uri: 7 }, { uri: 'file:///a.yaml', languageId: 'yaml', version: 1 }, { uri: 'file:///a.yaml', text: [] }].map(
        (textDocument): LspMessage => ({ kind: 'notification', method: 'textDocument/didOpen', params: { textDocument } }),
      ),
      { kind: 'notification', method: 'textDocument/didClose', params: { textDocument: {} } },
      { kind: 'notification', method: 'textDocument/didSave', params: {} },
      {
        kind: 'notification',
        method: 'textDocument/didChange',
        params: { textDocument: { uri: 'file:///a.yaml' }, contentChanges: [{ range: 7 }] },
      },
      { kind: 'request', method: 'textDocument/diagnostic', params: { textDocument: { uri: 'file:///a.yaml' } } },
    ],
  },
};
