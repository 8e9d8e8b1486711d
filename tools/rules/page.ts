/** A rule page (`<rule>.md` beside the rule) read as test cases. CONTRIBUTING.md describes the grammar. */

/** What a fenced block's info string sets up. */
export interface BlockSetup {
  readonly language: string;
  readonly file: string | null;
  readonly profile: string | null;
  readonly kubernetes: string | null;
  readonly today: string | null;
  /** The owner of the repository whose top the files' folder is. */
  readonly owner: string | null;
  readonly options: Readonly<Record<string, unknown>> | null;
  readonly eol: '\n' | '\r\n';
  readonly bom: boolean;
  /** Ends without a line break (`no-final-newline`). */
  readonly chopped: boolean;
  /** In a Hardened block: the id of the fix that leads there. */
  readonly fix: string | null;
  /** In a Hardened block: the class of that fix. */
  readonly class: string | null;
  /** Image references whose digest is known. */
  readonly digests: ReadonlyMap<string, string>;
  /** Image references whose configuration claims what they were built on. */
  readonly bases: ReadonlyMap<string, string>;
  /** Trial runs by what they are of: what they found, as JSON, and with `since` the parts of what ran that have changed. */
  readonly trials: ReadonlyMap<string, string>;
}

/** A range in a block's stripped text, by line and character from 0, with the message that is expected there. */
export interface Mark {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
  readonly message: string;
}

/** One fenced block. */
export interface Block {
  readonly role: 'reported' | 'hardened' | 'accepted' | 'files';
  readonly setup: BlockSetup;
  /** The content as it stands, carets included, with `\n`. */
  readonly raw: string;
  /** The content without caret lines, with `\n` and a final line break (unless chopped). */
  readonly text: string;
  readonly marks: readonly Mark[];
  /** Lines of the page that hold the content: first, and one past the last, from 0. */
  readonly lines: readonly [number, number];
}

/** A heading with its blocks. */
export interface Case {
  readonly title: string;
  readonly blocks: readonly Block[];
  /** Behind the marker: tested, not shown in the docs. */
  readonly hidden: boolean;
}

/** A whole page. */
export interface Page {
  readonly title: string;
  readonly cases: readonly Case[];
  /** The part that docs and hover show. */
  readonly shown: string;
  /** The prose between the title and the first case. */
  readonly intro: string;
}

/** Cases behind this line are tested and not shown. */
export const hiddenMarker = '<!-- more cases -->';

const roles: Readonly<Record<string, Block['role']>> = { Reported: 'reported', Hardened: 'hardened', Accepted: 'accepted', Files: 'files' };

/** A caret line: `#` in column 0 where the range begins behind it, then carets under the range, then the message. */
const caretLine = /^(?:#| )? *(\^+)(?:\[to \+(\d+):(\d+)\])?(?: (.*))?$/;

/**
 * Reads a page.
 * @throws Error with a line number where the page does not follow the grammar
 */
export function parsePage(markdown: string): Page {
  const lines = markdown.replace(/\r\n/g, '\n').split('\n');
  const fail = (line: number, problem: string): never => {
    throw new Error(`line ${line + 1}: ${problem}`);
  };
  if (!lines[0]?.startsWith('# ')) fail(0, 'the page must begin with "# Title"');
  const cases: { title: string; blocks: Block[]; hidden: boolean }[] = [];
  let role: Block['role'] | null = null;
  let hidden = false;
  let introEnd = -1;
  let shownEnd = lines.length;
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i]!;
    if (line === hiddenMarker) {
      hidden = true;
      shownEnd = i;
      role = null;
      continue;
    }
    const heading = /^##+ (.+)$/.exec(line);
    if (heading) {
      cases.push({ title: heading[1]!, blocks: [], hidden });
      if (introEnd < 0) introEnd = i;
      role = null;
      continue;
    }
    const marker = /^\*\*(\w+)\*\*$/.exec(line);
    if (marker && roles[marker[1]!]) {
      role = roles[marker[1]!]!;
      continue;
    }
    const fence = /^(`{3,})(.*)$/.exec(line);
    if (!fence) continue;
    const close = lines.findIndex((l, at) => at > i && l === fence[1]);
    if (close < 0) fail(i, 'the fence is not closed');
    const current = cases.at(-1);
    if (role) {
      if (!current) fail(i, 'a tested block needs a heading before it');
      current!.blocks.push(readBlock(role, fence[2]!, lines.slice(i + 1, close), [i + 1, close]));
    }
    i = close;
  }
  return {
    title: lines[0]!.slice(2).trim(),
    cases,
    shown: lines.slice(0, shownEnd).join('\n').trim() + '\n',
    intro: lines
      .slice(1, introEnd < 0 ? shownEnd : introEnd)
      .join('\n')
      .trim(),
  };
}

function readBlock(role: Block['role'], info: string, content: readonly string[], at: readonly [number, number]): Block {
  const setup = parseSetup(info);
  const kept: string[] = [];
  const marks: Mark[] = [];
  for (const line of content) {
    const caret = role === 'reported' ? caretLine.exec(line) : null;
    if (!caret) {
      kept.push(line);
      continue;
    }
    const from = line.indexOf('^');
    const on = kept.length - 1;
    const [, carets, down, character, message] = caret;
    marks.push({
      start: { line: on, character: from },
      end: down === undefined ? { line: on, character: from + carets!.length } : { line: on + Number(down), character: Number(character) },
      message: message ?? '',
    });
  }
  return { role, setup, raw: content.join('\n'), text: kept.join('\n') + (setup.chopped ? '' : '\n'), marks, lines: at };
}

/** Reads an info string: a language, then words such as `file=a.yaml`, `bom`, `options={"x":1}`, `digest:node:20=sha256:...`, `built-on:app:1=debian:buster`, `trial:web={"readOnly":true}`. */
export function parseSetup(info: string): BlockSetup {
  const [language = '', ...words] = info.trim().split(/\s+/);
  const value = (name: string): string | null => words.find(w => w.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
  const known = ['file', 'profile', 'kubernetes', 'today', 'options', 'eol', 'fix', 'class', 'owner'];
  for (const word of words) {
    if (
      word === 'bom' ||
      word === 'no-final-newline' ||
      /^(?:digest|built-on|trial):/.test(word) ||
      known.some(k => word.startsWith(`${k}=`))
    )
      continue;
    throw new Error(`unknown word "${word}" in an info string`);
  }
  const options = value('options');
  return {
    language,
    file: value('file'),
    profile: value('profile'),
    kubernetes: value('kubernetes'),
    today: value('today'),
    owner: value('owner'),
    options: options === null ? null : (JSON.parse(options) as Record<string, unknown>),
    eol: value('eol') === 'crlf' ? '\r\n' : '\n',
    bom: words.includes('bom'),
    chopped: words.includes('no-final-newline'),
    fix: value('fix'),
    class: value('class'),
    digests: ofReferences(words, 'digest:'),
    bases: ofReferences(words, 'built-on:'),
    trials: ofReferences(words, 'trial:', word => word.indexOf('=')),
  };
}

/** What words such as `digest:node:20=sha256:...` say of references. */
function ofReferences(
  words: readonly string[],
  prefix: string,
  endOf = (word: string): number => word.lastIndexOf('='),
): ReadonlyMap<string, string> {
  return new Map(
    words
      .filter(word => word.startsWith(prefix))
      .map(word => {
        const at = endOf(word);
        return [word.slice(prefix.length, at), word.slice(at + 1)] as const;
      }),
  );
}

/** The line that marks a finding under its line, as `parsePage` reads it back. */
export function printMark(mark: Mark): string {
  const width = mark.end.line === mark.start.line ? Math.max(1, mark.end.character - mark.start.character) : 1;
  const to =
    mark.end.line === mark.start.line && mark.end.character > mark.start.character
      ? ''
      : `[to +${mark.end.line - mark.start.line}:${mark.end.character}]`;
  const indent = mark.start.character === 0 ? '' : '#' + ' '.repeat(mark.start.character - 1);
  return `${indent}${'^'.repeat(width)}${to}${mark.message === '' ? '' : ` ${mark.message}`}`;
}

/** The text of a block as a file has it: line breaks and byte order mark applied. */
export function fileText(block: Pick<Block, 'text' | 'setup'>, eol: '\n' | '\r\n' = block.setup.eol): string {
  return (block.setup.bom ? '\ufeff' : '') + (eol === '\n' ? block.text : block.text.replace(/\n/g, '\r\n'));
}
