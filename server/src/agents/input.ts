import { type MaskedText, trusted } from '../../../shared/src/early';
import { quote } from './answer';
import type { AgentInput } from './port';
import type { ToolArguments } from './read-arguments';

/** What the arguments of a call name; they were read. */
export function inputOf(args: ToolArguments, folders: boolean): AgentInput {
  const { text, filename, paths, path } = args as { text?: string; filename?: string; paths?: readonly string[]; path?: string };
  return text === undefined ? { paths: paths ?? [path!], folders } : { text, filename: filename! };
}

/** Arguments for another call on the same text, without the text; `null`: the call was about paths. */
export function textAgain({ text, filename }: ToolArguments): Readonly<Record<string, MaskedText>> | null {
  return text === undefined ? null : { filename: quote(trusted(filename as string)) };
}
