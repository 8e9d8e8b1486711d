import { readStream, type Result } from '../host/node/files';

/** Standard input has no size beforehand; no more of it is read. */
const maxStreamBytes = 64 << 20;

/** The bytes of standard input, or why they cannot be had. */
export type StandardInput = Result<Uint8Array>;

/** Reads standard input once, however often the command starts again. */
export function createStandardInput(known: StandardInput | null = null): { read(): StandardInput; readonly known: StandardInput | null } {
  let input = known;
  return {
    read: () => (input ??= readStream(0, maxStreamBytes)),
    get known() {
      return input;
    },
  };
}
