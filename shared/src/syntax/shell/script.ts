import {
  parse,
  type Assignment,
  type Command,
  type CommandNode,
  type CompoundList,
  type HereDoc,
  type PipelineNode,
  type Redirection as RawRedirection,
  type Statement,
  type Word,
} from 'unbash';
import { range, type Range } from '../../base/text/range';
import { CommandView } from './command';
import { baseName, interpreterOf, isPosixShell } from './interpreter';
import { sliceMapped, sourceRange, type MappedText } from './mapped-text';
import type {
  CommandList,
  Interpreter,
  Operator,
  Pipeline,
  PipelineMember,
  Redirection,
  ShellAssignment,
  ShellCommand,
  ShellScript,
  ShellWord,
} from './types';
import { commandString, readsStandardInput, unwrap } from './wrappers';
import { walkTest } from './test-words';
import { makeShellWord, tailOfWord, type WalkNested } from './words';

/** Longer scripts are not parsed. */
const longest = 64 * 1024;
/** Deeper nesting of brackets is not parsed: the parser's time grows with it. */
const deepest = 200;
/** How many `sh -c` strings within each other are followed. */
const deepestString = 5;
/** How many wrappers in front of each other are seen through: each makes a command of all words behind it. */
const mostWrappers = 20;

/** Everything that `parseScript` builds is filled in while it is walked, and read-only afterwards. */
type Filled<T> = { -readonly [K in keyof T]: T[K] };

/** Parses a script that an interpreter runs. Scripts of other shells, and those too long or deep, have no commands. Never throws. */
export function parseScript(text: MappedText, interpreter: Interpreter, owner: ShellCommand | null = null): ShellScript {
  return build(text, interpreter, owner, 0);
}

/** A script that is not parsed because of what it would cost. */
export function unreadScript(text: MappedText): ShellScript {
  return { ...emptyScript(text, interpreterOf(['sh']), null), complete: false, unread: true };
}

/** Parses the words of an exec form: one command, and what it runs. */
export function parseExec(words: readonly ShellWord[], whole: MappedText): ShellScript {
  const script = emptyScript(whole, interpreterOf(words.map(word => word.text ?? '')), null);
  const first = words[0];
  if (first === undefined) return script;
  const context: Context = { script, text: whole, level: 0 };
  const place = range(first.range.start, words[words.length - 1]!.range.end);
  const pipeline = addPipeline(script.list, place, false, context);
  const commands: ShellCommand[] = [];
  const command = addCommand(
    context,
    pipeline,
    { words, assignments: [], redirections: [], heredocs: [], range: place, before: null, after: null },
    commands,
  );
  (pipeline.members as PipelineMember[]).push({ range: place, command, commands });
  return script;
}

interface Context {
  readonly script: ShellScript;
  readonly text: MappedText;
  readonly level: number;
}

function emptyScript(text: MappedText, interpreter: Interpreter, owner: ShellCommand | null): Filled<ShellScript> {
  const script: Filled<ShellScript> = {
    text,
    range: sourceRange(text, 0, text.text.length),
    interpreter,
    list: undefined as unknown as CommandList,
    pipelines: [],
    commands: [],
    operands: [],
    owner,
    complete: true,
    unread: false,
  };
  script.list = { kind: 'script', pipelines: [], script };
  return script;
}

function build(text: MappedText, interpreter: Interpreter, owner: ShellCommand | null, level: number): ShellScript {
  const script = emptyScript(text, interpreter, owner);
  if (interpreter.dialect !== 'posix' || text.text.length > longest || isTooDeep(text.text)) {
    script.complete = false;
    script.unread = interpreter.dialect === 'posix';
    return script;
  }
  // A carriage return at a line end is blank to us, and parts no backslash from its line break; the lengths stay.
  const source = text.text.includes('\r') ? text.text.replace(/\\\r\n/g, ' \\\n').replace(/\r(?=\n)/g, ' ') : text.text;
  try {
    const parsed = parseKept(source);
    if (parsed.errors !== undefined && parsed.errors.length > 0) script.complete = false;
    walkStatements({ script, text: { ...text, text: source }, level }, parsed.commands, script.list, []);
  } catch {
    // Only the stack can run out here; what was found so far stays.
    script.complete = false;
  }
  // Words are walked before their command is complete, so that what a substitution runs was found first.
  (script.commands as ShellCommand[]).sort(byPlace);
  (script.pipelines as Pipeline[]).sort(byPlace);
  return script;
}

/** The last scripts that were parsed, by their texts: most of a file stays as it is from one key press to the next. */
const parsedScripts = new Map<string, ReturnType<typeof parse>>();
/** How many, and how long each may be in UTF-16 units. */
const mostKept = 256;
const longestKept = 4096;

/** Parses a script, or gives what it was parsed to before: nothing changes a parse. */
function parseKept(source: string): ReturnType<typeof parse> {
  if (source.length > longestKept) return parse(source);
  const known = parsedScripts.get(source);
  const parsed = known ?? parse(source);
  if (known) parsedScripts.delete(source);
  parsedScripts.set(source, parsed);
  if (parsedScripts.size > mostKept) parsedScripts.delete(parsedScripts.keys().next().value!);
  return parsed;
}

function byPlace(a: { readonly range: Range }, b: { readonly range: Range }): number {
  return a.range.start - b.range.start || b.range.end - a.range.end;
}

/** Whether brackets, keywords that open blocks or substitutions nest deeper than the parser is trusted with. */
function isTooDeep(text: string): boolean {
  if (text.length <= deepest) return false;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 40 || code === 123) {
      if (++depth > deepest) return true;
    } else if ((code === 41 || code === 125) && depth > 0) depth--;
  }
  if (text.length <= 4 * deepest) return false;
  const blocks = text.match(/\b(?:if|while|until|case|for|select|[!])\b/g);
  // nor is it linear in the here-documents that are open
  const documents = text.match(/<</g);
  return [blocks, documents].some(found => found !== null && found.length > 4 * deepest);
}

function walkStatements(context: Context, statements: readonly Statement[], list: Filled<CommandList>, found: ShellCommand[]): void {
  statements.forEach((statement, i) => {
    const { command } = statement;
    const last = separatorBehind(context, statement, statements[i + 1]);
    if (command.type === 'AndOr') {
      command.commands.forEach((node, k) => walkPipeline(context, node, list, command.operators[k] ?? last, found));
    } else walkPipeline(context, command, list, last, found);
  });
}

function separatorBehind(context: Context, statement: Statement, next: Statement | undefined): Operator | null {
  if (statement.background) return '&';
  if (next === undefined) return null;
  let at = statement.end;
  while (context.text.text[at] === ' ' || context.text.text[at] === '\t') at++;
  return context.text.text[at] === ';' ? ';' : 'newline';
}

function addPipeline(list: Filled<CommandList>, place: Range, negated: boolean, context: Context): Filled<Pipeline> {
  const pipeline: Filled<Pipeline> = { range: place, members: [], negated, list, index: list.pipelines.length, after: null };
  (list.pipelines as Pipeline[]).push(pipeline);
  (context.script.pipelines as Pipeline[]).push(pipeline);
  return pipeline;
}

function walkPipeline(
  context: Context,
  node: PipelineNode,
  list: Filled<CommandList>,
  after: Operator | null,
  found: ShellCommand[],
): void {
  const nodes = node.type === 'Pipeline' ? node.commands : [node];
  const negated = node.type === 'Pipeline' && node.prefixes.some(prefix => prefix.type === 'Negation');
  const before = list.pipelines[list.pipelines.length - 1]?.after ?? null;
  const pipeline = addPipeline(list, sourceRange(context.text, node.pos, node.end), negated, context);
  pipeline.after = after;
  nodes.forEach((member, i) => {
    const commands: ShellCommand[] = [];
    const neighbours = { before: i > 0 ? ('|' as const) : before, after: i + 1 < nodes.length ? ('|' as const) : after };
    const command = walkMember(context, member, pipeline, neighbours, commands);
    (pipeline.members as PipelineMember[]).push({ range: sourceRange(context.text, member.pos, member.end), command, commands });
    found.push(...commands);
  });
}

type Neighbours = Pick<ShellCommand, 'before' | 'after'>;

function walkMember(
  context: Context,
  node: CommandNode,
  pipeline: Pipeline,
  neighbours: Neighbours,
  found: ShellCommand[],
): ShellCommand | null {
  const word = (raw: Word): ShellWord => makeWord(context, raw, found);
  const branch = (body: CompoundList, kind: CommandList['kind'] = 'branch'): void => {
    walkStatements(context, body.commands, { kind, pipelines: [], script: context.script }, found);
  };
  switch (node.type) {
    case 'Command':
      return walkCommand(context, node, pipeline, neighbours, found);
    case 'Redirected':
      walkMember(context, node.command, pipeline, neighbours, found);
      for (const redirect of node.redirects) if (redirect.type !== 'HereDoc' && redirect.target) word(redirect.target);
      break;
    case 'Subshell':
      branch(node.body, 'subshell');
      break;
    case 'BraceGroup':
      branch(node.body, 'group');
      break;
    case 'If':
      branch(node.clause);
      branch(node.then);
      for (const elif of node.elif) {
        branch(elif.clause);
        branch(elif.then);
      }
      if (node.else) branch(node.else);
      break;
    case 'While':
      branch(node.clause);
      branch(node.body);
      break;
    case 'For':
    case 'Select':
      node.wordlist?.forEach(word);
      branch(node.body);
      break;
    case 'ArithmeticFor':
      branch(node.body);
      break;
    case 'Case':
      word(node.word);
      for (const item of node.items) branch(item.body);
      break;
    case 'Function':
    case 'Coproc': {
      const { body } = node;
      if (body.type === 'CompoundList') branch(body, 'function');
      else walkMember(context, body, pipeline, neighbours, found);
      break;
    }
    case 'TestCommand':
      walkTest(node.expression, word, operand => (context.script.operands as ShellWord[]).push(operand));
      break;
    case 'ArithmeticCommand':
      break;
  }
  return null;
}

function makeWord(context: Context, raw: Word, found: ShellCommand[]): ShellWord {
  const walk: WalkNested = part => {
    const nested: ShellCommand[] = [];
    const script: ReturnType<typeof parse> | undefined = part.script;
    if (script === undefined) return nested;
    // Backticks with escapes have a text of their own, whose places are not those of the file: they get the place of the whole.
    const inner =
      script.source === undefined
        ? context
        : { ...context, text: { text: script.source, starts: [0], sources: [sourceRange(context.text, part.pos, part.end).start] } };
    walkStatements(inner, script.commands, { kind: 'substitution', pipelines: [], script: context.script }, nested);
    found.push(...nested);
    return nested;
  };
  return makeShellWord(raw, context.text, walk);
}

interface CommandParts {
  readonly words: readonly ShellWord[];
  readonly assignments: readonly ShellAssignment[];
  readonly redirections: readonly Redirection[];
  readonly heredocs: readonly HereDoc[];
  readonly range: Range;
  readonly before: ShellCommand['before'];
  readonly after: ShellCommand['after'];
}

function walkCommand(context: Context, node: Command, pipeline: Pipeline, neighbours: Neighbours, found: ShellCommand[]): ShellCommand {
  const inWords: ShellCommand[] = [];
  const word = (raw: Word): ShellWord => makeWord(context, raw, inWords);
  const words: ShellWord[] = [];
  const assignments: ShellAssignment[] = [];
  const redirections: Redirection[] = [];
  const heredocs: HereDoc[] = [];
  const addRedirection = (redirection: RawRedirection): void => {
    if (redirection.type === 'HereDoc') heredocs.push(redirection);
    redirections.push({
      operator: redirection.operator,
      descriptor: redirection.descriptor?.type === 'FileDescriptor' ? redirection.descriptor.value : null,
      target: redirection.type === 'HereDoc' ? null : redirection.target ? word(redirection.target) : null,
      range: sourceRange(context.text, redirection.pos, redirection.end),
    });
  };
  const addAssignment = (assignment: Assignment): void => {
    const { value } = assignment;
    if (value.type === 'ArrayValue') value.elements.forEach(word);
    assignments.push({
      name: assignment.name,
      value: value.type === 'Word' ? word(value) : null,
      range: sourceRange(context.text, assignment.pos, assignment.end),
    });
  };
  for (const item of node.prefix) {
    if (item.type === 'Assignment') addAssignment(item);
    else addRedirection(item);
  }
  if (node.name) words.push(word(node.name));
  for (const item of node.suffix) {
    if (item.type === 'Word') words.push(word(item));
    else if (item.type === 'Assignment') addAssignment(item);
    else addRedirection(item);
  }
  const place = sourceRange(context.text, node.pos, node.end);
  const command = addCommand(context, pipeline, { words, assignments, redirections, heredocs, range: place, ...neighbours }, found);
  found.push(...inWords);
  return command;
}

/** Adds a command and what it runs in turn. */
function addCommand(
  context: Context,
  pipeline: Pipeline,
  parts: CommandParts,
  found: ShellCommand[],
  outer: ShellCommand | null = null,
  wrappers = 0,
): ShellCommand {
  const [nameWord = null, ...args] = parts.words;
  const name = nameWord?.text == null ? null : baseName(nameWord.text);
  const { assignments, redirections, before, after } = parts;
  const { script } = context;
  const command = new CommandView(name, nameWord, args, assignments, redirections, parts.range, before, after, pipeline, outer, script);
  (context.script.commands as ShellCommand[]).push(command);
  found.push(command);
  if (name === null) return command;

  const wrapped = wrappers < mostWrappers ? unwrap(name, args) : null;
  if (wrapped !== null) {
    command.assignments = [...assignments, ...wrapped.assignments.map(i => asAssignment(args[i]!))];
    const words = args.slice(wrapped.start);
    if (words.length > 0) {
      const place = range(words[0]!.range.start, parts.range.end);
      command.inner = addCommand(context, pipeline, { ...parts, words, assignments: [], range: place }, found, command, wrappers + 1);
    }
    return command;
  }
  const isShell = isPosixShell(name);
  const string = context.level < deepestString ? commandString(name, args, isShell) : null;
  if (string !== null) {
    const interpreter = interpreterOf(isShell ? [name, ...args.map(arg => arg.text ?? '')] : ['sh']);
    adopt(context, build(string.mapped(), interpreter, command, context.level + 1), found);
  } else if (isShell && parts.heredocs.length > 0 && readsStandardInput(args)) {
    const { body } = parts.heredocs[parts.heredocs.length - 1]!;
    const interpreter = interpreterOf([name, ...args.map(arg => arg.text ?? '')]);
    if (body.end > body.pos)
      adopt(context, build(sliceMapped(context.text, body.pos, body.end), interpreter, command, context.level + 1), found);
  }
  return command;
}

/** Takes the commands and pipelines of a nested script into its script's lists. */
function adopt(context: Context, nested: ShellScript, found: ShellCommand[]): void {
  (context.script.commands as ShellCommand[]).push(...nested.commands);
  (context.script.pipelines as Pipeline[]).push(...nested.pipelines);
  found.push(...nested.commands);
}

function asAssignment(word: ShellWord): ShellAssignment {
  const equals = word.raw.indexOf('=');
  return { name: word.raw.slice(0, equals), value: tailOfWord(word, equals + 1), range: word.range };
}
