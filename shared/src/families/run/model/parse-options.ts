import { flagsOf, type EngineProgram, type RunFlag } from '../../../knowledge/run-flags';

/** A word of a command line, as far as it is known. */
export interface OptionWord {
  /** The value; `null` where variables or substitutions decide it. */
  readonly text: string | null;
  /** The value with variables and substitutions in it as they are written. */
  readonly shown: string;
  /** Whether the shell may make several words of it, or none. */
  readonly splits: boolean;
}

/** A flag as it is given. */
export interface GivenOption {
  readonly flag: RunFlag;
  /** With its dashes, as written: `--net`, `-p`. */
  readonly written: string;
  /** `null`: not known. Of a switch `true` and `false`, or what is wrongly given. */
  readonly value: string | null;
  /** As written, variables included. */
  readonly shown: string;
  /** Index of the word with the flag. */
  readonly word: number;
  /** Index of the word with the value: the same where it is attached. */
  readonly valueWord: number;
  /** Where in that word's value the flag's value begins. */
  readonly valueStart: number;
  /** Of a bundle of letters (`-itp`) the place of this one in its word; `null`: the flag has the word to itself. */
  readonly letter: number | null;
}

/** Why the client refuses a command. */
export interface OptionProblem {
  readonly kind: 'unknown-flag' | 'missing-value' | 'no-image';
  /** As written: `--unknown`, `-z`. */
  readonly flag: string;
  readonly word: number;
}

/** The words behind `run`. */
export interface ParsedOptions {
  readonly options: readonly GivenOption[];
  /** Index of the image's word; `null`: there is none. What follows is the container's. */
  readonly image: number | null;
  /** Whether a word among the options may be several: what is absent may be there. */
  readonly open: boolean;
  /** Words that may be several, by index. */
  readonly unknown: readonly number[];
  /** The first thing that the client stops at; what follows is not read. */
  readonly problem: OptionProblem | null;
  /** Whether `--help` makes the client print its help and nothing else. */
  readonly help: boolean;
}

/** A variable that is named for an image, so that it is one. */
const imageName = /IMAGE|TAG|NAME|REPO|IMG/;

/** Where a look at the words has come to. */
interface Look {
  readonly words: readonly OptionWord[];
  readonly table: ReturnType<typeof flagsOf>;
  readonly options: GivenOption[];
  readonly unknown: number[];
  at: number;
}

/** Takes the value of a flag: what is attached, else the next word. */
function takeValue(look: Look, flag: RunFlag, written: string, letter: number | null, attached: number | null): OptionProblem | null {
  const { words, options, at: word } = look;
  if (attached !== null) {
    const { text, shown: whole } = words[word]!;
    const shown = whole.slice(attached);
    const value = text === null ? literal(shown) : text.slice(attached);
    options.push({ flag, written, value, shown, word, valueWord: word, valueStart: attached, letter });
    return null;
  }
  const next = words[word + 1];
  if (!next) return { kind: 'missing-value', flag: written, word };
  look.at++;
  options.push({ flag, written, value: next.text, shown: next.shown, word, valueWord: look.at, valueStart: 0, letter });
  return null;
}

/** Reads `--name`, `--name=value` or `--name value`. */
function readLong(look: Look, { shown, text }: OptionWord): OptionProblem | null {
  const { at } = look;
  const equals = shown.indexOf('=');
  const name = equals < 0 ? shown.slice(2) : shown.slice(2, equals);
  if (text === null && (equals < 0 || !isLiteral(name))) {
    look.unknown.push(at);
    return null;
  }
  const flag = look.table.long(name);
  if (!flag) return { kind: 'unknown-flag', flag: `--${name}`, word: at };
  if (flag.kind !== 'switch') return takeValue(look, flag, `--${name}`, null, equals < 0 ? null : equals + 1);
  const given = equals < 0 ? 'true' : shown.slice(equals + 1);
  const value = text === null ? literal(given) : given;
  look.options.push({ flag, written: `--${name}`, value, shown: given, word: at, valueWord: at, valueStart: equals + 1, letter: null });
  return null;
}

/** Reads `-it`, `-p80`, `-p=80` or `-p 80`. */
function readShort(look: Look, { shown, text }: OptionWord): OptionProblem | null {
  const { at } = look;
  for (let i = 1; i < shown.length; i++) {
    const letter = shown[i]!;
    if (text === null && (letter === '$' || letter === '`')) {
      look.unknown.push(at);
      return null;
    }
    const flag = look.table.short(letter);
    if (!flag) return { kind: 'unknown-flag', flag: `-${letter}`, word: at };
    const isLast = shown[i + 1] === '=';
    if (flag.kind !== 'switch') {
      const attached = isLast ? i + 2 : i + 1;
      return takeValue(look, flag, `-${letter}`, i, attached <= shown.length && i + 1 < shown.length ? attached : null);
    }
    const given = isLast ? shown.slice(i + 2) : 'true';
    const value = text === null && isLast ? literal(given) : given;
    look.options.push({ flag, written: `-${letter}`, value, shown: given, word: at, valueWord: at, valueStart: i + 2, letter: i });
    if (isLast) return null;
  }
  return null;
}

/** Reads the words behind `run` or `create` as the client does (pflag, options end at the first word that is none). */
export function parseOptions(program: EngineProgram, words: readonly OptionWord[]): ParsedOptions {
  const look: Look = { words, table: flagsOf(program), options: [], unknown: [], at: 0 };
  const { options, unknown } = look;
  const done = (image: number | null, problem: OptionProblem | null = null): ParsedOptions => ({
    options,
    image,
    open: unknown.length > 0,
    unknown,
    problem: problem ?? (image === null ? { kind: 'no-image', flag: '', word: words.length } : null),
    help: options.some(({ flag }) => flag.name === 'help'),
  });
  for (; look.at < words.length; look.at++) {
    const { at } = look;
    const word = words[at]!;
    const { shown } = word;
    if (word.text === '--') return done(at + 1 < words.length ? at + 1 : null);
    if (!shown.startsWith('-') || shown === '-') {
      if (!word.splits || isImage(word, at === words.length - 1)) return done(at);
      unknown.push(at);
      continue;
    }
    const problem = shown.startsWith('--') ? readLong(look, word) : readShort(look, word);
    if (problem) return done(null, problem);
  }
  return done(null);
}

/** Whether a text holds nothing that the shell fills in. */
function isLiteral(text: string): boolean {
  return !/[$`]/.test(text);
}

function literal(text: string): string | null {
  return isLiteral(text) ? text : null;
}

/** Whether a word that the shell may split is the image all the same. */
function isImage({ shown }: OptionWord, last: boolean): boolean {
  // what begins with text of its own cannot vanish: example.com/app:$TAG
  if (!/^[$`]/.test(shown)) return true;
  const variable = /^\$[{(]{0,2} {0,2}(?:[a-z]{1,20}\.){0,4}([A-Za-z_]\w*)/.exec(shown)?.[1]?.toUpperCase();
  if (variable !== undefined && imageName.test(variable) && !/(?:OPTION|OPT|ARG|FLAG|PARAM)S?$/.test(variable)) return true;
  // a reference that is put together of variables: $REGISTRY/app:$TAG
  return last ? !/^\$(?:[@*]|\{[^}]*[@*]\]?\})$/.test(shown) : /^[/:]/.test(afterFirst(shown));
}

/** What follows the variable or command at the start of a word: `/app` of `$(shell cut -d = -f 2 .env)/app`. */
function afterFirst(shown: string): string {
  const closing = ({ '(': ')', '{': '}' } as const)[shown[1]!];
  if (closing === undefined) return shown.replace(/^\$[A-Za-z_]\w*/, '');
  let depth = 0;
  for (let at = 1; at < shown.length; at++) {
    if (shown[at] === shown[1]) depth++;
    else if (shown[at] === closing && --depth === 0) return shown.slice(at + 1);
  }
  return '';
}
