import type * as Ast from 'dockerfile-ast';
import type * as AstDockerfile from 'dockerfile-ast/lib/dockerfile';
import type * as AstUtil from 'dockerfile-ast/lib/util';
import { createLineTable, type PositionRange } from '../../../base/text/line-table';
import { range, type Range } from '../../../base/text/range';

/**
 * Evaluates a module of the package when it is called, and not before: as `require` of a bundle does, which holds every module in a function.
 * An `import` would evaluate it at each start, for the sake of a text that may never be fixed.
 */
declare const require: ((id: 'dockerfile-ast') => typeof Ast) &
  ((id: 'dockerfile-ast/lib/dockerfile') => typeof AstDockerfile) &
  ((id: 'dockerfile-ast/lib/util') => typeof AstUtil);

/** An instruction as dockerfile-ast reads it. Ranges are half-open offsets in the text. */
export interface SecondReading {
  /** Upper case. */
  readonly keyword: string;
  readonly keywordRange: Range;
  /** From the keyword to the end of the last line, with the heredocs that it sees. */
  readonly range: Range;
  readonly flags: readonly { readonly name: string; readonly range: Range }[];
  /** What stands between blanks after keyword and flags; of a heredoc's lines, too. */
  readonly words: readonly Range[];
  /** The strings of an exec form; none for another form. */
  readonly strings: readonly Range[];
  /** The words of ENV, LABEL and ARG, whose blanks may be quoted; none for other instructions. */
  readonly pairs: readonly Range[];
  /** What an ONBUILD holds. */
  readonly trigger: SecondReading | null;
}

let loaded: typeof Ast.DockerfileParser | null = null;

function loadParser(): typeof Ast.DockerfileParser {
  if (loaded) return loaded;
  // It asks the Buffer of Node for the bytes of a byte order mark. A browser has none, and the text that it gets here never begins with one.
  require('dockerfile-ast/lib/util').Util.isUTF8BOM = () => false;
  // It looks for the stage of every comment in every stage, which is quadratic, and nobody asks for it here.
  require('dockerfile-ast/lib/dockerfile').Dockerfile.prototype.organizeComments = () => undefined;
  return (loaded = require('dockerfile-ast').DockerfileParser);
}

/** Reads a Dockerfile with dockerfile-ast, which is loaded by the first call; `null` where it gives up. */
export function readWithSecondParser(text: string): readonly SecondReading[] | null {
  const base = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const plain = text.slice(base);
  const lines = createLineTable(plain);
  const place = ({ start, end }: PositionRange): Range => range(lines.offset(start) + base, lines.offset(end) + base);
  try {
    return loadParser()
      .parse(plain)
      .getInstructions()
      .map(instruction => readInstruction(instruction, place));
  } catch {
    return null;
  }
}

/** An instruction with what only some of them have. */
type AnyInstruction = Ast.Instruction &
  Partial<
    Pick<Ast.ModifiableInstruction, 'getFlags'> &
      Pick<Ast.JSONInstruction, 'getJSONStrings'> &
      Pick<Ast.PropertyInstruction, 'getPropertyArguments'> &
      Pick<Ast.Onbuild, 'getTriggerInstruction'>
  >;

function readInstruction(instruction: AnyInstruction, place: (range: PositionRange) => Range, isTrigger = false): SecondReading {
  const places = (tokens: readonly { getRange(): PositionRange }[] = []): readonly Range[] => tokens.map(token => place(token.getRange()));
  // One level, as BuildKit has it: a file of ONBUILD ONBUILD ... would take time with the square of its length.
  const trigger = (!isTrigger && instruction.getTriggerInstruction?.()) || null;
  return {
    keyword: instruction.getKeyword(),
    keywordRange: place(instruction.getInstructionRange()),
    range: place(instruction.getRange()),
    flags: (instruction.getFlags?.() ?? []).map(flag => ({ name: flag.getName(), range: place(flag.getRange()) })),
    words: places(instruction.getArguments()),
    strings: places(instruction.getJSONStrings?.()),
    pairs: places(instruction.getPropertyArguments?.()),
    trigger: trigger && readInstruction(trigger, place, true),
  };
}
