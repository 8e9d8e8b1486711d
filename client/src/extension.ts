import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  RevealOutputChannelOn,
  State,
  type BaseLanguageClient,
  type ErrorHandler,
  type LanguageClientOptions,
} from 'vscode-languageclient';
import {
  findRulesMethod,
  type FindRulesParams,
  type FindRulesResult,
  showPageMethod,
  type ShowPageParams,
} from '../../shared/src/output/protocol/docs';
import { navigators, statusMethod, type DocumentStatus, type InitializationOptions } from '../../shared/src/output/protocol/messages';
import { noteFiles, registerAgentTools } from './agent-tools';
import { createWorkspaceCheck } from './check-workspace';
import { registerCommandMenus } from './command-menus';
import { registerCommands } from './commands';
import { answerFileRequests } from './files';
import { registerGettingStarted } from './getting-started';
import { createHarden } from './harden/harden';
import { createMiddleware } from './middleware';
import { createPages, type Pages } from './pages';
import { createPostureView } from './posture';
import { registerPickers } from './pickers';
import { answerTrials } from './prove';
import { documentSelector, needsServer } from './selector';
import { createScans } from './scans';
import { createStatus, type Status } from './status';
import { createTexts } from './texts';
import { loadWords } from './words';

/** The running extension. */
export interface Extension {
  stop(): Promise<void>;
  /** Starts a server in place of one that is gone and cannot say goodbye; the log says why. */
  replaceServer(why: string): Promise<void>;
}

/** What one host has and another has not. */
export interface HostOptions {
  readonly answerLookUps?: AnswerLookUps;
  /** What the server is told beside what all hosts tell it; asked for at each start. */
  readonly initializationOptions?: () => InitializationOptions;
}

/** Makes a client for the host at hand; its options are given. */
export type CreateClient = (options: LanguageClientOptions) => BaseLanguageClient;

/** Answers the server's questions to registries, where the host can ask them. */
export type AnswerLookUps = (client: BaseLanguageClient, channel: vscode.LogOutputChannel) => vscode.Disposable;

/** A server that ends more often than this within `restartWindow` milliseconds stays down until the user restarts it. */
const maxRestarts = 3;
const restartWindow = 180_000;

/** Everything that both hosts have in common: the client with its options, commands, status and harden. */
export async function startExtension(
  context: vscode.ExtensionContext,
  createClient: CreateClient,
  { answerLookUps, initializationOptions: ofHost }: HostOptions = {},
): Promise<Extension> {
  const channel = vscode.window.createOutputChannel('Bulkhead', { log: true });
  const pages = createPages(context.extensionUri, async name =>
    (await start()).sendRequest<FindRulesResult>(findRulesMethod, { ...(name !== undefined && { name }) } satisfies FindRulesParams),
  );
  const status = createStatus();
  const words = await loadWords(context.extensionUri);
  // The client would show each failure by itself, one message for every attempt: they go to the log, and the user is told once.
  let told = false;
  const report = (message: string): void => {
    if (!told) void reportDown(message, channel);
    told = true;
  };
  const initializationOptions = (): InitializationOptions => ({
    files: true,
    status: true,
    pages: true,
    hardenView: true,
    conversions: true,
    policies: true,
    pickers: true,
    beside: navigators.filter(id => vscode.extensions.getExtension(id) !== undefined),
    scans: true,
    trials: true,
    registry: answerLookUps ? 'client' : 'none',
    assets: vscode.Uri.joinPath(context.extensionUri, 'dist').toString(),
    trusted: vscode.workspace.isTrusted,
    ...(words === undefined ? {} : { words }),
    ...ofHost?.(),
  });
  // Whether registries can be asked is a matter of this host, not of the window: a browser may show a host that is Node.
  void vscode.commands.executeCommand('setContext', 'bulkhead.registries', answerLookUps !== undefined);
  const client: BaseLanguageClient = createClient({
    documentSelector,
    outputChannel: channel,
    traceOutputChannel: channel,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    diagnosticCollectionName: 'bulkhead',
    diagnosticPullOptions: { onChange: true, onSave: true },
    initializationOptions,
    middleware: createMiddleware(pages, () => client),
    errorHandler: createErrorHandler(report),
    initializationFailedHandler: () => false,
  });

  const log = client.error.bind(client);
  client.error = (message, data) => log(message, data, false);

  const start = async (): Promise<BaseLanguageClient> => {
    try {
      if (!client.isRunning()) await client.start();
      return client;
    } catch (error) {
      channel.error(String(error));
      throw new Error(vscode.l10n.t('The Bulkhead server could not be started; see the output for details.'), { cause: error });
    }
  };
  const restart = async (): Promise<void> => {
    channel.info(vscode.l10n.t('Restarting the server'));
    if (client.isRunning()) await client.stop();
    await start();
  };
  const replaceServer = async (why: string): Promise<void> => {
    channel.warn(why);
    // nobody answers: there is nothing to wait for
    await client.stop(100).catch(() => undefined);
    await start();
  };
  const workspaceCheck = createWorkspaceCheck({ channel, pages, client: start });
  const posture = createPostureView({ channel, client: start });
  const scans = createScans({ channel, client: start });
  const harden = createHarden({ channel, client: start });
  const texts = createTexts('bulkhead-info');
  context.subscriptions.push(
    channel,
    pages,
    status,
    harden,
    texts,
    workspaceCheck,
    scans,
    scans.listen(client),
    posture,
    registerCommands({ channel, harden, pages, posture, texts, workspaceCheck, scans, client: start, restart }),
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) told = false;
      status.setServer(newState === State.Running ? 'running' : newState === State.Starting ? 'starting' : 'stopped');
    }),
    client.onNotification(statusMethod, (params: DocumentStatus) => {
      status.setDocument(params);
      if (params.family !== 'none') noteFiles();
    }),
    ...[registerCommandMenus(context.extension), registerGettingStarted(context.extension.id)],
    answerRequests(client, pages, start),
    ...(answerLookUps ? [answerLookUps(client, channel)] : []),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void (client.isRunning() && restart().catch(() => undefined))),
  );
  // Commands and the status item offer another try.
  const begin = (): Promise<unknown> => start().catch((error: unknown) => report(error instanceof Error ? error.message : String(error)));
  if (vscode.workspace.textDocuments.some(needsServer)) await begin();
  else startLater(begin, client, status, context);
  return { stop: () => (client.isRunning() ? client.stop() : Promise.resolve()), replaceServer };
}

/** Starts the server once a document needs it: what activates the extension may be other YAML, or a script without a container. */
function startLater(begin: () => unknown, client: BaseLanguageClient, status: Status, { subscriptions }: vscode.ExtensionContext): void {
  status.setServer('running');
  const late = (document: vscode.TextDocument): void => {
    if (!needsServer(document)) return;
    waiting.dispose();
    if (!client.isRunning()) void begin();
  };
  const waiting = vscode.Disposable.from(
    vscode.workspace.onDidOpenTextDocument(late),
    vscode.workspace.onDidChangeTextDocument(({ document }) => late(document)),
  );
  subscriptions.push(waiting);
}

/** What the server, its code actions and language models ask of this client. */
function answerRequests(client: BaseLanguageClient, pages: Pages, start: () => Promise<BaseLanguageClient>): vscode.Disposable {
  return vscode.Disposable.from(
    answerFileRequests(client),
    answerTrials(client),
    client.onRequest(showPageMethod, ({ rule }: ShowPageParams) => pages.open(rule)),
    registerPickers(start),
    registerAgentTools(start),
  );
}

/** Starts a server that ended again, quietly and not without end. */
function createErrorHandler(down: (reason: string) => void): ErrorHandler {
  const ends: number[] = [];
  return {
    error: () => ({ action: ErrorAction.Continue, handled: true }),
    closed: () => {
      const now = Date.now();
      ends.push(now);
      while (ends[0] !== undefined && now - ends[0] > restartWindow) ends.shift();
      if (ends.length <= maxRestarts) return { action: CloseAction.Restart, handled: true };
      ends.length = 0;
      down(vscode.l10n.t('The Bulkhead server keeps stopping and will not be restarted; see the output for details.'));
      return { action: CloseAction.DoNotRestart, handled: true };
    },
  };
}

async function reportDown(message: string, channel: vscode.LogOutputChannel): Promise<void> {
  const output = vscode.l10n.t('Show Output');
  if ((await vscode.window.showErrorMessage(message, output)) === output) channel.show(true);
}
