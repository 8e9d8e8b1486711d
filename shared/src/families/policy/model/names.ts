import { short } from '../../../limits/short';
import { memoize } from '../../../text/memoize';
import { isVariable } from '../../../yaml/certainty';
import type { PolicyView } from './types';

/** What messages call a policy: `ClusterPolicy "signed"`; its kind alone where its name is not known. */
export const policyName = memoize(({ kind, name }: PolicyView): string =>
  name === null || name === '' || isVariable(name) ? short(kind) : `${short(kind)} "${short(name)}"`,
);
