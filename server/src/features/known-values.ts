import { CompletionItemKind, type CompletionItem, type CompletionParams, type TextEdit } from 'vscode-languageserver';
import { type Finding, parseImageReference, supportedTags, withoutEnd } from '../../../shared/src/index';
import { gateOfCheck } from '../lsp/gate';
import type { Checked, ServerContext } from '../session/context';
import { hardenObject } from './harden-object';

/** Where what precedes the cursor asks for something that is known: its words, and how many of the last characters they replace. */
type Place = (found: RegExpExecArray, context: ServerContext, checked: Checked) => readonly Known[];

interface Known {
  readonly label: string;
  readonly detail: string;
  /** What is typed already. */
  readonly typed: string;
}

const image = String.raw`(?:^[ \t]*FROM[ \t]+(?:--platform=\S{1,80}[ \t]+)?|^[ \t]*(?:-[ \t]+)?["']?image["']?:[ \t]+["']?)`;
const name = String.raw`([a-z0-9][\w.:/-]{0,250})`;

const places: readonly (readonly [RegExp, Place])[] = [
  [
    // regex: like /^[ \t]*FROM[ \t]+([a-z0-9][\w./-]{0,250}):([\w.-]{0,128})$/i
    new RegExp(`${image}([a-z0-9][\\w./-]{0,250}):([\\w.-]{0,128})$`, 'i'),
    ([, repository = '', typed = ''], _context, { check }) =>
      supportedTags(repository, check.context.today).map(({ tag, until }) => ({
        label: tag,
        detail: until === null ? '' : `until ${until}`,
        typed,
      })),
  ],
  [
    // regex: like /^[ \t]*FROM[ \t]+([a-z0-9][\w.:/-]{0,250})@([\w:]{0,80})$/i
    new RegExp(`${image}${name}@([\\w:]{0,80})$`, 'i'),
    ([, reference = '', typed = ''], { digests }) => {
      if (parseImageReference(reference).invalid !== null) return [];
      const known = digests?.last(reference);
      return known ? [{ label: known.digest, detail: reference, typed }] : [];
    },
  ],
  [/^[ \t]*(?:-[ \t]+)?uses:[ \t]+["']?([\w.-]{1,100}\/[\w./-]{1,200})@([\w.-]{0,64})$/, commitsOf],
];

/** The commits of an action that open documents name with their versions: no registry is asked. */
function commitsOf([, action = '', typed = '']: RegExpExecArray, { documents }: ServerContext): readonly Known[] {
  const found = new Map<string, Known>();
  for (const document of documents.all()) {
    const text = document.getText();
    for (let at = text.indexOf(`${action}@`); at >= 0 && found.size < 20; at = text.indexOf(`${action}@`, at + 1)) {
      const rest = text.slice(at + action.length + 1, at + action.length + 121);
      const [, commit, version = ''] = /^([0-9a-f]{40})(?:["']?[ \t]+#[ \t]*(v?\d[\w.-]{0,30}))?/.exec(rest) ?? [];
      if (commit !== undefined && !/[\w./-]/.test(text[at - 1] ?? ' ')) found.set(commit, { label: commit, detail: version, typed });
    }
  }
  return [...found.values()];
}

/** What of the place is known better here than a schema could tell: supported tags, digests and commits, users of the image, what a container needs. */
export function knownValues(context: ServerContext, checked: Checked, { position }: CompletionParams, prefix: string): CompletionItem[] {
  const { document, check } = checked;
  const offset = document.offsetAt(position);
  const gate = gateOfCheck(check);
  const item = (label: string, detail: string, textEdit: TextEdit, index: number): CompletionItem => ({
    label: gate.mask(label),
    ...(detail !== '' && { detail: gate.mask(detail) }),
    kind: CompletionItemKind.Value,
    // as they are here, the newest first
    sortText: String(index).padStart(3, '0'),
    textEdit,
  });
  const at = (length: number): TextEdit['range'] => ({
    start: { line: position.line, character: position.character - length },
    end: position,
  });
  for (const [pattern, known] of places) {
    const found = pattern.exec(prefix);
    if (found)
      return known(found, context, checked).map(({ label, detail, typed }, i) =>
        item(label, detail, { range: at(typed.length), newText: label }, i),
      );
  }
  if (/^[ \t]*USER[ \t]/i.test(prefix))
    return check.opened
      .choices(check.context, offset)
      .map(({ range, text, detail }, i) => item(text, detail, { range: at(offset - range.start), newText: text }, i));
  return /^[ \t]*(?:-[ \t]+)?securityContext:[ \t]*$/.test(prefix) ? securityContexts(context, checked, offset) : [];
}

/** After `securityContext:`: what harden would put there, of the container that the place is in. */
function securityContexts({ say }: ServerContext, checked: Checked, offset: number): CompletionItem[] {
  const { document, check } = checked;
  const containers = check.opened.outline().flatMap(({ children }) => children);
  // the place may be past the end of a map whose last value is empty
  const container = containers.findLast(({ range }) => range.start <= offset);
  const isOf = ({ object, range }: Finding): boolean =>
    container !== undefined &&
    object !== null &&
    object.container === container.name &&
    container.range.start <= range.start &&
    range.end <= container.range.end;
  const object = check.findings.find(isOf)?.object;
  if (!container || !object) return [];
  const { line } = document.positionAt(offset);
  const end = document.offsetAt({ line: line + 1, character: 0 });
  // harden writes into the map that is empty so far: below it, and nowhere else
  const edits = hardenObject(checked, object, container.name).edits.filter(({ range }) => offset <= range.start && range.end <= end);
  const [edit] = edits;
  if (edits.length !== 1 || !edit) return [];
  const text = edit.range.start === end ? `\n${edit.newText.replace(/\r?\n$/, '')}` : edit.newText;
  const rest = { start: document.positionAt(offset), end: document.positionAt(Math.min(edit.range.end, lineEnd(document, line))) };
  return [
    {
      label: 'securityContext',
      detail: say('container'),
      kind: CompletionItemKind.Snippet,
      preselect: true,
      textEdit: { range: rest, newText: text },
    },
  ];
}

const lineEnd = (document: Checked['document'], line: number): number => {
  const text = document.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } });
  return document.offsetAt({ line, character: withoutEnd(text, '\r\n').length });
};
