import {
  atLeast,
  bulkFixesOf,
  type ElsewhereEdit,
  entriesOf,
  type Entry,
  type Finding,
  type Fix,
  type HardenResult,
  type Range,
  type RenderedFix,
} from '../../../shared/src/index';
import type { MaskedText } from '../../../shared/src/early';
import { CodeActionTriggerKind, type CodeActionParams, type Diagnostic, type WorkspaceEdit } from 'vscode-languageserver';
import type { DiagnosticData } from '../../../shared/src/output/protocol/workspace';
import type { Checked, ServerContext } from '../session/context';
import { toSnippetEdit, toWorkspaceEdit } from '../lsp/edits';
import { gateOfCheck, type MaskedAction } from '../lsp/gate';
import { joinUri, parentUri } from '../lsp/uri';
import { actionKinds, isAskedFor } from './action-kinds';
import type { BulkKind } from './bulk-fix';
import { diagnosticsOf, type Shown } from './diagnostics';
import { documentationActions } from './documentation-actions';
import { convertibleAt } from './convert';
import { hardenObject } from './harden-object';
import { pinActions } from './pin';
import { suppressActions } from './suppress-actions';
import { creationOf } from './create-file';

/** An action and how much it asks of a person: what is safe comes first, what cannot be applied last. */
interface Offered {
  readonly action: MaskedAction;
  readonly rank: number;
  /** Whether it has places to fill. */
  readonly asks?: true;
}

const ranks = { safe: 0, review: 1, attended: 2, manual: 3, disabled: 4 } as const;

/** More fixes than these are not offered for one place, unless it has an entry of more findings: harden, and the entries themselves, lead to the others. */
const maxFixes = 4;

/** Text in UTF-16 units beyond which a light bulb does not try what harden would do: it is asked for with each move of the cursor. */
const maxHardenedLength = 100_000;

/**
 * The light bulb: fixes (safe, review, attended, then what cannot be applied), harden for what the finding is about, which comes first where several findings are
 * shown as one, "fix all" of its kind, and one entry each to suppress and to read on.
 * @param others fixes that belong to no finding
 * @param later makes an action whose edit is computed when it is chosen; `null`: it would change nothing
 */
export function quickFixes(
  context: ServerContext,
  checked: Checked,
  params: CodeActionParams,
  others: readonly MaskedAction[],
  later: (action: MaskedAction, bulk: BulkKind) => MaskedAction | null,
): MaskedAction[] {
  const { only, triggerKind } = params.context;
  const findings = concerned(checked, params);
  if (findings.length === 0) return [...commandActions(context, checked, params), ...others];
  const entries = entriesOf(checked.check.findings);
  const diagnostics = new Map(
    entries
      .filter(({ members }) => members.some(finding => findings.includes(finding)))
      .flatMap(entry => {
        const [diagnostic] = diagnosticsOf(context, checked, [entry]);
        return entry.members.map(finding => [finding, diagnostic!] as const);
      }),
  );
  const shown: Shown = of => [...new Set(of.map(finding => diagnostics.get(finding)!))];
  const asked = entriesOf(findings)[0]!;
  const actions: MaskedAction[] = [];
  if (isAskedFor(actionKinds.fix, only)) {
    const invoked = triggerKind === CodeActionTriggerKind.Invoked;
    const byFinding = findings.map(finding => fixActions(context, checked, finding, shown([finding]), invoked));
    const [all, more] = hardenActions(context, checked, findings, shown, asked);
    // what answers most of an entry comes before what answers one of its findings, which no editor then takes unasked
    actions.push(...all, ...chooseFixes(byFinding, countBeside(asked, findings), all.length > 0), ...others, ...more);
    actions.push(...fixRuleActions(context, checked, findings, shown, later));
  } else actions.push(...others);
  actions.push(...suppressActions(context, checked, findings, shown, only));
  if (isAskedFor(actionKinds.documentation, only)) actions.push(...documentationActions(context, findings, shown));
  return actions;
}

/** The findings that the request is about, those of an entry together, the worst first: those that the range touches, and those that the client names. */
function concerned({ document, check }: Checked, { range, context }: CodeActionParams): readonly Finding[] {
  const asked: Range = { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
  const named = new Set(
    context.diagnostics.flatMap(({ data }) => {
      const { fingerprint, findings = [] } = (data ?? {}) as Partial<DiagnosticData>;
      return [fingerprint, ...findings.map(finding => finding.fingerprint)];
    }),
  );
  const touches = (finding: Finding): boolean => finding.range.start <= asked.end && asked.start <= finding.range.end;
  // a selection over half a file is no question about each finding in it
  const chosen = check.findings.filter(finding => named.has(finding.fingerprint) || touches(finding)).slice(0, 50);
  const size = ({ range: { start, end } }: Finding): number => end - start;
  const byWeight = chosen.sort((a, b) =>
    a.severity === b.severity ? size(a) - size(b) || a.range.start - b.range.start : atLeast(a.severity, b.severity) ? -1 : 1,
  );
  return entriesOf(byWeight).flatMap(({ members }) => members);
}

/**
 * As many fixes as fit: of each finding its first, worst finding first, then their alternatives. One safe one is preferred, so that an editor's "auto fix"
 * changes nothing that somebody should look at; none where harden leads.
 * @param least so many fit at least
 */
function chooseFixes(byFinding: readonly (readonly Offered[])[], least: number, isLed: boolean): MaskedAction[] {
  const most = Math.max(maxFixes, least);
  const longest = Math.max(...byFinding.map(list => list.length));
  const turns = Array.from({ length: longest }, (_, turn) => byFinding.flatMap(list => list[turn] ?? [])).flat();
  // no other way leads to what harden cannot write: one of them always fits
  const asking = turns.filter(({ asks }) => asks);
  const safe = turns.filter(({ rank }) => rank === ranks.safe);
  const able = turns.filter(({ rank, asks }) => rank > ranks.safe && rank < ranks.disabled && !asks);
  const unable = turns.filter(({ rank }) => rank === ranks.disabled);
  const written = [...safe, ...able].slice(0, asking.length > 0 ? most - 1 : most);
  const taken = [...written, ...asking, ...unable].slice(0, most).sort((a, b) => a.rank - b.rank);
  const only = byFinding.map(list => list.filter(({ rank }) => rank === ranks.safe)).find(own => own.length === 1)?.[0];
  return taken.map(offered => (offered === only && !isLed ? { ...offered.action, isPreferred: true } : offered.action));
}

/** How many findings are shown where an entry of several is: no other place leads to them. */
function countBeside({ finding: { range }, group }: Entry, findings: readonly Finding[]): number {
  return group ? findings.filter(({ range: { start, end } }) => start === range.start && end === range.end).length : 0;
}

const rendered = new WeakMap<Fix, RenderedFix>();

/** Rendering verifies, so that an action which is offered can be applied. */
function render({ check }: Checked, finding: Finding, fix: Fix): RenderedFix {
  let result = rendered.get(fix);
  if (!result) rendered.set(fix, (result = check.opened.render(finding, fix)));
  return result;
}

/** The fixes of a finding, those that need a registry among them. */
function fixActions(context: ServerContext, checked: Checked, finding: Finding, diagnostics: Diagnostic[], invoked: boolean): Offered[] {
  const { words, say, support } = context;
  const own = finding.fixes.flatMap((fix): Offered[] => {
    if (fix.needsDigest !== undefined) return [];
    const plain = gateOfCheck(checked.check).words(words.fixTitle(finding.rule, fix));
    const title = fix.class === 'safe' ? plain : say(fix.class, { title: plain });
    const action: MaskedAction = { title, kind: actionKinds.fix, diagnostics };
    const edits = render(checked, finding, fix);
    const rank = ranks[fix.class];
    if (!edits.ok) {
      const disabled = { ...action, disabled: { reason: words.reason(edits.reason) } };
      return invoked && support.disabledActions ? [{ action: disabled, rank: ranks.disabled }] : [];
    }
    if (edits.input) {
      const edit = support.snippetEdits && toSnippetEdit(checked.document, edits.input.edits);
      return edit ? [{ action: { ...action, edit }, rank, asks: true }] : [];
    }
    if (!edits.elsewhere) return [{ action: { ...action, edit: toWorkspaceEdit(checked.document, edits.edits, support) }, rank }];
    if (edits.elsewhere.create) {
      const edit = toNewFile(context, checked, edits.elsewhere);
      return edit ? [{ action: { ...action, edit }, rank: Math.max(rank, ranks.review) }] : [];
    }
    const place = context.facts.locate(checked.scope, { ...edits.elsewhere, messageId: '', data: {} });
    if (!place) return [];
    const edit = { changes: { [place.uri]: [{ range: place.range, newText: edits.elsewhere.newText }] } };
    // nobody looks at another file before it is changed
    return [{ action: { ...action, edit }, rank: Math.max(rank, ranks.review) }];
  });
  const pins = pinActions(context, checked, finding, { kind: actionKinds.fix, diagnostics });
  return [...own, ...pins.map(action => ({ action, rank: action.disabled === undefined ? ranks.review : ranks.disabled }))];
}

/** A new file beside the document, for clients that create files; one that has come in the meantime is not touched. */
function toNewFile({ support }: ServerContext, { document, scope }: Checked, { path, newText }: ElsewhereEdit): WorkspaceEdit | null {
  const folderOf = (name: string): string => name.slice(0, name.lastIndexOf('/') + 1);
  const folder = parentUri(document.uri);
  if (folder === null || !support.createFiles || folderOf(path) !== folderOf(scope.path)) return null;
  return creationOf(joinUri(folder, path.slice(folderOf(path).length)), newText);
}

/**
 * "Harden this Deployment (N fixes)", where that does more than one fix; and for its container alone, where that is less. The first of the two lists is for
 * an entry of several findings, and comes before their single fixes.
 */
function hardenActions(
  context: ServerContext,
  checked: Checked,
  findings: readonly Finding[],
  shown: Shown,
  asked: Entry,
): readonly [MaskedAction[], MaskedAction[]] {
  if (checked.document.getText().length > maxHardenedLength) return [[], []];
  const finding = findings.find(({ object, rule }) => object !== null && !rule.startsWith('bulkhead/'));
  if (!finding?.object) return [[], []];
  const gate = gateOfCheck(checked.check);
  const { kind, container } = finding.object;
  const whole = hardenObject(checked, finding.object);
  const action = (result: HardenResult, of: MaskedText): MaskedAction => ({
    title: context.say('hardenObject', { kind: of, count: result.applied.length }),
    kind: actionKinds.fix,
    diagnostics: shown(findings.filter(({ object }) => object === finding.object)),
    edit: toWorkspaceEdit(checked.document, result.edits, context.support),
  });
  const ofWhole = whole.applied.length < 2 ? [] : [action(whole, gate.mask(kind))];
  if (!asked.group) return [[], ofWhole];
  const part = container == null ? whole : hardenObject(checked, finding.object, container);
  const isPart = part.applied.length > 1 && part.applied.length < whole.applied.length;
  return isPart ? [[action(part, context.say('container'))], ofWhole] : [ofWhole, []];
}

/** "Harden this command" anywhere in one, where none of its findings is asked about. */
function commandActions(context: ServerContext, checked: Checked, { range, context: { only } }: CodeActionParams): MaskedAction[] {
  const command = isAskedFor(actionKinds.fix, only) ? convertibleAt(checked, checked.document.offsetAt(range.start)) : null;
  if (command?.kind !== 'command') return [];
  const inside = checked.check.findings.find(
    finding => finding.object?.kind === 'command' && command.range.start <= finding.range.start && finding.range.end <= command.range.end,
  );
  const result = inside?.object ? hardenObject(checked, inside.object) : null;
  if (!inside || !result || result.applied.length === 0) return [];
  const title = context.say('hardenObject', { kind: gateOfCheck(checked.check).mask('command'), count: result.applied.length });
  return [{ title, kind: actionKinds.fix, edit: toWorkspaceEdit(checked.document, result.edits, context.support) }];
}

/** "Fix all" of the worst finding's rule that the file has more than one finding of with a fix for it. */
function fixRuleActions(
  context: ServerContext,
  checked: Checked,
  findings: readonly Finding[],
  shown: Shown,
  later: (action: MaskedAction, bulk: BulkKind) => MaskedAction | null,
): MaskedAction[] {
  for (const rule of new Set(findings.map(finding => finding.rule))) {
    if (checked.check.findings.filter(finding => finding.rule === rule && bulkFixesOf(finding).length > 0).length < 2) continue;
    const action: MaskedAction = {
      title: context.say('fixRule', { title: context.words.ruleTitle(rule) }),
      kind: actionKinds.fix,
      diagnostics: shown(findings.filter(finding => finding.rule === rule)),
    };
    const made = later(action, { kind: 'rule', rule });
    if (made) return [made];
  }
  return [];
}
