import { masked, printable, trusted } from '../../../shared/src/early';
import {
  createGate,
  entriesOf,
  type Entry,
  type Finding,
  incompleteRule,
  maskAlone,
  type MessageData,
  severities,
  unexplainedRule,
  type Words,
} from '../../../shared/src/index';
import { CodeLensRefreshRequest, DiagnosticSeverity, DocumentDiagnosticReportKind, type CancellationToken } from 'vscode-languageserver';
import type { Diagnostic, DocumentDiagnosticParams, DocumentDiagnosticReport } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Check } from '../documents/checker';
import { isConfigUri } from '../session/config-files';
import { checkedDocument, type Checked, type ServerContext } from '../session/context';
import { isWanted } from '../documents/documents';
import { debounce } from '../lsp/debounce';
import { maxShownFindings } from '../decisions/limits';
import { gateOfCheck, type MaskedDiagnostic } from '../lsp/gate';
import { noteOf, toDiagnostic, type ShownBefore } from '../lsp/to-diagnostic';
import { generatedDiagnostics } from './generated-file';
import { markLookedUp } from './look-up';
import { lookupDiagnostics } from './lookup-notes';
import { signatureDiagnostics } from './signatures';
import { scanDiagnostics } from './scan-notes';

/** Gives findings to the client, by pull or by push. */
export interface DiagnosticsFeature {
  pull(params: DocumentDiagnosticParams, token: CancellationToken): Promise<DocumentDiagnosticReport>;
  changed(document: TextDocument): void;
  saved(document: TextDocument): void;
  closed(document: TextDocument): void;
  /** Something beside the documents changed: asks the client to pull again, or pushes, once for several calls. */
  refresh(): void;
}

/** The diagnostics that some findings are shown in. */
export type Shown = (findings: readonly Finding[]) => Diagnostic[];

/** What the client was told last about a document. */
interface Report {
  readonly id: string;
  readonly version: number;
  readonly items: MaskedDiagnostic[];
  /** By the data of their first finding, which it keeps wherever it moves. */
  readonly shown: ReadonlyMap<MessageData, ShownBefore>;
  /** What was masked in them (see `Gate.key`): under other masks nothing may be shown again as it was. */
  readonly masks: string;
}

/** Long enough to make one refresh of a burst of file events, short enough not to be noticed. */
const refreshDelayMs = 100;

/** The longest that findings are held for the files of a folder to be read, from a client that nobody can tell of them later. */
const holdMs = 5000;

/** What is shown of a check, beside what was shown before. */
function shownOf(context: ServerContext, checked: Checked, last: Report | undefined): Pick<Report, 'items' | 'shown' | 'masks'> {
  const { findings } = checked.check;
  const masks = gateOfCheck(checked.check).key;
  const told = mostSevere(findings, maxShownFindings);
  const entries = [...entriesOf(told)].sort(byPlaceAndWeight);
  const plain = diagnosticsOf(context, checked, entries, last?.masks === masks ? last.shown : undefined);
  const shown = new Map(entries.map((entry, i) => [entry.finding.data, { entry, diagnostic: plain[i]! }]));
  const items = markLookedUp(context, checked, entries, plain);
  const count = findings.length - told.length;
  if (count > 0) {
    const note = incompleteDiagnostic(context.words, checked.document, 'findings', { limit: maxShownFindings, count });
    items.unshift({ ...note, severity: DiagnosticSeverity.Information });
  }
  items.push(
    ...lookupDiagnostics(context, checked),
    ...signatureDiagnostics(context, checked),
    ...scanDiagnostics(context, checked),
    ...unreadDiagnostics(context, checked),
    ...generatedDiagnostics(context, checked),
  );
  return { items, shown, masks };
}

/** Creates the feature; `onCheck` hears of every check that was reported. */
export function createDiagnostics(context: ServerContext, onCheck: (checked: Checked) => void): DiagnosticsFeature {
  const { connection, support, documents, log } = context;
  const reports = new Map<string, Report>();
  /** A worker that takes another's place must not know the ids that the other gave. */
  const generation = Date.now().toString(36);
  let nextId = 1;

  /** The report of a check; the same one as before where text version and findings are the same. */
  const report = (uri: string, version: number, items: MaskedDiagnostic[], shown: Report['shown'], masks: string): Report => {
    const last = reports.get(uri);
    if (last && last.version === version && JSON.stringify(last.items) === JSON.stringify(items)) return last;
    const next = { id: `bulkhead-${generation}-${nextId++}`, version, items, shown, masks };
    reports.set(uri, next);
    return next;
  };

  const current = async (uri: string, token: CancellationToken): Promise<Report | null> => {
    const checked = await checkedDocument(context, uri, token);
    if (!checked) return null;
    const last = reports.get(uri);
    const { items, shown, masks } = isConfigUri(uri)
      ? { items: await configDiagnostics(context, checked.document), shown: new Map<MessageData, ShownBefore>(), masks: '' }
      : shownOf(context, checked, last);
    if (token.isCancellationRequested || documents.get(uri) !== checked.document) return null;
    const made = report(uri, checked.check.version, items, shown, masks);
    setImmediateLike(() => onCheck(checked));
    return made;
  };

  const push = async (uri: string): Promise<void> => {
    const token: CancellationToken = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => {} }) };
    const made = await current(uri, token);
    if (!made || documents.get(uri)?.version !== made.version) return;
    await connection.sendDiagnostics({ uri, version: made.version, diagnostics: made.items });
  };

  const waiting = new Set<string>();
  /** Several changes that are in the pipe already give one report. */
  const schedulePush = (uri: string): void => {
    if (waiting.has(uri)) return;
    waiting.add(uri);
    setImmediateLike(() => {
      waiting.delete(uri);
      push(uri).catch((error: unknown) => log.failure('findings could not be sent', error));
    });
  };

  /** Hints and lenses that anybody sees follow what is said of the documents. */
  const refreshBeside = (): void => {
    const wants = (setting: 'inlayHints' | 'codeLens'): boolean =>
      documents.all().some(({ uri }) => {
        const scope = context.scopes.peek(uri);
        // a setting that is about to be read may be on
        return scope === undefined || scope.settings[setting];
      });
    if (support.refreshHints && wants('inlayHints'))
      connection.languages.inlayHint.refresh().catch((error: unknown) => log.failure('refresh', error));
    if (support.refreshLenses && wants('codeLens'))
      connection.sendRequest(CodeLensRefreshRequest.type).catch((error: unknown) => log.failure('refresh', error));
  };

  const refresh = debounce(() => {
    refreshBeside();
    if (!support.pull) documents.all().forEach(document => schedulePush(document.uri));
    else if (support.refreshDiagnostics)
      connection.languages.diagnostics.refresh().catch((error: unknown) => log.failure('refresh', error));
  }, refreshDelayMs);

  /** Whether a document waits for being saved before it is checked again. */
  const waitsForSave = (uri: string): boolean => {
    const document = documents.get(uri);
    return (
      context.scopes.peek(uri)?.settings.run === 'onSave' && document !== undefined && documents.savedVersion(uri) !== document.version
    );
  };

  return {
    pull: async ({ textDocument: { uri }, previousResultId }, token) => {
      if (!isWanted(uri)) return full([]);
      const last = reports.get(uri);
      if (previousResultId !== undefined && last?.id === previousResultId && waitsForSave(uri)) return unchanged(previousResultId);
      let made = await current(uri, token);
      const scope = support.refreshDiagnostics ? undefined : context.scopes.peek(uri);
      // the check has asked for what other files say, if it needs it
      if (made && scope && context.facts.isReading(scope)) {
        await atMost(context.facts.settled(scope), holdMs);
        const last = context.checker.last(uri);
        if (last?.version !== made.version || !context.checker.isFresh(last)) made = await current(uri, token);
      }
      if (!made) return full([]);
      return made.id === previousResultId ? unchanged(made.id) : full(made.items, made.id);
    },
    changed: ({ uri }) => {
      if (!support.pull && isWanted(uri) && !(reports.has(uri) && waitsForSave(uri))) schedulePush(uri);
    },
    saved: ({ uri }) => {
      if (context.scopes.peek(uri)?.settings.run !== 'onSave') return;
      if (support.pull) refresh();
      else schedulePush(uri);
    },
    closed: ({ uri }) => {
      reports.delete(uri);
      if (!support.pull)
        connection.sendDiagnostics({ uri, diagnostics: [] }).catch((error: unknown) => log.failure('findings could not be sent', error));
    },
    refresh,
  };
}

function full(items: MaskedDiagnostic[], resultId?: string): DocumentDiagnosticReport {
  return { kind: DocumentDiagnosticReportKind.Full, items, ...(resultId !== undefined && { resultId }) };
}

function unchanged(resultId: string): DocumentDiagnosticReport {
  return { kind: DocumentDiagnosticReportKind.Unchanged, resultId };
}

/** Waits for something, but no longer than so many milliseconds. */
async function atMost(what: Promise<void>, ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  await Promise.race([what, new Promise<void>(resolve => (timer = setTimeout(resolve, ms)))]);
  clearTimeout(timer);
}

/** Runs behind what is being answered now. `setImmediate` does not exist in a worker. */
function setImmediateLike(run: () => void): void {
  setTimeout(run, 0);
}

/**
 * Entries of a check as diagnostics, in their order; a document that could not be checked never looks clean.
 * @param before how entries of the document were shown last, by the data of their findings
 */
export function diagnosticsOf(
  context: ServerContext,
  { document, scope, check }: Pick<Checked, 'document' | 'scope' | 'check'>,
  entries: readonly Entry[],
  before?: ReadonlyMap<MessageData, ShownBefore>,
): MaskedDiagnostic[] {
  if (check.failed) return [failure(document, check)];
  const { words, support, facts, address } = context;
  const options = {
    words,
    address,
    gate: gateOfCheck(check),
    relatedInformation: support.relatedInformation,
    unnecessaryTag: support.unnecessaryTag,
    locate: (related: Parameters<typeof facts.locate>[1]) => facts.locate(scope, related),
  };
  return entries.map(entry => toDiagnostic(document, entry, options, before?.get(entry.finding.data)));
}

/** So many findings, the most severe of all, in their order. */
function mostSevere(findings: readonly Finding[], most: number): readonly Finding[] {
  if (findings.length <= most) return findings;
  const byWeight = [...findings.keys()].sort(
    (a, b) => severities.indexOf(findings[b]!.severity) - severities.indexOf(findings[a]!.severity) || a - b,
  );
  return byWeight
    .slice(0, most)
    .sort((a, b) => a - b)
    .map(index => findings[index]!);
}

/** At one token the worst comes first: clients show them in that order. */
function byPlaceAndWeight({ finding: a }: Entry, { finding: b }: Entry): number {
  return a.range.start - b.range.start || a.range.end - b.range.end || severities.indexOf(b.severity) - severities.indexOf(a.severity);
}

/** What was to say how the document is checked, and could not be read, is said where it was to hold: its own file may be none that an editor opens. */
export function unreadDiagnostics({ words }: ServerContext, { document, scope }: Pick<Checked, 'document' | 'scope'>): MaskedDiagnostic[] {
  return scope.unread.map(unread => incompleteDiagnostic(words, document, 'beside', { ...unread }));
}

const top = { start: 0, end: 0 };

/** The error at the beginning of a document that says what of it, or beside it, could not be read. */
export function incompleteDiagnostic(
  words: Words,
  document: TextDocument,
  messageId: 'beside' | 'unreadable' | 'findings',
  data: MessageData,
): MaskedDiagnostic {
  return noteOf(
    document,
    top,
    DiagnosticSeverity.Error,
    incompleteRule,
    maskAlone(words.message({ rule: incompleteRule, messageId, data })),
  );
}

function failure(document: TextDocument, { opened: { file } }: Check): MaskedDiagnostic {
  const message = masked`${printable(trusted(file.path))} could not be checked; see the log for details`;
  return noteOf(document, top, DiagnosticSeverity.Error, 'bulkhead/internal-error', message);
}

/** The problems of a configuration file, as the editor has it or as it is on disk. */
export async function configDiagnostics({ configs, words }: ServerContext, document: TextDocument): Promise<MaskedDiagnostic[]> {
  const gate = createGate({ text: document.getText(), findings: [] });
  const file = await configs.at(document.uri, null);
  const wrong = (file?.problems ?? []).map(({ range, message }) =>
    noteOf(document, range, DiagnosticSeverity.Error, 'bulkhead/invalid-config', gate.mask(message)),
  );
  const unexplained = (file?.unexplained ?? []).map(({ range, rule }) => {
    const message = gate.words(words.message({ rule: unexplainedRule, messageId: 'exception', data: { rule } }));
    return noteOf(document, range, DiagnosticSeverity.Warning, unexplainedRule, message);
  });
  return [...wrong, ...unexplained];
}
