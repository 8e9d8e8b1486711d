import { type MaskedText, printable, trusted } from '../../../shared/src/early';
import { labelOf } from '../../../shared/src/index';
import type { Checked, ServerContext } from '../session/context';
import { gateOfCheck } from '../lsp/gate';
import { baseName } from '../lsp/uri';

/** Why nothing can be said of a file, in a sentence: it is switched off, of no kind that has rules, or could not be checked; `null`: it is checked. */
export function uncheckedReason({ say }: ServerContext, { document, scope, check }: Checked): MaskedText | null {
  const name = printable(trusted(baseName(document.uri)));
  if (scope.off) return say('offHere', { name, reason: printable(trusted(scope.off.reason)) });
  if (check.failed || !check.result) return say('failedHere', { name });
  const { family, checked, limited } = check.result;
  if (checked || check.opened.isChecked(check.context)) return null;
  if (family !== 'none') return say('unsupported', { name, kind: trusted(labelOf(family)) });
  return say('offHere', { name, reason: gateOfCheck(check).mask(limited ?? '') });
}
