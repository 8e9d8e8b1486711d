import { short } from '../../../base/limits/short';
import { memoize } from '../../../base/text/memoize';
import { isVariable } from '../../../syntax/yaml/certainty';
import type { PolicyView } from './types';

/** What messages call a policy: `ClusterPolicy "signed"`; its kind alone where its name is not known. */
export const policyName = memoize(({ kind, name }: PolicyView): string =>
  name === null || name === '' || isVariable(name) ? short(kind) : `${short(kind)} "${short(name)}"`,
);
