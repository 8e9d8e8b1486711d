import type { CancellationToken } from 'vscode-languageserver';
import { joined, masked } from '../../../shared/src/early';
import { type Effective, effectiveLines, effectiveText } from '../../../shared/src/index';
import type { EffectiveParams, EffectiveResult } from '../../../shared/src/output/protocol/effective';
import type { Check } from '../documents/checker';
import { settledDocument, type Checked, type ServerContext } from '../session/context';
import { toLspRange } from '../lsp/edits';
import { gateOfCheck } from '../lsp/gate';
import { markdownText } from '../lsp/markdown';
import { bulkFix } from './bulk-fix';
import type { HoverNote } from './lookup-notes';

const known = new WeakMap<Check, readonly Effective[]>();

/** What really runs of a document, worked out once for each check. */
export function effectiveOf(check: Check): readonly Effective[] {
  let all = known.get(check);
  if (!all) known.set(check, (all = check.opened.effective(check.context)));
  return all;
}

const hardenedOnes = new WeakMap<Check, readonly Effective[]>();

/** The same of the text that harden makes of it unasked. */
export function hardenedEffective({ engine }: ServerContext, checked: Checked): readonly Effective[] {
  const { check } = checked;
  let all = hardenedOnes.get(check);
  if (!all) {
    const { text } = bulkFix(checked, { kind: 'harden' });
    const { file } = check.opened;
    all = text === file.text ? effectiveOf(check) : engine.open({ ...file, text }).effective(check.context);
    hardenedOnes.set(check, all);
  }
  return all;
}

/** What really runs, as it is and hardened; `null`: the document is not open, or describes nothing that runs. */
export async function showEffective(
  context: ServerContext,
  { uri }: EffectiveParams,
  token: CancellationToken,
): Promise<EffectiveResult | null> {
  const checked = await settledDocument(context, context.documents.find(uri)?.uri ?? uri, token);
  if (!checked) return null;
  const { check, document } = checked;
  const all = effectiveOf(check);
  if (all.length === 0) return null;
  const gate = gateOfCheck(check);
  return {
    version: document.version,
    places: all.map(({ name, range }) => ({ name: gate.mask(name), range: toLspRange(document, range) })),
    text: effectiveText(all, context.words, gate),
    hardened: effectiveText(hardenedEffective(context, checked), context.words, gate),
  };
}

/** The facts that hover has room for: the command shows all, with where each comes from. */
const onHover: ReadonlySet<string> = new Set(['level', 'user', 'escalation', 'root', 'network', 'token']);

/** What really runs, where the name of a container or service is under the pointer, or the image of a stage or a command. */
export function effectiveAt(context: ServerContext, { check }: Checked, offset: number): HoverNote | null {
  const one = effectiveOf(check).find(({ range }) => range.start <= offset && offset <= range.end);
  if (!one) return null;
  const facts = one.facts.filter(({ id }) => onHover.has(id));
  const lines = effectiveLines({ ...one, facts }, context.words, gateOfCheck(check)).map(
    ({ label, values, from }) => masked`${label}: ${markdownText(joined(values, ', '))} (${markdownText(from)})`,
  );
  return { range: one.range, text: masked`**${context.say('effectiveHeading')}**: ${joined(lines, '; ')}` };
}
