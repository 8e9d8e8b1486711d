import { speak } from '../../../shared/src/early';
import {
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  LSPErrorCodes,
  ResponseError,
  TextDocumentSyncKind,
  type CancellationToken,
  type Connection,
  type InitializeParams,
  type InitializeResult,
} from 'vscode-languageserver';
import {
  committedPath,
  evidenceGlob,
  configFileName,
  createMemoryFactCache,
  createWords,
  type Engine,
  type FactCache,
  type NamedTrial,
  factNames,
  type Gate,
  programGlob,
  type WordBundle,
} from '../../../shared/src/index';
import { agentPlanMethod, agentToolMethod, type AgentToolParams } from '../../../shared/src/output/protocol/agents';
import { findRulesMethod, type FindRulesParams, ruleAddress } from '../../../shared/src/output/protocol/docs';
import {
  type HardenChoiceParams,
  hardenChoiceMethod,
  hardenedTextMethod,
  type HardenedTextParams,
  hardenPlanMethod,
  type HardenPlanParams,
  type InitializationOptions,
} from '../../../shared/src/output/protocol/messages';
import { findCandidatesMethod, type FindCandidatesParams } from '../../../shared/src/output/protocol/workspace';
import { postureMethod, type PostureParams } from '../../../shared/src/output/protocol/posture';
import { scansMethod, type ScansParams } from '../../../shared/src/output/protocol/scan';
import { suppressionChoicesMethod, type SuppressionQuestion } from '../../../shared/src/output/protocol/pickers';
import { baselineGlob, concernsBaselines } from './baseline-files';
import { buildGlob, concernsBuilds } from '../documents/build-context';
import { createChecker } from '../documents/checker';
import { createConfigFiles } from './config-files';
import type { ServerContext } from './context';
import { createDigests, type DigestSource } from '../lookups/digests';
import { createLookedUp } from '../lookups/looked-up';
import { createSignatures } from '../lookups/signatures';
import { createDocuments } from '../documents/documents';
import { createFolders } from './folders';
import { callAgentTool, planAgentTool } from '../features/agent-tools';
import { answerChecks } from '../features/check-file';
import { actionKinds } from '../features/action-kinds';
import { createCodeActions } from '../features/code-actions';
import { commandNames, executeCommand, hardenedText } from '../features/commands';
import { completion, completionTriggers } from '../features/completion';
import { createDiagnostics } from '../features/diagnostics';
import { findCandidates } from '../features/find-candidates';
import { createHardenPlans, createReadChecked } from '../features/harden-plan';
import { answerInterview } from '../features/questions';
import { pipelineFilesMethod, type PipelineFilesParams } from '../../../shared/src/output/protocol/starter';
import { pipelineFiles } from '../features/write-pipeline';
import { findRulesByName } from '../features/find-rules';
import { codeLenses } from '../features/code-lens';
import { hover } from '../features/hover';
import { definitions, documentSymbols } from '../features/outline';
import { showPosture } from '../features/posture';
import { inlayHints } from '../features/inlay-hints';
import { scannedImages } from '../features/scan-notes';
import { restoreScans } from '../features/seen-scans';
import { createStatus } from '../features/status';
import { suppressionChoices } from '../features/suppress';
import { readClientSupport, type ClientSupport } from '../lsp/capabilities';
import type { WorkspaceFiles } from '../lsp/files';
import { gateOfCheck } from '../lsp/gate';
import { createLog, type Log } from '../lsp/log';
import { createSay } from '../lsp/say';
import type { AskEngines, OpenArchive } from '../lookups/local-images';
import type { OpenScanner, SeenScans } from '../lookups/scanner';
import { createScans } from '../lookups/scans';
import type { Trials } from '../lookups/trials';
import { languageTags } from '../../../shared/src/output/protocol/language';
import { createScopes } from './scopes';
import { createSettingsStore } from './settings';
import { createWorkspaceFacts } from '../documents/workspace-facts';
import { warmUp } from './warm-up';
import { createWatch, type Marker } from '../watch/watch';
import { watchEngine } from '../watch/watched-engine';

/** What a session gets from the host that it runs in. */
export interface SessionHost {
  readonly engine: Engine;
  /** Hears what is being worked on: the host ends a session that stays with one file for too long. */
  readonly marker: (options: InitializationOptions) => Marker;
  readonly version: string;
  /** Where the pages of the rules are on the web; see `ruleAddress`. */
  readonly pagesAddress: string | null;
  /** Canonical URI of the user's home folder, where there is one. */
  readonly home: string | null;
  /** How files are reached; `options` says what the client can do, `warn` hears of what could not be read. */
  readonly files: (options: InitializationOptions, warn: (line: string) => void) => WorkspaceFiles;
  /** Who asks registries for digests, by itself or through the client; `null`: nobody can. */
  readonly digests: (options: InitializationOptions, log: (line: string) => void, folders: () => readonly string[]) => DigestSource | null;
  /** Runs the user's scanner; `null`: nobody can. */
  readonly scanner: OpenScanner | null;
  /** Asks the engines of containers on this machine; `null`: the host cannot. */
  readonly askEngines: AskEngines | null;
  /** Reads archives of images; `null`: the host cannot. */
  readonly openArchive: OpenArchive | null;
  /** Runs trials on an engine of this machine; `null`: the host cannot. */
  readonly trials: Trials | null;
  /** The trials that the user has made of a file by its URI; `null`: the host has no place for them. */
  readonly ownTrials: ((uri: string) => readonly NamedTrial[]) | null;
  /** The state that the work in a repository is compared with, by the URI of its top; `null`: the host cannot tell. */
  readonly earlier: ((top: string, folders: readonly string[]) => ReturnType<NonNullable<ServerContext['earlier']>>) | null;
  /** Keeps what was read of images for the next session; `null`: nothing is kept. */
  readonly factCache: (FactCache & { readonly clear: () => void }) | null;
  /** What was shown of images in earlier sessions; `null`: nothing is kept. */
  readonly seenScans: SeenScans | null;
  /** The pages of all rules by id; read once, when somebody hovers. `null` where they cannot be had. */
  readonly pages: (
    options: InitializationOptions,
    files: WorkspaceFiles,
    tags: readonly string[],
  ) => Promise<Readonly<Record<string, string>> | null>;
  /** The texts in the closest of these languages, for a client that hands over none; `null` where they cannot be had. */
  readonly words: (tags: readonly string[]) => WordBundle | null;
}

/** Serves one client over a connection, which the caller then has listen. */
export function startSession(connection: Connection, host: SessionHost): void {
  const log = createLog(connection, () => gates());
  let gates: () => Iterable<Gate> = () => [];
  connection.onInitialize(params => {
    const support = readClientSupport(params.capabilities);
    const { checker, documents } = wire(connection, host, params, support, log);
    gates = () =>
      documents
        .all()
        .flatMap(({ uri }) => checker.last(uri) ?? [])
        .map(gateOfCheck);
    return initializeResult(host, support);
  });
}

function initializeResult({ version }: SessionHost, support: ClientSupport): InitializeResult {
  return {
    serverInfo: { name: 'bulkhead', version },
    capabilities: {
      positionEncoding: 'utf-16',
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
      ...(support.pull && { diagnosticProvider: { identifier: 'bulkhead', interFileDependencies: false, workspaceDiagnostics: false } }),
      codeActionProvider: { codeActionKinds: Object.values(actionKinds), resolveProvider: support.resolveEdits },
      hoverProvider: true,
      definitionProvider: true,
      documentSymbolProvider: true,
      inlayHintProvider: true,
      codeLensProvider: { resolveProvider: false },
      completionProvider: { triggerCharacters: completionTriggers },
      executeCommandProvider: { commands: [...commandNames] },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  };
}

/** Answers without a stack trace where something goes wrong, and not at all where the client has lost interest. */
const guardedBy =
  (log: Log) =>
  <P, R>(
    what: string,
    answer: (params: P, token: CancellationToken) => Promise<R>,
  ): ((params: P, token: CancellationToken) => Promise<R>) =>
  async (own, token) => {
    try {
      const result = await answer(own, token);
      if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
      return result;
    } catch (error) {
      if (error instanceof ResponseError) throw error;
      log.failure(what, error);
      throw new ResponseError(LSPErrorCodes.RequestFailed, `${what}: an internal error, see the log`);
    }
  };

/** What is spoken from now on: the language of the client, or the words that it hands over. */
function languageOf(
  host: SessionHost,
  { locale, initializationOptions }: InitializeParams,
): { tags: readonly string[]; words: WordBundle } {
  const tags = languageTags(locale);
  const words = (initializationOptions as InitializationOptions | undefined)?.words ?? host.words(tags);
  // English costs nothing
  speak(words);
  return { tags, words: words ?? {} };
}

/** Gives pages by rule, which are read when the first is asked for. */
function createPages(read: () => Promise<Readonly<Record<string, string>> | null>): ServerContext['page'] {
  let reading: ReturnType<typeof read> | undefined;
  return async rule => (await (reading ??= read()))?.[rule] ?? null;
}

/** Makes the parts of a session and connects them. */
function wire(
  connection: Connection,
  host: SessionHost,
  params: InitializeParams,
  support: ClientSupport,
  log: Log,
): Pick<ServerContext, 'checker' | 'documents'> {
  const options = (params.initializationOptions ?? {}) as InitializationOptions;
  const { tags, words } = languageOf(host, params);
  const watch = createWatch(host.marker(options), options.refusals ?? []);
  const engine = watchEngine(host.engine, watch);
  const files = host.files(options, line => log.warn(line));
  const documents = createDocuments(connection);
  const folders = createFolders(
    params.workspaceFolders?.map(folder => folder.uri) ?? [params.rootUri].filter(uri => typeof uri === 'string'),
  );
  const settings = createSettingsStore(connection, support, options.settings, log);
  const allowed = options.trusted !== false;
  const configs = createConfigFiles(engine.rules, { documents, files, watch, log, allowed });
  const scopes = createScopes({ settings, configs, folders, files, documents, home: host.home, allowed });
  // where the workspace is not trusted, what a user has looked up elsewhere does not count
  const factCache = (allowed ? host.factCache : null) ?? createMemoryFactCache();
  const lookedUp = createLookedUp(factCache);
  const facts = createWorkspaceFacts({
    engine,
    watch,
    documents,
    files,
    log,
    allowed,
    lookedUp,
    ownTrials: (allowed ? host.ownTrials : null) ?? (() => []),
  });
  const today = (): string => options.today ?? new Date().toISOString().slice(0, 10);
  const debug = (line: string): void => log.debug(line);
  const digests = createDigests(host.digests(options, debug, () => folders.all()));
  const checker = createChecker({ engine, facts, lookedUp, today, log, pinned: reference => digests?.pinned(reference) ?? null });
  const context: ServerContext = {
    connection,
    support,
    engine,
    watch,
    words: createWords(engine.rules, words),
    say: createSay(words),
    log,
    documents,
    scopes,
    configs,
    checker,
    facts,
    files,
    digests,
    lookedUp,
    factCache,
    signatures: allowed ? createSignatures() : null,
    scans: createScans(),
    scanner: host.scanner,
    askEngines: host.askEngines,
    openArchive: host.openArchive,
    trials: host.trials,
    trialView: options.trials === true,
    seenScans: allowed ? host.seenScans : null,
    scansView: options.scans === true,
    earlier: allowed && host.earlier ? top => host.earlier!(top, folders.all()) : null,
    trusted: allowed,
    folders,
    hardenView: options.hardenView === true,
    conversions: options.conversions === true,
    policies: options.policies === true,
    beside: options.beside ?? [],
    version: host.version,
    address: rule => ruleAddress(host.pagesAddress, rule),
    showsPages: options.pages === true,
    pickers: options.pickers === true,
    page: createPages(() => host.pages(options, files, tags)),
  };
  const status = createStatus(context, options.status === true);
  const diagnostics = createDiagnostics(context, checked => status.report(checked));
  context.digests?.onChange(() => diagnostics.refresh());
  lookedUp.onChange(() => diagnostics.refresh());
  context.signatures?.onChange(() => diagnostics.refresh());
  context.scans.onChange(() => {
    diagnostics.refresh();
    if (!context.scansView) return;
    const params: ScansParams = { images: scannedImages(context) };
    connection.sendNotification(scansMethod, params).catch((error: unknown) => log.failure('scans', error));
  });
  const actions = createCodeActions(context);

  /** Settings, configurations or folders changed. */
  const reconsider = (): void => {
    scopes.invalidate();
    diagnostics.refresh();
  };

  documents.onChange(document => {
    if (configs.changed(document.uri) || concernsBuilds(document.uri)) reconsider();
    diagnostics.changed(document);
  });
  documents.onSave(document => {
    // clients that cannot watch files tell at least of those that they save
    if (configs.changed(document.uri) || concernsBuilds(document.uri)) reconsider();
    status.saved(document.uri);
    diagnostics.saved(document);
  });
  documents.onClose(document => {
    for (const store of [settings, scopes, checker, status]) store.drop(document.uri);
    diagnostics.closed(document);
    if (configs.changed(document.uri) || concernsBuilds(document.uri)) reconsider();
    facts.reread(document.uri);
  });
  facts.onChange(() => {
    if (checker.outdated().length > 0) diagnostics.refresh();
  });

  connection.onDidChangeConfiguration(change => {
    settings.forget(change.settings);
    reconsider();
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    const changed = changes.filter(({ uri }) => configs.changed(uri) || concernsBuilds(uri) || concernsBaselines(uri));
    if (changed.length > 0) reconsider();
    for (const { uri } of changes) facts.reread(uri);
  });

  const guarded = guardedBy(log);
  connection.languages.diagnostics.on(guarded('diagnostics', (own, token) => diagnostics.pull(own, token)));
  connection.onCodeAction(guarded('code actions', (own, token) => actions.list(own, token)));
  connection.onCodeActionResolve(guarded('code action', (own, token) => actions.resolve(own, token)));
  connection.languages.inlayHint.on(guarded('inlay hints', (own, token) => inlayHints(context, own, token)));
  connection.onCodeLens(guarded('code lenses', (own, token) => codeLenses(context, own, token)));
  connection.onHover(guarded('hover', (own, token) => hover(context, own, token)));
  connection.onDefinition(guarded('definition', (own, token) => definitions(context, own, token)));
  connection.onDocumentSymbol(guarded('symbols', (own, token) => documentSymbols(context, own, token)));
  connection.onCompletion(guarded('completion', (own, token) => completion(context, own, token)));
  connection.onExecuteCommand(guarded('command', (own, token) => executeCommand(context, own, token)));
  /** The same of a request that is none of the protocol's own. */
  const onRequest = <P>(method: string, what: string, answer: (params: P, token: CancellationToken) => Promise<unknown>): void =>
    void connection.onRequest(method, guarded(what, answer));
  const read = createReadChecked(context);
  const plans = createHardenPlans(context, read);
  answerInterview(context, read, onRequest);
  onRequest(findRulesMethod, 'rules', (own: FindRulesParams) => Promise.resolve(findRulesByName(context, own)));
  onRequest(hardenedTextMethod, 'hardened text', (own: HardenedTextParams, token) => hardenedText(context, own, token));
  answerChecks(context, onRequest);
  onRequest(findCandidatesMethod, 'search', (own: FindCandidatesParams) => findCandidates(context, own));
  onRequest(postureMethod, 'posture', (own: PostureParams, token) => showPosture(context, own, token));
  onRequest(suppressionChoicesMethod, 'suppression', (own: SuppressionQuestion, token) => suppressionChoices(context, own, token));
  onRequest(pipelineFilesMethod, 'pipeline', (own: PipelineFilesParams) => pipelineFiles(context, own));
  onRequest(hardenPlanMethod, 'harden plan', (own: HardenPlanParams, token) => plans.plan(own, token));
  onRequest(agentToolMethod, 'tool', (own: AgentToolParams, token) => callAgentTool(context, own, token));
  onRequest(agentPlanMethod, 'tool', (own: AgentToolParams, token) => planAgentTool(context, own, token));
  onRequest(hardenChoiceMethod, 'harden choice', (own: HardenChoiceParams, token) => plans.choose(own, token));

  let lastChange = -Infinity;
  documents.onChange(() => (lastChange = performance.now()));
  connection.onInitialized(() => {
    if (support.workspaceFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        folders.change(added, removed);
        facts.reset();
        reconsider();
      });
    }
    register(connection, support).catch((error: unknown) => log.failure('the client refused a registration', error));
    restoreScans(context, settings).catch((error: unknown) => log.failure('what scans have found earlier', error));
    warmUp(host.engine, () => lastChange);
    log.info(`Bulkhead ${host.version}, ${engine.rules.length} rules, ${support.pull ? 'pull' : 'push'} diagnostics`);
  });
  return context;
}

/** Asks to be told of changed settings and files, where the client has not promised it. */
async function register(connection: Connection, support: ClientSupport): Promise<void> {
  if (support.registerConfiguration) await connection.client.register(DidChangeConfigurationNotification.type, { section: 'bulkhead' });
  if (!support.registerWatchers) return;
  await connection.client.register(DidChangeWatchedFilesNotification.type, {
    watchers: [
      { globPattern: `**/${configFileName}` },
      { globPattern: `**/{${factNames.join(',')}}` },
      { globPattern: programGlob },
      { globPattern: buildGlob },
      { globPattern: baselineGlob },
      { globPattern: `**/${committedPath}` },
      { globPattern: evidenceGlob },
    ],
  });
}
