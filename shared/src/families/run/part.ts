import { renderComment } from '../../family/comment-edits';
import type { Part } from '../../family/part';
import type { Piece } from '../../family/types';
import type { ObjectRef } from '../../finding/types';
import type { CommandOperation, Operation } from '../../fix/types';
import type { Comment } from '../../text/comment';
import { lineEnd, lineStart } from '../../text/lines';
import { memoize } from '../../text/memoize';
import type { Range } from '../../text/range';
import { parseDocument } from '../../yaml/parse';
import { renderCommands } from './fix/render';
import { verifyCommands } from './fix/verify';
import { verifyCommandsEach } from './fix/verify-each';
import { readModel } from './model/read';
import type { ClientCommand, RunModel } from './model/types';
import { commandOf, visitRun } from './model/visit';

/** Every command of a model that a client of an engine runs, in order of place. */
const allCommands = memoize((model: RunModel): readonly ClientCommand[] =>
  [...model.commands, ...model.others].sort((a, b) => a.shell.range.start - b.shell.range.start),
);

/** A file of scripts as the one part of its file, or the scripts in a document of YAML as a guest of that document's own part. */
export function runPart(piece: Piece): Part {
  const model = readModel(piece);
  const { text, document } = model;
  return {
    text: document?.templated ? piece.fileText.slice(piece.base, piece.base + document.text.length) : text,
    base: piece.base,
    index: piece.index,
    language: 'script',
    family: 'run',
    memory: model,
    top: topOf(text),
    locked: document?.templated ? 'templated' : null,
    fragment: false,
    comments: model.comments,
    checks: [],
    annotations: [],
    shortfalls: shortfallsOf(model),
    visit: visitor => visitRun(model, visitor),
    objectOf: view => refOf(view),
    namesOf: view => {
      const container = commandOf(view);
      return container ? { container: container.name } : {};
    },
    scopeOf: view => commandOf(view)?.name ?? '',
    covered: comment => coveredBy(model, comment),
    beside: offset => statementAt(model, offset),
    block: comment => coveredBy(model, comment),
    render: operations => {
      const edits = operations.filter(o => o.type === 'comment.replace').map(o => renderComment(text, o));
      const rest = operations.filter(isCommand);
      if (rest.length === 0) return { ok: true, edits };
      const rendered = renderCommands(model, rest);
      return rendered.ok ? { ok: true, edits: [...edits, ...rendered.edits] } : rendered;
    },
    verify: (after, operations) => verifyCommands(model, readAgain(piece, after), operations.filter(isCommand)),
    verifyEach: changes => verifyCommandsEach(model, changes, after => readAgain(piece, after)),
    ...(model.isDocumentation && { comment: (directive: string) => `<!-- ${directive} -->`, mostSevere: 'hint' as const, only: worst }),
    ...(document && { only: onThrowAwayHosts }),
  };
}

/** Reads a part with another text. */
function readAgain(piece: Piece, text: string): RunModel {
  const { document } = piece;
  return readModel({
    ...piece,
    fileText: document ? piece.fileText : text,
    document: document ? parseDocument(text) : null,
    memo: new Map(),
  });
}

/** Scripts of which no command is known although they name an engine. */
function shortfallsOf({ scripts }: RunModel): Part['shortfalls'] {
  const unread = scripts.filter(({ script }) => script.unread && engineWord.test(script.text.text));
  return unread.slice(0, 1).map(({ range }) => ({ id: 'script', range: { start: range.start, end: range.start }, count: unread.length }));
}

const engineWord = /\b(?:docker|podman|nerdctl)\b/;

const named = (names: string): ReadonlySet<string> => new Set(names.split(' ').map(name => `run/${name}`));

/** What is worth saying of an example in documentation: what nobody should copy. */
const worst = named('privileged runtime-socket sensitive-host-mount host-namespace secret-in-environment broken-continuation unknown-flag');

/** What is worth saying of a step of a workflow: its host is thrown away, with whatever is published or left on it. */
const onThrowAwayHosts = named(
  'privileged runtime-socket sensitive-host-mount host-namespace host-devices mount-propagation added-capabilities security-profile-disabled ' +
    'privilege-escalation secret-in-environment latest-tag missing-digest end-of-life-image invalid-image-reference untrusted-registry ' +
    'unknown-flag broken-continuation conflicting-settings ineffective-setting docker-daemon-tcp exec-as-root unsafe-sysctls',
);

function isCommand(operation: Operation): operation is CommandOperation {
  return operation.type.startsWith('command.');
}

/** Below a shebang. */
function topOf(text: string): number {
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  if (!text.startsWith('#!', start)) return start;
  const newline = text.indexOf('\n');
  return newline < 0 ? text.length : newline + 1;
}

function refOf(view: unknown): ObjectRef | null {
  const container = commandOf(view);
  return container && { document: 0, kind: 'command', name: container.name, container: container.name, path: '' };
}

/** The lines of the commands that begin on a line, with the lines that they continue: where a comment can stand in front of. */
function statementAt(model: RunModel, offset: number): Range | null {
  const { text } = model;
  const found = allCommands(model).findLast(
    ({ shell: { range }, placed }) =>
      range.start <= offset && offset <= Math.max(range.end, lineEnd(text, range.start)) && placed.range.start <= offset,
  );
  if (!found) return null;
  if (found.placed.kind === 'markdown') {
    const fence = lineStart(text, lineStart(text, found.placed.range.start) - 1);
    return { start: fence, end: found.placed.range.end };
  }
  let start = lineStart(text, found.shell.range.start);
  while (start > found.placed.range.start && /\\\r?\n$/.test(text.slice(Math.max(0, start - 3), start))) start = lineStart(text, start - 1);
  while (text[start] === ' ' || text[start] === '\t') start++;
  return { start, end: found.shell.range.end };
}

/** What a comment covers: the commands of the line below it, or of the fence. */
function coveredBy(model: RunModel, comment: Comment): Range | null {
  const { text } = model;
  let at = comment.range.end;
  // further comments may stand between
  for (let newline = text.indexOf('\n', at); newline >= 0; newline = text.indexOf('\n', at)) {
    at = newline + 1;
    const line = text.slice(at, lineEnd(text, at)).trim();
    if (!line.startsWith('#') && !line.startsWith('<!--')) break;
  }
  const fence = model.isDocumentation
    ? model.scripts.find(({ range }) => range.start >= at && text.slice(at, range.start).trim().split('\n').length === 1)
    : undefined;
  if (model.isDocumentation) return fence ? { start: at, end: fence.range.end } : null;
  const commands = allCommands(model).filter(({ shell }) => {
    const statement = statementAt(model, shell.range.start);
    return statement !== null && lineStart(text, statement.start) === lineStart(text, at);
  });
  if (commands.length === 0) return null;
  return { start: at, end: Math.max(...commands.map(({ shell }) => shell.range.end)) };
}
