import type { CancellationToken, WorkspaceEdit } from 'vscode-languageserver';
import { masked, type MaskedText, trusted } from '../../../shared/src/early';
import { addAnswers, answersTo, groupsOf, type Question, questionsOf, questionWords } from '../../../shared/src/index';
import { effectiveMethod, type EffectiveParams } from '../../../shared/src/output/protocol/effective';
import {
  answerMethod,
  type AnswerParams,
  type AnswerResult,
  type AskedQuestion,
  fillMethod,
  type FillParams,
  questionsMethod,
  type QuestionsParams,
  type QuestionsResult,
} from '../../../shared/src/output/protocol/questions';
import type { Checked, ServerContext } from '../session/context';
import { isConfigUri } from '../session/config-files';
import { toLspEdits, toLspRange } from '../lsp/edits';
import { gateOfCheck } from '../lsp/gate';
import { askedGroups, planOf } from './bulk-fix';
import { configTarget, editConfig } from './config-edits';
import { fileEdit } from './create-file';
import { showEffective } from './effective';
import { placesToFill } from './fill';
import type { ReadChecked } from './harden-plan';
import { trialOfFinding } from './prove';
import { uncheckedReason } from './unchecked';

/** A question as one file has it. */
interface Asked {
  readonly checked: Checked;
  readonly question: Question;
}

/** The interview: asks what only a person knows, once for all files, and takes the answers. */
interface Interview {
  questions(params: QuestionsParams, token: CancellationToken): Promise<QuestionsResult>;
  answer(params: AnswerParams, token: CancellationToken): Promise<AnswerResult>;
}

/** Answers a client's request that is none of the protocol's own. */
export type OnRequest = <P>(method: string, what: string, answer: (params: P, token: CancellationToken) => Promise<unknown>) => void;

/** Answers what the interview, the places to fill and what really runs are asked for with. */
export function answerInterview(context: ServerContext, read: ReadChecked, onRequest: OnRequest): void {
  const interview = createInterview(context, read);
  onRequest<QuestionsParams>(questionsMethod, 'questions', (params, token) => interview.questions(params, token));
  onRequest<AnswerParams>(answerMethod, 'answer', (params, token) => interview.answer(params, token));
  onRequest<FillParams>(fillMethod, 'places to fill', (params, token) => placesToFill(context, params, token));
  onRequest<EffectiveParams>(effectiveMethod, 'what really runs', (params, token) => showEffective(context, params, token));
}

function createInterview(context: ServerContext, read: ReadChecked): Interview {
  const ask = async (uris: readonly string[], token: CancellationToken): Promise<ReadonlyMap<string, readonly Asked[]>> => {
    const asked = new Map<string, Asked[]>();
    for (const uri of new Set(uris)) {
      if (token.isCancellationRequested) break;
      const checked = isConfigUri(uri) ? null : await read(uri, token);
      if (!checked || uncheckedReason(context, checked) !== null || checked.check.opened.isGenerated(checked.check.context)) continue;
      const { path, configFile } = checked.scope;
      const known = { path, answers: configFile?.config.answers, today: checked.check.context.today };
      for (const question of questionsOf(askedGroups(checked.check), known)) {
        const one = { checked, question };
        const others = asked.get(question.id);
        if (others) others.push(one);
        else asked.set(question.id, [one]);
      }
    }
    return asked;
  };

  return {
    questions: async ({ uris }, token) => {
      const asked = await ask(uris, token);
      const worded = uris.length > mostPlanned ? asked : new Map([...asked].flatMap(([id, files]) => planned(id, files)));
      const questions = withPaths(
        [...worded].map(([id, files]) => ({ asked: toQuestion(context, id, files), path: files[0]!.checked.scope.path })),
      );
      const order = ['error', 'warning', 'info', 'hint'];
      return { questions: questions.sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity)) };
    },
    answer: async ({ id, uris, answer, reason }, token) => {
      const nothing: AnswerResult = { applied: false, failure: null, changed: [], groups: 0 };
      const asked = await ask(uris, token);
      const files = asked.get(id);
      if (!files) return nothing;
      const made =
        answer === 'fix' ? fixesOf(context, files) : await keptAnswer(context, files, answer, reason?.replace(/\s+/g, ' ').trim() ?? '');
      if ('failure' in made) return { ...nothing, failure: made.failure };
      const label = context.say('answerLabel');
      const { applied, failureReason } = await context.connection.workspace.applyEdit({ label, edit: made.edit });
      return applied
        ? { applied, failure: null, changed: made.changed, groups: made.groups }
        : { ...nothing, failure: failureReason ?? null };
    },
  };
}

/** Of more files at a time questions are listed without what an answer would apply beside: that takes a plan of each file. */
const mostPlanned = 16;

/** A question with all that an answer applies; none where that comes to nothing. */
function planned(id: string, files: readonly Asked[]): (readonly [string, readonly Asked[]])[] {
  const whole = files.flatMap(({ checked, question }): Asked[] => {
    const groups = groupsOf(planOf(checked.check), question);
    return groups.length === 0 ? [] : [{ checked, question: { ...question, groups } }];
  });
  return whole.length === 0 ? [] : [[id, whole]];
}

/** A question whose texts have passed the gate. */
type WordedQuestion = AskedQuestion & { readonly title: MaskedText; readonly rightIf: readonly MaskedText[] };

/** Questions of which no two read the same: those that would begin with a file of theirs. */
function withPaths(all: readonly { readonly asked: WordedQuestion; readonly path: string }[]): WordedQuestion[] {
  const seen = new Set<string>();
  const repeated = new Set(all.flatMap(({ asked: { title } }) => (seen.has(title) ? title : (seen.add(title), []))));
  return all.map(({ asked, path }) => (repeated.has(asked.title) ? { ...asked, title: masked`${trusted(path)}: ${asked.title}` } : asked));
}

function toQuestion(context: ServerContext, id: string, files: readonly Asked[]): WordedQuestion {
  const words = questionWords(
    files.map(({ question, checked }) => ({ question, gate: gateOfCheck(checked.check), path: checked.scope.path })),
    context.words,
  );
  const [{ checked, question }] = files as readonly [Asked];
  return {
    id,
    ...words,
    title: masked`${words.title}?`,
    places: files.map(one => ({
      uri: one.checked.document.uri,
      range: toLspRange(one.checked.document, one.question.groups[0]!.answers[0]!.range),
    })),
    trial: trialOfFinding(
      context,
      checked,
      question.groups.flatMap(({ answers }) => answers),
    ),
    keeps: context.trusted && files.every(one => configTarget(context, one.checked.document.uri, one.checked.scope) !== null),
  };
}

/** What an answer comes to; `failure`: why it comes to nothing. */
type Made =
  { readonly edit: WorkspaceEdit; readonly changed: readonly string[]; readonly groups: number } | { readonly failure: MaskedText };

function fixesOf(context: ServerContext, files: readonly Asked[]): Made {
  let groups = 0;
  const edits = files.flatMap(({ checked, question }) => {
    const { check, document } = checked;
    const change = check.opened.applyGroups(
      check.context,
      planOf(check),
      groupsOf(planOf(check), question).map(({ id }) => id),
    );
    groups += change.groups.length;
    return change.edits.length === 0
      ? []
      : [{ uri: document.uri, edit: fileEdit(context, document.uri, true, toLspEdits(document, change.edits)) }];
  });
  return edits.length === 0
    ? { failure: context.say('answerNoFix') }
    : { edit: together(edits.map(({ edit }) => edit)), changed: edits.map(({ uri }) => uri), groups };
}

/** The answer in the configuration of each file that it is about. */
async function keptAnswer(context: ServerContext, files: readonly Asked[], answer: 'needed' | 'later', reason: string): Promise<Made> {
  if (!context.trusted) return { failure: context.say('answerUntrusted') };
  if (answer === 'needed' && reason === '') return { failure: context.say('answerReason') };
  const byConfig = new Map<string, Asked[]>();
  for (const one of files) {
    const target = configTarget(context, one.checked.document.uri, one.checked.scope);
    if (!target) return { failure: context.say('answerNoConfig') };
    const others = byConfig.get(target.uri);
    if (others) others.push(one);
    else byConfig.set(target.uri, [one]);
  }
  const edits: WorkspaceEdit[] = [];
  for (const about of byConfig.values()) {
    const { document, scope, check } = about[0]!.checked;
    const said = { answer, ...(answer === 'needed' && { reason }), date: check.context.today };
    const paths = about.map(({ checked, question }) => ({
      path: configTarget(context, checked.document.uri, checked.scope)!.path,
      question,
    }));
    const target = configTarget(context, document.uri, scope)!;
    const edit = await editConfig(context, target, scope, text => addAnswers(text, answersTo(paths, said), context.engine.rules));
    if (!edit) return { failure: context.say('answerNoConfig') };
    edits.push(edit);
  }
  return { edit: together(edits), changed: [...byConfig.keys()], groups: 0 };
}

function together(edits: readonly WorkspaceEdit[]): WorkspaceEdit {
  if (edits.every(({ documentChanges }) => documentChanges))
    return { documentChanges: edits.flatMap(({ documentChanges }) => documentChanges ?? []) };
  return { changes: Object.assign({}, ...edits.map(({ changes }) => changes)) as NonNullable<WorkspaceEdit['changes']> };
}
