import { type Finding, type HardenResult } from '../../../shared/src/index';
import type { Check } from '../documents/checker';
import type { Checked } from '../session/context';
import { isBulkClass } from './bulk-fix';

/** What a finding is about: an object, a stage, a service. */
type ObjectRef = NonNullable<Finding['object']>;

/** Kept with the check: a light bulb asks with each move of the cursor. */
const results = new WeakMap<Check, Map<string, HardenResult>>();

/** Applies the safe and review fixes of what a finding is about: its object, or its stage, or one container of it alone. */
export function hardenObject({ check, scope }: Checked, object: ObjectRef, container?: string): HardenResult {
  let ofCheck = results.get(check);
  if (!ofCheck) results.set(check, (ofCheck = new Map<string, HardenResult>()));
  const key = keyOf(object, container);
  let result = ofCheck.get(key);
  if (!result) {
    const spared = new Set(scope.settings.fixAllExclude);
    result = check.opened.applyFixes(
      check.context,
      (finding, fix) =>
        finding.object !== null &&
        keyOf(finding.object, container === undefined ? undefined : finding.object.container) === key &&
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
function keyOf({ document, kind, namespace, name }: ObjectRef, container?: string | null): string {
  return JSON.stringify([kind, namespace ?? null, name ?? document, container]);
}
