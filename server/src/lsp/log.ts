import type { Connection } from 'vscode-languageserver';
import type { MaskedText } from '../../../shared/src/early';
import { type Gate, maskAlone } from '../../../shared/src/index';

/** The server's log, shown by the editor's output channel. Holds no credential of a document, whatever an error says, and no stack traces above `debug`. */
export interface Log {
  error(message: string): void;
  warn(message: string): void;
  info(message: string): void;
  debug(message: string): void;
  /** Logs what went wrong in `what`: one line as an error, the trace as debug. */
  failure(what: string, error: unknown): void;
}

/** A log over `window/logMessage`; `gates` are those of the documents that are open. */
export function createLog({ console }: Pick<Connection, 'console'>, gates: () => Iterable<Gate>): Log {
  const mask = (text: string): MaskedText => {
    let shown = maskAlone(text);
    for (const gate of gates()) shown = gate.mask(shown);
    return shown;
  };
  const log: Log = {
    error: message => console.error(mask(message)),
    warn: message => console.warn(mask(message)),
    info: message => console.info(mask(message)),
    debug: message => console.debug(mask(message)),
    failure: (what, error) => {
      log.error(`${what}: ${oneLine(error)}`);
      if (error instanceof Error && error.stack !== undefined) log.debug(error.stack);
    },
  };
  return log;
}

/** An error's message on one line of at most 300 characters. */
export function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\s+/g, ' ').slice(0, 300);
}
