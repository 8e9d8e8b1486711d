import { ErrorCodes, ResponseError, type CancellationToken, type CodeAction, type CodeActionParams } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { fileBytes, masked, type MaskedText, trusted } from '../../../shared/src/early';
import {
  convertCommands,
  convertService,
  type Converted,
  createGate,
  createLineTable,
  type Gate,
  maskAlone,
  type NotConverted,
  type OpenedFile,
} from '../../../shared/src/index';
import {
  convertHereCommand,
  type ConvertParams,
  type ConvertResult,
  type ConvertTarget,
} from '../../../shared/src/output/protocol/convert';
import { type Checked, settledDocument, type ServerContext } from '../session/context';
import type { MaskedAction } from '../lsp/gate';
import { joinUri, parentUri } from '../lsp/uri';
import { actionKinds, isAskedFor } from './action-kinds';
import { creationOf } from './create-file';
import { argumentFields } from '../lsp/document-messages';

type Convertible = ReturnType<OpenedFile['convertibles']>[number];

/** What an action carries to `codeAction/resolve`. */
export interface ConvertData {
  readonly uri: string;
  readonly version: number;
  readonly convert: keyof typeof offers;
  readonly offset: number;
}

/** How much of a line with a mistake a message quotes. */
const shownLength = 200;

const targets: readonly ConvertTarget[] = ['command', 'compose', 'kubernetes'];

/** What the light bulb offers: its title, and how the file ends that it makes. */
const offers = {
  compose: { title: 'convertCompose', ending: '.compose.yaml' },
  kubernetes: { title: 'convertKubernetes', ending: '.yaml' },
} as const;

/** What each thing may become by it: a command is hardened in place by its own fixes. */
const offered: Readonly<Record<Convertible['kind'], readonly (keyof typeof offers)[]>> = {
  command: ['compose', 'kubernetes'],
  service: ['kubernetes'],
};

/** Answers the command: a text, or what stands at a place; `null`: nothing there can be converted. */
export async function convertText(context: ServerContext, argument: unknown, token: CancellationToken): Promise<ConvertResult | null> {
  const { target, text: given, uri, position, pasted } = readParams(argument);
  const checked = uri === undefined || !position ? null : await settledDocument(context, context.documents.find(uri)?.uri ?? uri, token);
  const found = checked && position ? convertibleAt(checked, checked.document.offsetAt(position)) : null;
  if (checked && found) return answer(context, convertWith(context, checked, found, target));
  const text = given !== undefined && position ? commandAt(given, position.line) : pasted ? unwrapped(given) : given;
  if (text !== undefined) {
    // a text without a document has the settings of no folder
    const document = TextDocument.create(uri ?? 'untitled:command.sh', 'shellscript', 0, text);
    const scope = await context.scopes.resolve(document.uri);
    return answer(
      context,
      convertWith(context, { document, scope, check: context.checker.once(document, scope) }, { kind: 'command', text }, target),
    );
  }
  return null;
}

/** The command at a line of a text in whatever language: with the lines that continue it, or that it continues. */
function commandAt(text: string, at: number): string | undefined {
  const lines = text.split(/\r?\n/);
  const continues = (line: number): boolean => lines[line]?.trimEnd().endsWith('\\') ?? false;
  let [first, last] = [at, at];
  while (continues(first - 1)) first--;
  while (continues(last) && last + 1 < lines.length) last++;
  const found = lines.slice(first, last + 1).join('\n');
  return startsContainer.test(found) ? found : undefined;
}

/** A command that somebody sees in front of them. */
const startsContainer = /\b(?:docker|podman|nerdctl)\b.{0,200}\b(?:run|create)\b/;

/** What a box of one line makes of several: the line breaks are gone, and the backslashes in front of them continue nothing. */
function unwrapped(text: string | undefined): string | undefined {
  return text?.replace(/\\[ \t]{0,200}(?=-{1,2}[A-Za-z])|\\[ \t]{1,200}/g, ' ');
}

/** The actions for what stands under the cursor. */
export function convertActions(context: ServerContext, checked: Checked, { range, context: { only } }: CodeActionParams): MaskedAction[] {
  if (!isAskedFor(actionKinds.convert, only)) return [];
  const { document } = checked;
  const { support, conversions, say } = context;
  const parent = parentUri(document.uri);
  if (!conversions && !(support.createFiles && support.resolveEdits && parent !== null)) return [];
  const offset = document.offsetAt(range.start);
  const found = convertibleAt(checked, offset);
  if (!found) return [];
  return offered[found.kind].map((target): MaskedAction => {
    const title = say(offers[target].title);
    const action: MaskedAction = { title, kind: actionKinds.convert };
    const params: ConvertParams = { target, uri: document.uri, position: range.start };
    if (conversions) return { ...action, command: { title, command: convertHereCommand, arguments: [params] } };
    const data: ConvertData = { uri: document.uri, version: document.version, convert: target, offset };
    return { ...action, data };
  });
}

/** An action with the edit that creates the new file beside the document; without one where the place has changed, or cannot be converted. */
export async function resolveConversion(
  context: ServerContext,
  action: CodeAction,
  data: ConvertData,
  token: CancellationToken,
): Promise<CodeAction> {
  const checked = await settledDocument(context, data.uri, token);
  const parent = parentUri(data.uri);
  if (!checked || checked.document.version !== data.version || parent === null) return action;
  const found = convertibleAt(checked, data.offset);
  const made = found && convertWith(context, checked, found, data.convert);
  if (!found || !made) return action;
  if (!made.ok) {
    context.log.info(maskAlone(made.message));
    return action;
  }
  const name = found.name.replace(/[^\w-]{1,100}/g, '-');
  const uri = joinUri(parent, name + offers[data.convert].ending);
  return { ...action, edit: creationOf(uri, made.text) };
}

/** The command or the service around an offset: of several the smallest. */
export function convertibleAt({ check }: Checked, offset: number): Convertible | null {
  const around = check.opened.convertibles().filter(({ range }) => range.start <= offset && offset <= range.end);
  return around.sort((a, b) => a.range.end - a.range.start - (b.range.end - b.range.start))[0] ?? null;
}

function convertWith(
  { engine, words, watch }: ServerContext,
  { check }: Checked,
  what: Pick<Convertible, 'kind' | 'text'> & { readonly name?: string },
  target: ConvertTarget,
): Converted | NotConverted {
  const { file } = check.opened;
  const conversion = { engine, words, context: check.context };
  return watch.run<Converted | NotConverted>(
    file,
    () => (what.kind === 'command' ? convertCommands(what.text, target, conversion) : convertService(file, what.name ?? null, conversion)),
    () => ({ ok: false, message: 'Reading the input took too long', at: null }),
  );
}

function answer({ words, say }: ServerContext, made: Converted | NotConverted): ConvertResult {
  if (!made.ok) {
    const { message, at } = made;
    // the whole line tells what is secret in a piece of it
    const line = at && createGate({ text: at.text, findings: [] }).slice({ start: 0, end: Math.min(at.text.length, shownLength) });
    return { ok: false, message: line === null ? maskAlone(message) : masked`${maskAlone(message)}: ${line}` };
  }
  const { text, hardened, notes } = made;
  const lines = createLineTable(text);
  const gate: Gate = createGate({ text, findings: hardened.left.map(({ finding }) => finding) });
  const result: {
    readonly text: MaskedText;
    readonly notes: readonly MaskedText[];
    readonly left: readonly {
      readonly rule: MaskedText;
      readonly message: MaskedText;
      readonly range: ReturnType<typeof lines.positions>;
    }[];
  } = {
    text: fileBytes(text),
    notes: notes.map(note => gate.words(words.note(note))),
    left: hardened.left.map(({ finding }) => ({
      rule: trusted(finding.rule),
      message: gate.words(words.message(finding)),
      range: lines.positions(finding.range),
    })),
  };
  const noted = notes.length === 1 ? say('oneNote') : say('manyNotes', { count: notes.length });
  const left = result.left.length;
  // what is left may be the worst of it
  const converted =
    left === 0 ? say('convertedAll', { notes: noted }) : say(left === 1 ? 'convertedOne' : 'convertedMany', { count: left, notes: noted });
  const summary = notes.length + left === 0 ? null : converted;
  return { ok: true, languageId: made.languageId, fileName: made.fileName, summary, ...result };
}

/** The argument as it came from outside. */
function readParams(argument: unknown): ConvertParams {
  const { target, text, uri, position, pasted } = argumentFields<keyof ConvertParams>(argument);
  const wrong = (what: string): never => {
    throw new ResponseError(ErrorCodes.InvalidParams, what);
  };
  const chosen = targets.find(known => known === target) ?? wrong(`target must be one of ${targets.join(', ')}`);
  if (text !== undefined && typeof text !== 'string') wrong('text must be a string');
  if (uri !== undefined && typeof uri !== 'string') wrong('uri must be a string');
  const place = position as { readonly line?: unknown; readonly character?: unknown } | null | undefined;
  const isPlace = typeof place?.line === 'number' && typeof place.character === 'number';
  if (text === undefined && !(typeof uri === 'string' && isPlace)) wrong('text, or uri and position, must identify what to convert');
  return {
    target: chosen,
    ...(typeof text === 'string' && { text }),
    ...(typeof uri === 'string' && { uri }),
    ...(isPlace && { position: { line: place.line, character: place.character } }),
    ...(pasted === true && { pasted }),
  };
}
