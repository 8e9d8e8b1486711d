import { renderComment } from '../family/comment-edits';
import { footholdOf } from '../../rule/checks/container/foothold';
import type { Part } from '../family/part';
import type { Piece } from '../family/types';
import type { ObjectRef } from '../../rule/finding/types';
import type { CommandOperation, Operation } from '../../rule/fix/types';
import { effectiveContainer } from '../../rule/container/effective';
import { trialOfContainer } from '../../rule/container/service';
import { namedImage } from '../../syntax/image/name';
import { parseDocument } from '../../syntax/yaml/parse';
import { renderCommands } from './fix/render';
import { verifyCommands } from './fix/verify';
import { verifyCommandsEach } from './fix/verify-each';
import { readModel } from './model/read';
import { containersOf } from './model/view';
import type { RunModel } from './model/types';
import { commandOf, visitRun } from './model/visit';
import { coveredBy, statementAt } from './statements';

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
    footholds: workspace => containersOf(model).flatMap(container => footholdOf(container, refOf(container), workspace) ?? []),
    trials: workspace => containersOf(model).flatMap(container => trialOfContainer(container, { workspace }) ?? []),
    effective: workspace => containersOf(model).map(container => effectiveContainer(container, workspace)),
    objectOf: view => refOf(view),
    namesOf: view => {
      const container = commandOf(view);
      return container ? { container: container.name } : {};
    },
    scopeOf: view => commandOf(view)?.name ?? '',
    isOneShot: view => commandOf(view)?.purpose === 'one-shot',
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

/** Scripts of which no command is known although they make a container. */
function shortfallsOf({ scripts }: RunModel): Part['shortfalls'] {
  const unread = scripts.filter(({ script }) => script.unread && engineWord.test(script.text.text));
  return unread.slice(0, 1).map(({ range }) => ({ id: 'script', range: { start: range.start, end: range.start }, count: unread.length }));
}

/** An engine, and on the same line what makes a container, or does something in one as another user. */
const engineWord = /\b(?:docker|podman|nerdctl)\b[^\n]{0,200}\b(?:run|create)\b|\b(?:docker|podman|nerdctl)[ \t]+exec[ \t]+[^\n]{0,80}-u/;

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
  const named = namedImage(container?.image?.text);
  return container && { document: 0, kind: 'command', name: container.name, container: container.name, path: '', ...named };
}
