import type { Severity } from '../terms/types';

/** Colours of a terminal, or none. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly severity: (severity: Severity, text: string) => string;
  readonly added: (text: string) => string;
  readonly removed: (text: string) => string;
}

const codes: Readonly<Record<Severity, number>> = { error: 31, warning: 33, info: 36, hint: 35 };

/** Paints with ANSI sequences, or leaves text as it is. */
export function createPaint(enabled: boolean): Paint {
  const sgr = (on: number, off: number) => (text: string) => (enabled && text !== '' ? `\u001b[${on}m${text}\u001b[${off}m` : text);
  return {
    bold: sgr(1, 22),
    dim: sgr(2, 22),
    severity: (severity, text) => sgr(codes[severity], 39)(text),
    added: sgr(32, 39),
    removed: sgr(31, 39),
  };
}
