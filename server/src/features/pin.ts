import { trusted } from '../../../shared/src/early';
import {
  asksForPin,
  createGate,
  type Finding,
  type Gate,
  type ImagePlace,
  lacksVersion,
  maskAlone,
  needsLookup,
  type OpenedFile,
  pinnedFile,
  type PinPlan,
  planPins,
  type Range,
  refusalTexts,
} from '../../../shared/src/index';
import { MessageType, type CancellationToken, type CodeAction, type CodeActionParams, type WorkspaceEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { PinFilesResult, UnpinnedImage } from '../../../shared/src/output/protocol/registry';
import { checkedDocument, type Checked, type ServerContext } from '../session/context';
import { cancellationOf, type Answer, type Digests } from '../lookups/digests';
import { toLspEdits, toWorkspaceEdit } from '../lsp/edits';
import { gateOfCheck, type MaskedAction } from '../lsp/gate';
import { baseName, parentUri } from '../lsp/uri';
import { movedNote, placesOf, shortName, shownInPlace, touches, withTime } from './lookup-notes';
import { tell } from '../lsp/ask';
import { pinSummary } from './pin-words';

/** What a pin action carries to `codeAction/resolve`. */
export interface PinData {
  readonly uri: string;
  readonly version: number;
  readonly pin: { readonly start: number; readonly versionTag: boolean };
}

/** The actions that pin what a finding is about. Their edits come with `codeAction/resolve`: a registry must be asked first. */
export function pinActions(
  context: ServerContext,
  checked: Checked,
  finding: Finding,
  action: Pick<CodeAction, 'kind' | 'diagnostics'>,
): MaskedAction[] {
  const { support, digests, say } = context;
  if (!asksForPin(finding.rule) || !support.resolveEdits || checked.scope.settings.registryLookup === 'off') return [];
  const place = placesOf(checked).find(({ range }) => touches(range, finding.range));
  if (!place || (place.digest !== null && place.kind !== 'action')) return [];
  const image = gateOfCheck(checked.check).mask(place.reference);
  const title = say('review', { title: say(place.kind === 'action' ? 'pinCommit' : 'pin', { image }) });
  const refused = digests === null ? say('noRegistry') : place.refused === null ? null : trusted(refusalTexts[place.refused]);
  if (refused !== null) return support.disabledActions ? [{ ...action, title, disabled: { reason: refused } }] : [];
  const actions: MaskedAction[] = [{ ...action, title, data: dataOf(checked, place, false) }];
  if (lacksVersion(place)) {
    const versioned = say('review', { title: say('pinVersion', { image }) });
    actions.push({ ...action, title: versioned, data: dataOf(checked, place, true) });
  }
  return actions;
}

/** "Update the digest", where the cursor is on an image that has one. */
export function updateActions(context: ServerContext, checked: Checked, { range }: CodeActionParams, kind: string): MaskedAction[] {
  const { support, digests, say } = context;
  if (digests === null || !support.resolveEdits || checked.scope.settings.registryLookup === 'off') return [];
  const { document } = checked;
  const line = document.getText({ start: { line: range.start.line, character: 0 }, end: { line: range.start.line + 1, character: 0 } });
  // reading the file for every move of the cursor would be too much
  if (!line.includes('@sha256:')) return [];
  const asked = { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
  const place = placesOf(checked).find(candidate => touches(candidate.range, asked));
  if (!place || place.digest === null || !needsLookup(place)) return [];
  const last = digests.last(place.reference);
  const fresh = last !== null && Date.now() - last.at < checked.scope.settings.registryCacheMinutes * 60_000;
  if (fresh && last.digest === place.digest) return [];
  const title = say('updateDigest', { image: gateOfCheck(checked.check).mask(shortName(place.reference)) });
  const note = movedNote(context, checked, place);
  return [{ title, kind, ...(note && { diagnostics: [note] }), data: dataOf(checked, place, false) }];
}

function dataOf({ document }: Checked, place: ImagePlace, versionTag: boolean): PinData {
  return { uri: document.uri, version: document.version, pin: { start: place.range.start, versionTag } };
}

/** Asks the registry and gives the action its edit. Where that fails, the reason is shown once, at the reference, and the action comes back without an edit. */
export async function resolvePin(context: ServerContext, action: CodeAction, data: PinData, token: CancellationToken): Promise<CodeAction> {
  const { digests, say, support } = context;
  const checked = await checkedDocument(context, data.uri, token);
  if (digests === null || !checked || checked.document.version !== data.version) return action;
  const place = placesOf(checked).find(({ range }) => range.start === data.pin.start);
  if (!place) return action;
  const minutes = place.digest === null ? checked.scope.settings.registryCacheMinutes : 0;
  const minAge = checked.scope.config.pinMinAge;
  const { answers, cancelled } = await lookUpAll(context, digests, [{ place, minutes, versionTag: data.pin.versionTag, minAge }], token);
  if (cancelled) return action;
  const plan = planOf(context, checked.check.opened, [place], answers, minAge);
  const [item] = plan.items;
  const { mask } = gateOfCheck(checked.check);
  const image = mask(shortName(place.reference));
  if (item?.failure || item?.refused) {
    const reason = mask(item.failure?.message ?? refusalTexts[item.refused!]);
    context.log.warn(`${place.reference}: ${item.failure?.kind ?? item.refused}: ${reason}`);
    // what a look-up gave stands at the reference: a message would say it twice
    if (!shownInPlace(context, place)) tell(context, MessageType.Error, say('pinFailed', { image, reason }));
    return action;
  }
  if (plan.edits.length === 0) {
    tell(context, MessageType.Info, say('pinCurrent', { image }));
    return action;
  }
  if (item?.state === 'update') {
    const [from, to] = [withTime(context, place.digest!), withTime(context, item.lookup!.digest)];
    context.log.info(`${shortName(place.reference)}: ${from} -> ${to}`);
  }
  // the text may have changed while the registry was asked
  if (context.documents.get(data.uri)?.version !== data.version) return action;
  return { ...action, edit: toWorkspaceEdit(checked.document, plan.edits, support) };
}

/** The plan of a file of which only some places are to change. */
function planOf(
  { engine }: ServerContext,
  opened: OpenedFile,
  chosen: readonly ImagePlace[],
  answers: ReadonlyMap<string, Answer>,
  minAge: number | undefined,
): PinPlan {
  const plan = planPins(pinnedFile(engine, opened), {
    lookup: reference => answers.get(reference)?.outcome,
    versionTag: reference => answers.get(reference)?.versionTag ?? null,
    dates: reference => answers.get(reference)?.dates ?? null,
    ...(minAge !== undefined && { minimum: { before: Date.now() - minAge, made: reference => answers.get(reference)?.made ?? null } }),
    suppressed: place => !chosen.some(({ range }) => range.start === place.range.start),
  });
  return { ...plan, items: plan.items.filter(item => chosen.some(({ range }) => range.start === item.place.range.start)) };
}

interface Question {
  readonly place: ImagePlace;
  readonly minutes: number;
  readonly versionTag: boolean;
  /** What has to be older than this many milliseconds. */
  readonly minAge: number | undefined;
}

/** Asks about all places at once, with one progress that can be cancelled. */
async function lookUpAll(
  { connection, support, say }: ServerContext,
  digests: Digests,
  questions: readonly Question[],
  token: CancellationToken,
): Promise<{ readonly answers: ReadonlyMap<string, Answer>; readonly cancelled: boolean }> {
  const unique = new Map(questions.map(question => [question.place.reference, question]));
  const progress = support.workDoneProgress ? await connection.window.createWorkDoneProgress() : null;
  const cancellation = cancellationOf(token, progress?.token);
  const answers = new Map<string, Answer>();
  progress?.begin(say('pinProgress'), 0, unique.size === 1 ? maskAlone([...unique.keys()][0]!) : undefined, true);
  try {
    await Promise.all(
      [...unique].map(async ([reference, { place, minutes, versionTag, minAge }]) => {
        answers.set(
          reference,
          await digests.lookUp(
            {
              reference,
              cacheMinutes: minutes,
              ...(versionTag && { versionTag }),
              ...(place.digest !== null && { dates: true }),
              ...(minAge !== undefined && { made: true }),
            },
            cancellation,
          ),
        );
        progress?.report(Math.floor((100 * answers.size) / unique.size), `${answers.size}/${unique.size}`);
      }),
    );
  } finally {
    progress?.done();
  }
  return { answers, cancelled: cancellation.cancelled };
}

const maxFileBytes = 1 << 20;

/** Pins the images of files, open or not, with one edit. */
export async function pinFiles(context: ServerContext, uris: readonly string[], token: CancellationToken): Promise<PinFilesResult> {
  const result = await pinAll(context, uris, token);
  return { ...result, summary: pinSummary(result, context.say) };
}

async function pinAll(context: ServerContext, uris: readonly string[], token: CancellationToken): Promise<Omit<PinFilesResult, 'summary'>> {
  const { digests, support, connection, say } = context;
  const files: (NamingFile & { readonly uri: string; readonly chosen: readonly ImagePlace[] })[] = [];
  const left: UnpinnedImage[] = [];
  const gates = new Map<string, Gate>();
  const questions: Question[] = [];
  const leave = (uri: string, place: ImagePlace, reasonId: string, reason: string, failed: boolean): void => {
    const { mask } = gates.get(uri)!;
    left.push({ uri, image: mask(place.reference), reasonId, reason: mask(reason), failed });
  };
  for (const uri of uris) {
    const read = await readNamingFile(context, uri, token);
    if (!read) continue;
    const { opened, suppressed, settings, minAge } = read;
    gates.set(uri, createGate({ text: opened.file.text, findings: [] }));
    const places = opened.images();
    const chosen = places.filter(place => needsLookup(place) && !suppressed.some(range => touches(range, place.range)));
    for (const place of places) if (place.refused !== null) leave(uri, place, place.refused, refusalTexts[place.refused], false);
    if (digests === null) for (const place of chosen) leave(uri, place, 'unreachable', say('noRegistry'), true);
    else if (settings.registryLookup === 'off') for (const place of chosen) leave(uri, place, 'cancelled', say('lookupOff'), true);
    else {
      files.push({ ...read, uri, chosen });
      questions.push(...chosen.map(place => ({ place, minutes: settings.registryCacheMinutes, versionTag: false, minAge })));
    }
  }
  const nothing = { pinned: 0, files: 0, current: 0, applied: false, cancelled: false, left };
  if (digests === null || questions.length === 0) return nothing;
  const { answers, cancelled } = await lookUpAll(context, digests, questions, token);
  if (cancelled) return { ...nothing, cancelled };

  const documentChanges: NonNullable<WorkspaceEdit['documentChanges']> = [];
  const changes: NonNullable<WorkspaceEdit['changes']> = {};
  let [pinned, current] = [0, 0];
  for (const { uri, document, open, opened, chosen, minAge } of files) {
    // what changed meanwhile is left alone, as by any edit that is bound to a version
    const plan = planOf(context, opened, chosen, answers, minAge);
    for (const { place, state, refused, failure } of plan.items) {
      if (state === 'pin' || state === 'update') pinned++;
      else if (state === 'current' || state === 'fixed') current++;
      else if (refused) leave(uri, place, refused, refusalTexts[refused], failure !== null);
      else leave(uri, place, failure?.kind ?? 'cancelled', failure?.message ?? '', failure !== null);
    }
    if (plan.edits.length === 0) continue;
    const edits = toLspEdits(document, plan.edits);
    if (support.documentChanges) documentChanges.push({ textDocument: { uri, version: open ? document.version : null }, edits });
    else changes[uri] = edits;
  }
  const changed = support.documentChanges ? documentChanges.length : Object.keys(changes).length;
  if (changed === 0) return { ...nothing, current };
  const edit = support.documentChanges ? { documentChanges } : { changes };
  const { applied } = await connection.workspace.applyEdit({ label: say('pinLabel'), edit });
  return { pinned: applied ? pinned : 0, files: applied ? changed : 0, current, applied, cancelled: false, left };
}

/** A file that may name images. */
interface NamingFile {
  readonly document: TextDocument;
  readonly open: boolean;
  readonly opened: OpenedFile;
  /** Where findings that ask for a pin are suppressed. */
  readonly suppressed: readonly Range[];
  readonly settings: Checked['scope']['settings'];
  /** What has to be older than this many milliseconds to be pinned (`pinMinAge`). */
  readonly minAge: number | undefined;
}

function suppressedIn(findings: readonly Finding[]): readonly Range[] {
  return findings.filter(finding => finding.suppression !== null && asksForPin(finding.rule)).map(({ range }) => range);
}

/** A file that names images as the editor has it, else as it is on disk. `null`: it is nobody's business. */
export async function readNamingFile(context: ServerContext, uri: string, token: CancellationToken): Promise<NamingFile | null> {
  const own = context.documents.find(uri)?.uri ?? uri;
  const checked = await checkedDocument(context, own, token);
  if (token.isCancellationRequested) return null;
  if (checked) {
    const { document, scope, check } = checked;
    const suppressed = suppressedIn(check.result?.findings ?? []);
    return { document, open: true, opened: check.opened, suppressed, settings: scope.settings, minAge: scope.config.pinMinAge };
  }
  const scope = await context.scopes.resolve(uri);
  const root = scope.base ?? parentUri(uri);
  const text = root === null ? null : (await context.files.read(uri, { root, maxBytes: maxFileBytes })).text;
  if (text === null || scope.off !== null) return null;
  const path = scope.path === '' ? baseName(uri) : scope.path;
  const document = TextDocument.create(uri, '', 0, text);
  const lint = {
    config: scope.config,
    today: new Date().toISOString().slice(0, 10),
    workspace: context.facts.of(scope),
    digest: () => null,
  };
  const opened = context.engine.open({ path, text });
  return {
    document,
    open: false,
    opened,
    suppressed: suppressedIn(opened.lint(lint).findings),
    settings: scope.settings,
    minAge: scope.config.pinMinAge,
  };
}
