import * as vscode from 'vscode';
import { effectiveMethod, type EffectiveParams, type EffectiveResult } from '../../shared/src/output/protocol/effective';
import {
  answerMethod,
  type AnswerParams,
  type AnswerResult,
  type AskedQuestion,
  fillMethod,
  type FillParams,
  type FillResult,
  questionsMethod,
  type QuestionsParams,
  type QuestionsResult,
} from '../../shared/src/output/protocol/questions';
import { findCandidates } from './find-files';
import { countFindings, toRange } from './harden/words';
import { dirtyDocuments, saveConfiguration } from './pickers';
import { prove, type ProveContext } from './prove';
import { noToken, type ServerAccess } from './server';

/** Asks what harden cannot know of some files, one question after the other; without files of the whole workspace. What an answer brings up is asked, too. */
export async function answerQuestions(context: ProveContext, files?: readonly vscode.Uri[]): Promise<{ readonly asked: number }> {
  const client = await context.client();
  const open = async (uris: readonly string[], token = noToken): Promise<readonly AskedQuestion[]> =>
    (await client.sendRequest<QuestionsResult>(questionsMethod, { uris } satisfies QuestionsParams, token)).questions;
  const options = { location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Collecting questions'), cancellable: true };
  const uris = (files ?? (await findCandidates(client, 5000)).uris).map(uri => client.code2ProtocolConverter.asUri(uri));
  const collect = (): Thenable<readonly AskedQuestion[]> => vscode.window.withProgress(options, (_progress, token) => open(uris, token));
  const asked = new Set<string>();
  const [fixed, kept] = [new Set<string>(), new Set<string>()];
  for (let queue = [...(await collect())]; queue.length > 0; queue = (await collect()).filter(({ id }) => !asked.has(id))) {
    for (const [i, { id, places, title }] of queue.entries()) {
      asked.add(id);
      // an earlier answer may have settled it
      const question = (await open(places.map(({ uri }) => uri))).find(one => one.id === id);
      const answer =
        question &&
        (await ask(
          { ...question, title: title.endsWith(question.title) ? title : question.title },
          vscode.l10n.t('Question {0} of {1}', i + 1, queue.length),
        ));
      if (question && !answer) return done();
      if (!answer) continue;
      if (answer === 'prove') {
        await prove(context, question.trial!);
        continue;
      }
      const dirty = dirtyDocuments();
      const params: AnswerParams = { id, uris: question.places.map(({ uri }) => uri), ...answer };
      const { applied, failure, changed } = await client.sendRequest<AnswerResult>(answerMethod, params, noToken);
      if (!applied) void vscode.window.showWarningMessage(failure ?? vscode.l10n.t('The files have changed: the answer was not applied.'));
      else if (answer.answer === 'fix') fixed.add(id);
      else kept.add(id);
      if (answer.answer !== 'fix') for (const uri of changed) await saveConfiguration(vscode.Uri.parse(uri, true), dirty);
    }
  }
  return done();

  function done(): { readonly asked: number } {
    const summary = vscode.l10n.t(
      '{0} questions answered: {1} with a fix, {2} saved in .bulkhead.yaml',
      fixed.size + kept.size,
      fixed.size,
      kept.size,
    );
    void vscode.window.showInformationMessage(asked.size === 0 ? vscode.l10n.t('No open questions') : summary);
    return { asked: asked.size };
  }
}

type Choice = Pick<AnswerParams, 'answer' | 'reason'> | 'prove';

/** One question, shown at its place in the editor. `undefined`: no more of them. */
async function ask(question: AskedQuestion, title: string): Promise<Choice | undefined> {
  const { trial, keeps, rightIf, places, findings } = question;
  const [first] = places;
  if (first) {
    const shown = { selection: toRange(first.range), preview: true, preserveFocus: true };
    await vscode.window.showTextDocument(vscode.Uri.parse(first.uri, true), shown);
  }
  // only a prompt shows all of a long text, and VS Code has one from 1.108 on
  const wraps = vscode.version.localeCompare('1.108', 'en', { numeric: true }) >= 0;
  const right = vscode.l10n.t('Answer yes if');
  const where = places.length > 1 ? vscode.l10n.t('{0} in {1} files', countFindings(findings), places.length) : countFindings(findings);
  const all: (vscode.QuickPickItem & { readonly choice?: Choice | 'needed' })[] = [
    { label: vscode.l10n.t('$(check) Yes, fix it'), description: where, choice: { answer: 'fix' } },
    { label: vscode.l10n.t('$(circle-slash) No, keep it as it is…'), description: vscode.l10n.t('suppressed'), choice: 'needed' },
    { label: vscode.l10n.t('$(beaker) Prove it with a trial run'), choice: 'prove' },
    { label: vscode.l10n.t('$(clock) Later'), description: vscode.l10n.t('asks again in 30 days'), choice: { answer: 'later' } },
    { label: right, kind: vscode.QuickPickItemKind.Separator },
    ...rightIf.map(label => ({ label, choice: { answer: 'fix' } as const })),
  ];
  const offered = [true, keeps, trial !== null, keeps, ...(wraps || rightIf.length === 0 ? [] : [true, ...rightIf])];
  const items = all.filter((_, i) => offered[i]);
  const text = { prompt: [question.title, ...(rightIf.length > 0 ? [`${right}:`, rightIf.join('; ')] : [])].join(' ') };
  const picked = await vscode.window.showQuickPick(items, {
    title,
    ignoreFocusOut: true,
    ...(wraps ? text : { placeHolder: question.title }),
  });
  if (picked?.choice !== 'needed') return picked?.choice;
  const prompt = vscode.l10n.t('Why should this be kept as it is? The reason is saved in .bulkhead.yaml');
  const reason = (await vscode.window.showInputBox({ title: question.title, prompt, ignoreFocusOut: true }))?.trim();
  return reason ? { answer: 'needed', reason } : ask(question, title);
}

/** Fills the places that only a person can fill, in one snippet session. Gives whether there were some. */
export async function fillPlaces({ client }: ServerAccess, uri: vscode.Uri): Promise<boolean> {
  const running = await client();
  const params: FillParams = { uri: running.code2ProtocolConverter.asUri(uri) };
  const found = await running.sendRequest<FillResult | null>(fillMethod, params, noToken);
  const editor = await vscode.window.showTextDocument(uri, { preview: false });
  if (found?.version !== editor.document.version) return false;
  const edit = new vscode.WorkspaceEdit();
  edit.set(
    uri,
    found.edits.map(({ range, snippet }) => new vscode.SnippetTextEdit(toRange(range), new vscode.SnippetString(snippet))),
  );
  return await vscode.workspace.applyEdit(edit);
}

/** What really runs of a file, beside what it would be after harden. */
export async function showEffective({ client, texts }: ProveContext, uri: vscode.Uri): Promise<void> {
  const running = await client();
  const params: EffectiveParams = { uri: running.code2ProtocolConverter.asUri(uri) };
  const found = await running.sendRequest<EffectiveResult | null>(effectiveMethod, params, noToken);
  const name = vscode.workspace.asRelativePath(uri);
  if (found === null) void vscode.window.showInformationMessage(vscode.l10n.t('{0} does not describe anything that runs.', name));
  else {
    const [now, then] = [texts.put(`now/${name}.yaml`, found.text), texts.put(`hardened/${name}.yaml`, found.hardened)];
    await vscode.commands.executeCommand('vscode.diff', now, then, vscode.l10n.t('{0}: effective settings ↔ hardened', name));
  }
}
