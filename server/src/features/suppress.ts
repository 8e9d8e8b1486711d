import { LSPErrorCodes, ResponseError, type CancellationToken, type WorkspaceEdit } from 'vscode-languageserver';
import { trusted, type MaskedText } from '../../../shared/src/early';
import { addExceptions, entriesOf, type Entry, type Finding, globOf, isDate, type Range } from '../../../shared/src/index';
import type {
  Suppressible,
  SuppressionChoices,
  SuppressionPlace,
  SuppressionQuestion,
  SuppressParams,
  SuppressResult,
} from '../../../shared/src/output/protocol/pickers';
import { checkedDocument, type Checked, type ServerContext } from '../session/context';
import { ask } from '../lsp/ask';
import { toWorkspaceEdit } from '../lsp/edits';
import { gateOfCheck } from '../lsp/gate';
import { configTarget, editConfig } from './config-edits';
import { argumentFields } from '../lsp/document-messages';

/** How long an exception may be made for, in days. */
const terms = [30, 90] as const;

const places: readonly SuppressionPlace[] = ['line', 'file', 'config'];

/** Whether a finding may be suppressed: the engine's own are about the check, not about the file. */
export function isSuppressible({ check, scope }: Checked, { rule }: Finding): boolean {
  return scope.settings.suppressActions && check.result !== null && !rule.startsWith('bulkhead/');
}

/** How findings may be suppressed; `null` where none of them can be (any more). */
export async function suppressionChoices(
  context: ServerContext,
  { uri, findings }: SuppressionQuestion,
  token: CancellationToken,
): Promise<SuppressionChoices | null> {
  const checked = await checkedDocument(context, uri, token);
  if (!checked) return null;
  const chosen = choicesOf(context, checked, findings);
  if (chosen.length === 0) return null;
  const target = configTarget(context, checked.document.uri, checked.scope);
  const start = Date.parse(`${checked.check.context.today}T00:00:00Z`);
  return {
    findings: chosen,
    requireReason: checked.scope.config.requireReason,
    config: target && { name: gateOfCheck(checked.check).mask(target.name), exists: target.exists },
    until: terms.map(days => ({ days, date: new Date(start + days * 86_400_000).toISOString().slice(0, 10) })),
  };
}

/** The findings of these fingerprints, in that order. */
function named(checked: Checked, fingerprints: readonly string[]): readonly Finding[] {
  const all = checked.check.findings.filter(finding => isSuppressible(checked, finding));
  return fingerprints.flatMap(fingerprint => all.find(finding => finding.fingerprint === fingerprint) ?? []);
}

/** What may be suppressed of the findings of these fingerprints: each by itself, and all of an entry at once. */
function choicesOf(context: ServerContext, checked: Checked, fingerprints: readonly string[]): readonly Choice[] {
  const found = named(checked, fingerprints);
  const entries = entriesOf(found).filter(({ members }) => members.length > 1);
  const single = found.flatMap(finding => entriesOf([finding]));
  return [...single, ...entries].map(entry => describe(context, checked, entry)).filter(({ places: possible }) => possible.length > 0);
}

/** Something that may be suppressed, as a person reads it. */
type Choice = Suppressible & { readonly message: MaskedText; readonly range: Range };

function describe(context: ServerContext, checked: Checked, entry: Entry): Choice {
  const { opened } = checked.check;
  const { members, finding } = entry;
  const target = configTarget(context, checked.document.uri, checked.scope);
  const rules = [...new Set(members.map(({ rule }) => rule))];
  const message = gateOfCheck(checked.check).words(context.words.entry(entry));
  return {
    findings: members.map(({ fingerprint }) => fingerprint),
    rules,
    message: members.length > 1 ? context.say('suppressAll', { count: members.length, message }) : message,
    places: places.filter(place => (place === 'config' ? target !== null : opened.suppress(finding.range, rules, place) !== null)),
    range: finding.range,
  };
}

/** Writes a suppression, once it is known of which finding and where: what the argument leaves open the user is asked. */
export async function suppress(context: ServerContext, argument: unknown, token: CancellationToken): Promise<SuppressResult> {
  const params = paramsOf(argument);
  const nothing: SuppressResult = { applied: false, uri: null };
  const checked = await checkedDocument(context, params.uri, token);
  const able = checked ? choicesOf(context, checked, params.findings) : [];
  if (!checked || able.length === 0) throw new ResponseError(LSPErrorCodes.RequestFailed, context.say('notSuppressed'));
  const all = params.place && able.find(({ findings }) => findings.length === params.findings.length);
  const one = all ?? (able.length === 1 ? able[0] : await ask(context.connection, context.say('suppressWhich'), able, titleOf));
  if (!one) return nothing;
  const place =
    params.place ??
    (await ask(context.connection, context.say('suppressWhere', { rule: rulesOf(one) }), one.places, own => context.say(placeTexts[own])));
  if (place === undefined) return nothing;
  // the answer took its time
  const now = params.place === undefined ? await checkedDocument(context, params.uri, token) : checked;
  const still = now && choicesOf(context, now, one.findings).find(({ findings }) => findings.length === one.findings.length);
  const made = now && still ? await editOf(context, now, still, { ...params, place }) : null;
  if (!made) throw new ResponseError(LSPErrorCodes.RequestFailed, context.say('notSuppressed'));
  const label = context.say('suppressLabel', { rule: rulesOf(one) });
  const { applied } = await context.connection.workspace.applyEdit({ label, edit: made.edit });
  return { applied, uri: made.uri };
}

/** What a question calls something that may be suppressed: a message has no room for its sentence. */
function titleOf(choice: Choice): MaskedText {
  return choice.rules.length > 1 ? choice.message : rulesOf(choice);
}

function rulesOf({ rules }: Suppressible): MaskedText {
  return trusted(rules.join(', '));
}

const placeTexts = { line: 'onThisLine', file: 'inThisFile', config: 'inConfiguration' } as const;

async function editOf(
  context: ServerContext,
  checked: Checked,
  { range, rules }: Choice,
  { place, reason, until }: SuppressParams,
): Promise<{ readonly uri: string; readonly edit: WorkspaceEdit } | null> {
  const { document, check, scope } = checked;
  if (place !== 'config') {
    const edit = check.opened.suppress(range, rules, place === 'file' ? 'file' : 'line', reason ?? null);
    return edit && { uri: document.uri, edit: toWorkspaceEdit(document, [edit], context.support) };
  }
  const target = configTarget(context, document.uri, scope);
  if (!target) return null;
  const about = { path: globOf(target.path), ...(reason !== undefined && { reason }), ...(until !== undefined && { until }) };
  const exceptions = rules.map(rule => ({ rule, ...about }));
  const edit = await editConfig(context, target, scope, text => addExceptions(text, exceptions, context.engine.rules));
  return edit && { uri: target.uri, edit };
}

function paramsOf(argument: unknown): SuppressParams {
  const { uri, findings, place, reason, until } = argumentFields<keyof SuppressParams>(argument);
  if (typeof uri !== 'string' || !Array.isArray(findings))
    throw new ResponseError(LSPErrorCodes.RequestFailed, 'uri and findings are missing');
  const chosen = places.find(own => own === place);
  return {
    uri,
    findings: findings.filter(one => typeof one === 'string'),
    ...(chosen !== undefined && { place: chosen }),
    ...(typeof reason === 'string' && reason.trim() !== '' && { reason: reason.replace(/\s+/g, ' ').trim() }),
    ...(typeof until === 'string' && isDate(until) && { until }),
  };
}
