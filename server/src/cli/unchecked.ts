import { masked, type MaskedText, plain, trusted } from '../../../shared/src/early';
import type { ReportedFile } from '../../../shared/src/formats';
import { gateOf } from '../../../shared/src/index';

/** Said once, behind the files that were named and are not checked. */
export const ignoringHint = plain('bulkhead: use --ignore-unknown to skip named files of a kind that is not checked');

/** Why a file that was named is not checked, which is no success; `null`: it is. */
export function uncheckedNote(file: Pick<ReportedFile, 'path' | 'text' | 'result'>): MaskedText | null {
  const { path, result } = file;
  if (result.checked) return null;
  const why = result.limited === null ? masked`no rules for ${trusted(result.family)} yet` : gateOf(file).mask(result.limited);
  return masked`${trusted(path)}: not checked: ${why}`;
}
