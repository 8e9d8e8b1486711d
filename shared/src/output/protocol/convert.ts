import type { PositionRange } from '../../base/text/line-table';

/** What a conversion writes. */
export type ConvertTarget = 'command' | 'compose' | 'kubernetes';

/**
 * The argument of the server's command `bulkhead.convertText`: a text that holds commands, or a place in an open document where a command or a
 * service of a Compose file stands. A place with a text: where the document shows nothing that can be converted, the command at that line of the text.
 */
export interface ConvertParams {
  readonly target: ConvertTarget;
  readonly text?: string;
  /** Of an open document: whose `position` is meant; beside `text`, the document whose configuration holds. */
  readonly uri?: string;
  readonly position?: { readonly line: number; readonly character: number };
  /** The text comes from a box of one line, which has taken its line breaks away. */
  readonly pasted?: boolean;
}

/** What comes of it; `null` in place of this: nothing at that place can be converted. */
export type ConvertResult =
  | {
      readonly ok: true;
      readonly text: string;
      readonly languageId: string;
      /** Where it might be kept. */
      readonly fileName: string;
      /** What came of it, in one line; `null`: there is nothing to say. */
      readonly summary: string | null;
      /** What was left out, is written otherwise, or has to be done: sentences without a final full stop. */
      readonly notes: readonly string[];
      /** Findings that the text still has. */
      readonly left: readonly { readonly rule: string; readonly message: string; readonly range: PositionRange }[];
    }
  | { readonly ok: false; readonly message: string };

/** The command of a client that opens what comes of a conversion by itself (`InitializationOptions.conversions`); its argument is `ConvertParams`. */
export const convertHereCommand = 'bulkhead.convertHere';
