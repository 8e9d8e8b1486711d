import type { Range } from '../../../base/text/range';
import { memoize } from '../../../base/text/memoize';
import type { Path } from '../../../syntax/yaml/types';
import { listedAction } from './actions';
import { rulesOf } from './rules';
import { mapAt } from './spots';
import type { ActionView, PolicyView, VerificationView } from './types';
import { verificationsOf } from './verifications';

/** A place where a policy refuses, or only reports. */
export interface Enforcement {
  readonly action: ActionView;
  /** Where the action would be written, and the word for refusing. */
  readonly path: Path;
  readonly word: string | readonly string[];
  /** The key that it would stand behind; `null`: it would be the first. */
  readonly after: string | null;
  /** Where to report it where nothing is written. */
  readonly range: Range;
  readonly verification: VerificationView | null;
}

/** Every place of a policy where it refuses, or only reports. */
export const enforcementOf = memoize((policy: PolicyView): readonly Enforcement[] => {
  const { spec, reportRange } = policy;
  if (!spec) return [];
  const verifications = verificationsOf(policy);
  switch (policy.is) {
    case 'ClusterPolicy': {
      const written = (spot: ActionView['spot']): string => (spot && spot.text === spot.text.toLowerCase() ? 'enforce' : 'Enforce');
      const validations = rulesOf(policy).flatMap((rule): Enforcement[] => {
        const at = mapAt(rule.at, 'validate');
        const { action, reportRange: range } = rule;
        return at
          ? [{ action, path: [...at.path, 'failureAction'], word: written(action.spot), after: null, range, verification: null }]
          : [];
      });
      return [
        ...validations,
        ...verifications.map(verification => ({
          action: verification.action,
          path: [...verification.at.path, 'failureAction'],
          word: written(verification.action.spot),
          after: 'imageReferences',
          range: verification.rule?.reportRange ?? reportRange,
          verification,
        })),
      ];
    }
    case 'ValidatingPolicy':
    case 'ImageValidatingPolicy':
    case 'ValidatingAdmissionPolicyBinding': {
      // a binding without actions is refused
      const action = listedAction(spec.map.get('validationActions'), policy.is === 'ValidatingAdmissionPolicyBinding' ? null : true);
      return [
        {
          action,
          path: [...spec.path, 'validationActions'],
          word: ['Deny'],
          after: null,
          range: reportRange,
          verification: verifications[0] ?? null,
        },
      ];
    }
    case 'ClusterImagePolicy': {
      const [verification] = verifications;
      return verification
        ? [{ action: verification.action, path: [...spec.path, 'mode'], word: 'enforce', after: null, range: reportRange, verification }]
        : [];
    }
    default:
      return [];
  }
});
