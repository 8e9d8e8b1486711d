import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { joined, masked, type MaskedText, plain, printable, trusted } from '../../../shared/src/early';
import { plural } from '../../../shared/src/formats';
import {
  addAnswers,
  answersTo,
  applyEdits,
  buildsImages,
  configFileName,
  type Answered,
  type FixPlan,
  type Gate,
  gateOf,
  maskAlone,
  type OpenedFile,
  type LintContext,
  type Question,
  questionsOf,
  questionWords,
  rules,
  sourceOf,
  usualGroups,
  waitingGroups,
} from '../../../shared/src/index';
import { replaceFile } from '../host/node/write-file';
import { createFile } from '../host/node/output-file';
import type { Attempt } from './attempt';
import { configReports } from './config-report';
import { credentialNote, diffText, type Changed } from './diff';
import { guard } from './each-input';
import { readInputs, shownPath, type Input } from './inputs';
import { sayIfAny, type Output } from './output';
import { readsStandardInput, sayProblems, startRun, writeInput, type Run } from './run';
import { UsageError, type Arguments } from './usage';

/** Asks a person at the terminal; `null`: the terminal is gone. */
type AskLine = (question: string) => Promise<string | null>;

/** A file with what harden could do to it, and what of that was agreed to. */
interface Planned {
  readonly input: Input;
  readonly opened: OpenedFile;
  readonly context: LintContext;
  readonly plan: FixPlan;
  readonly gate: Gate;
  readonly usual: ReadonlySet<string>;
  readonly agreed: Set<string>;
}

/** A question, as each file has it. */
type Asked = readonly { readonly file: Planned; readonly question: Question }[];

/** What was said so far. */
interface Said {
  questions: number;
  fixed: number;
  /** Answers to keep, with the file that they are about. */
  readonly kept: { readonly asked: Asked; readonly said: { readonly answer: 'needed' | 'later'; readonly reason?: string } }[];
  /** Yes to everything that is left. */
  all: boolean;
  quit: boolean;
}

/** What the interview cannot be combined with: it writes, it asks, and a diff on a pipe would have no questions in it. */
const notInteractive = ['write', 'check', 'mask', 'safe-only', 'accept', 'pin', 'format', 'stdin-filename'];

/** `bulkhead harden --interactive`, at a terminal. Gives the exit code. */
export async function startInterview(args: Arguments, output: Output, attempt: Attempt): Promise<number> {
  const other = notInteractive.find(name => args.has(name));
  if (other !== undefined) throw new UsageError(`--interactive asks before it writes and cannot be combined with --${other}`);
  if (!process.stdin.isTTY || !process.stdout.isTTY || readsStandardInput(args))
    throw new UsageError('--interactive asks questions and needs a terminal');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<null>(done => lines.once('close', () => done(null)));
  try {
    return await interview(args, output, attempt, question => Promise.race([lines.question(question), closed]));
  } finally {
    lines.close();
  }
}

/** The same with anyone who answers. */
export async function interview(args: Arguments, output: Output, attempt: Attempt, ask: AskLine): Promise<number> {
  const run = startRun(args, attempt, output);
  const read = readInputs(run.found, run.reading);
  const trouble: MaskedText[] = [...configReports(read.inputs.map(input => input.scope)).problems];
  const said: Said = { questions: 0, fixed: 0, kept: [], all: false, quit: false };
  const makesImage = ({ file }: Input): boolean => buildsImages(sourceOf(file.path, file.text).family);
  const planned: Planned[] = [];
  // images before what runs them, as harden does
  for (const inputs of [read.inputs.filter(makesImage), read.inputs.filter(input => !makesImage(input))]) {
    const files = inputs.flatMap((input, index) => {
      output.progress(index, inputs.length);
      return guard(input, trouble, () => planOf(run, input)) ?? [];
    });
    await askAll(run, files, said, { output, ask });
    planned.push(...files);
    for (const file of files) if (makesImage(file.input) && file.agreed.size > 0) run.facts.replace(file.input, changeOf(file).text);
  }
  run.facts.keep();
  let written = 0;
  for (const file of planned) {
    const { text } = changeOf(file);
    if (text === file.input.file.text) continue;
    const result = writeInput(file.input, text);
    if (result.ok) written++;
    else trouble.push(masked`${trusted(file.input.shown)}: not written: ${maskAlone(result.message)}`);
  }
  keepAnswers(run, said, output, trouble);
  const needed = said.kept.filter(one => one.said.answer === 'needed').length;
  output.say(
    masked`${plural(said.questions, 'question')}: ${said.fixed} fixed, ${needed} kept because needed, ${said.kept.length - needed} left for later; ${plural(written, 'file')} changed`,
  );
  const unreadable = sayProblems(read, run.reading, output);
  for (const line of trouble) output.say(masked`bulkhead: ${line}`);
  return unreadable || trouble.length > 0 ? 2 : 0;
}

function planOf(run: Run, input: Input): Planned | null {
  run.facts.prepare(input);
  const opened = run.engine.open(input.file);
  const context = run.context(input);
  if (!opened.isChecked(context) || opened.isGenerated(context)) return null;
  const plan = opened.plan(context);
  const gate = gateOf({ text: input.file.text, result: opened.lint(context) });
  return { input, opened, context, plan, gate, usual: usualGroups(plan), agreed: new Set() };
}

function changeOf({ opened, context, plan, agreed }: Planned, more: readonly string[] = []): ReturnType<OpenedFile['applyGroups']> {
  return opened.applyGroups(context, plan, [...agreed, ...more]);
}

interface Terminal {
  readonly output: Output;
  readonly ask: AskLine;
}

/** First what needs no decision, file by file; then what does, the worst first. */
async function askAll(run: Run, files: readonly Planned[], said: Said, terminal: Terminal): Promise<void> {
  for (const file of files) {
    if (said.quit) return;
    if (file.usual.size === 0) continue;
    const title = masked`${printable(trusted(file.input.shown))}: apply ${plural(file.usual.size, 'group')} of fixes that need no decision`;
    const show = (): readonly Changed[] => [changed(file, [...file.usual])];
    if ((await decide({ title, about: [], show, keeps: false }, said, terminal)) === 'yes')
      for (const id of file.usual) file.agreed.add(id);
  }
  const questions = new Map<string, { file: Planned; question: Question }[]>();
  for (const file of files) {
    const { config } = file.input.scope;
    const known = { path: file.input.path, answers: config?.config.answers, today: run.today };
    for (const question of questionsOf(waitingGroups(file.plan, file.usual), known)) {
      const others = questions.get(question.id);
      if (others) others.push({ file, question });
      else questions.set(question.id, [{ file, question }]);
    }
  }
  for (const asked of questions.values()) {
    if (said.quit) return;
    await askOne(run, asked, said, terminal);
  }
}

async function askOne(run: Run, asked: Asked, said: Said, terminal: Terminal): Promise<void> {
  const { title, rightIf, findings } = questionWords(
    asked.map(({ file, question }) => ({ question, gate: file.gate, path: file.input.shown })),
    run.words,
  );
  const idsOf = (question: Question): readonly string[] => question.groups.map(({ id }) => id);
  const show = (): readonly Changed[] => asked.map(({ file, question }) => changed(file, idsOf(question)));
  const paths = asked.map(({ file }) => printable(trusted(file.input.shown)));
  const about = [
    masked`  in ${joined(paths, ', ')} (${plural(findings, 'finding')})`,
    ...rightIf.map(text => masked`  answer yes if: ${text}`),
  ];
  said.questions++;
  const keeps = asked.every(({ file }) => configOf(file.input) !== null);
  const answer = await decide({ title, about, show, keeps }, said, terminal);
  if (answer === 'yes') {
    said.fixed++;
    for (const { file, question } of asked) for (const id of idsOf(question)) file.agreed.add(id);
  } else if (answer === 'later') said.kept.push({ asked, said: { answer: 'later' } });
  else if (answer !== 'skip') said.kept.push({ asked, said: { answer: 'needed', reason: answer.reason } });
}

function changed(file: Planned, ids: readonly string[]): Changed {
  return {
    path: file.input.shown,
    text: file.input.file.text,
    edits: changeOf({ ...file, agreed: new Set() }, ids).edits,
    gate: file.gate,
  };
}

const help: readonly MaskedText[] = [
  plain('y  yes: the statement is correct, apply the fixes'),
  plain('n  no: the setting is needed as it is; prompts for the reason, which is saved as a suppression in .bulkhead.yaml'),
  plain('a  yes to this and to all that follow'),
  plain('l  later: ask again in 30 days'),
  plain('q  quit: apply what was agreed to so far, ask nothing more'),
  plain('?  this help'),
];

/** Shows what is asked, and asks until the answer is one. `keeps`: whether a no is worth a reason, and can be kept. */
async function decide(
  asked: {
    readonly title: MaskedText;
    readonly about: readonly MaskedText[];
    readonly show: () => readonly Changed[];
    readonly keeps: boolean;
  },
  said: Said,
  { output, ask }: Terminal,
): Promise<'yes' | 'skip' | 'later' | { readonly reason: string }> {
  const changes = asked.show();
  output.print(
    masked`\n${joined(
      changes.map(change => diffText(change, output, false)),
      '',
    )}`,
  );
  for (const change of changes) sayIfAny(credentialNote(change, false), output);
  output.say(masked`${asked.title}?`);
  for (const line of asked.about) output.say(line);
  if (said.all) return 'yes';
  for (;;) {
    const word = (await ask(asked.keeps ? '[y,n,a,l,q,?] ' : '[y,n,a,q,?] '))?.trim().toLowerCase() ?? 'q';
    if (word === 'y' || word === 'yes') return 'yes';
    if (word === 'a') {
      said.all = true;
      return 'yes';
    }
    if (word === 'q') {
      said.quit = true;
      return 'skip';
    }
    if (word === 'l' && asked.keeps) return 'later';
    if (word === 'n' || word === 'no') {
      if (!asked.keeps) return 'skip';
      const reason = (await ask('why does it stay as it is? (Enter: skip) '))?.replace(/\s+/g, ' ').trim() ?? '';
      return reason === '' ? 'skip' : { reason };
    }
    for (const line of help) output.say(line);
  }
}

/** The configuration that keeps answers about a file, which may not be there yet; `null`: none can. */
function configOf({ scope, base, streamed }: Input): { readonly path: string; readonly text: string | null } | null {
  if (scope.config) return scope.config.unreadable || scope.config.problems.length > 0 ? null : scope.config;
  return base === null || streamed !== null ? null : { path: join(base, configFileName), text: null };
}

function keepAnswers(run: Run, { kept }: Said, output: Output, trouble: MaskedText[]): void {
  const byConfig = new Map<string, { readonly text: string | null; readonly root: string; readonly answers: Answered[] }>();
  for (const { asked, said } of kept) {
    const byPath = new Map<string, { file: Planned; question: Question }[]>();
    for (const one of asked) {
      const { path } = configOf(one.file.input)!;
      byPath.set(path, [...(byPath.get(path) ?? []), one]);
    }
    for (const [path, about] of byPath) {
      const { input } = about[0]!.file;
      const places = about.map(({ file, question }) => ({ path: file.input.path, question }));
      const answers = answersTo(places, { ...said, date: run.today });
      const known = byConfig.get(path);
      if (known) known.answers.push(...answers);
      else byConfig.set(path, { text: configOf(input)!.text, root: input.root, answers: [...answers] });
    }
  }
  for (const [path, { text, root, answers }] of byConfig) {
    const edits = addAnswers(text ?? '', answers, rules);
    const after = edits && applyEdits(text ?? '', edits);
    const shown = printable(trusted(shownPath(path)));
    const failure = after === null ? 'it would not mean the same afterwards' : writeConfig({ path, text, root }, after, run);
    if (failure !== null) trouble.push(masked`${shown}: not written: ${maskAlone(failure)}`);
    else output.say(masked`${shown}: ${plural(answers.length, 'answer')} saved`);
  }
}

function writeConfig({ path, text, root }: { path: string; text: string | null; root: string }, after: string, run: Run): string | null {
  if (text === null) {
    const made = createFile(path, run.guarded, after);
    return !made.ok ? made.message : made.value ? null : 'is there already';
  }
  const result = replaceFile(path, text, after, root.length > dirname(path).length ? dirname(path) : root);
  return result.ok ? null : result.message;
}
