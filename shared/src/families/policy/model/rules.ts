import { mayGain } from '../../../syntax/yaml/certainty';
import { memoize } from '../../../base/text/memoize';
import { reportRangeOf } from '../../../syntax/yaml/values';
import { partAction } from './actions';
import { mapAt, mapsAt, textAt } from './spots';
import type { PolicyView, RuleView } from './types';

/** The rules of a ClusterPolicy or Policy. */
export const rulesOf = memoize((policy: PolicyView): readonly RuleView[] =>
  policy.is !== 'ClusterPolicy'
    ? []
    : mapsAt(policy.spec, 'rules').map(at => ({
        target: 'rule',
        policy,
        at,
        name: textAt(at, 'name'),
        reportRange: reportRangeOf(at.map),
        action: partAction(policy, mapAt(at, 'validate')),
        complete: policy.complete && !mayGain(policy.document, policy.spec?.map.get('rules')) && !mayGain(policy.document, at.map),
        memo: new Map(),
      })),
);
