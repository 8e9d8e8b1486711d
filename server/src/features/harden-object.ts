import { type Finding, type HardenResult } from '../../../shared/src/index';
import type { Check } from '../documents/checker';
import type { Checked } from '../session/context';
import { isBulkClass } from './bulk-fix';

/** Kept with the check: a light bulb asks with each move of the cursor. */
const results = new WeakMap<Check, Map<string, HardenResult>>();

/** Applies the safe and review fixes of what a finding is about: its object, or its stage. `null`: it is about nothing that has a name for people. */
export function hardenObject({ check, scope }: Checked, { object }: Finding): HardenResult | null {
  if (!object) return null;
  let ofCheck = results.get(check);
  if (!ofCheck) results.set(check, (ofCheck = new Map<string, HardenResult>()));
  const key = keyOf(object);
  let result = ofCheck.get(key);
  if (!result) {
    const spared = new Set(scope.settings.fixAllExclude);
    result = check.opened.applyFixes(
      check.context,
      (finding, fix) =>
        finding.object !== null &&
        keyOf(finding.object) === key &&
        finding.suppression === null &&
        fix.needsDigest === undefined &&
        isBulkClass(fix) &&
        !spared.has(finding.rule),
    );
    ofCheck.set(key, result);
  }
  return result;
}

/** What stays the same of an object while its file is fixed: its name, and its place where it has none. */
function keyOf({ document, kind, namespace, name }: NonNullable<Finding['object']>): string {
  return JSON.stringify([kind, namespace ?? null, name ?? document]);
}
