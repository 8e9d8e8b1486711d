import { fc } from '../../support/property';
import { commands, hardenedTextMethod } from '../../../shared/src/output/protocol/messages';
import { anyFile } from './files';
import { ownFixtures } from './fixtures';

/** One message to the server. A request has an answer; `raw` is a body that need not be JSON; `cancel` names an earlier request by how many back. */
export type LspMessage =
  | { readonly kind: 'request' | 'notification'; readonly method: string; readonly params?: unknown }
  | { readonly kind: 'raw'; readonly body: string }
  | { readonly kind: 'cancel'; readonly back: number };

/** How the client answers what the server asks. */
export type LspAnswers = 'plain' | 'null' | 'error' | 'odd';

/** What is sent to a new server. */
export interface LspCase {
  readonly answers: LspAnswers;
  readonly messages: readonly LspMessage[];
}

const uris = [
  'file:///fuzz/Dockerfile',
  'file:///fuzz/deploy/a.yaml',
  'file:///fuzz/.bulkhead.yaml',
  'untitled:Untitled-1',
  'vscode-test:/x/b.yaml',
];
const oddUris = [
  '',
  'no uri',
  'file://%ZZ',
  'file:',
  '::',
  'file:///a\nb',
  `file:///${'a/'.repeat(3000)}`,
  'git:/fuzz/Dockerfile?x',
  'file:///fuzz/%2e%2e/%2e%2e/x.yaml',
];

const uri = fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...uris) }, { weight: 1, arbitrary: fc.constantFrom(...oddUris) });
const number = fc.oneof({ weight: 6, arbitrary: fc.nat(40) }, { weight: 1, arbitrary: fc.constantFrom(-1, 2 ** 31, 2 ** 53, 1e300, 0.5) });
const position = fc.record({ line: number, character: number });
const range = fc.record({ start: position, end: position });
const textDocument = fc.record({ uri });

/** What may stand in the place of anything. */
const oddValue = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    '',
    [],
    {},
    [null],
    { a: 1 },
    'x'.repeat(100_000),
    Array.from({ length: 5000 }, () => 0),
    { __proto__: null, constructor: 1 },
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

/** A value with one of its parts replaced, here and there. */
const oddly = (valid: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc
    .tuple(valid, fc.nat(9), fc.nat(30), oddValue)
    .map(([value, chance, place, other]) => (chance === 0 ? replacePart(value, place, other) : value));

/** Replaces the `place`th part of a value, counted from the outside, round and round. */
function replacePart(value: unknown, place: number, other: unknown): unknown {
  if (place === 0 || typeof value !== 'object' || value === null) return other;
  const keys = Object.keys(value);
  const key = keys[place % Math.max(1, keys.length)];
  if (key === undefined) return other;
  const own = (value as Readonly<Record<string, unknown>>)[key];
  const changed = replacePart(own, Math.floor(place / 2) - 1 < 0 ? 0 : Math.floor(place / 2) - 1, other);
  return Array.isArray(value) ? value.map((item: unknown, i) => (String(i) === key ? changed : item)) : { ...value, [key]: changed };
}

const initialize = (options: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.record({
    processId: fc.constant(null),
    rootUri: fc.constantFrom(null, 'file:///fuzz'),
    workspaceFolders: fc.constantFrom(null, [{ uri: 'file:///fuzz', name: 'fuzz' }]),
    capabilities: fc.constantFrom<unknown>(
      {},
      {
        textDocument: {
          diagnostic: {},
          codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } }, resolveSupport: { properties: ['edit'] } },
        },
        workspace: { configuration: true, applyEdit: true, workspaceFolders: true, diagnostics: { refreshSupport: true } },
      },
    ),
    initializationOptions: options,
  });

const options = fc.record({ registry: fc.constant('none'), trusted: fc.boolean(), status: fc.boolean(), today: fc.constant('2026-11-24') });

const languageId = fc.constantFrom('dockerfile', 'yaml', 'helm', 'plaintext', '');

/** Every method that the server knows, with parameters that fit. */
function methods(): Readonly<Record<string, readonly ['request' | 'notification', fc.Arbitrary<unknown>]>> {
  const text = anyFile(ownFixtures()).map(file => file.text);
  const version = fc.nat(30);
  const context = fc.record({ diagnostics: fc.constant([]), triggerKind: fc.constantFrom(1, 2) });
  const change = fc.oneof(fc.record({ text }), fc.record({ range, text: fc.oneof(fc.string({ maxLength: 8 }), text) }));
  return {
    'textDocument/didOpen': ['notification', fc.record({ textDocument: fc.record({ uri, languageId, version, text }) })],
    'textDocument/didChange': [
      'notification',
      fc.record({ textDocument: fc.record({ uri, version }), contentChanges: fc.array(change, { maxLength: 3 }) }),
    ],
    'textDocument/didSave': ['notification', fc.record({ textDocument })],
    'textDocument/didClose': ['notification', fc.record({ textDocument })],
    'textDocument/diagnostic': ['request', fc.record({ textDocument })],
    'textDocument/hover': ['request', fc.record({ textDocument, position })],
    'textDocument/completion': ['request', fc.record({ textDocument, position })],
    'textDocument/codeAction': ['request', fc.record({ textDocument, range, context })],
    'codeAction/resolve': [
      'request',
      fc.record({
        title: fc.constant('a'),
        data: fc.record({ uri, version, bulk: fc.constantFrom({ kind: 'harden' }, { kind: 'rule', rule: 'x' }) }),
      }),
    ],
    'workspace/executeCommand': [
      'request',
      fc.record({
        command: fc.constantFrom(...Object.values(commands), 'none'),
        arguments: fc.oneof(fc.array(uri, { maxLength: 2 }), fc.constant([{ uris: [...uris, 7] }]), fc.constant(['kubernetes/privileged'])),
      }),
    ],
    [hardenedTextMethod]: [
      'request',
      fc.record({ uri, safeOnly: fc.boolean(), accept: fc.constantFrom([], ['all'], ['kubernetes/privileged'], ['none', 7]) }),
    ],
    'workspace/didChangeConfiguration': [
      'notification',
      fc.record({ settings: fc.constantFrom<unknown>(null, {}, { bulkhead: { profile: 'strict' } }) }),
    ],
    'workspace/didChangeWatchedFiles': [
      'notification',
      fc.record({ changes: fc.array(fc.record({ uri, type: fc.constantFrom(1, 2, 3) }), { maxLength: 3 }) }),
    ],
    'workspace/didChangeWorkspaceFolders': [
      'notification',
      fc.constant({ event: { added: [{ uri: 'file:///fuzz2', name: 'b' }], removed: [{ uri: 'file:///fuzz', name: 'fuzz' }] } }),
    ],
    'textDocument/formatting': ['request', fc.record({ textDocument })],
    'workspace/symbol': ['request', fc.record({ query: fc.string({ maxLength: 3 }) })],
    '$/setTrace': ['notification', fc.constant({ value: 'off' })],
    '$/unknown': ['notification', fc.constant({})],
    initialize: ['request', initialize(options)],
    initialized: ['notification', fc.constant({})],
    shutdown: ['request', fc.constant(undefined)],
  };
}

/** Sequences of messages: most begin as they should, and hold something that they should not. */
export function anyLspCase(): fc.Arbitrary<LspCase> {
  const known = Object.entries(methods());
  // what concerns documents comes far more often than what ends a session
  const often = known.filter(([method]) => method.startsWith('textDocument/') || method === hardenedTextMethod);
  const message = fc.oneof(
    {
      weight: 20,
      arbitrary: fc
        .constantFrom(...often, ...often, ...often, ...known)
        .chain(([method, [kind, valid]]): fc.Arbitrary<LspMessage> => oddly(valid).map(params => ({ kind, method, params }))),
    },
    { weight: 2, arbitrary: fc.nat(4).map((back): LspMessage => ({ kind: 'cancel', back })) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom(
          '',
          '{',
          'null',
          '[]',
          '7',
          '"x"',
          '{"jsonrpc":"2.0"}',
          '{"jsonrpc":"1.0","method":7}',
          '{"jsonrpc":"2.0","id":{},"method":"x"}',
          '{"jsonrpc":"2.0","id":99999,"result":null}',
          `{"jsonrpc":"2.0","method":"${'m'.repeat(5000)}"}`,
          '\ufeff{}',
        )
        .map((body): LspMessage => ({ kind: 'raw', body })),
    },
  );
  const begin = fc.oneof(
    {
      weight: 8,
      arbitrary: initialize(options).map((params): LspMessage[] => [
        { kind: 'request', method: 'initialize', params },
        { kind: 'notification', method: 'initialized', params: {} },
      ]),
    },
    {
      weight: 1,
      arbitrary: oddly(initialize(oddValue)).map((params): LspMessage[] => [{ kind: 'request', method: 'initialize', params }]),
    },
    { weight: 1, arbitrary: fc.constant<LspMessage[]>([]) },
  );
  return fc
    .tuple(begin, fc.array(message, { minLength: 3, maxLength: 40 }), fc.constantFrom<LspAnswers>('plain', 'plain', 'null', 'error', 'odd'))
    .map(([first, rest, answers]) => ({ answers, messages: [...first, ...rest] }));
}
