import type { CancellationToken, Connection } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Engine, FactCache, Words } from '../../../shared/src/index';
import type { AgentHost } from '../agents/port';
import type { Watch } from '../watch/watch';
import type { Check, Checker } from '../documents/checker';
import type { ConfigFiles } from './config-files';
import { isWanted, type Documents } from '../documents/documents';
import type { Folders } from './folders';
import type { ClientSupport } from '../lsp/capabilities';
import type { Digests } from '../lookups/digests';
import type { WorkspaceFiles } from '../lsp/files';
import type { Log } from '../lsp/log';
import type { Say } from '../lsp/say';
import type { AskEngines, OpenArchive } from '../lookups/local-images';
import type { OpenScanner, SeenScans } from '../lookups/scanner';
import type { Scans } from '../lookups/scans';
import type { Trials } from '../lookups/trials';
import type { Scope, Scopes } from './scopes';
import type { LookedUp } from '../lookups/looked-up';
import type { Signatures } from '../lookups/signatures';
import type { WorkspaceFacts } from '../documents/workspace-facts';

/** What the features of a session work with. */
export interface ServerContext {
  readonly connection: Connection;
  readonly support: ClientSupport;
  readonly engine: Engine;
  /** For work on a file that the engine is not asked for. */
  readonly watch: Watch;
  readonly words: Words;
  readonly say: Say;
  readonly log: Log;
  readonly documents: Documents;
  readonly scopes: Scopes;
  readonly configs: ConfigFiles;
  readonly checker: Checker;
  readonly facts: WorkspaceFacts;
  readonly files: WorkspaceFiles;
  /** Who asks registries for digests; `null`: nobody can. */
  readonly digests: Digests | null;
  /** What look-ups have said of images. */
  readonly lookedUp: LookedUp;
  /** Keeps what was read of images. */
  readonly factCache: FactCache;
  /** What is known of signatures; `null`: nobody may ask, since the workspace is not trusted. */
  readonly signatures: Signatures | null;
  /** What scans have found. */
  readonly scans: Scans;
  /** Runs the user's scanner; `null`: the host cannot. */
  readonly scanner: OpenScanner | null;
  /** Asks the engines of containers on this machine; `null`: the host cannot. */
  readonly askEngines: AskEngines | null;
  /** Reads archives of images; `null`: the host cannot. */
  readonly openArchive: OpenArchive | null;
  /** Runs trials on an engine of this machine; `null`: the host cannot. */
  readonly trials: Trials | null;
  /** Whether the client asks before a trial and shows what comes of it by itself. */
  readonly trialView: boolean;
  /** What was shown of images in earlier sessions; `null`: nothing is kept here, or the workspace is not trusted. */
  readonly seenScans: SeenScans | null;
  /** Whether the client shows what scans have found in a view of its own. */
  readonly scansView: boolean;
  /** The state that the work in a repository is compared with, by the URI of its top; `null`: the host cannot tell, or the workspace is not trusted. */
  readonly earlier: AgentHost['earlier'];
  /** Whether the workspace is trusted. */
  readonly trusted: boolean;
  readonly folders: Folders;
  /** Whether the client shows plans of harden in a view of its own. */
  readonly hardenView: boolean;
  /** Whether the client opens what comes of a conversion by itself. */
  readonly conversions: boolean;
  /** Whether the client writes policies and workflows by commands of its own. */
  readonly policies: boolean;
  /** Extensions of the client that have symbols or definitions of their own. */
  readonly beside: readonly string[];
  readonly version: string;
  /** Where the page of a rule is on the web; `null`: nowhere. */
  readonly address: (rule: string) => string | null;
  /** Whether the client shows the pages of rules by itself. */
  readonly showsPages: boolean;
  /** Whether the client lets people choose by itself; see `pickerCommands`. */
  readonly pickers: boolean;
  /** The page of a rule as Markdown; `null` where there is none. Never rejects. */
  readonly page: (rule: string) => Promise<string | null>;
}

/** A document with what was found in its current version. */
export interface Checked {
  readonly document: TextDocument;
  readonly scope: Scope;
  readonly check: Check;
}

/**
 * The check of the document's version at the time of the answer, so that nobody gets findings of a text that is gone.
 * `null`: the document is not open (any more), or the request was cancelled.
 */
export async function checkedDocument(context: ServerContext, uri: string, token: CancellationToken): Promise<Checked | null> {
  const { documents, scopes, checker } = context;
  if (!isWanted(uri) || !documents.get(uri)) return null;
  const scope = scopes.peek(uri) ?? (await scopes.resolve(uri));
  const document = documents.get(uri);
  if (!document || token.isCancellationRequested) return null;
  return { document, scope, check: checker.check(document, scope) };
}

/** The same once what other files say is known, for what is written rather than shown: nobody mends it when they have been read. */
export async function settledDocument(context: ServerContext, uri: string, token: CancellationToken): Promise<Checked | null> {
  const first = await checkedDocument(context, uri, token);
  if (!first) return null;
  await context.facts.settled(first.scope);
  return await checkedDocument(context, uri, token);
}
