import type { Connection } from 'vscode-languageserver';

/** The server's log, shown by the editor's output channel. Never holds document text, and no stack traces above `debug`. */
export interface Log {
  error(message: string): void;
  warn(message: string): void;
  info(message: string): void;
  debug(message: string): void;
  /** Logs what went wrong in `what`: one line as an error, the trace as debug. */
  failure(what: string, error: unknown): void;
}

/** A log over `window/logMessage`. */
export function createLog({ console }: Pick<Connection, 'console'>): Log {
  const log: Log = {
    error: message => console.error(message),
    warn: message => console.warn(message),
    info: message => console.info(message),
    debug: message => console.debug(message),
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
