import type { Range } from '../../../base/text/range';
import { interpreterOf, shebangOf } from '../../../syntax/shell/interpreter';
import { mappedSlice, sourceOffset, type MappedText } from '../../../syntax/shell/mapped-text';
import { parseExec, parseScript } from '../../../syntax/shell/script';
import type { Interpreter, ShellCommand, ShellScript, ShellWord } from '../../../syntax/shell/types';
import { unreached } from '../../../base/text/reach';
import { readsStandardInput } from '../../../syntax/shell/wrappers';
import { pragmaShell } from './shell-pragma';
import type { DockerfileModel, Heredoc, Instruction, RunCommand, Stage, Word } from './types';

/**
 * The scripts of RUN, CMD, ENTRYPOINT or HEALTHCHECK: the shell form, heredocs that a shell runs, or the one command of an exec form with
 * what it runs in turn. Parsed once for each instruction. Shells other than POSIX ones give scripts without commands.
 */
export function scriptsOf(instruction: Instruction): readonly ShellScript[] {
  return instruction.scripts;
}

/** The shell that runs shell forms at a place: SHELL, a comment that promises one, or the default of the platform. For `reach` it is part of the instruction. */
export function shellAt(instruction: Instruction): Interpreter {
  return unreached(() => {
    const words = pragmaShell(instruction) ?? instruction.stateBefore?.shell?.words;
    return interpreterOf(words ?? (instruction.stage?.windows ? ['cmd', '/S', '/C'] : ['/bin/sh', '-c']));
  });
}

/** Every command of a RUN, in order. */
export function runCommands(instruction: Instruction): readonly RunCommand[] {
  return instruction.commands;
}

/** Lists the commands of an instruction; `instruction.commands` keeps them. */
export function readCommands(instruction: Instruction): readonly RunCommand[] {
  return scriptsOf(instruction).flatMap(script => script.commands.map(command => new RunCommandView(instruction, script, command)));
}

class RunCommandView implements RunCommand {
  constructor(
    readonly instruction: Instruction,
    readonly script: ShellScript,
    readonly command: ShellCommand,
  ) {}

  get file(): DockerfileModel {
    return this.instruction.file;
  }

  get stage(): Stage | null {
    return this.instruction.stage;
  }
}

/** Parses the scripts of an instruction; `instruction.scripts` keeps them. */
export function readScripts(instruction: Instruction): readonly ShellScript[] {
  const { execForm: json, script: text } = instruction;
  if (json !== null) {
    const words = json.map(word => execWord(word, instruction.logical));
    return [parseExec(words, instruction.logical)];
  }
  if (text === null) return [];
  const shell = shellAt(instruction);
  if (instruction.heredocs.length === 0 || instruction.keyword !== 'RUN') return [parseScript(text, shell)];
  // A heredoc alone is the script itself; beside a command it is that command's standard input.
  const [first] = instruction.heredocs;
  if (instruction.heredocs.length === 1 && isAlone(text, first!)) {
    return [parseScript(heredocText(first!), shebangOf(first!.stripTabs ? first!.content.replace(/^\t+/, '') : first!.content) ?? shell)];
  }
  const script = parseScript(text, shell);
  const fed = instruction.heredocs.flatMap(heredoc => {
    const reader = script.commands.find(command => isFed(command, heredoc));
    if (reader?.name == null) return [];
    const interpreter = interpreterOf([reader.name, ...reader.args.map(arg => arg.text ?? '')]);
    return interpreter.dialect === 'posix' && readsStandardInput(reader.args)
      ? [parseScript(heredocText(heredoc), interpreter, reader)]
      : [];
  });
  return [script, ...fed];
}

/** The here-documents of an instruction that are files or another program's input: those that are scripts have their commands seen. */
export function documentsOf(instruction: Instruction): readonly MappedText[] {
  const scripts = instruction.keyword === 'RUN' ? scriptsOf(instruction) : [];
  return instruction.heredocs
    .filter(({ bodyRange }) => !scripts.some(({ range }) => range.start >= bodyRange.start && range.end <= bodyRange.end))
    .map(heredocText);
}

function isAlone(text: MappedText, heredoc: Heredoc): boolean {
  return sourceOffset(text, 0) === heredoc.range.start && sourceOffset(text, text.text.length - 1) === heredoc.range.end - 1;
}

/** Whether a heredoc is the standard input of a command, innermost for a wrapper. */
function isFed(command: ShellCommand, heredoc: Heredoc): boolean {
  const covers = (place: Range): boolean => place.start <= heredoc.range.start && heredoc.range.end <= place.end;
  return (
    command.inner === null && command.redirections.some(redirection => redirection.operator.startsWith('<<') && covers(redirection.range))
  );
}

function heredocText(heredoc: Heredoc): MappedText {
  return mappedSlice(heredoc.content, heredoc.bodyRange.start);
}

/** A JSON string as a word: no shell looks at it, so its value is what it says. */
function execWord(word: Word, logical: MappedText): ShellWord {
  return {
    text: word.text,
    raw: word.raw,
    range: word.range,
    quoted: true,
    variables: [],
    substitutions: [],
    mapped: () => decodeJson(word, logical),
  };
}

/** The value of a JSON string with the place of each character. */
function decodeJson(word: Word, logical: MappedText): MappedText {
  const starts: number[] = [];
  const sources: number[] = [];
  let length = 0;
  for (let at = 1; at < word.raw.length - 1 && length < word.text.length;) {
    const escape = word.raw[at] !== '\\' ? 1 : word.raw[at + 1] === 'u' ? 6 : 2;
    // An escaped character stands where the character itself does, behind its backslash.
    const source = sourceOffset(logical, word.offset + at + (escape === 2 ? 1 : 0));
    const last = starts.length - 1;
    if (last < 0 || source !== sources[last]! + length - starts[last]!) {
      starts.push(length);
      sources.push(source);
    }
    at += escape;
    length++;
  }
  if (starts.length === 0) return { text: word.text, starts: [0], sources: [word.range.start] };
  return { text: word.text, starts, sources };
}
