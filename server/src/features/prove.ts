import { MessageType, ProgressType, type CancellationToken, type CodeActionParams, type CodeLens } from 'vscode-languageserver';
import { joined, type MaskedText } from '../../../shared/src/early';
import { entriesOf, evidencePath, type Finding, maskAlone } from '../../../shared/src/index';
import { commands } from '../../../shared/src/output/protocol/messages';
import {
  confirmTrialMethod,
  trialViewCommand,
  type ConfirmTrialParams,
  type ProveParams,
  type ProveResult,
  type TrialConsent,
} from '../../../shared/src/output/protocol/trial';
import { candidateOf, isNamed, noCandidate, type Candidate } from '../../../shared/src/services/prove/candidate';
import type { Cannot } from '../../../shared/src/services/prove/contract';
import { trialNames, trialSubject } from '../../../shared/src/services/prove/subject/subject';
import { cannotText, trialFacts, trialText } from '../../../shared/src/services/prove/report';
import { settledDocument, type Checked, type ServerContext } from '../session/context';
import { cancellationOf } from '../lookups/digests';
import type { TrialEnd, Trials } from '../lookups/trials';
import { maxSideBytes } from '../decisions/limits';
import { ask, tell } from '../lsp/ask';
import type { Say } from '../lsp/say';
import { toLspRange } from '../lsp/edits';
import { gateOfCheck, type MaskedAction } from '../lsp/gate';
import { baseName, joinUri, parentUri, relativePath } from '../lsp/uri';
import { diagnosticsOf } from './diagnostics';
import { touches } from './lookup-notes';

type Place = ReturnType<Checked['check']['opened']['trials']>[number];
type Answer = ReturnType<typeof trialSubject>;

/** Rules of every family whose questions a trial answers, by the last part of their ids. */
const answered = /\/(?:root-user|run-as-root|capabilities-not-dropped|writable-root-filesystem|privilege-escalation)$/;

const isQuestion = (finding: Finding): boolean => answered.test(finding.rule) && finding.fixes.some(fix => fix.class === 'attended');

/** The trial that would answer one of some findings; `null`: none can be made, or none is about them. */
export function trialOfFinding(context: ServerContext, { document, check }: Checked, findings: readonly Finding[]): ProveParams | null {
  const finding = refusalOf(context) === null && document.uri.startsWith('file:') ? findings.find(isQuestion) : undefined;
  const place = finding ? placeOf(check.opened.trials(check.context), finding) : null;
  return place && { uri: document.uri, name: place.name };
}

/** Why nothing can be started here; `null`: it can. */
function refusalOf({ trials, trusted, say }: ServerContext): MaskedText | null {
  return trials === null ? say('proveBrowser') : trusted ? null : say('proveUntrusted');
}

/** What a finding is about, of the places of its file. */
function placeOf(places: readonly Place[], { object, range }: Finding): Place | null {
  const name = object && (object.container ?? object.name);
  const alike = name === null ? [] : places.filter(place => isNamed(place, name));
  return alike.length === 1 ? alike[0]! : placeAt(places, range.start);
}

/** The place that an offset is in: each goes on to the next. */
function placeAt(places: readonly Place[], offset: number): Place | null {
  const before = places.filter(({ range }) => range.start <= offset);
  return (
    before.reduce<Place | null>((last, place) => (last && last.range.start > place.range.start ? last : place), null) ?? places[0] ?? null
  );
}

/** "Prove that web runs hardened", where the cursor is on something that harden asks about and a trial would answer. */
export function proveActions(context: ServerContext, checked: Checked, { range }: CodeActionParams, kind: string): MaskedAction[] {
  const { say, support } = context;
  const { document, check } = checked;
  const asked = { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
  // what is in no file cannot be tried
  if (!document.uri.startsWith('file:')) return [];
  const finding = check.findings.find(one => touches(one.range, asked) && isQuestion(one));
  const place = finding ? placeOf(check.opened.trials(check.context), finding) : null;
  if (!finding || !place) return [];
  const title = say('proveService', { name: shownName(say, place, gateOfCheck(check).mask) });
  const why = refusalOf(context);
  // editors put what answers no finding last
  const diagnostics = diagnosticsOf(
    context,
    checked,
    entriesOf(check.findings).filter(({ members }) => members.includes(finding)),
  );
  if (why !== null) return support.disabledActions ? [{ title, kind, diagnostics, disabled: { reason: why } }] : [];
  return [{ title, kind, diagnostics, command: commandFor(context, document.uri, place, title) }];
}

/** The same above each place that has such questions. */
export function proveLenses(context: ServerContext, { document, check }: Checked): CodeLens[] {
  const isPossible = refusalOf(context) === null && document.uri.startsWith('file:');
  const questions = isPossible ? check.findings.filter(isQuestion) : [];
  if (questions.length === 0) return [];
  const places = check.opened.trials(check.context);
  const asked = new Set(questions.map(finding => placeOf(places, finding)));
  return places
    .filter(place => asked.has(place))
    .map(place => ({
      range: toLspRange(document, place.range),
      command: commandFor(context, document.uri, place, context.say('proveLens')),
    }));
}

/** A stage without a name goes by its number. */
function shownName(say: Say, { name }: Place, mask: (text: string) => MaskedText): MaskedText {
  return /^#\d{1,9}$/.test(name) ? say('numberedStage', { count: Number(name.slice(1)) + 1 }) : mask(name);
}

function commandFor({ trialView }: ServerContext, uri: string, { name }: Place, title: MaskedText) {
  const argument: ProveParams = { uri, name };
  return { title, command: trialView ? trialViewCommand : commands.proveService, arguments: [argument] };
}

/** Sessions in which a trial runs: one at a time. */
const running = new WeakSet<ServerContext>();

/** Starts a container of an open document, hardened, once a person has agreed, with a progress that can be cancelled; keeps what was proved. */
export async function proveService(context: ServerContext, params: ProveParams, token: CancellationToken): Promise<ProveResult> {
  const why = refusalOf(context) ?? (running.has(context) ? context.say('proveRunning') : null);
  if (context.trials === null || why !== null) return refused(context, why ?? context.say('proveBrowser'));
  running.add(context);
  try {
    return await proveOne(context, context.trials, params, token);
  } finally {
    running.delete(context);
  }
}

function ended(context: ServerContext, type: MessageType, result: Omit<ProveResult, 'summary'>, summary: MaskedText): ProveResult {
  if (!context.trialView) tell(context, type, summary);
  return { ...result, summary };
}

const refused = (context: ServerContext, why: MaskedText, name: string | null = null): ProveResult =>
  ended(context, MessageType.Warning, { state: 'refused', name, report: null, kept: false }, why);

async function proveOne(context: ServerContext, trials: Trials, params: ProveParams, token: CancellationToken): Promise<ProveResult> {
  const { say, folders } = context;
  const checked = await settledDocument(context, params.uri, token);
  if (!checked?.check.result) return refused(context, say('proveNothing'));
  const { document, scope, check } = checked;
  const { mask } = gateOfCheck(check);
  const base = scope.base ?? parentUri(document.uri);
  const places = check.opened.trials(check.context);
  const at = params.position && document.offsetAt(params.position);
  const place = params.name === undefined ? placeAt(places, at ?? 0) : (places.find(one => one.name === params.name) ?? null);
  if (!place || base === null) return refused(context, say('proveNothing'));
  const name = shownName(context.say, place, mask);
  if (!(await isSaved(context, checked, base))) return refused(context, say('proveUnsaved', { name: mask(baseName(document.uri)) }), name);

  const path = scope.path === '' ? baseName(document.uri) : scope.path;
  const questions = { context, trials, checked, base, path, place };
  const subject = await subjectOf(questions, document.getText());
  const cannot = (why: readonly Cannot[], text = cannotText(place.name, why, mask)): ProveResult =>
    ended(
      context,
      MessageType.Warning,
      { state: 'cannot', name, report: text, kept: false },
      cannotText(place.name, why.slice(0, 1), mask),
    );
  if (!('container' in subject)) return cannot(subject);
  const candidate = await candidateFor(questions, subject);

  const progress = await beginProgress(context, params, name);
  const cancellation = cancellationOf(token, progress.token);
  let end: TrialEnd;
  try {
    end = await trials.run({
      subject,
      path,
      base,
      folders: folders.all(),
      candidate,
      usual: `${scope.config.defaults.uid}:${scope.config.defaults.gid}`,
      date: check.context.today,
      mask,
      cancellation,
      confirm: async lines => await confirm(context, name, lines),
      use: async shell => await use(context, name, shell),
      progress: text => progress.report(text),
    });
  } finally {
    progress.done();
  }
  if (!end.isClean) tell(context, MessageType.Warning, say('proveLeft', { name }));
  const nothing = { name, report: null, kept: false };
  if (end.kind === 'refused') return refused(context, say('proveRefused', { name, reason: maskAlone(end.message) }), name);
  if (end.kind === 'declined') return { ...nothing, state: 'declined', summary: say('proveDeclined', { name }) };
  if (end.kind === 'cancelled') return { ...nothing, state: 'cancelled', summary: say('proveCancelled', { name }) };
  if (end.kind === 'cannot') return cannot(end.cannots);
  const { report } = end;
  const { verdict } = report;
  const text = trialText(report);
  if (verdict.kind === 'cannot') return cannot([{ ...verdict, range: null }], text);
  const facts = trialFacts(report)!;
  const kept = trials.keep(document.uri, { name: place.name, about: place.about, facts });
  // as if it had been committed: what was answered without it is old
  context.facts.reread(joinUri(base, evidencePath(path)));
  const summary = say(report.verdict.kind === 'partly' ? 'provePartly' : kept ? 'proved' : 'proveUnkept', { name });
  return ended(
    context,
    MessageType.Info,
    { state: report.verdict.kind === 'partly' ? 'partly' : 'proved', name, report: text, kept },
    summary,
  );
}

/** The progress of a trial: sent to a client that shows it by itself, else one of the protocol's own. */
async function beginProgress({ connection, support, say }: ServerContext, { progress }: ProveParams, name: MaskedText) {
  if (progress !== undefined) {
    const report = (text: MaskedText): void =>
      void connection.sendProgress(new ProgressType<MaskedText>(), progress, text).catch(() => undefined);
    report(say('proveEngine'));
    return { token: undefined, report, done: () => undefined };
  }
  const shown = support.workDoneProgress ? await connection.window.createWorkDoneProgress() : null;
  shown?.begin(say('proveProgress', { name }), undefined, say('proveEngine'), true);
  return { token: shown?.token, report: (text: MaskedText) => shown?.report(text), done: () => shown?.done() };
}

/** Whether what is on disk is what the editor shows: builds take the file, and proofs are of its text. */
async function isSaved({ files }: ServerContext, { document }: Checked, root: string): Promise<boolean> {
  const { text } = await files.read(document.uri, { root, maxBytes: maxSideBytes });
  return text?.replace(/^\ufeff/, '') === document.getText().replace(/^\ufeff/, '');
}

interface Questions {
  readonly context: ServerContext;
  readonly trials: Trials;
  readonly checked: Checked;
  readonly base: string;
  readonly path: string;
  readonly place: Place;
}

/** Files name files, which name others; deeper than this they are not followed. */
const maxRounds = 20;

/** What a trial of a place is about in a text of its file. What other files say is read until nothing more is asked for. */
async function subjectOf({ context, trials, checked, base, path, place }: Questions, text: string): Promise<Answer> {
  const { check } = checked;
  const { family } = check.opened.sourceIn(check.context);
  const name = trialNames(family, path, text).find(one => isNamed(place, one)) ?? null;
  const folder = parentUri(joinUri(base, path));
  const texts = new Map<string, string | null>();
  for (let round = 1; ; round++) {
    const missing = new Set<string>();
    const read = (other: string): string | null => {
      if (!texts.has(other)) missing.add(other);
      return texts.get(other) ?? null;
    };
    const random = (length: number): Uint8Array => trials.random(length);
    const answer = trialSubject(family, { path, text, name, random, read, context: (folder && relativePath(base, folder)) ?? '' });
    if (missing.size === 0 || round === maxRounds) return answer;
    for (const other of missing) {
      const uri = joinUri(base, other);
      const isInside = relativePath(base, uri) !== null;
      texts.set(other, isInside ? (await context.files.read(uri, { root: base, maxBytes: maxSideBytes })).text : null);
    }
  }
}

/** What harden would write for it. */
async function candidateFor(questions: Questions, written: Answer): Promise<Candidate> {
  const { check } = questions.checked;
  try {
    const { text } = check.opened.harden(check.context, { safeOnly: false, accept: 'all', leavesGenerated: true });
    return candidateOf(written, await subjectOf(questions, text), questions.place);
  } catch (error) {
    questions.context.log.failure('what harden would write for a trial', error);
    return noCandidate;
  }
}

/** Asks a person, in a dialogue of the client's own where it has one. No answer, or an error, is a no. */
async function confirm(
  { connection, say, trialView }: ServerContext,
  name: MaskedText,
  lines: readonly MaskedText[],
): Promise<TrialConsent> {
  const question = say('proveQuestion', { name });
  const detail = joined(lines, '\n');
  try {
    if (trialView) {
      const params: ConfirmTrialParams = { question, detail };
      return await connection.sendRequest<TrialConsent>(confirmTrialMethod, params);
    }
    const titles: Readonly<Record<TrialConsent, MaskedText>> = {
      start: say('proveStart'),
      use: say('proveUse'),
      pull: say('provePull'),
      no: say('cancel'),
    };
    return (
      (await ask(connection, joined([question, detail], '\n'), ['start', 'use', 'pull', 'no'] as const, choice => titles[choice])) ?? 'no'
    );
  } catch {
    return 'no';
  }
}

/** Has a person use what runs. No answer, or an error, is a no. */
async function use({ connection, say }: ServerContext, name: MaskedText, shell: string): Promise<boolean> {
  const titles = { done: say('proveDone'), broken: say('proveBroken') };
  try {
    const question = say('proveUsing', { name, shell: maskAlone(shell) });
    return (await ask(connection, question, ['done', 'broken'] as const, choice => titles[choice])) === 'done';
  } catch {
    return false;
  }
}
