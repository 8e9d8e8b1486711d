import type { CancellationToken, CodeLens, CodeLensParams } from 'vscode-languageserver';
import { joined, masked, type MaskedText, trusted } from '../../../shared/src/early';
import { bulkFixesOf, questionsOf, waitingGroups } from '../../../shared/src/index';
import { commands, hardenViewCommand } from '../../../shared/src/output/protocol/messages';
import { checkedDocument, type Checked, type ServerContext } from '../session/context';
import { isConfigUri } from '../session/config-files';
import { toLspRange } from '../lsp/edits';
import { chosenGroups, planOf } from './bulk-fix';
import { effectiveOf, hardenedEffective } from './effective';
import { proveLenses } from './prove';

/** More than so many workloads are counted in the lens of the file alone. */
const mostWorkloads = 30;

/**
 * How many findings harden has a fix for, above the file, as a way to start it; above each workload the level that it meets, before and after, and what harden would fix and
 * ask; and above what a trial would answer questions of, as a way to make one.
 */
export async function codeLenses(context: ServerContext, params: CodeLensParams, token: CancellationToken): Promise<CodeLens[]> {
  const { uri } = params.textDocument;
  const scope = context.scopes.peek(uri) ?? (await context.scopes.resolve(uri));
  if (!scope.settings.codeLens || isConfigUri(uri)) return [];
  const checked = await checkedDocument(context, uri, token);
  if (!checked) return [];
  const fixable = checked.check.findings.filter(finding => bulkFixesOf(finding).some(fix => fix.needsDigest === undefined));
  const others = [...workloadLenses(context, checked), ...proveLenses(context, checked)];
  if (fixable.length === 0) return others;
  const start = { line: 0, character: 0 };
  const title = fixable.length === 1 ? context.say('lensOne') : context.say('lens', { count: fixable.length });
  return [{ range: { start, end: start }, command: { title, command: commands.hardenFile, arguments: [uri] } }, ...others];
}

/** "privileged, restricted after harden: 6 fixes, 1 question". */
function workloadLenses(context: ServerContext, checked: Checked): CodeLens[] {
  const { document, check, scope } = checked;
  const all = effectiveOf(check);
  const workloads = new Map([...all].reverse().map(one => [workloadOf(one.name), one] as const));
  if (workloads.size === 0 || workloads.size > mostWorkloads) return [];
  const after = new Map(hardenedEffective(context, checked).map(({ name, level }) => [name, level]));
  const plan = planOf(check);
  const chosen = chosenGroups(checked);
  const known = { path: scope.path, answers: scope.configFile?.config.answers, today: check.context.today };
  const questions = questionsOf(waitingGroups(plan, chosen), known);
  const usual = plan.groups.filter(({ id }) => chosen.has(id));
  return [...workloads].reverse().flatMap(([workload, { name, range, level }]): CodeLens[] => {
    const isOwn = ({ object }: { readonly object: { readonly kind: string; readonly name: string | null } | null }): boolean =>
      object !== null && (workload === `${object.kind}/${object.name}` || workload === object.name);
    const fixes = usual.filter(({ answers }) => answers.some(isOwn)).length;
    const asked = questions.filter(({ groups }) => groups.some(({ answers }) => answers.some(isOwn))).length;
    const counts: MaskedText[] = [
      ...(fixes > 0 ? [fixes === 1 ? context.say('lensFix') : context.say('lensFixes', { count: fixes })] : []),
      ...(asked > 0 ? [asked === 1 ? context.say('lensQuestion') : context.say('lensQuestions', { count: asked })] : []),
    ];
    const then = after.get(name) ?? level;
    const now =
      level === null || then === null
        ? null
        : level === then
          ? trusted(level)
          : context.say('lensChanges', { now: trusted(level), then: trusted(then) });
    if (now === null && counts.length === 0) return [];
    const title = now === null ? joined(counts, ', ') : counts.length === 0 ? now : masked`${now}: ${joined(counts, ', ')}`;
    const command = context.hardenView ? hardenViewCommand : commands.hardenFile;
    return [{ range: toLspRange(document, range), command: { title, command, arguments: [{ uri: document.uri }] } }];
  });
}

/** `Deployment/web` of `Deployment/web/app`; a service, a stage or a command is its own. */
function workloadOf(name: string): string {
  const parts = name.split('/');
  return parts.length > 2 ? parts.slice(0, -1).join('/') : name;
}
