import type { Severity } from '../../base/terms/types';
import { restyled, type MaskedText } from './masked-text';

/** Colours of a terminal, or none. */
export interface Paint {
  readonly bold: (text: MaskedText) => MaskedText;
  readonly dim: (text: MaskedText) => MaskedText;
  readonly severity: (severity: Severity, text: MaskedText) => MaskedText;
  readonly added: (text: MaskedText) => MaskedText;
  readonly removed: (text: MaskedText) => MaskedText;
}

const codes: Readonly<Record<Severity, number>> = { error: 31, warning: 33, info: 36, hint: 35 };

/** Paints with ANSI sequences, or leaves text as it is. */
export function createPaint(enabled: boolean): Paint {
  const sgr = (on: number, off: number) => (text: MaskedText) =>
    enabled && text !== '' ? restyled(text, shown => `\u001b[${on}m${shown}\u001b[${off}m`) : text;
  return {
    bold: sgr(1, 22),
    dim: sgr(2, 22),
    severity: (severity, text) => sgr(codes[severity], 39)(text),
    added: sgr(32, 39),
    removed: sgr(31, 39),
  };
}
