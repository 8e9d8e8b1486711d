import { interpreterOf } from '../../../../syntax/shell/interpreter';
import { parseScript } from '../../../../syntax/shell/script';
import type { Comment } from '../../../../base/text/comment';
import { scriptBuilder } from '../../../../syntax/shell/script-builder';
import type { PlacedScript } from '../types';

/** Languages of fences that hold commands. */
const shells = /^(?:|sh|bash|zsh|shell|console|shell-session|shellsession|terminal|sh-session|text)$/;

/** A line of a text. */
interface Line {
  readonly start: number;
  readonly end: number;
}

/** Fences of Markdown that hold commands, with prompts taken off. */
export function markdownScripts(text: string): readonly PlacedScript[] {
  const scripts: PlacedScript[] = [];
  let fence: { readonly mark: string; readonly language: string; readonly lines: Line[] } | null = null;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    const line = text.slice(start, Math.min(end, start + 400));
    const mark = /^[ \t>]{0,40}(`{3,20}|~{3,20})[ \t]*([\w-]{0,40})/.exec(line);
    if (fence === null) {
      if (mark) fence = { mark: mark[1]!, language: mark[2]!.toLowerCase(), lines: [] };
    } else if (mark && mark[1]!.startsWith(fence.mark) && mark[2] === '') {
      if (shells.test(fence.language)) scripts.push(...inFence(text, fence.lines, fence.language));
      fence = null;
    } else fence.lines.push({ start, end: end > start && text[end - 1] === '\r' ? end - 1 : end });
    start = newline < 0 ? text.length : newline + 1;
  }
  return scripts;
}

const prompt = /^[ \t]{0,40}(?:[\w.@~:-]{0,60}[$#%]|PS[^>\n]{0,60}>|>)[ \t]+/;

function inFence(text: string, lines: readonly Line[], language: string): readonly PlacedScript[] {
  const [first] = lines;
  const last = lines.at(-1);
  if (!first || !last) return [];
  const told = lines.some(line => /^[ \t]{0,40}\$[ \t]/.test(text.slice(line.start, line.start + 60)));
  const hasPrompts = told || /^(?:console|shell-session|shellsession|sh-session|terminal)$/.test(language);
  if (!hasPrompts && (language === '' || language === 'text')) {
    // a fence of no language is anything: it has to begin with a command
    const opening = lines.find(({ start, end }) => end > start);
    if (!opening || !/^[ \t]{0,40}(?:sudo[ \t]+)?(?:docker|podman|nerdctl)[ \t]/.test(text.slice(opening.start, opening.end))) return [];
  }
  const builder = scriptBuilder(text);
  let goesOn = false;
  for (const { start, end } of lines) {
    const line = text.slice(start, end);
    const front = prompt.exec(line.slice(0, 200));
    const isCommand: boolean = goesOn || !hasPrompts || front !== null;
    if (isCommand) builder.keep(start + (!goesOn && hasPrompts && front ? front[0].length : 0), Math.min(end + 1, text.length));
    goesOn = isCommand && /\\[ \t]*(?:#.{0,300})?$/.test(line);
  }
  const script = parseScript(builder.done(), interpreterOf(['sh']));
  return [{ kind: 'markdown', script, locked: null, range: { start: first.start, end: last.end }, lines: true }];
}

/** Comments of HTML that have a line of their own; their ranges end before the mark that closes them. */
export function markdownComments(text: string): readonly Comment[] {
  const comments: Comment[] = [];
  for (let at = text.indexOf('<!--'), close; at >= 0; at = text.indexOf('<!--', close)) {
    close = text.indexOf('-->', at + 4);
    if (close < 0) break;
    const written = text.slice(at, close).trimEnd();
    const end = at + Math.max(4, written.length);
    if (isLineStart(text, at) && !written.includes('\n'))
      comments.push({ range: { start: at, end }, text: text.slice(at + 4, end).trim(), ownLine: true });
  }
  return comments;
}

/** Whether nothing but a few blanks stands in front of an offset in its line. */
function isLineStart(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - mostIndent), at);
  const start = before.lastIndexOf('\n') + 1;
  return (start > 0 || at <= mostIndent) && before.slice(start).trim() === '';
}

const mostIndent = 100;
