import { type MaskedText, trusted } from '../../../shared/src/early';
import { fill, type WordBundle } from '../../../shared/src/index';
import { editorTexts } from './editor-texts';

/** The name of one of `editorTexts`. */
export type EditorText = keyof typeof editorTexts;

/** Gives one of the server's own texts in the user's language, filled with what a gate let through. */
export type Say = (text: EditorText, data?: Readonly<Record<string, MaskedText | number>>) => MaskedText;

/** Texts from an optional translation. */
export function createSay(bundle: WordBundle = {}): Say {
  return (text, data = {}) => trusted(fill(bundle[`editor/${text}`] ?? editorTexts[text], data));
}
