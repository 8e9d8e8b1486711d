import { LSPErrorCodes, ResponseError, type CancellationToken, type WorkspaceEdit } from 'vscode-languageserver';
import { trusted, type MaskedText } from '../../../shared/src/early';
import { addException, type Finding, globOf, isDate } from '../../../shared/src/index';
import type {
  SuppressibleFinding,
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
  const chosen = named(checked, findings).flatMap(finding => {
    const found = describe(context, checked, finding);
    return found.places.length > 0 ? [found] : [];
  });
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

function describe(context: ServerContext, checked: Checked, finding: Finding): SuppressibleFinding & { readonly message: MaskedText } {
  const { opened } = checked.check;
  const target = configTarget(context, checked.document.uri, checked.scope);
  return {
    fingerprint: finding.fingerprint,
    rule: finding.rule,
    message: gateOfCheck(checked.check).words(context.words.message(finding)),
    places: places.filter(place => (place === 'config' ? target !== null : opened.suppress(finding.range, finding.rule, place) !== null)),
  };
}

/** Writes a suppression, once it is known of which finding and where: what the argument leaves open the user is asked. */
export async function suppress(context: ServerContext, argument: unknown, token: CancellationToken): Promise<SuppressResult> {
  const params = paramsOf(argument);
  const nothing: SuppressResult = { applied: false, uri: null };
  const checked = await checkedDocument(context, params.uri, token);
  const found = checked ? named(checked, params.findings).map(finding => ({ finding, ...describe(context, checked, finding) })) : [];
  const able = found.filter(one => one.places.length > 0);
  if (!checked || able.length === 0) throw new ResponseError(LSPErrorCodes.RequestFailed, context.say('notSuppressed'));
  const one = able.length === 1 ? able[0] : await ask(context.connection, context.say('suppressWhich'), able, ({ rule }) => trusted(rule));
  if (!one) return nothing;
  const place =
    params.place ??
    (await ask(context.connection, context.say('suppressWhere', { rule: trusted(one.rule) }), one.places, own =>
      context.say(placeTexts[own]),
    ));
  if (place === undefined) return nothing;
  // the answer took its time
  const now = params.place === undefined ? await checkedDocument(context, params.uri, token) : checked;
  const finding = now && named(now, [one.fingerprint])[0];
  const made = now && finding ? await editOf(context, now, finding, { ...params, place }) : null;
  if (!made) throw new ResponseError(LSPErrorCodes.RequestFailed, context.say('notSuppressed'));
  const label = context.say('suppressLabel', { rule: trusted(one.rule) });
  const { applied } = await context.connection.workspace.applyEdit({ label, edit: made.edit });
  return { applied, uri: made.uri };
}

const placeTexts = { line: 'onThisLine', file: 'inThisFile', config: 'inConfiguration' } as const;

async function editOf(
  context: ServerContext,
  checked: Checked,
  { range, rule }: Finding,
  { place, reason, until }: SuppressParams,
): Promise<{ readonly uri: string; readonly edit: WorkspaceEdit } | null> {
  const { document, check, scope } = checked;
  if (place !== 'config') {
    const edit = check.opened.suppress(range, rule, place === 'file' ? 'file' : 'line', reason ?? null);
    return edit && { uri: document.uri, edit: toWorkspaceEdit(document, [edit], context.support) };
  }
  const target = configTarget(context, document.uri, scope);
  if (!target) return null;
  const exception = { rule, path: globOf(target.path), ...(reason !== undefined && { reason }), ...(until !== undefined && { until }) };
  const edit = await editConfig(context, target, scope, text => addException(text, exception, context.engine.rules));
  return edit && { uri: target.uri, edit };
}

function paramsOf(argument: unknown): SuppressParams {
  const { uri, findings, place, reason, until } = (typeof argument === 'object' && argument !== null ? argument : {}) as Partial<
    Record<keyof SuppressParams, unknown>
  >;
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
