import type { CancellationToken } from 'vscode-languageserver';
import { type MaskedText, plain, printable, trusted } from '../../../shared/src/early';
import { asksForPin, effectiveConfig, emptyConfig, maskAlone } from '../../../shared/src/index';
import type { Outcome } from '../../../shared/src/services/registry/failure';
import type { Lookup } from '../../../shared/src/services/registry/resolver';
import type { AgentFile, AgentHost, FoundFile } from '../agents/port';
import type { TrackedPlace } from '../agents/silenced';
import { readOwnConfig } from '../decisions/read-config';
import { readClosedFile } from '../documents/closed-file';
import { isWanted } from '../documents/documents';
import { toLspEdits } from '../lsp/edits';
import { baseName, formatUri, joinUri, parentUri, parseUri, relativePath, type UriParts } from '../lsp/uri';
import type { Checked, ServerContext } from '../session/context';
import { type Scope, withSettings } from '../session/scopes';
import { findChecked } from './check-file';
import { findCandidates } from './find-candidates';
import { touches } from './lookup-notes';
import { statusFactsOf } from './status';

/** A folder with more files is looked at in parts. */
const mostFiles = 500;

/** The tools over the files of the workspace: as the editor has them, else as they are on disk. What they change, the editor does not save. */
export function createAgentHost(context: ServerContext, token: CancellationToken): AgentHost {
  const { engine, words, say, digests } = context;
  const documents = new WeakMap<AgentFile, Checked>();
  const toFile = (checked: Checked): AgentFile => {
    const file = fileOf(checked);
    documents.set(file, checked);
    return file;
  };

  /** What there is at a place; of a file that the call does not name only what is checked, or was before it was excluded. */
  const openAt = async (uri: string, path: string, isNamed: boolean): Promise<readonly FoundFile[]> => {
    const scope = await context.scopes.resolve(uri);
    if (scope.off) {
      const checked = scope.excluded ? await checkExcluded(context, uri, scope) : null;
      return [...(isNamed ? [none(path, scope.off.reason)] : []), ...(checked ? [{ excluded: toFile(checked) }] : [])];
    }
    const found = await findChecked(context, uri, token);
    if ('checked' in found) {
      if (found.checked.check.result?.checked === true) return [{ file: toFile(found.checked) }];
      const { state, reason } = statusFactsOf(found.checked);
      return isNamed ? [none(path, `is not checked: ${reason ?? state}`)] : [];
    }
    return [none(path, ('problem' in found ? found.problem : found.reason) ?? 'does not exist')];
  };

  return {
    engine,
    words,
    noWriting: context.trusted ? null : say('agentUntrusted'),
    noNetwork: !context.trusted ? say('agentUntrusted') : digests === null ? say('noRegistry') : null,
    async *open(input) {
      for (const path of 'text' in input ? [input.filename] : input.paths) {
        const place = 'text' in input ? 'is read from the editor, saved or not: name its path' : placeOf(context, path);
        const found = typeof place === 'string' ? [none(path, place)] : await openAt(place.uri, path, true);
        const mayBeFolder = typeof place !== 'string' && 'folders' in input && input.folders && found.length === 1 && 'none' in found[0]!;
        const { uris, complete } = mayBeFolder ? await findCandidates(context, { folder: place.uri, limit: mostFiles }) : nothing;
        if (uris.length === 0) yield* found;
        for (const uri of uris) {
          if (token.isCancellationRequested) return;
          yield* await openAt(uri, shownPlace(uri), false);
        }
        if (uris.length > 0 && !complete) yield none(path, `has more than ${mostFiles} files: name a folder in it`);
      }
    },
    apply: (file, { edits }) => applyEdits(context, documents.get(file)!, edits),
    lookUp: async (references, cancellation) =>
      new Map(
        await Promise.all(
          references.map(async (reference): Promise<[string, Outcome<Lookup>]> => {
            const { outcome } = await digests!.lookUp({ reference, cacheMinutes: 0 }, cancellation);
            return [reference, outcome];
          }),
        ),
      ),
    page: rule => context.page(rule),
    earlier: context.earlier,
    parseConfig: (path, text) => readOwnConfig(path, text, engine.rules, context.watch).config,
  };
}

const nothing = { uris: [], complete: true };

function none(path: string, reason: string): FoundFile {
  return { none: { path, reason: trusted(reason) } };
}

function fileOf({ document, scope, check }: Checked): AgentFile {
  const result = check.result!;
  const suppressed = result.findings.filter(({ suppression, rule }) => suppression !== null && asksForPin(rule));
  return {
    path: shownPlace(document.uri),
    opened: check.opened,
    context: check.context,
    result,
    spared: new Set(scope.settings.fixAllExclude),
    leavesPin: place => suppressed.some(({ range }) => touches(range, place.range)),
    tracked: trackedIn(scope, document.uri),
  };
}

/** The check that a file would have if its configuration did not exclude it. */
async function checkExcluded(context: ServerContext, uri: string, scope: Scope): Promise<Checked | null> {
  const document = context.documents.find(uri) ?? (await readClosedFile(context, uri, scope)).document;
  if (!document) return null;
  const check = context.checker.once(document, { ...scope, off: null });
  return check.result?.checked === true ? { document, scope, check } : null;
}

/** Gives a document other text, as one step to undo, if it still has the text that was worked on. Gives why it has not. */
async function applyEdits(
  context: ServerContext,
  { document, scope }: Checked,
  edits: Parameters<typeof toLspEdits>[1],
): Promise<MaskedText | null> {
  const { connection, documents, say, support } = context;
  const open = documents.get(document.uri);
  const text = open ? open.getText() : (await readClosedFile(context, document.uri, scope)).document?.getText();
  if (text !== document.getText()) return plain('it has changed in the meantime; call the tool again');
  const changes = toLspEdits(document, edits);
  const textDocument = { uri: document.uri, version: open ? document.version : null };
  const edit = support.documentChanges ? { documentChanges: [{ textDocument, edits: changes }] } : { changes: { [document.uri]: changes } };
  const label = say('agentLabel', { name: printable(trusted(baseName(document.uri))) });
  const { applied, failureReason } = await connection.workspace.applyEdit({ label, edit });
  return applied ? null : maskAlone(failureReason ?? say('refused'));
}

/**
 * The place that a path of a call names: an absolute path, a URI, or a path below the only folder of the workspace. Nothing outside of the folders, nor what leads out
 * of one and back. Links are followed, or not, by what reads the file. Else the reason why it is refused, which goes on from the path.
 */
export function placeOf({ folders }: Pick<ServerContext, 'folders'>, path: string): { readonly uri: string } | string {
  const [first, another] = folders.all();
  if (first === undefined) return 'is in no folder of the workspace: none is open';
  const root = parseUri(first);
  const drive = /^([A-Za-z]):[\\/]/.exec(path);
  let named: UriParts;
  if (/^[a-z][a-z\d+.-]+:/i.test(path)) named = parseUri(path);
  else if (drive) named = { ...root, path: `/${drive[1]!.toLowerCase()}${path.slice(1).replaceAll('\\', '/')}` };
  else if (path.startsWith('/')) named = { ...root, path };
  else if (another === undefined) named = { ...root, path: `${root.path}/${path}` };
  else return 'is not absolute, and the workspace has several folders';
  if (/\p{Cc}/u.test(named.path)) return 'is not the path of a file';
  const uri = formatUri(named);
  const isOutside = named.path.split(/[\\/]/).includes('..') || folders.of(uri) === null || !isWanted(uri);
  return isOutside ? 'is outside of the folders of the workspace' : { uri };
}

/** What answers call a file: its path where it is on this disk, else its URI. */
function shownPlace(uri: string): string {
  const { scheme, authority, path } = parseUri(uri);
  return scheme === 'file' && authority === '' ? path.replace(/^\/(?=[a-z]:\/)/, '') : uri;
}

/** Where a file is in its repository; `null` where that is not known, or what holds for it comes from outside of it. */
function trackedIn({ top, folder, base, settings, baseline }: Scope, uri: string): AgentFile['tracked'] {
  const path = top && relativePath(top, uri);
  if (top === null || !path) return null;
  const within = (place: string | null): string | null => (place === null ? null : relativePath(top, place));
  const root = folder ?? parentUri(uri) ?? top;
  const chosen = settings.configPath === null ? null : within(joinUri(root, settings.configPath));
  const known = baseline && base !== null && settings.baseline !== null ? within(joinUri(base, settings.baseline)) : null;
  if ((settings.configPath !== null && chosen === null) || (baseline && (known === null || settings.baseline?.startsWith('~'))))
    return null;
  const place: TrackedPlace = {
    path,
    workspace: within(folder) || null,
    chosen: chosen === null ? null : { path: chosen, base: within(folder) ?? '' },
    baseline: known,
    effective: (config, below) => effectiveConfig(withSettings(config ?? emptyConfig, settings), below),
  };
  return { top, place };
}
