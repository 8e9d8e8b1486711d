import type { CodeAction, Diagnostic, DiagnosticRelatedInformation } from 'vscode-languageserver';
import type { MaskedText } from '../../../shared/src/early';
import { type Gate, gateOf } from '../../../shared/src/index';
import type { Check } from '../documents/checker';

/** A diagnostic whose words went through a gate. */
export interface MaskedDiagnostic extends Diagnostic {
  message: MaskedText;
  relatedInformation?: MaskedRelated[];
}

/** A place that a diagnostic points to, with words that went through a gate. */
export interface MaskedRelated extends DiagnosticRelatedInformation {
  message: MaskedText;
}

/** An action whose words went through a gate. Its edit has the bytes of the file: the editor applies it. */
export interface MaskedAction extends CodeAction {
  title: MaskedText;
  disabled?: { reason: MaskedText };
}

const unchecked = new WeakMap<object, { readonly findings: readonly [] }>();

/** The gate of one version of a document: one for each check. */
export function gateOfCheck({ opened, result }: Pick<Check, 'opened' | 'result'>): Gate {
  const { text } = opened.file;
  if (result !== null) return gateOf({ text, result });
  let none = unchecked.get(opened);
  if (!none) unchecked.set(opened, (none = { findings: [] }));
  return gateOf({ text, result: none });
}
